import JunctionModel
import SystemFiles
import TransportResults

/// What a large result holds, instead of its rows: ranges of its variables and axes.
package struct ResultOverview {
  /// Results with more states are summarised unless somebody names variables or states.
  package static let mostStates = 10_000

  private let result: TransportResult
  private let path: String

  package init(_ result: TransportResult, path: String) { (self.result, self.path) = (result, path) }

  /// The overview, with what to type for rows.
  package var text: String {
    let lines = [StateTable.heading(of: result), ""] + axes + [""] + variables + [""] + suggestions
    return lines.joined(separator: "\n") + "\n"
  }

  private var axes: [String] {
    TextTable([
      TextTable.Group("axis", [TextTable.Column(cells: result.axes.map(\.name))]),
      TextTable.Group("values", [TextTable.Column(cells: result.axes.map { "\($0.values.count)" })]),
      TextTable.Group("from", [TextTable.Column(cells: result.axes.map { NumberFormatting.short($0.values.first ?? .nan) })]),
      TextTable.Group("to", [TextTable.Column(cells: result.axes.map { NumberFormatting.short($0.values.last ?? .nan) })]),
      TextTable.Group("unit", [TextTable.Column(cells: result.axes.map(\.unit))]),
    ]).lines
  }

  private var variables: [String] {
    let shown = StateTable.computed(in: result).compactMap { result.variable($0) }
    let worst = shown.map { $0.errors == nil ? nil : WorstError($0).toLargest }
    func column(_ title: String, _ cells: [String]) -> TextTable.Group {
      TextTable.Group(title, [TextTable.Column(cells: cells)])
    }
    let ranges = shown.map { Self.range(of: $0.values) }
    return TextTable([
      column("variable", shown.map(\.name)), column("smallest", ranges.map(\.low)), column("largest", ranges.map(\.high)),
      column("unit", shown.map { $0.unit == "1" ? "" : $0.unit }),
      column("worst error/largest", worst.map { $0.map { NumberFormatting.short($0, digits: 2) } ?? "-" }),
      column("NaN", ranges.map { $0.missing == 0 ? "" : "\($0.missing)" }),
    ]).lines
  }

  private static func range(of values: [Double]) -> (low: String, high: String, missing: Int) {
    var (low, high, missing) = (Double.infinity, -Double.infinity, 0)
    for value in values {
      if value.isNaN { missing += 1 } else { (low, high) = (min(low, value), max(high, value)) }
    }
    guard missing < values.count else { return ("NaN", "NaN", missing) }
    return (NumberFormatting.short(low), NumberFormatting.short(high), missing)
  }

  private var suggestions: [String] {
    let name = RunSummary.quoted(path)
    let variable = StateTable.computed(in: result).first ?? "VARIABLE"
    let place = result.axes.first.map { " --at \($0.name)=\(NumberFormatting.short($0.values.first ?? 0))" } ?? ""
    return [
      "Rows: pairbath show \(name) \(variable)\(place), all of them with --all; every digit with --csv or --json."
    ]
  }
}
