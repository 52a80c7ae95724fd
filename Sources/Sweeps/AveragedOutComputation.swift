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

  /// True when every state lacks one of its values.
  private func isWithoutAnswer(_ ledger: StateLedger) -> Bool {
    let length = base.axes[position].values.count
    let behind = base.axes[(position + 1)...].reduce(1) { $0 * $1.values.count }
    let codes = ledger.codes
    let missing = codes.indices.filter { codes[$0] == .notComputed }
    return Set(missing.map { $0 / (behind * length) * behind + $0 % behind }).count == stateCount
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
    let length = base.axes[position].values.count
    let behind = base.axes[(position + 1)...].reduce(1) { $0 * $1.values.count }
    try ledger.stage { stage throws(SolverError) in
      stage.finish(0..<stateCount)
      stage.absorb(worst: whole.ledger) { $0 / (behind * length) * behind + $0 % behind }
    }
    return ComputationOutcome(result: result, ledger: ledger)
  }
}

extension TransportResult {
  /// The mean of a variable over one of its axes; of what has no errors (states, flags) the first value, which all share.
  fileprivate func averaged(_ variable: ResultVariable, over name: String) -> ResultVariable {
    guard let at = variable.dimensions.firstIndex(of: name), let axis = axes.first(where: { $0.name == name }) else {
      return variable
    }
    let lengths = variable.dimensions.map { self.length(of: $0) ?? 1 }
    let (count, behind) = (lengths[at], lengths[(at + 1)...].reduce(1, *))
    let weights = axis.weights ?? [Double](repeating: 1, count: count)
    let total = weights.reduce(0, +)
    func mean(_ numbers: [Double], rounding: [Double]? = nil) -> [Double] {
      (0..<(numbers.count / (count * behind))).flatMap { row in
        (0..<behind).map { k in
          let start = row * count * behind + k
          guard variable.errors != nil else {
            // States and flags, which all share; unknown where one is.
            return (0..<count).contains { numbers[start + $0 * behind].isNaN } ? .nan : numbers[start]
          }
          var sum = 0.0
          for (i, weight) in weights.enumerated() where weight > 0 {
            let place = start + i * behind
            sum += weight * (numbers[place] + 4e-16 * abs(rounding?[place] ?? 0))
          }
          return sum / total
        }
      }
    }
    var dimensions = variable.dimensions
    dimensions.remove(at: at)
    return variable.over(
      dimensions, values: mean(variable.values), errors: variable.errors.map { mean($0, rounding: variable.values) })
  }
}
