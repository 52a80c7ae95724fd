import BosonPropagators
import ElectronSpectra
import SecondOrderTransport
import TransportResults

extension SecondOrderSolver {
  /// The solver of a request with its tables made in parallel; `withInelastic` for derivatives of all parts.
  static func prepared(
    _ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest, withInelastic: Bool,
    _ work: ParallelWork, _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> SecondOrderSolver {
    let (level, points) = (request.settings.level, request.points)
    let count = tableCount(prepared, level: level)
    let store = Slots<SecondOrderTable>(count: count)
    try work.run(
      count, stage: "second-order traces", progress: progress, isCancelled: isCancelled, makeWorker: {},
      body: { index, _ throws(SolverError) in
        store.set(
          index,
          try table(
            index, prepared, environment: environment, level: level, points: points,
            tolerance: request.settings.tolerance, parts: withInelastic ? .correctionAndInelastic : .correction))
      })
    return try SecondOrderSolver(
      prepared, environment: environment, level: level, points: points, tolerance: request.settings.tolerance,
      isDynamic: request.settings.elasticCorrection == .dynamic, tables: store.all)
  }
}
