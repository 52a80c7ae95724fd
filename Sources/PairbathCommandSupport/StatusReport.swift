import JunctionModel
import SystemFiles
import TransportResults

/// What became of the states of a result, in words, and the exit code that says so.
package struct StatusReport {
  private let result: TransportResult

  package init(_ result: TransportResult) { self.result = result }

  /// One line for every way in which states ended without an answer.
  package var lines: [String] {
    [steadiness, missed, missing].compactMap { $0 }
  }

  /// The contract's exit code: 0 when everything is there, 130 when the run was ended, 70 when no state reached its tolerance, 1 else.
  /// `allowsUnstable` forgives states without a steady state.
  package func exitCode(allowsUnstable: Bool = false) -> Int32 {
    if result.isInterrupted { return 130 }
    if result.hasNoAnswer { return 70 }
    let isShort = result.states(.toleranceMissed) + result.states(.notComputed) > 0
    return isShort || (result.states(.noSteadyState) > 0 && !allowsUnstable) ? 1 : 0
  }

  private func count(_ status: StateStatus) -> String? {
    let count = result.states(status)
    guard count > 0 else { return nil }
    return "\(count) of \(NumberFormatting.count(result.stateCount, "state"))"
  }

  private var steadiness: String? {
    guard let count = count(.noSteadyState) else { return nil }
    let unstable = result.variable(ResultQuantity.stable.name)?.values.count { $0 == 0 } ?? 0
    let undamped = result.states(.noSteadyState) - unstable
    var reasons: [String] = []
    if unstable > 0 { reasons.append("the electrons pump a mode faster than it is damped in \(unstable) ('stable' is 0)") }
    if undamped > 0 {
      reasons.append(
        "a mode that no bath damps, which flows leave out, or a free motion that electrons feel heats without limit in \(undamped)"
      )
    }
    return
      "No steady state in \(count) (status 1): \(reasons.joined(separator: "; ")). Populations and what depends on them are NaN there."
  }

  private var missed: String? {
    count(.toleranceMissed).map { "The tolerance is missed in \($0) (status 2): values and their larger errors are kept." }
  }

  private var missing: String? { count(.notComputed).map { "Not computed: \($0) (status 3); what is missing is NaN there." } }
}
