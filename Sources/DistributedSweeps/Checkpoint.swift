import SystemFiles
import TransportResults

/// When a run writes down what is finished, and where.
package struct CheckpointPlan: Sendable {
  /// The file of records.
  package var path: String
  /// Seconds between two times of writing.
  package var interval: Double
  /// Seconds after which a run is long enough to be written down.
  package var start: Double

  /// Every five seconds, once a run has taken ten.
  package init(path: String, interval: Double = 5, start: Double = 10) {
    (self.path, self.interval, self.start) = (path, interval, start)
  }
}

/// Writes finished pieces to a file of records, from the thread that waits for them.
final class Checkpoint: @unchecked Sendable {
  // Used behind the lock of its RunKeeper.
  let plan: CheckpointPlan
  private let identity: RunIdentity
  private var file: RecordFile?
  private let begin = ContinuousClock.now
  private var last = ContinuousClock.now
  /// Why nothing more can be written; nil while it can.
  private(set) var failure: OutputError?
  /// True where another process writes to the file.
  private(set) var isTaken: Bool

  /// `file` holds what a former run has written; nil where there was none.
  init(_ plan: CheckpointPlan, _ identity: RunIdentity, file: RecordFile?, isTaken: Bool) {
    (self.plan, self.identity, self.file, self.isTaken) = (plan, identity, file, isTaken)
  }

  /// True when it is time to write.
  var isDue: Bool {
    let now = ContinuousClock.now
    return canWrite && now - begin >= .seconds(plan.start) && now - last >= .seconds(plan.interval)
  }

  /// True when the run has begun to be written down, or is to be now that it ends before its time.
  func isWorthwhile(atEnd: Bool) -> Bool {
    canWrite && (file != nil || (atEnd && ContinuousClock.now - begin >= .seconds(min(2, plan.start))))
  }

  /// True when there is a file.
  var exists: Bool { file != nil }

  private var canWrite: Bool { failure == nil && !isTaken }

  /// Adds pieces of stages and, with `isForced`, forces all that has been added to the disk.
  func write(_ stages: [(path: String, count: Int, pieces: [(piece: Int, bytes: [UInt8])])], isForced: Bool) {
    do throws(OutputError) {
      if file == nil {
        file = try RecordFile.create(plan.path, identity)
        guard file != nil else {
          isTaken = true
          return
        }
      }
      for stage in stages where !stage.pieces.isEmpty { try file?.append(stage.path, count: stage.count, stage.pieces) }
      guard isForced else { return }
      try file?.synchronize()
    } catch { failure = error }
    last = .now
  }

  /// Removes the file: the result is complete.
  func remove() {
    file?.remove()
    file = nil
  }
}
