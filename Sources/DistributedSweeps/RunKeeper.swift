import ProcessGroups
import Sweeps
import Synchronization
import SystemFiles
import TransportResults

/// Keeps what a run finishes, takes up what was finished before, and shares the work: with the other processes of a group, with the other
/// parts of a job array.
///
/// Belongs to the thread that waits for the pieces; `claim`, `finish` and `stop` of its stages may be called by any.
package final class RunKeeper: PieceKeeper {
  /// What a run does beside computing.
  package struct Options: Sendable {
    /// Where and when finished pieces are written down; nil for never.
    package var checkpoint: CheckpointPlan?
    /// The part of the pieces that are computed; nil for all.
    package var part: RunIdentity.Part?
    /// Number of parts, where parts are computed or put together.
    package var parts: Int?
    /// Kernels that other runs have computed; nil for none.
    package var cache: KernelCache?
    /// The processes that share the work; nil for this one alone.
    package var group: (any ProcessGroup)?
    /// True when the run is to end.
    package var isCancelled: @Sendable () -> Bool = { false }

    package init() {}
  }

  let options: Options
  private let identity: RunIdentity
  private let state: Mutex<State>

  /// What only the waiting thread touches.
  private struct State: Sendable {
    var checkpoint: Checkpoint?
    var archive: RecordArchive
    /// Stages that are open, outer ones first.
    var open: [any KeptStage] = []
    /// Frames of the results of a part.
    var partFrames: [UInt8] = []
    var partStages = 0
    /// True when the run has been ended: no process waits for another any more.
    var isEnded = false
    var restored = 0
  }

  /// A keeper for a run. `archive` holds pieces that are finished; `file` is the checkpoint they come from, if they do, `isTaken` true where
  /// another process writes to it.
  init(_ identity: RunIdentity, _ options: Options, _ archive: RecordArchive, file: RecordFile? = nil, isTaken: Bool = false) {
    (self.identity, self.options) = (identity, options)
    let isRoot = (options.group?.rank ?? 0) == 0
    let checkpoint = isRoot ? options.checkpoint.map { Checkpoint($0, identity, file: file, isTaken: isTaken) } : nil
    state = Mutex(State(checkpoint: checkpoint, archive: archive))
  }

  /// A keeper without a checkpoint, with what has been kept elsewhere.
  package convenience init(_ identity: RunIdentity, _ options: Options, archive: RecordArchive = RecordArchive()) {
    self.init(identity, options, archive, file: nil)
  }

  package var isKeeping: Bool { true }
  package var isRoot: Bool { (options.group?.rank ?? 0) == 0 }
  package var isPartial: Bool { options.part != nil }
  /// Parts of a run must cut it in the same way on every machine.
  package func allWorkers(_ workers: Int) -> Int { options.parts ?? workers * (options.group?.count ?? 1) }

  package func broadcast(_ bytes: () -> [UInt8]) -> [UInt8]? {
    guard let group = options.group, !isEnded else { return nil }
    return group.broadcast(isRoot ? bytes() : [])
  }

  /// True when the run has been ended in some process.
  package var isEnded: Bool { state.withLock { $0.isEnded } }

  /// Pieces that were taken up instead of computed.
  package var restored: Int { state.withLock { $0.restored } }

  func noteEnd() { state.withLock { $0.isEnded = true } }

  package func open(
    _ path: String, _ stage: PieceStage, count: Int, identity: () -> String?
  ) throws(SolverError) -> any PieceSource {
    guard !isEnded else { throw SolverError(.interrupted, "interrupted") }
    guard let records = stage.records else { return UnsharedPieces(self, count) }
    let known = KnownPieces(count: count)
    let identity = stage.role == .shared && isRoot && options.cache != nil ? identity() : nil
    if isRoot {
      restore(path, stage, records, known)
      if stage.role == .shared, known.done < count { restoreFromCache(path, count, records, known, identity) }
    }
    if let group = options.group { known.exchange(group, records: stage.role == .shared ? records : nil) }
    state.withLock { $0.restored += known.done }
    let isOwn: (Int) -> Bool = { [part = options.part] piece in
      guard stage.role == .results, let part else { return true }
      return piece % part.count == part.number - 1
    }
    let kept = KeptPieces(
      self, path: path, role: stage.role, records: records, count: count, done: known.done, todo: known.missing.filter(isOwn),
      cacheIdentity: identity)
    state.withLock { $0.open.append(kept) }
    return kept
  }

  package func openJoint(_ path: String, _ stage: PieceStage, count: Int) throws(SolverError) -> any JointSource {
    guard !isEnded else { throw SolverError(.interrupted, "interrupted") }
    let known = KnownPieces(count: count)
    if isRoot, let records = stage.records { restore(path, stage, records, known) }
    if let group = options.group { known.exchange(group, records: nil) }
    // A part of every system is no system.
    let kept = KeptSystems(path: path, records: options.parts == nil ? stage.records : nil, count: count, done: Set(known.all))
    state.withLock {
      $0.restored += known.done
      $0.open.append(kept)
    }
    return kept
  }

  private func restore(_ path: String, _ stage: PieceStage, _ records: any PieceRecords, _ known: KnownPieces) {
    let archive = state.withLock { $0.archive }
    for piece in archive.pieces(path, count: known.count) {
      if let bytes = archive.bytes(path, count: known.count, piece: piece), records.restore(bytes, piece: piece) {
        known.note(piece, bytes)
      }
    }
  }

  private func restoreFromCache(
    _ path: String, _ count: Int, _ records: any PieceRecords, _ known: KnownPieces, _ identity: String?
  ) {
    guard let cache = options.cache, let identity, let archive = cache.archive(of: KernelCache.key(identity, path)) else {
      return
    }
    for piece in known.missing {
      if let bytes = archive.bytes(path, count: count, piece: piece), records.restore(bytes, piece: piece) {
        known.note(piece, bytes)
      }
    }
  }
}

