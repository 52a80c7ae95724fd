import JunctionModel
import TransportResults

/// A computation whose results are averages over a sweep variable, which they do not have any more: wave vectors.
///
/// Only numbers that are averages of those of single values may be asked for; that is the caller's to see to.
package struct AveragedOutComputation<Base: Computation>: Computation {
  private let base: Base
  private let name: String
  private let position: Int

  package init(_ base: Base, over name: String) {
    (self.base, self.name) = (base, name)
    position = base.axes.firstIndex { $0.name == name } ?? 0
  }

  package var title: String { base.title }
  package var axes: [SweepAxis] { base.axes.filter { $0.name != name } }
  package var tolerance: Double { base.tolerance }
  package var timing: SweepPlan.Timing { base.timing }
  package func check(for runner: SweepRunner) throws(SolverError) { try base.check(for: runner) }
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan { try base.plan(for: runner) }
  package func reservations(about result: TransportResult) -> [String] { base.reservations(about: result) }

  package var emptyResult: TransportResult {
    var result = base.emptyResult
    result.axes = axes
    return result
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = base.description(number)
    let count = base.axes[position].values.count
    return ComputationDescription(
      parts: words.parts, wanted: words.wanted + [("averaged over", "\(name), \(counted(count, "value"))")])
  }

  /// The state of an average that a state of the base belongs to.
  private var place: (Int) -> Int {
    let length = base.axes[position].values.count
    let behind = base.axes[(position + 1)...].reduce(1) { $0 * $1.values.count }
    return { $0 / (behind * length) * behind + $0 % behind }
  }

  /// True when every state lacks one of its values.
  private func isWithoutAnswer(_ ledger: StateLedger) -> Bool {
    let codes = ledger.codes
    return Set(codes.indices.filter { codes[$0] == .notComputed }.map(place)).count == stateCount
  }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    let whole = try base.outcome(work)
    if whole.ledger.isInterrupted, isWithoutAnswer(whole.ledger) {
      throw SolverError(.interrupted, "interrupted before any average was finished")
    }
    var result = whole.result
    result.variables = whole.result.variables.map { whole.result.averaged($0, over: name) }
    result.axes = axes
    let ledger = StateLedger(states: stateCount, tolerance: tolerance) { [axes] in axes.describe(state: $0) }
    try ledger.stage { stage throws(SolverError) in
      stage.finish(0..<stateCount)
      stage.absorb(worst: whole.ledger, place)
    }
    return ComputationOutcome(result: result, ledger: ledger)
  }
}

extension TransportResult {
  /// The mean of a variable over one of its axes; of what has no errors (states, flags) the value that all share, NaN where one is unknown.
  fileprivate func averaged(_ variable: ResultVariable, over name: String) -> ResultVariable {
    guard variable.dimensions.contains(name) else { return variable }
    let layout = AverageLayout(variable, [name], self)
    guard variable.errors != nil else { return variable.over(layout.kept, values: layout.shared, errors: nil) }
    let (values, errors) = layout.mean
    return variable.over(layout.kept, values: values, errors: errors)
  }
}
