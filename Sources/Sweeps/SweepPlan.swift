import JunctionModel

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
  /// Bytes of the largest work arrays that all workers share.
  public let workBytes: Int
  /// Bytes of the buffers of one worker.
  public let workerBytes: Int
  /// Bytes of everything at its peak, the program included.
  public let peakBytes: Int
  /// Wall-clock estimate in seconds.
  public let seconds: Double

  init(states: Int, resultBytes: Int, workBytes: Int, workerBytes: Int = 0, peakBytes: Int? = nil, seconds: Double) {
    self.states = states
    self.resultBytes = resultBytes
    self.workBytes = workBytes
    self.workerBytes = workerBytes
    self.peakBytes = peakBytes ?? Self.programBytes + resultBytes + workBytes
    self.seconds = seconds
  }

  /// What the program and its libraries take before they compute anything.
  static let programBytes = 46 << 20

  /// The same plan with another time.
  func taking(_ seconds: Double) -> SweepPlan {
    SweepPlan(
      states: states, resultBytes: resultBytes, workBytes: workBytes, workerBytes: workerBytes, peakBytes: peakBytes,
      seconds: seconds)
  }
}
