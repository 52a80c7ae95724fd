import TransportResults

/// Where the time of a part of a sweep goes: to its states one by one, to what grows with the sweep in another way, or to what every part
/// of the sweep does alike.
struct StageClock {
  /// Seconds of stages whose pieces are states.
  private(set) var states = 0.0
  /// Seconds of stages that serve several states at once, frequency by frequency or gap by gap.
  private(set) var joint = 0.0
  /// Seconds of all else: factors, kernels, tables.
  private(set) var shared = 0.0
  /// The stage that was reported last.
  private var last: SweepProgress?
  private var seconds = 0.0

  /// Stages with one piece per state, or per block of states.
  private static let perState: Set<String> = ["states", "conductances", "linear response"]
  private static let together: Set<String> = ["pair spectra", "light", "forces", "wave-vector integrals"]

  /// Takes a report at some seconds since the start. A stage begins with nothing done: the time before that belongs to no stage.
  mutating func note(_ progress: SweepProgress, at now: Double) {
    book(now - seconds, in: progress.done > 0 ? progress.stage : nil)
    (last, seconds) = (progress, now)
  }

  /// Takes the end of the part; the time since the last report belongs to no stage.
  mutating func finish(at now: Double) {
    book(now - seconds, in: nil)
    seconds = now
  }

  private mutating func book(_ time: Double, in stage: String?) {
    guard let stage else {
      shared += time
      return
    }
    if Self.perState.contains(stage) {
      states += time
    } else if Self.together.contains(stage) {
      joint += time
    } else {
      shared += time
    }
  }

  /// How much of the states of a part that was ended is done, from 0 to 1; nil where it had not come to them.
  var shareOfStates: Double? {
    guard let last, Self.perState.contains(last.stage), last.done > 0, last.total > 0 else { return nil }
    return Double(last.done) / Double(last.total)
  }
}
