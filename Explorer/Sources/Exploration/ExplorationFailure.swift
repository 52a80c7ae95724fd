import DataFiles
import Pairbath
import PairbathCommandSupport

/// A question of the page that has no answer, with the status that HTTP has for it.
package struct ExplorationFailure: Error, Sendable, Equatable {
  /// 400 a bad question, 409 a newer one came, 422 the model refuses, 429 too much at once.
  package let status: Int
  package let report: FailureReport

  /// A question that makes no sense.
  static func bad(_ key: String, found: String, allowed: String) -> ExplorationFailure {
    ExplorationFailure(status: 400, report: .usage(key, found: found, allowed: allowed))
  }

  /// A newer question of the same view came, or nobody waits any more.
  static let cancelled = ExplorationFailure(
    status: 409, report: FailureReport(CommandFailure("cancelled", exitCode: 130)))

  /// What the model refuses.
  static func refused(_ report: FailureReport) -> ExplorationFailure {
    report.exitCode == 130 ? .cancelled : ExplorationFailure(status: 422, report: report)
  }

  /// More computations at once than there may be.
  static let busy = ExplorationFailure(
    status: 429, report: FailureReport(CommandFailure("too many computations at once", exitCode: 70)))

  /// A refusal in words.
  package static func words(_ words: String, status: Int) -> ExplorationFailure {
    ExplorationFailure(status: status, report: FailureReport(CommandFailure(words, exitCode: 64)))
  }

  /// `{"error": ...}` as JSON.
  package var json: String { JSONObject([("error", report.json)]).text }
}

extension FailureReport {
  /// All there is to say, as JSON.
  var json: String {
    JSONObject([
      ("message", JSONText.string(message)), ("file", JSONText.string(file)), ("line", "\(line)"), ("column", "\(column)"),
      ("keyPath", JSONText.string(keyPath.joined(separator: "."))), ("found", JSONText.string(found)),
      ("allowed", JSONText.string(allowed)), ("hint", JSONText.string(hint)),
    ]).text
  }
}
