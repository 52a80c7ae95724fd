import JunctionModel
import TransportSolvers

/// How far a computation is.
public struct SweepProgress: Sendable, Equatable {
  /// What is being done, for example "pair kernel" or "states".
  public let stage: String
  /// Pieces finished.
  public let done: Int
  /// Pieces in all.
  public let total: Int

  /// Progress of one stage.
  public init(stage: String, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// What a computation will cost, known before it starts.
public struct SweepPlan: Sendable, Equatable {
  /// Number of states.
  public let states: Int
  /// Bytes of the result arrays.
  public let resultBytes: Int
  /// Bytes of the largest work arrays.
  public let workBytes: Int
  /// Wall-clock estimate in seconds.
  public let seconds: Double
}
