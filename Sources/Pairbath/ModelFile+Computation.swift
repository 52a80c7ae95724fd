import ModelFiles
import Sweeps
import TransportResults

extension ModelFile {
  /// What the computation of the model will cost. Throws `SolverError` when it cannot be done.
  public func plan(workers: Int? = nil) throws(SolverError) -> SweepPlan {
    switch self {
    case .junction(let document): return try SweepRunner(workers: workers).plan(SweepRequest(document))
    case .bodies(let document): return try RadiationSweep(RadiationRequest(document), workers: workers).plan()
    case .terminals(let document): return try TerminalRunner(workers: workers).plan(TerminalRequest(document))
    }
  }

  /// The same with the time found by running parts of a junction's sweep, for about a second. Throws as `plan`.
  public func measuredPlan(workers: Int? = nil) throws(SolverError) -> SweepPlan {
    guard case .junction(let document) = self else { return try plan(workers: workers) }
    return try SweepRunner(workers: workers).measuredPlan(SweepRequest(document))
  }

  /// Computes every state of the model. `progress` is called from the calling thread; `isCancelled` is polled between
  /// pieces of work. Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    workers: Int? = nil, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    switch self {
    case .junction(let document):
      return try SweepRunner(workers: workers).run(SweepRequest(document), progress: progress, isCancelled: isCancelled)
    case .bodies(let document):
      return try RadiationSweep(RadiationRequest(document), workers: workers).run(
        progress: progress, isCancelled: isCancelled)
    case .terminals(let document):
      return try TerminalRunner(workers: workers).run(TerminalRequest(document), progress: progress, isCancelled: isCancelled)
    }
  }
}
