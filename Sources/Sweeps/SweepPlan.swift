import DenseMatrices
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
  /// Where `seconds` comes from.
  public let timing: Timing

  /// How a time was found.
  public enum Timing: Sendable, Equatable {
    /// Operations were counted.
    case counted
    /// Parts of the sweep were run.
    case measured
    /// Operations were counted, because parts of the sweep took too long.
    case abandoned
  }

  init(
    states: Int, resultBytes: Int, workBytes: Int, workerBytes: Int = 0, peakBytes: Int? = nil, seconds: Double,
    timing: Timing = .counted
  ) {
    self.states = states
    self.resultBytes = resultBytes
    self.workBytes = workBytes
    self.workerBytes = workerBytes
    self.peakBytes = peakBytes ?? Self.programBytes + resultBytes + workBytes
    self.seconds = seconds
    self.timing = timing
  }

  /// The plan of a computation that starts in a process as it is now: at its peak it holds what it holds already and all that is
  /// allocated, or what it held while the model was read.
  init(states: Int, memory: SweepMemory, workers: Int, budget: MemoryBudget, seconds: Double) {
    let before = max(Double(Self.programBytes), budget.resident)
    self.init(
      states: states, resultBytes: Self.whole(memory.result), workBytes: Self.whole(memory.work + memory.copy),
      workerBytes: Self.whole(memory.worker),
      peakBytes: Self.whole(max(before + memory.sum(workers: workers), budget.highWater)), seconds: seconds)
  }

  private static func whole(_ bytes: Double) -> Int { Int(min(max(bytes, 0), 0x1p62)) }

  /// What the program and its libraries take before they compute anything.
  static let programBytes = 46 << 20

  /// The same plan with another time.
  func taking(_ seconds: Double, _ timing: Timing) -> SweepPlan {
    SweepPlan(
      states: states, resultBytes: resultBytes, workBytes: workBytes, workerBytes: workerBytes, peakBytes: peakBytes,
      seconds: seconds, timing: timing)
  }
}