// MARK: What is written down

/// A stage whose finished pieces can be written down.
protocol KeptStage: AnyObject, Sendable {
  var path: String { get }
  var count: Int { get }
  /// Finished pieces that have not been taken yet, with their bytes.
  func takeUnsaved() -> [(piece: Int, bytes: [UInt8])]
}

extension RunKeeper {
  /// Writes down what is finished, if it is time.
  func save() {
    state.withLock { state in
      guard let checkpoint = state.checkpoint, checkpoint.isDue else { return }
      Self.write(state.open, to: checkpoint)
    }
  }

  /// Writes down what is finished and ends a stage.
  func close(_ stage: any KeptStage, isBrokenOff: Bool) {
    state.withLock { state in
      if let checkpoint = state.checkpoint, checkpoint.isWorthwhile(atEnd: isBrokenOff) {
        // Forced to the disk at its time, or now that the run ends.
        Self.write(state.open, to: checkpoint, isForced: isBrokenOff)
      }
      state.open.removeAll { $0 === stage }
    }
  }

  /// Writes down what is finished now that the run ends before its time.
  package func saveAll() {
    state.withLock { state in
      guard let checkpoint = state.checkpoint, checkpoint.isWorthwhile(atEnd: true) else { return }
      Self.write(state.open, to: checkpoint)
    }
  }

  private static func write(_ open: [any KeptStage], to checkpoint: Checkpoint, isForced: Bool = true) {
    checkpoint.write(open.map { ($0.path, $0.count, $0.takeUnsaved()) }, isForced: isForced)
  }

  /// SHA-256 and name of the data files, as they were when the run began.
  package var inputs: [String] { identity.inputs }

  /// Keeps the pieces of a stage for the file of a part.
  func addToPart(_ path: String, count: Int, _ pieces: [(piece: Int, bytes: [UInt8])]) {
    state.withLock { state in
      state.partFrames += RecordFrames.stage(state.partStages, path: path, count: count)
      for (piece, bytes) in pieces { state.partFrames += RecordFrames.piece(piece, ofStage: state.partStages, bytes) }
      state.partStages += 1
    }
  }

  /// All records of a part that is complete.
  package var partRecords: [UInt8] {
    RecordFrames.magic + RecordFrames.frame(.identity, identity.bytes) + state.withLock { $0.partFrames }
      + RecordFrames.frame(.end, [])
  }

  /// The checkpoint's file, where there is one.
  package var checkpointPath: String? {
    state.withLock { state in state.checkpoint.flatMap { $0.exists ? $0.plan.path : nil } }
  }

  /// Why the checkpoint is not being written, in words; nil where it is, or need not be.
  package var checkpointTrouble: String? {
    state.withLock { state in
      guard let checkpoint = state.checkpoint else { return nil }
      if checkpoint.isTaken { return "\(checkpoint.plan.path) is being written by another run" }
      return checkpoint.failure.map { "\(checkpoint.plan.path): \($0.found)" }
    }
  }

  /// Removes the checkpoint: the result is complete and written.
  package func removeCheckpoint() { state.withLock { $0.checkpoint?.remove() } }
}
