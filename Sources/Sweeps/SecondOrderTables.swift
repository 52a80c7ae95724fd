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
    let make = { @Sendable (index: Int) throws(SolverError) -> SecondOrderTable in
      try table(
        index, prepared, environment: environment, level: level, points: points, tolerance: request.settings.tolerance,
        parts: parts, change: change, derivatives: order)
    }
    let stage = "second-order traces"
    let tables =
      count > 1
      ? try work.values(count, stage: stage, key: "\(stage) \(parts) \(order)", of: make)
      : try work.values(count, stage: stage, of: make)
    return try SecondOrderSolver(
      prepared, environment: environment, level: level, points: points, tolerance: request.settings.tolerance,
      isDynamic: request.settings.elasticCorrection == .dynamic, tables: tables)
  }
}
