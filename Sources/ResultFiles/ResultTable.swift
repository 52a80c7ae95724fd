import DataFiles
import JunctionModel
import SystemFiles
import TransportResults

/// A result as text: CSV with one row per state, or JSON with nested arrays.
public struct ResultTable: Sendable {
  let result: TransportResult
  private let variables: [ResultVariable]

  /// A table of the named variables, all of them when `names` is nil. Throws `unknownKey` naming the nearest variable.
  public init(_ result: TransportResult, variables names: [String]? = nil) throws(FileError) {
    self.result = result
    guard let names else {
      variables = result.variables
      return
    }
    let known = result.variables.map(\.name)
    var chosen: [ResultVariable] = []
    for name in names {
      guard let variable = result.variable(name) else {
        throw FileError(
          .unknownKey, in: "--variables", found: "'\(name)'", allowed: known.joined(separator: ", "),
          hint: Spelling.advice(for: name, among: known))
      }
      chosen.append(variable)
    }
    variables = chosen
  }

  /// The variables of the table, as they stand in the result.
  package var chosenVariables: [ResultVariable] { variables }

  // MARK: CSV

  /// Comma-separated text with a header: axes, then `charge_current[L]`, `charge_current[L]_error`, ...
  ///
  /// One row per state, the first axis slowest. Further dimensions become columns whose labels are joined by spaces.
  /// Numbers keep all digits; NaN is written `nan`. Names that a spreadsheet would take for formulas get an apostrophe in front.
  public var csv: String {
    let (columns, axes) = (columns, rowAxes)
    var text = (axes.map(\.name) + columns.map(\.name)).map(Self.quoted).joined(separator: ",") + "\n"
    let count = axes.reduce(1) { $0 * $1.values.count }
    text.reserveCapacity(min(count * (columns.count + axes.count) * 20, 1 << 30))
    for state in 0..<count {
      var separator = ""
      for word in Self.words(axes, at: state) {
        text += separator
        text += word
        separator = ","
      }
      for column in columns {
        text += separator
        text += "\(column.values[column.offset + column.index(of: state)])"
        separator = ","
      }
      text += "\n"
    }
    return text
  }

  /// A sequence of numbers with one entry per state: every `stride` th of a variable's array.
  struct Column {
    let name: String
    let values: [Double]
    let offset: Int
    /// (states per step of the axis, length of the axis, stride in the array) for each sweep axis of the variable.
    let axes: [(repeats: Int, length: Int, stride: Int)]

    func index(of state: Int) -> Int {
      var index = 0
      for axis in axes { index += (state / axis.repeats) % axis.length * axis.stride }
      return index
    }
  }

  var columns: [Column] {
    var columns: [Column] = []
    let rowAxes = rowAxes
    for variable in variables {
      let lengths = variable.dimensions.map { result.length(of: $0) ?? 1 }
      var strides = [Int](repeating: 1, count: lengths.count)
      for d in lengths.indices.dropLast().reversed() { strides[d] = strides[d + 1] * lengths[d + 1] }
      let axes = sweepAxes(of: variable, strides, among: rowAxes)
      for (label, offset) in components(of: variable, lengths, strides) {
        let name = variable.name + (label.isEmpty ? "" : "[\(label)]")
        columns.append(Column(name: name, values: variable.values, offset: offset, axes: axes))
        if let errors = variable.errors {
          columns.append(Column(name: name + "_error", values: errors, offset: offset, axes: axes))
        }
      }
    }
    return columns
  }

  private func sweepAxes(of variable: ResultVariable, _ strides: [Int], among rowAxes: [SweepAxis]) -> [(
    repeats: Int, length: Int, stride: Int
  )] {
    var repeats = 1
    var axes: [(repeats: Int, length: Int, stride: Int)] = []
    for axis in rowAxes.reversed() {
      if let d = variable.dimensions.firstIndex(of: axis.name) { axes.append((repeats, axis.values.count, strides[d])) }
      repeats *= axis.values.count
    }
    return axes
  }

  /// Labels and array offsets of the combinations of the dimensions that are not swept.
  private func components(of variable: ResultVariable, _ lengths: [Int], _ strides: [Int]) -> [(String, Int)] {
    var components: [(String, Int)] = [("", 0)]
    for (d, dimension) in variable.dimensions.enumerated() where !result.axes.contains(where: { $0.name == dimension }) {
      let labels = labels(of: dimension, count: lengths[d])
      components = components.flatMap { prefix, offset in
        labels.enumerated().map { i, label in (prefix.isEmpty ? label : prefix + " " + label, offset + i * strides[d]) }
      }
    }
    return components
  }

