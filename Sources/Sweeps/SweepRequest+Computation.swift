import Foundation
import JunctionModel
import TransportResults

extension SweepRequest: Computation {
  package var tolerance: Double { settings.tolerance }

  /// Orbitals of the longest conductor whose sweep is measured beforehand.
  private static let longestProbed = 3000

  /// Measured by running parts; the search for narrow levels of a long conductor cannot be broken off.
  package var timing: SweepPlan.Timing {
    junction.conductor.totalOrbitals <= Self.longestProbed ? .measured : .abandoned
  }

  /// Throws `.unsuitableModel` when the model lacks something the observables need, `.tooLarge` when the result does not fit into memory.
  package func check(for runner: SweepRunner) throws(SolverError) {
    guard changingAxes.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .sweep(changingAxes[0]),
        "the junction changes with \(changingAxes.joined(separator: " and ")), and this is the request of one junction",
        hint: "Compute one junction after another (ModelFile.run), or hold the variable at one value")
    }
    try check()
    try runner.require(SweepMemory(self, needs), states: points.count)
  }

  /// Memory and time counted from sizes.
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan {
    SweepPlan.estimate(self, workers: runner.workers, memory: runner.budget)
  }

  /// Every number of the junction. Throws `SolverError`.
  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome { try outcomeWithTables(work) }

  /// Tables whose interpolation is worse than the tolerance.
  package func reservations(about result: TransportResult) -> [String] {
    let coarse = coarseTables(in: result)
    guard let worst = coarse.first else { return [] }
    let percent = String(format: "%.2g", 100 * worst.error)
    return [
      "The tables of self-energies are too coarse for the tolerance: their interpolation leaves \(percent) % of the largest value in "
        + "\(worst.name)" + (coarse.count > 1 ? ", less in \(coarse.count - 1) more" : "")
        + ". The errors say so; more points, denser at band edges, lower them."
    ]
  }

  /// Units, electrodes, modes, baths; observables and level.
  package func description(_ number: (Double) -> String) -> ComputationDescription {
    withoutActuallyEscaping(number) { JunctionDescription(self, number: $0).description }
  }

  /// The same sweep with fewer values on every axis, ends included; nil when that is not possible.
  package func thinned(to count: Int) -> SweepRequest? {
    let thinned = ThinnedSweep(axes, to: count)
    let states = thinned.states
    guard !states.isEmpty else { return nil }
    func column(_ values: [Double]) -> [Double] { states.map { values[$0] } }
    var part = self
    part.axes = thinned.axes
    part.derivativesAlong = nil
    part.points = OperatingPoints(
      chemicalPotentials: points.chemicalPotentials.map(column), temperatures: points.temperatures.map(column),
      bathTemperatures: points.bathTemperatures.map(column), bathChemicalPotentials: points.bathChemicalPotentials.map(column),
      count: states.count)
    part.settings.rectifications = []
    return part
  }
}
