import TransportResults

/// Who keeps what the stages of a run find, and hands out their pieces: a checkpoint, several processes, a part of a job array.
///
/// Without one all pieces are done here and nothing is kept. Every stage is known by its path, the same in every process that computes the
/// same run.
package protocol PieceKeeper: Sendable {
  /// Workers of all processes together, of which there are `workers` here.
  func allWorkers(_ workers: Int) -> Int
  /// True where something is kept of stages or handed on.
  var isKeeping: Bool { get }
  /// True where the whole result is put together; elsewhere numbers that other processes compute are missing.
  var isRoot: Bool { get }
  /// True where results of a run are left out on purpose: those of the other parts.
  var isPartial: Bool { get }
  /// Opens a stage. What has been found before, in another process or another run, is taken up. Throws `.interrupted` when the run is ended.
  func open(_ path: String, _ stage: PieceStage, count: Int, identity: () -> String?) throws(SolverError) -> any PieceSource
  /// Opens a stage whose pieces all processes do together, one after the other, because each is a whole computation.
  func openJoint(_ path: String, _ stage: PieceStage, count: Int) throws(SolverError) -> any JointSource
  /// The root's bytes, at every process; `bytes` is called at the root only. Nil where there are no other processes.
  func broadcast(_ bytes: () -> [UInt8]) -> [UInt8]?
}

/// The pieces of one stage.
package protocol PieceSource: Sendable {
  /// True when some process has pieces to do.
  var isOpen: Bool { get }
  /// Pieces found so far, wherever.
  var done: Int { get }
  /// Milliseconds between calls of `attend`.
  var pace: Int { get }
  /// Called instead of all that follows where what the pieces need cannot be had.
  func abandon()
  /// Called once, before the first `claim`, by the thread that waits for the pieces.
  func begin()
  /// The next piece to do here; nil when there are no more. Any thread.
  func claim() -> Int?
  /// Notes that a piece is done here. Any thread.
  func finish(_ piece: Int)
  /// Nobody is to begin another piece. Any thread.
  func stop()
  /// Called now and then by the thread that waits for the pieces.
  func attend()
  /// Called once by that thread when the run is to end, while others may still work: what is finished is to be kept now.
  func saveNow()
  /// Ends the stage when no thread works on it any more, and waits for the other processes, calling `wait` meanwhile. `failure` is what went
  /// wrong here. Throws the failure of the piece with the lowest index, `.interrupted` when `wasCancelled`, anywhere.
  func close(failure: PieceFailure?, wasCancelled: Bool, _ wait: () -> Void) throws(SolverError)
}

/// Pieces that all processes do together.
package protocol JointSource: Sendable {
  /// True when a piece has been found before, and was taken up.
  func isDone(_ piece: Int) -> Bool
  /// Notes that a piece is done.
  func finish(_ piece: Int)
}

/// The failure of a piece.
package struct PieceFailure: Sendable {
  package let piece: Int
  package let error: SolverError

  package init(piece: Int, error: SolverError) { (self.piece, self.error) = (piece, error) }
}

/// Nobody: all pieces are done here.
struct NoKeeper: PieceKeeper {
  let isKeeping = false
  let isRoot = true
  let isPartial = false

  func allWorkers(_ workers: Int) -> Int { workers }

  func open(_ path: String, _ stage: PieceStage, count: Int, identity: () -> String?) -> any PieceSource { LocalPieces(count) }

  func openJoint(_ path: String, _ stage: PieceStage, count: Int) -> any JointSource { NothingDone() }

  func broadcast(_ bytes: () -> [UInt8]) -> [UInt8]? { nil }
}

private struct NothingDone: JointSource {
  func isDone(_ piece: Int) -> Bool { false }
  func finish(_ piece: Int) {}
}
