import BoundedSearch
import Pairbath

/// What `pairbath optimize` prints and writes above the model it found.
package struct OptimizationReport {
  private let search: ModelOptimization
  private let finding: ModelOptimization.Finding
  private let tolerance: Double

  package init(_ search: ModelOptimization, _ finding: ModelOptimization.Finding, tolerance: Double) {
    (self.search, self.finding, self.tolerance) = (search, finding, tolerance)
  }

  /// The objective with its numerical error and unit.
  private var objective: String {
    let unit = finding.unit == "1" || finding.unit.isEmpty ? "" : " " + finding.unit
    return "\(search.objective.text) = \(NumberFormatting.text(finding.objective.value, error: finding.objective.error))\(unit)"
  }

  private var goal: String { search.sign > 0 ? "largest" : "smallest" }

  /// A table of the values found and what to know about them.
  package func text(seconds: Double, path: String, keepsComments: Bool) -> String {
    let values = finding.values ?? []
    let table = TextTable([
      TextTable.Group("parameter", [TextTable.Column(cells: search.parameters.map(\.name))]),
      TextTable.Group(
        "\(goal) at",
        [
          TextTable.Column(
            cells: zip(search.parameters, values).map { NumberFormatting.short($1, digits: digits(of: $0, $1)) + unit(of: $0) })
        ]),
      TextTable.Group(
        "bounds",
        [
          TextTable.Column(
            cells: search.bounds.map { NumberFormatting.short($0.lowerBound) + " to " + NumberFormatting.short($0.upperBound) })
        ]),
    ])
    var lines = [
      "\(goal.prefix(1).uppercased() + goal.dropFirst()) \(objective) among \(NumberFormatting.count(finding.evaluations, "evaluation")), "
        + NumberFormatting.duration(seconds), "",
    ]
    lines += table.lines + [""] + notes
    if !keepsComments { lines.append("The file had to be written anew: its comments are lost.") }
    lines += ["Written to \(path). Next:", "  pairbath run \(RunSummary.quoted(path))"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// With what a model found by a search begins.
  static let mark = "# pairbath optimize:"

  /// Comment lines for the top of the model file.
  package var comments: String {
    let ending = finding.ending == .rested ? "" : " (\(words(finding.ending)))"
    return "\(Self.mark) \(goal) \(objective), \(NumberFormatting.count(finding.evaluations, "evaluation"))\(ending)\n"
  }

  /// How the search ended, bounds that were reached, points without a value.
  package var notes: [String] {
    var notes: [String] = []
    switch finding.ending {
    case .rested:
      notes.append(
        "The search rests: the values move by less than \(NumberFormatting.short(tolerance)) of their ranges. "
          + "That no better point exists elsewhere is likely, not proven.")
    case .outOfEvaluations: notes.append("All evaluations were used before the search rested: --evaluations allows more.")
    case .stopped: notes.append("Interrupted: this is the best point so far.")
    }
    for (parameter, (range, value)) in zip(search.parameters, zip(search.bounds, finding.values ?? [])) {
      let width = range.upperBound - range.lowerBound
      guard min(value - range.lowerBound, range.upperBound - value) <= tolerance * width else { continue }
      notes.append("\(parameter.name) is at its bound \(NumberFormatting.short(value)): beyond it there may be more.")
    }
    return notes + Self.failureNotes(finding)
  }

  /// One line for every reason why points had no value.
  package static func failureNotes(_ finding: ModelOptimization.Finding) -> [String] {
    finding.failures.map { "Without a value at \(NumberFormatting.count($0.count, "point")): \($0.reason)." }
  }

  private func words(_ ending: BoundedSearch.Ending) -> String {
    switch ending {
    case .rested: return "at rest"
    case .outOfEvaluations: return "not yet at rest"
    case .stopped: return "interrupted"
    }
  }

  private func unit(of parameter: ModelParameter) -> String { parameter.unit.isEmpty ? "" : " " + parameter.unit }

  /// Digits down to the tolerance.
  private func digits(of parameter: ModelParameter, _ value: Double) -> Int {
    guard let i = search.parameters.firstIndex(of: parameter) else { return 6 }
    let step = tolerance * (search.bounds[i].upperBound - search.bounds[i].lowerBound)
    var digits = 1
    var scale = abs(value)
    while scale > 0.5 * step && digits < 12 { (scale, digits) = (scale / 10, digits + 1) }
    return max(digits, 2)
  }
}
