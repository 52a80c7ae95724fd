import Sweeps

/// Turns progress into text: a bar that repaints itself on a terminal, few plain lines elsewhere.
package struct ProgressReporter {
  /// How to report.
  package enum Style: Sendable, Equatable {
    /// A bar on a terminal of the given width.
    case bar(width: Int)
    /// Lines about every 10 %, at most one per second.
    case lines
    /// Nothing.
    case silent
  }

  private let style: Style
  private var stage = ""
  private var stageStart = 0.0
  private var lastReport = -1.0
  private var lastTenth = 0
  private var isBarVisible = false

  package init(_ style: Style) { self.style = style }

  /// What to write to standard error for a step at `seconds` since the start; nil for nothing.
  package mutating func report(_ progress: SweepProgress, at seconds: Double) -> String? {
    let isNewStage = progress.stage != stage
    if isNewStage { (stage, stageStart, lastTenth) = (progress.stage, seconds, 0) }
    switch style {
    case .silent: return nil
    case .bar(let width):
      let isDone = progress.done >= progress.total
      guard isNewStage || isDone || seconds - lastReport >= 0.1 else { return nil }
      lastReport = seconds
      isBarVisible = true
      return "\r" + bar(progress, seconds, width) + "\u{1B}[K"
    case .lines:
      let tenth = progress.total > 0 ? 10 * progress.done / progress.total : 10
      guard tenth > lastTenth, seconds - max(lastReport, 0) >= 1 else { return nil }
      (lastReport, lastTenth) = (seconds, tenth)
      return Self.line(progress, at: seconds, since: stageStart) + "\n"
    }
  }

  /// What removes the bar when the work is over; nil if there is none.
  package mutating func finish() -> String? {
    guard isBarVisible else { return nil }
    isBarVisible = false
    return "\r\u{1B}[K"
  }

  /// How far a stage is, `seconds` after the start of the run, when it began itself after `stageStart`.
  static func line(_ progress: SweepProgress, at seconds: Double, since stageStart: Double) -> String {
    "\(summary(progress)), \(NumberFormatting.duration(seconds)) so far\(remaining(progress, seconds - stageStart))"
  }

  private static func summary(_ progress: SweepProgress) -> String {
    "\(progress.stage): \(percent(progress)) % (\(progress.done)/\(progress.total))"
  }

  private static func percent(_ progress: SweepProgress) -> Int {
    progress.total > 0 ? min(100, 100 * max(progress.done, 0) / progress.total) : 100
  }

  private static func remaining(_ progress: SweepProgress, _ elapsed: Double) -> String {
    guard progress.done > 0, progress.done < progress.total, elapsed >= 0.5 else { return "" }
    let left = elapsed * Double(progress.total - progress.done) / Double(progress.done)
    return ", about \(NumberFormatting.duration(left)) left"
  }

  private func bar(_ progress: SweepProgress, _ seconds: Double, _ width: Int) -> String {
    let text = " \(Self.summary(progress))\(Self.remaining(progress, seconds - stageStart))"
    let room = min(30, width - text.count - 3)
    guard room >= 5 else { return String(text.dropFirst().prefix(max(width - 1, 0))) }
    let filled = room * Self.percent(progress) / 100
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "]" + text
  }
}
