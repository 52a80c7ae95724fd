import Pairbath
import Sweeps
import Synchronization
import SystemFiles

/// How far a run is, for whoever asks from another thread.
package final class RunStatus: Sendable {
  private struct State {
    var progress: SweepProgress?
    var stageStart = 0.0
  }

  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Nothing is done yet.
  package init() {}

  /// Takes a report.
  package func note(_ progress: SweepProgress) {
    let now = seconds
    state.withLock { state in
      if state.progress?.stage != progress.stage { state.stageStart = now }
      state.progress = progress
    }
  }

  /// The last report in words, with the time so far and to go.
  package var words: String {
    let (now, state) = (seconds, state.withLock { $0 })
    guard let progress = state.progress, progress.total > 0 else { return "preparing, \(NumberFormatting.duration(now)) so far" }
    return ProgressReporter.line(progress, at: now, since: state.stageStart)
  }

  private var seconds: Double { start.duration(to: .now).inSeconds }
}
