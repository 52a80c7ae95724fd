import Cancellation
import Dispatch
import Synchronization
import TransportResults

/// Numbered pieces of work on a fixed number of threads that pull from a counter.
///
/// Every piece writes to its own place, so that results do not depend on the number of threads; BLAS stays on one thread.
struct ParallelWork {
  let workers: Int

  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    let failure = Mutex<(index: Int, error: SolverError)?>(nil)
    let stopped = Atomic<Bool>(false)
  }

  /// Runs `body(index, worker)` for 0 ..< count, each once. `makeWorker` builds the private buffers of a thread.
  /// `progress` is called on this thread about ten times a second. Throws the failure with the lowest index, or `.interrupted`.
  func run<Worker>(
    _ count: Int, stage: String, progress: (SweepProgress) -> Void, isCancelled: @escaping @Sendable () -> Bool,
    makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    guard count > 0 else { return }
    let shared = Shared()
    let group = DispatchGroup()
    let token = CancellationToken.ofThisWork
    for _ in 0..<max(1, min(workers, count)) {
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