  private func labels(of dimension: String, count: Int) -> [String] { result.dimension(dimension)?.labels() ?? [] }

  /// The axes that any of the variables has: those that make the rows.
  var rowAxes: [SweepAxis] {
    let used = Set(variables.flatMap(\.dimensions))
    let axes = result.axes.filter { used.contains($0.name) }
    // A table of what belongs to no state has the states as its rows all the same.
    return axes.isEmpty ? result.axes : axes
  }

  /// The values of axes at a row, or their labels.
  private static func words(_ axes: [SweepAxis], at row: Int) -> [String] {
    var words: [String] = []
    var rest = row
    for axis in axes.reversed() {
      let index = rest % axis.values.count
      words.append(axis.labels.map { quoted($0[index]) } ?? "\(axis.values[index])")
      rest /= axis.values.count
    }
    return words.reversed()
  }

  /// A name as a cell: printable, no formula, in quotes where it needs them.
  static func quoted(_ name: String) -> String {
    var field = PrintableText.line(name)
    // The first byte as it was, too: a spreadsheet skips a tab before a formula.
    if [name, field].contains(where: { $0.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false }) { field = "'" + field }
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  // MARK: JSON

  /// A JSON object: title, units, axes, labels, and for every variable its dimensions, unit, nested values and errors.
  ///
  /// NaN and infinity are written `null`; an infinite value of an axis is the word "inf".
  public var json: String {
    var text = "{\n"
    text += "  \"title\": \(JSONText.string(result.title)),\n  \"units\": \(JSONText.string(result.units.rawValue)),\n"
    text += "  \"level\": \(JSONText.string(result.level)),\n  \"tolerance\": \(JSONText.number(result.tolerance)),\n"
    text += "  \"version\": \(JSONText.string(result.version)),\n"
    text += "  \"model_sha256\": \(JSONText.string(result.modelHash)),\n"
    if !result.inputHashes.isEmpty { text += "  \"inputs_sha256\": \(JSONText.strings(result.inputHashes)),\n" }
    let axes = result.axes.map {
      "{\"name\": \(JSONText.string($0.name)), \"values\": \(JSONText.coordinates($0.values))"
        + ($0.labels.map { ", \"labels\": \(JSONText.strings($0))" } ?? "") + "}"
    }
    text += "  \"axes\": [\(axes.joined(separator: ", "))],\n"
    text += "  \"electrodes\": \(JSONText.strings(result.electrodeNames)),\n  \"baths\": \(JSONText.strings(result.bathNames)),\n"
    text += "  \"channels\": \(JSONText.strings(result.channelLabels)),\n"
    for (name, values) in [
      ("mode_energies", result.modeEnergies), ("frequencies", result.frequencies), ("energies", result.energies),
    ] {
      text += "  \"\(name)\": \(JSONText.array(values, [values.count])),\n"
    }
    for dimension in result.extraDimensions {
      let values: String
      switch dimension.coordinates {
      case .labels(let labels): values = JSONText.strings(labels)
      case .numbers(let numbers, _): values = JSONText.array(numbers, [numbers.count])
      }
      text += "  \(JSONText.string(dimension.name)): \(values),\n"
    }
    text += "  \"variables\": {"
    text += variables.map { "\n    \(JSONText.string($0.name)): \(json(of: $0))" }.joined(separator: ",")
    return text + "\n  }\n}\n"
  }

  private func json(of variable: ResultVariable) -> String {
    let shape = variable.dimensions.map { result.length(of: $0) ?? 1 }
    var text = "{\"dimensions\": \(JSONText.strings(variable.dimensions)), \"unit\": \(JSONText.string(variable.unit)), "
    text += "\"long_name\": \(JSONText.string(variable.longName)), "
    if !variable.signConvention.isEmpty { text += "\"sign_convention\": \(JSONText.string(variable.signConvention)), " }
    text += "\"values\": \(JSONText.array(variable.values, shape)), "
    return text + "\"errors\": \(variable.errors.map { JSONText.array($0, shape) } ?? "null")}"
  }
}
