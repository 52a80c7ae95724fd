import JunctionModel
import TransportSolvers

/// How far a computation is.
public struct SweepProgress: Sendable, Equatable {
  /// What is being done, for example "pair kernel" or "states".
  public let stage: String
  public let done: Int
  public let total: Int

  public init(stage: String, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// What a computation will cost, known before it starts.
public struct SweepPlan: Sendable, Equatable {
  public let states: Int
  /// Bytes of the result arrays and of the largest work arrays.
  public let resultBytes: Int
  public let workBytes: Int
  /// Wall-clock estimate in seconds.
  public let seconds: Double
}
