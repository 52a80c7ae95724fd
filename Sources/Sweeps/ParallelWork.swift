import Cancellation
import DenseMatrices
import Dispatch
import Synchronization
import TransportResults

/// Numbered pieces of work on a fixed number of threads that pull from a source, as one run has them done: who is told how far it is,
/// who may end it, and who else does them.
///
/// Every piece writes to its own place, so that results do not depend on the number of threads and processes; BLAS stays on one thread.
package struct ParallelWork: ParallelPieces {
  let workers: Int
  /// Called on the thread that waits for the pieces: when a stage begins, about ten times a second, and when it is done.
  let progress: (SweepProgress) -> Void
  /// True when the work shall end.
  let isCancelled: @Sendable () -> Bool
  /// Who hands out the pieces of stages, and keeps what they find.
  var scope = WorkScope(NoKeeper())

  /// True where pieces are done one after the other on the thread that asks for them: inside another piece.
  var isInline = false

  private final class Shared: Sendable {
    let failure = Mutex<PieceFailure?>(nil)
    let stopped = Atomic<Bool>(false)
  }

  /// Threads of all processes that share this work.
  var allWorkers: Int { isInline ? 1 : scope.keeper.allWorkers(workers) }

  /// True where something is kept of stages or handed on.
  var isKeeping: Bool { !isInline && scope.keeper.isKeeping }

  /// True where results are left to others on purpose.
  var isPartial: Bool { !isInline && scope.keeper.isPartial }

  /// True where the whole result is put together.
  var isWhole: Bool { isInline || (scope.keeper.isRoot && !scope.keeper.isPartial) }

  /// The same work, whose progress `change` puts in other words.
  func reporting(_ change: @escaping (SweepProgress) -> SweepProgress) -> ParallelWork {
    let progress = progress
    return ParallelWork(
      workers: workers, progress: { progress(change($0)) }, isCancelled: isCancelled, scope: scope, isInline: isInline)
  }

  /// The same work without reports.
  var silent: ParallelWork {
    ParallelWork(workers: workers, progress: { _ in }, isCancelled: isCancelled, scope: scope, isInline: isInline)
  }

  /// A part of the work, whose stages have names of their own.
  func at(_ name: String) -> ParallelWork {
    var part = self
    part.scope = scope.at(name)
    return part
  }

  /// The same work, whose kernels are known by what `identity` says.
  func identified(by identity: @escaping @Sendable () -> String) -> ParallelWork {
    var part = self
    part.scope = scope.identified(by: identity)
    return part
  }

  /// Work on the thread that asks for it, without reports.
  static func inline(until isCancelled: @escaping @Sendable () -> Bool) -> ParallelWork {
    ParallelWork(workers: 1, progress: { _ in }, isCancelled: isCancelled, isInline: true)
  }

  /// What the root decides, at every process.
  func agreed(_ decision: Bool) -> Bool {
    guard !isInline, let bytes = scope.keeper.broadcast({ [decision ? 1 : 0] }) else { return decision }
    return bytes.first == 1
  }

  /// What the root knows, at every process.
  func agreed(_ numbers: [Double]) -> [Double] {
    guard !isInline else { return numbers }
    let bytes = scope.keeper.broadcast {
      var writer = RecordWriter()
      writer.put(numbers)
      return writer.bytes
    }
    guard let bytes else { return numbers }
    var reader = RecordReader(bytes)
    return reader.numbers() ?? numbers
  }

  /// Runs `body(index)` for 0 ..< count, each once. Throws the failure with the lowest index, or `.interrupted`.
  package func run(
    _ count: Int, stage: PieceStage, body: @escaping @Sendable (Int) throws(SolverError) -> Void
  ) throws(SolverError) {
    try run(count, stage: stage, makeWorker: {}, body: { (index, _: inout Void) throws(SolverError) in try body(index) })
  }

  /// Runs `body(index, worker)` for 0 ..< count, each once. `makeWorker` builds the private buffers of a thread.
  /// Throws the failure with the lowest index, or `.interrupted`.
  func run<Worker>(
    _ count: Int, stage: PieceStage, makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    try run(count, stage: stage, prepare: { () throws(SolverError) in }, makeWorker: { _ in makeWorker() }, body: body)
  }

  /// The same; `prepare` makes what the workers share, and is called only where some piece is to be done.
  func run<Tools: Sendable, Worker>(
    _ count: Int, stage: PieceStage, prepare: () throws(SolverError) -> Tools,
    makeWorker: @escaping @Sendable (Tools) -> Worker,
    body: @escaping @Sendable (Int, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    guard count > 0 else { return }
    if isInline { return try runInline(count, stage, makeWorker(try prepare()), body) }
    if isCancelled() { throw interruption(stage) }
    let source = try scope.open(stage, count: count)
    guard source.isOpen else {
      try source.close(failure: nil, wasCancelled: false) {}
      return progress(SweepProgress(stage: stage.words, done: count, total: count))
    }
    let tools: Tools
    do throws(SolverError) { tools = try prepare() } catch {
      source.abandon()
      throw error
    }
    progress(SweepProgress(stage: stage.words, done: source.done, total: count))
    source.begin()
    let shared = Shared()
    let group = start(source, count, shared, makeWorker: { makeWorker(tools) }, body)
    var wasCancelled = false
    while group.wait(timeout: .now() + .milliseconds(source.pace)) == .timedOut {
      progress(SweepProgress(stage: stage.words, done: source.done, total: count))
      if isCancelled(), !wasCancelled {
        wasCancelled = true
        shared.stopped.store(true, ordering: .relaxed)
        source.stop()
        source.saveNow()
      }
      source.attend()
    }
    wasCancelled = wasCancelled || isCancelled()
    try source.close(failure: shared.failure.withLock { $0 }, wasCancelled: wasCancelled) {
      progress(SweepProgress(stage: stage.words, done: source.done, total: count))
    }
    if wasCancelled { throw interruption(stage) }
    progress(SweepProgress(stage: stage.words, done: count, total: count))
  }

  private func runInline<Worker>(
    _ count: Int, _ stage: PieceStage, _ worker: Worker, _ body: (Int, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    var worker = worker
    for index in 0..<count {
      if isCancelled() { throw interruption(stage) }
      try body(index, &worker)
    }
  }

  /// Starts the threads, as many as there may be work for. Each has a serial queue of its own: those of the global queue are no more than
  /// processors, and whoever waits on one of them for others keeps them waiting, for a second on one processor.
  private func start<Worker>(
    _ source: any PieceSource, _ count: Int, _ shared: Shared, makeWorker: @escaping @Sendable () -> Worker,
    _ body: @escaping @Sendable (Int, inout Worker) throws(SolverError) -> Void
  ) -> DispatchGroup {
    let group = DispatchGroup()
    let token = CancellationToken.ofThisWork
    for _ in 0..<(BLAS.allowsThreads ? max(1, min(workers, count)) : 1) {
      DispatchQueue(label: "pairbath.worker").async(group: group) {
        token.perform {
          guard var piece = source.claim() else { return }
          var worker = makeWorker()
          while true {
            do throws(SolverError) {
              try body(piece, &worker)
              // What was broken off may have returned, half done.
              if !token.isRequested { source.finish(piece) }
            } catch {
              shared.failure.withLock { if $0 == nil || $0!.piece > piece { $0 = PieceFailure(piece: piece, error: error) } }
              shared.stopped.store(true, ordering: .relaxed)
              source.stop()
            }
            guard !shared.stopped.load(ordering: .relaxed), let next = source.claim() else { return }
            piece = next
          }
        }
      }
    }
    return group
  }

  private func interruption(_ stage: PieceStage) -> SolverError {
    SolverError(.interrupted, "interrupted while computing \(stage.words)")
  }
}
