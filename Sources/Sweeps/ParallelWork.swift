import Cancellation
import DenseMatrices
import Dispatch
import Synchronization
import TransportResults

/// Numbered pieces of work on a fixed number of threads that pull from a counter, as one run has them done: who is told how far it is,
/// and who may end it.
///
/// Every piece writes to its own place, so that results do not depend on the number of threads; BLAS stays on one thread.
package struct ParallelWork: ParallelPieces {
  let workers: Int
  /// Called on the thread that waits for the pieces: when a stage begins, about ten times a second, and when it is done.
  let progress: (SweepProgress) -> Void
  /// True when the work shall end.
  let isCancelled: @Sendable () -> Bool

  /// True where pieces are done one after the other on the thread that asks for them: inside another piece.
  var isInline = false

  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let failure = Mutex<(index: Int, error: SolverError)?>(nil)
    let stopped = Atomic<Bool>(false)
  }

  /// The same work, whose progress `change` puts in other words.
  func reporting(_ change: @escaping (SweepProgress) -> SweepProgress) -> ParallelWork {
    let progress = progress
    return ParallelWork(
      workers: workers, progress: { progress(change($0)) }, isCancelled: isCancelled, isInline: isInline)
  }

  /// The same work without reports.
  var silent: ParallelWork {
    ParallelWork(workers: workers, progress: { _ in }, isCancelled: isCancelled, isInline: isInline)
  }

  /// Work on the thread that asks for it, without reports.
  static func inline(until isCancelled: @escaping @Sendable () -> Bool) -> ParallelWork {
    ParallelWork(workers: 1, progress: { _ in }, isCancelled: isCancelled, isInline: true)
  }

  /// Runs `body(index)` for 0 ..< count, each once. Throws the failure with the lowest index, or `.interrupted`.
  package func run(
    _ count: Int, stage: String, body: @escaping @Sendable (Int) throws(SolverError) -> Void
  ) throws(SolverError) {
    try run(count, stage: stage, makeWorker: {}, body: { (index, _: inout Void) throws(SolverError) in try body(index) })
  }

  /// Runs `body(index, worker)` for 0 ..< count, each once. `makeWorker` builds the private buffers of a thread.
  /// Throws the failure with the lowest index, or `.interrupted`.
  func run<Worker>(
    _ count: Int, stage: String, makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    guard count > 0 else { return }
    if isInline {
      var worker = makeWorker()
      for index in 0..<count {
        if isCancelled() { throw SolverError(.interrupted, "interrupted while computing \(stage)") }
        try body(index, &worker)
      }
      return
    }
    progress(SweepProgress(stage: stage, done: 0, total: count))
    let shared = Shared()
    let group = DispatchGroup()
    let token = CancellationToken.ofThisWork
    for _ in 0..<(BLAS.allowsThreads ? max(1, min(workers, count)) : 1) {
      DispatchQueue.global().async(group: group) {
        token.perform {
          var worker = makeWorker()
          while !shared.stopped.load(ordering: .relaxed) {
            let index = shared.next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { break }
            do throws(SolverError) { try body(index, &worker) } catch {
              shared.failure.withLock { if $0 == nil || $0!.index > index { $0 = (index, error) } }
              shared.stopped.store(true, ordering: .relaxed)
            }
            shared.done.wrappingAdd(1, ordering: .relaxed)
          }
        }
      }
    }
    var wasCancelled = false
    while group.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      progress(SweepProgress(stage: stage, done: shared.done.load(ordering: .relaxed), total: count))
      if isCancelled() {
        wasCancelled = true
        shared.stopped.store(true, ordering: .relaxed)
      }
    }
    if wasCancelled || isCancelled() { throw SolverError(.interrupted, "interrupted while computing \(stage)") }
    if let failure = shared.failure.withLock({ $0 }) { throw failure.error }
    progress(SweepProgress(stage: stage, done: count, total: count))
  }
}
