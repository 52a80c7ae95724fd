import DenseMatrices
import Foundation
import JunctionModel
import TransportResults

/// Runs sweeps over local workers; the numbers do not depend on how many.
public struct SweepRunner: Sendable {
  /// Number of threads.
  public let workers: Int
  /// The memory it may take; nil asks the system before every sweep.
  private let memory: MemoryBudget?
  /// Orbitals of the longest conductor whose sweep is measured beforehand.
  private static let longestProbed = 3000

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) { self.init(workers: workers, memory: nil) }

  /// The same within a budget of memory.
  package init(workers: Int? = nil, memory: MemoryBudget?) {
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
    self.memory = memory
  }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and
  /// `.unsuitableModel` when the model lacks something the observables need.
  public func plan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    try request.check()
    return try SweepPlan.estimate(request, workers: workers, memory: memory ?? .now())
  }

  /// The same with the time found by running parts of the sweep, for about a second and no longer than `SweepProbe.limit`: after that
  /// the time is counted, and a part that does not end at once is left to end by itself on its thread. Throws as `plan`.
  public func measuredPlan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    let plan = try plan(request)
    // The search for narrow levels of a long conductor cannot be broken off.
    guard request.junction.conductor.totalOrbitals <= Self.longestProbed else { return plan.taking(plan.seconds, .abandoned) }
    let start = ContinuousClock.now
    let seconds = SweepProbe(runner: self, request: request).seconds()
    try SolverError.checkInterruption("measuring the time of a sweep")
    guard let seconds else {
      // A part that fails at once tells nothing; `run` will say why.
      guard start.duration(to: .now) > .seconds(0.9 * SweepProbe.limit) else { return plan }
      return plan.taking(max(plan.seconds, SweepProbe.limit), .abandoned)
    }
    // Start of the program, and writing at some 400 MB/s.
    return plan.taking(seconds + 0.03 + Double(plan.resultBytes) / 4e8, .measured)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    _ request: SweepRequest, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    try ParallelWork.performing(on: workers, progress: progress, until: isCancelled) { (work) throws(SolverError) in
      _ = try plan(request)
      return try JunctionSweep.result(request, work)
    }
  }
}
