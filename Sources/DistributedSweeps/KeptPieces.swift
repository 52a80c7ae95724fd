import ProcessGroups
import Sweeps
import Synchronization
import SystemFiles
import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The pieces of one stage of a run that is kept or shared.
///
/// Processes take pieces from a counter they share, some at a time; what they find goes to the root while they go on, and, where all need
/// it, from there to everybody at the end.
final class KeptPieces: PieceSource, KeptStage {
  private let keeper: RunKeeper
  let path: String
  let count: Int
  private let role: PieceStage.Role
  private let records: any PieceRecords
  /// Pieces nobody has, ascending; the same in every process.
  private let todo: [Int]
  private let group: (any ProcessGroup)?
  /// Pieces taken at a time.
  private let chunk: Int
  private let cacheIdentity: String?
  private let started = ContinuousClock.now

  private struct State {
    /// Positions in `todo` that have been taken and not been handed out.
    var taken = 0..<0
    var isStopped = false
    /// Done here, not yet sent to the root.
    var unsent: [Int] = []
    /// Done anywhere, not yet written down.
    var unsaved: [Int] = []
    var done: Int
    /// At the root: processes that have come to their end, what they met, and whether they were ended.
    var ends = 0
    var failure: PieceFailure?
    var wasCancelled = false
  }

  private let state: Mutex<State>

  /// `todo` are the pieces to do, of which `done` are done of all `count`.
  init(
    _ keeper: RunKeeper, path: String, role: PieceStage.Role, records: any PieceRecords, count: Int, done: Int, todo: [Int],
    cacheIdentity: String?
  ) {
    (self.keeper, self.path, self.role, self.records, self.count) = (keeper, path, role, records, count)
    (self.todo, self.cacheIdentity) = (todo, cacheIdentity)
    group = keeper.options.group
    chunk = max(1, min(256, todo.count / (64 * (keeper.options.group?.count ?? 1))))
    state = Mutex(State(done: done))
  }

  var isOpen: Bool { !todo.isEmpty }
  var done: Int { state.withLock { $0.done } }
  /// Messages are to go on often.
  var pace: Int { group == nil ? 100 : 20 }
  private var isRoot: Bool { (group?.rank ?? 0) == 0 }

  func begin() { group?.openCounter() }

  func claim() -> Int? {
    state.withLock { state in
      guard !state.isStopped else { return nil }
      if state.taken.isEmpty {
        let first = group?.claim(chunk) ?? state.taken.upperBound
        guard first < todo.count else {
          state.isStopped = true
          return nil
        }
        state.taken = first..<min(first + (group == nil ? todo.count : chunk), todo.count)
      }
      defer { state.taken = state.taken.dropFirst() }
      return todo[state.taken.lowerBound]
    }
  }

  func finish(_ piece: Int) {
    state.withLock { state in
      state.done += 1
      if isRoot { state.unsaved.append(piece) } else { state.unsent.append(piece) }
    }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    group?.exhaust()
  }

  func attend() {
    if isRoot {
      while receive() {}
      keeper.save()
    } else {
      send()
    }
    group?.progress()
  }

  func abandon() { keeper.close(self, isBrokenOff: true) }

  func saveNow() { if isRoot { keeper.saveAll() } }

  func takeUnsaved() -> [(piece: Int, bytes: [UInt8])] {
    let pieces = state.withLock { state in
      defer { state.unsaved = [] }
      return state.unsaved.sorted()
    }
    return pieces.map { ($0, records.bytes(ofPiece: $0)) }
  }

  func close(failure: PieceFailure?, wasCancelled: Bool, _ wait: () -> Void) throws(SolverError) {
    var verdict = Verdict(failure: failure, wasCancelled: wasCancelled)
    if let group, isOpen {
      group.closeCounter()
      verdict = isRoot ? collect(verdict, group, wait) : report(verdict, group)
    }
    if verdict.wasCancelled { keeper.noteEnd() }
    finishKeeping(verdict)
    if verdict.wasCancelled { throw SolverError(.interrupted, "interrupted") }
    if let failure = verdict.failure { throw failure.error }
  }

  /// Writes down what is to be: in the checkpoint, the part, the cache.
  private func finishKeeping(_ verdict: Verdict) {
    guard isRoot else { return }
    let isWhole = verdict.failure == nil && !verdict.wasCancelled
    if isWhole, role == .results, keeper.isPartial {
      let own = (0..<count).filter { piece in keeper.options.part.map { piece % $0.count == $0.number - 1 } ?? true }
      keeper.addToPart(path, count: count, own.map { ($0, records.bytes(ofPiece: $0)) })
    }
    if isWhole, role == .shared, isOpen, let cache = keeper.options.cache, let identity = cacheIdentity {
      let seconds = started.duration(to: .now)
      if seconds >= .seconds(KernelCache.leastSeconds) {
        cache.keep(KernelCache.key(identity, path), path, count: count, seconds: seconds) { self.records.bytes(ofPiece: $0) }
      }
    }
    keeper.close(self, isBrokenOff: !isWhole)
  }
}

// MARK: Several processes

/// How a stage ended.
private struct Verdict {
  var failure: PieceFailure?
  var wasCancelled: Bool

  /// Takes in how it ended in another process.
  mutating func merge(_ other: Verdict) {
    wasCancelled = wasCancelled || other.wasCancelled
    guard let found = other.failure else { return }
    if failure.map({ $0.piece > found.piece }) ?? true { failure = found }
  }

