import BosonPropagators
import ElectronSpectra
import SecondOrderTransport
import TransportResults

extension SecondOrderSolver {
  /// The solver of a request with its tables made in parallel; `parts` says of which the derivatives are wanted.
  static func prepared(
    _ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest, parts: SecondOrderParts,
    hasDerivatives: Bool, _ work: ParallelWork
  ) throws(SolverError) -> SecondOrderSolver {
    let (level, points) = (request.level, request.points)
    // Linear response needs first derivatives, of states alone.
    let order = !hasDerivatives ? 0 : request.settings.observables.contains(.iets) ? 2 : 1
    let change = parts == .correctionAndInelastic ? request.conductorChange : nil
    let count = tableCount(prepared, level: level, moves: change != nil)
    let tables = try work.values(
      count, stage: "second-order traces",
      of: { index throws(SolverError) in
        try table(
          index, prepared, environment: environment, level: level, points: points, tolerance: request.settings.tolerance,
          parts: parts, change: change, derivatives: order)
      })
    return try SecondOrderSolver(
      prepared, environment: environment, level: level, points: points, tolerance: request.settings.tolerance,
      isDynamic: request.settings.elasticCorrection == .dynamic, tables: tables)
  }
}
