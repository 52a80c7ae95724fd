import JunctionModel
import TransportResults

/// A computation whose results get averages over sweep variables: snapshots, for example.
package struct AveragedComputation<Base: Computation>: Computation {
  private let base: Base
  /// Names of the variables.
  private let names: [String]

  package init(_ base: Base, over names: [String]) { (self.base, self.names) = (base, names) }

  package var title: String { base.title }
  package var axes: [SweepAxis] { base.axes }
  package var tolerance: Double { base.tolerance }
  package var emptyResult: TransportResult { base.emptyResult }
  package var timing: SweepPlan.Timing { base.timing }
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan { try base.plan(for: runner) }
  package func reservations(about result: TransportResult) -> [String] { base.reservations(about: result) }

  package func thinned(to states: Int) -> AveragedComputation? {
    base.thinned(to: states).map { AveragedComputation($0, over: names) }
  }

  /// Throws `.unsuitableModel` for what is no sweep variable.
  package func check(for runner: SweepRunner) throws(SolverError) {
    try base.check(for: runner)
    for name in names where !axes.contains(where: { $0.name == name }) {
      throw SolverError(
        .unsuitableModel, at: .averages,
        "an average over '\(name)', which is no sweep variable; allowed: "
          + (axes.isEmpty ? "none, because nothing is swept" : axes.map(\.name).joined(separator: ", ")),
        hint: "Name sweep variables, or leave the key out")
    }
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = base.description(number)
    let row = ("averages", "mean, standard deviation and standard error over \(names.joined(separator: ", "))")
    return ComputationDescription(parts: words.parts, wanted: words.wanted + [row])
  }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    var outcome = try base.outcome(work)
    outcome.result.addAverages(over: names)
    return outcome
  }
}

extension Computation {
  /// The same computation with averages over some sweep variables.
  package func averaged(over names: [String]) -> any Computation { AveragedComputation(self, over: names) }

  /// The same computation with its averages over a sweep variable in place of its numbers; `modes` where populations follow from them.
  package func averagedOut(_ axis: AveragedAxis, modes: AveragedModes? = nil) -> any Computation {
    AveragedOutComputation(self, over: axis, modes: modes)
  }
}

extension TransportResult {
  /// X_mean, X_standard_deviation and X_standard_error of every computed number X over some of the axes it has, with the weights of the
  /// axes: m = sum w x / W, s^2 = sum w (x - m)^2 / (W - W2/W), and s sqrt(W2)/W, where W = sum w and W2 = sum w^2. NaN where any of the
  /// numbers is. Errors are bounds from those of the numbers: sum w e / W, and the weighted root mean square of e.
  mutating func addAverages(over names: [String]) {
    for variable in variables where variable.errors != nil {
      let averaged = variable.dimensions.filter { name in names.contains(name) && axes.contains { $0.name == name } }
      guard !averaged.isEmpty else { continue }
      variables += AverageLayout(variable, averaged, self).variables
    }
  }
}