  func put(into writer: inout RecordWriter) {
    writer.put(wasCancelled ? 1 : 0)
    writer.put(failure?.piece ?? -1)
    failure?.error.put(into: &writer)
  }

  init(failure: PieceFailure?, wasCancelled: Bool) { (self.failure, self.wasCancelled) = (failure, wasCancelled) }

  init?(from reader: inout RecordReader) {
    guard let cancelled = reader.integer(), let piece = reader.integer() else { return nil }
    var failure: PieceFailure?
    if piece >= 0 {
      guard let error = SolverError(from: &reader) else { return nil }
      failure = PieceFailure(piece: piece, error: error)
    }
    self.init(failure: failure, wasCancelled: cancelled != 0)
  }
}

extension KeptPieces {
  /// What a message to the root begins with.
  private enum Message: Int {
    case pieces
    case end
  }

  /// Elsewhere than at the root: sends what is done.
  private func send() {
    let pieces = state.withLock { state in
      defer { state.unsent = [] }
      return state.unsent
    }
    guard let group, !pieces.isEmpty else { return }
    var writer = RecordWriter()
    writer.put(Message.pieces.rawValue)
    writer.put(pieces.count)
    for piece in pieces {
      writer.put(piece)
      writer.put(records.bytes(ofPiece: piece))
    }
    group.send(writer.bytes)
  }

  /// At the root: takes in a message that has arrived; false where there is none.
  private func receive() -> Bool {
    guard let group, let message = group.receive() else { return false }
    var reader = RecordReader(message.bytes)
    switch reader.integer().flatMap(Message.init(rawValue:)) {
    case .pieces:
      for _ in 0..<(reader.integer() ?? 0) {
        guard let piece = reader.integer(), let bytes = reader.raw(), records.restore(bytes, piece: piece) else { return true }
        state.withLock { state in
          state.done += 1
          state.unsaved.append(piece)
        }
      }
    case .end:
      guard let verdict = Verdict(from: &reader) else { return true }
      state.withLock { state in
        state.ends += 1
        var own = Verdict(failure: state.failure, wasCancelled: state.wasCancelled)
        own.merge(verdict)
        (state.failure, state.wasCancelled) = (own.failure, own.wasCancelled)
      }
    case nil: break
    }
    return true
  }

  /// Elsewhere: sends the rest and hears how the stage ended.
  private func report(_ own: Verdict, _ group: any ProcessGroup) -> Verdict {
    send()
    var writer = RecordWriter()
    writer.put(Message.end.rawValue)
    own.put(into: &writer)
    group.send(writer.bytes)
    var reader = RecordReader(group.broadcast([]))
    let verdict = Verdict(from: &reader) ?? own
    for _ in 0..<(reader.count(of: 16) ?? 0) {
      guard let piece = reader.integer(), let bytes = reader.raw() else { break }
      _ = records.restore(bytes, piece: piece)
    }
    return verdict
  }

  /// At the root: waits for the others and tells them how the stage ended, and what they have found where all need it.
  private func collect(_ own: Verdict, _ group: any ProcessGroup, _ wait: () -> Void) -> Verdict {
    let seconds = KeptPieces.patience
    var deadline: ContinuousClock.Instant?
    while state.withLock({ $0.ends }) < group.count - 1 {
      if receive() { continue }
      if own.wasCancelled || keeper.options.isCancelled() {
        stop()
        // Whoever does not answer now is ended with the run.
        let end = deadline ?? .now.advanced(by: .seconds(seconds))
        deadline = end
        if ContinuousClock.now > end { return Verdict(failure: own.failure, wasCancelled: true) }
      }
      wait()
      keeper.save()
      usleep(300)
    }
    var verdict = own
    state.withLock { verdict.merge(Verdict(failure: $0.failure, wasCancelled: $0.wasCancelled)) }
    if keeper.options.isCancelled() { verdict.wasCancelled = true }
    var writer = RecordWriter()
    verdict.put(into: &writer)
    let isWhole = verdict.failure == nil && !verdict.wasCancelled
    let shared = isWhole && role == .shared ? todo : []
    writer.put(shared.count)
    for piece in shared {
      writer.put(piece)
      writer.put(records.bytes(ofPiece: piece))
    }
    _ = group.broadcast(writer.bytes)
    return verdict
  }

  /// Seconds that the root of a run that is ended waits for the others.
  private static var patience: Double { 0.8 }
}

/// Whole systems that all processes compute together, one after the other.
final class KeptSystems: JointSource, KeptStage {
  let path: String
  let count: Int
  private let records: (any PieceRecords)?
  private let known: Set<Int>
  private let unsaved = Mutex<[Int]>([])

  init(path: String, records: (any PieceRecords)?, count: Int, done: Set<Int>) {
    (self.path, self.records, self.count, known) = (path, records, count, done)
  }

  func isDone(_ piece: Int) -> Bool { known.contains(piece) }

  func finish(_ piece: Int) { unsaved.withLock { $0.append(piece) } }

  func takeUnsaved() -> [(piece: Int, bytes: [UInt8])] {
    let pieces = unsaved.withLock { pieces in
      defer { pieces = [] }
      return pieces
    }
    return pieces.compactMap { piece in records.map { (piece, $0.bytes(ofPiece: piece)) } }
  }
}
