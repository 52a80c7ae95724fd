import JunctionModel
import TransportResults

/// A computation whose results are averages over a sweep variable: wave vectors. Numbers of single values come along where they are wanted,
/// under names of their own.
///
/// Only numbers that are averages of those of single values may be asked for, besides those that follow from averaged rates of modes; that
/// is the caller's to see to.
package struct AveragedOutComputation<Base: Computation>: Computation {
  private let base: Base
  private let axis: AveragedAxis
  private let modes: AveragedModes?
  private let position: Int

  /// Averages of a computation over one of its axes; `modes` where populations follow from them.
  package init(_ base: Base, over axis: AveragedAxis, modes: AveragedModes? = nil) {
    (self.base, self.axis, self.modes) = (base, axis, modes)
    position = base.axes.firstIndex { $0.name == axis.name } ?? 0
  }

  package var title: String { base.title }
  package var axes: [SweepAxis] { base.axes.filter { $0.name != axis.name } }
  package var tolerance: Double { base.tolerance }
  package var timing: SweepPlan.Timing { base.timing }
  package func check(for runner: SweepRunner) throws(SolverError) { try base.check(for: runner) }
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan { try base.plan(for: runner) }
  package func reservations(about result: TransportResult) -> [String] { base.reservations(about: result) }

  package var emptyResult: TransportResult {
    var result = base.emptyResult
    result.axes = axes
    result.dimensions += axis.resolved
    return result
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = base.description(number)
    let populations = modes?.observables.map(\.rawValue) ?? []
    let kept = axis.resolved.map(\.name).joined(separator: ", ")
    return ComputationDescription(
      parts: words.parts,
      wanted: words.wanted
        + (populations.isEmpty ? [] : [("of averages", populations.joined(separator: ", "))])
        + [("averaged over", axis.words + (kept.isEmpty ? "" : ", and by \(kept)"))])
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
    var result = AveragedResult(whole.result, axis).result
    let steady = modes?.populate(&result)
    let ledger = StateLedger(states: stateCount, tolerance: tolerance) { [axes] in axes.describe(state: $0) }
    try ledger.stage { stage throws(SolverError) in
      stage.note { $0.finish(0..<stateCount) { steady?[$0] == false ? .noSteadyState : .done } }
      stage.absorb(worst: whole.ledger, ignoringSteadiness: steady != nil, place)
    }
    return ComputationOutcome(result: result, ledger: ledger)
  }
}

/// The averages of a result over one of its axes, and its numbers along that axis where they are wanted.
private struct AveragedResult {
  private let whole: TransportResult
  private let axis: AveragedAxis

  init(_ whole: TransportResult, _ axis: AveragedAxis) { (self.whole, self.axis) = (whole, axis) }

  var result: TransportResult {
    var result = whole
    let kept = whole.variables.filter { !isOfSingleValues($0) }
    result.axes = whole.axes.filter { $0.name != axis.name }
    result.variables = kept.map(averaged)
    result.instabilities = 0
    if whole.variable(ResultQuantity.modeEnergy.name).map(isOfSingleValues) == true { result.set(.mode, .labels([])) }
    guard !axis.resolved.isEmpty else { return result }
    result.dimensions += axis.resolved
    result.variables += axis.coordinates + kept.compactMap(resolved)
    return result
  }

  /// True for what only single values have: where a steady state is lost, and energies of modes that change with them.
  private func isOfSingleValues(_ variable: ResultVariable) -> Bool {
    if variable.dimensions.contains(StandardDimension.instability.name) { return true }
    guard variable.name == ResultQuantity.modeEnergy.name, let a = variable.dimensions.firstIndex(of: axis.name) else {
      return false
    }
    let lengths = variable.dimensions.map { whole.length(of: $0) ?? 1 }
    let behind = lengths[(a + 1)...].reduce(1, *)
    return variable.values.indices.contains { i in
      let first = i - i / behind % lengths[a] * behind
      return variable.values[i] != variable.values[first]
    }
  }

  /// The mean of a variable; of what has no errors (states, flags) the value that all share, NaN where one is unknown.
  private func averaged(_ variable: ResultVariable) -> ResultVariable {
    guard variable.dimensions.contains(axis.name) else { return variable }
    let layout = AverageLayout(variable, [axis.name], whole)
    guard variable.errors != nil else { return variable.over(layout.kept, values: layout.shared, errors: nil) }
    let (values, errors) = layout.mean
    return variable.over(layout.kept, values: scaled(values), errors: scaled(errors))
  }

  /// X_resolved: the numbers of single values, over the dimensions that stand in the place of the axis.
  private func resolved(_ variable: ResultVariable) -> ResultVariable? {
    guard variable.dimensions.contains(axis.name), let errors = variable.errors, !AveragedModes.isPart(variable.name) else {
      return nil
    }
    let dimensions = variable.dimensions.flatMap { $0 == axis.name ? axis.resolved.map(\.name) : [$0] }
    var made = ResultVariable(
      name: variable.name + "_resolved", dimensions: dimensions, values: scaled(variable.values), errors: scaled(errors),
      unit: variable.unit, longName: "of single wave vectors: \(variable.longName)", signConvention: variable.signConvention)
    (made.symbol, made.title) = (variable.symbol, variable.title)
    return made
  }

  private func scaled(_ values: [Double]) -> [Double] { axis.factor == 1 ? values : values.map { axis.factor * $0 } }
}
