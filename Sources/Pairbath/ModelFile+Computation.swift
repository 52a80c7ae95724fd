import ModelFiles
import Sweeps
import TransportResults

extension ModelFile {
  /// The computation the model describes, whatever its kind.
  package var computation: any Computation {
    switch self {
    case .junction(let document): SweepRequest(document)
    case .bodies(let document): RadiationRequest(document)
    case .terminals(let document): TerminalRequest(document)
    }
  }

  /// What the computation of the model will cost. Throws `SolverError` when it cannot be done.
  package func plan(workers: Int? = nil) throws(SolverError) -> SweepPlan { try SweepRunner(workers: workers).plan(computation) }

  /// The same with the time found by running parts of a junction's sweep, for about a second. Throws as `plan`.
  public func measuredPlan(workers: Int? = nil) throws(SolverError) -> SweepPlan {
    try SweepRunner(workers: workers).measuredPlan(computation)
  }

  /// Computes every state of the model. `progress` is called from the calling thread; `isCancelled` is polled between
  /// pieces of work. Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    workers: Int? = nil, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    // What the data files are now: they may change while it runs.
    let hashes = (try? header.inputHashes()) ?? []
    var result = try SweepRunner(workers: workers).run(computation, progress: progress, isCancelled: isCancelled)
    result.inputHashes = hashes
    return result
  }
}
