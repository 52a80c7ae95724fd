import JunctionModel
import SystemFiles
import TransportResults

/// What a finished run has to say for itself.
package struct RunSummary {
  private let result: TransportResult
  private let seconds: Double
  private let path: String

  package init(_ result: TransportResult, seconds: Double, path: String) {
    self.result = result
    self.seconds = seconds
    self.path = path
  }

  /// The summary, with the worst error of every computed variable and what to do next.
  package var text: String {
    let axes = result.axes.map { "\($0.name) (\($0.values.count))" }.joined(separator: " x ")
    var lines = [
      (result.title.isEmpty ? "" : PrintableText.line(result.title) + ": ") + NumberFormatting.count(result.stateCount, "state")
        + (axes.isEmpty ? "" : ", " + axes) + ", level \(result.level), \(NumberFormatting.duration(seconds))"
    ]
    lines += StatusReport(result).lines
    lines += instabilities
    lines += [""] + errorTable + [""]
    // What goes on to another program has no name to be looked at under.
    lines += path == "-" ? ["Written to standard output."] : ["Written to \(PrintableText.line(path)). Next:"] + suggestions
    return lines.joined(separator: "\n") + "\n"
  }

  private var errorTable: [String] {
    let rows = result.variables.filter { $0.errors != nil }
    guard !rows.isEmpty else { return ["Nothing with an error estimate was computed."] }
    let worst = rows.map(WorstError.init)
    return TextTable([
      TextTable.Group("observable", [TextTable.Column(cells: rows.map(\.name))]),
      TextTable.Group(
        "largest value",
        [
          TextTable.Column(
            cells: zip(rows, worst).map { row, worst in
              guard let largest = worst.largest else { return "NaN" }
              return "\(NumberFormatting.short(largest, digits: 4)) \(row.unit == "1" ? "" : row.unit)"
            })
        ]),
      TextTable.Group(
        "worst error estimate, relative to",
        [
          TextTable.Column(label: "the value", cells: worst.map { Self.ratio($0.toValue) }),
          TextTable.Column(label: "the largest value", cells: worst.map { Self.ratio($0.toLargest) }),
        ]),
    ]).lines
  }

  /// One line for each place where a steady state is lost, ten at most.
  private var instabilities: [String] {
    guard result.instabilities > 0, let energy = result.variable(ResultQuantity.criticalEnergy.name) else { return [] }
    let unit = energy.unit
    let lines = (0..<min(result.instabilities, 10)).map { i in
      let place = result.axes.compactMap { axis -> String? in
        guard let value = result.variable(ResultQuantity.criticalName(ofAxis: axis.name)) else { return nil }
        let error = value.errors?[i]
        return "\(axis.name) = "
          + (error == nil
            ? NumberFormatting.short(value.values[i]) : NumberFormatting.text(value.values[i], error: error))
      }
      return "  at \(place.joined(separator: ", ")): mode energy \(NumberFormatting.short(energy.values[i], digits: 6)) \(unit), "
        + "mainly mode \(mainMode(i))"
    }
    let more = result.instabilities > 10 ? ["  ... and \(result.instabilities - 10) more: variables critical_*"] : []
    return ["The steady state is lost"] + lines + more
  }

  private func mainMode(_ instability: Int) -> Int {
    guard let shape = result.variable(ResultQuantity.criticalModeShape.name) else { return 0 }
    let modes = result.modeEnergies.count
    func weight(_ k: Int) -> Double {
      let at = 2 * (instability * modes + k)
      return shape.values[at] * shape.values[at] + shape.values[at + 1] * shape.values[at + 1]
    }
    return (0..<modes).max { weight($0) < weight($1) } ?? 0
  }

  private var suggestions: [String] {
    let name = Self.quoted(path)
    let first = result.variables.first { $0.errors != nil }?.name ?? ""
    var lines = ["  pairbath show \(name)"]
    if result.axes.contains(where: { $0.values.count > 1 }) { lines.append("  pairbath plot \(name) \(first)") }
    if result.variable(Observable.energyCurrentChannel.rawValue) != nil { lines.append("  pairbath show \(name) --baths") }
    return lines
  }

  /// A file name as one would type it.
  package static func quoted(_ path: String) -> String {
    let isPlain = path.allSatisfy { $0.isLetter || $0.isNumber || "._-/+=,:@%".contains($0) }
    guard !isPlain || path.isEmpty else { return path }
    // Over bytes: a quote with a combining mark is another character.
    let bytes = path.utf8.flatMap { $0 == UInt8(ascii: "'") ? Array("'\\''".utf8) : [$0] }
    return "'" + String(decoding: bytes, as: UTF8.self) + "'"
  }

  private static func ratio(_ value: Double?) -> String { value.map { NumberFormatting.short($0, digits: 2) } ?? "-" }
}

/// The largest error estimates of one variable.
package struct WorstError: Equatable {
  /// Largest finite magnitude; nil when no value is finite.
  package let largest: Double?
  /// Worst ratio to the value itself, where that is above 1e-6 of the largest; nil if there is none.
  package let toValue: Double?
  /// Worst error over the largest magnitude; nil if that is 0.
  package let toLargest: Double?

  package init(_ variable: ResultVariable) {
    let pairs = zip(variable.values, variable.errors ?? []).filter { $0.0.isFinite }
    self.largest = pairs.map { abs($0.0) }.max()
    let largest = self.largest ?? 0
    toValue = pairs.filter { abs($0.0) > 1e-6 * largest }.map { $0.1 / abs($0.0) }.max()
    toLargest = largest > 0 ? pairs.map { $0.1 / largest }.max() : nil
  }
}
