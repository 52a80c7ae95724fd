import DenseMatrices
import Foundation
import TransportResults

/// Runs computations over local workers; the numbers do not depend on how many.
public struct SweepRunner: Sendable {
  /// Number of threads.
  public let workers: Int
  /// True with a build of OpenBLAS that two threads must not call at once (Debian's libopenblas-serial).
  package static var isLimitedToOneWorker: Bool { !BLAS.allowsThreads }

  /// The processor that linear algebra is tuned to: on another one the last bits of results differ.
  package static var processor: String { BLAS.processor }

  /// The memory it may take; nil asks the system before every sweep.
  private let memory: MemoryBudget?

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) { self.init(workers: workers, memory: nil) }

  /// The same within a budget of memory.
  package init(workers: Int? = nil, memory: MemoryBudget?) {
    self.workers = Self.isLimitedToOneWorker ? 1 : max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
    self.memory = memory
  }

  /// A runner that shares its machine with others of the same run.
  package init(workers: Int?, sharing ranks: Int) {
    guard ranks > 1 else {
      self.init(workers: workers)
      return
    }
    let all = Self.isLimitedToOneWorker ? 1 : ProcessInfo.processInfo.activeProcessorCount
    self.init(workers: workers ?? max(1, all / ranks), memory: MemoryBudget.now().shared(among: ranks))
  }

  /// The memory it may take now.
  var budget: MemoryBudget { memory ?? .now() }

  /// Throws `.tooLarge` when a sweep does not fit. Small ones are not worth a look at the system, unless addresses are limited.
  func require(_ need: SweepMemory, states: Int) throws(SolverError) {
    if memory == nil, need.sum(workers: workers) < 16_777_216, !MemoryBudget.limitsAddresses { return }
    try need.require(budget, workers: workers, states: states)
  }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and
  /// `.unsuitableModel` when the model lacks something the observables need.
  public func plan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    let computation: any Computation = request
    return try plan(computation)
  }

  /// The same with the time found by running parts of the sweep, for about a second and no longer than four seconds: after that the
  /// time is counted, and a part that does not end at once is left to end by itself on its thread. Throws as `plan`.
  public func measuredPlan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    let computation: any Computation = request
    return try measuredPlan(computation)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  ///
  /// States that miss the tolerance keep their values and errors; the variable `status` marks them. After cancellation the result holds
  /// the states finished until then. Throws `SolverError`: `.unsuitableModel` when the model has no answer, `.interrupted` after
  /// cancellation before any state was finished. Cost: see `plan`.
  public func run(
    _ request: SweepRequest, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    let computation: any Computation = request
    return try run(computation, progress: progress, isCancelled: isCancelled)
  }
}

/// The same for a computation of any kind.
extension SweepRunner {
  /// What `run` will cost, counted from sizes. Throws as for a junction.
  package func plan(_ computation: some Computation) throws(SolverError) -> SweepPlan {
    try computation.check(for: self)
    return try computation.plan(for: self)
  }

  /// What `run` will cost, the time found by running parts where the computation has such. `limit` is what the parts may take, seconds. Throws as
  /// `plan`.
  package func measuredPlan(
    _ computation: some Computation, within limit: Double = SweepPlan.probingLimit
  ) throws(SolverError) -> SweepPlan {
    let plan = try plan(computation)
    guard computation.timing == .measured else { return plan.taking(plan.seconds, computation.timing) }
    let start = ContinuousClock.now
    let seconds = SweepProbe(runner: self, computation: computation, limit: limit).seconds()
    try SolverError.checkInterruption("measuring the time of a sweep")
    guard let seconds else {
      // A part that fails at once tells nothing; `run` will say why.
      guard start.duration(to: .now) > .seconds(0.9 * limit) else { return plan }
      return plan.taking(max(plan.seconds, limit), .abandoned)
    }
    // Start of the program, and writing at some 400 MB/s.
    return plan.taking(seconds + 0.03 + Double(plan.resultBytes) / 4e8, .measured)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work. What falls short
  /// is noted in the result. `keeper` keeps what is finished and shares the work with others. Throws `SolverError`; after cancellation before any state was finished with code `.interrupted`.
  package func run(
    _ computation: some Computation, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }, keeper: (any PieceKeeper)? = nil
  ) throws(SolverError) -> TransportResult {
    try ParallelWork.performing(
      on: workers, progress: progress, until: isCancelled, keeping: \.isInterrupted, keeper: keeper ?? NoKeeper(),
      { (work) throws(SolverError) -> TransportResult in
        try computation.check(for: self)
        return try computation.result(work)
      })
  }
}
