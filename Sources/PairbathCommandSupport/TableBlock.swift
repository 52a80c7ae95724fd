import Figures
import JunctionModel
import TransportResults

/// Some variables with the same rows.
struct TableBlock {
  /// Numeric and, where there are too many columns, label dimensions that make the rows.
  private let rowDimensions: [String]
  /// Columns that say which row it is.
  private let keys: [TextTable.Group]
  private var groups: [TextTable.Group]
  /// Rows there are; only the first `rowLimit` of them are formatted.
  private let rowCount: Int
  private let shownCount: Int

  init(_ view: VariableView, states: [Int], of result: TransportResult, mostColumns: Int, rowLimit: Int?) {
    let dimensions = view.variable.dimensions
    let axisNames = result.axes.map(\.name).filter { dimensions.contains($0) }
    let grids = dimensions.filter { result.isNumeric($0) && !axisNames.contains($0) }
    var labels = dimensions.filter { !result.isNumeric($0) && !axisNames.contains($0) }
    var labelRows: [String] = []
    while labels.reduce(1, { $0 * view.length(of: $1) }) > mostColumns || (axisNames + grids).isEmpty {
      guard let index = labels.lastIndex(where: { $0 != StandardDimension.complexPart.name }) else { break }
      labelRows.insert(labels.remove(at: index), at: 0)
    }
    let indices = { (names: [String]) in names.map { (name: $0, indices: Array(0..<view.length(of: $0))) } }
    let rowStates = Self.distinct(states, axisNames, result)
    let inner = positions(of: indices(labelRows + grids))
    rowCount = rowStates.count * inner.count
    shownCount = min(rowLimit ?? rowCount, rowCount)
    let needed = inner.isEmpty ? 0 : (shownCount + inner.count - 1) / inner.count
    let all = rowStates.prefix(needed).flatMap { state in
      let position = StateSelection.position(of: state, in: result).filter { axisNames.contains($0.key) }
      return inner.map { position.merging($0) { a, _ in a } }
    }
    let rows = Array(all.prefix(shownCount))
    rowDimensions = axisNames + labelRows + grids
    keys = rowDimensions.map { name in Self.key(name, rows, result) }
    let columns = positions(of: indices(labels)).map { column in
      TextTable.Column(
        label: labels.map {
          (Self.isOfModes($0) ? StandardDimension.mode.name + " " : "") + result.labels(of: $0)[column[$0] ?? 0]
        }.joined(
          separator: " "), unit: view.variable.unit,
        cells: rows.map { row in
          let position = row.merging(column) { a, _ in a }
          return NumberFormatting.text(view.value(position), error: view.error(position))
        })
    }
    groups = [TextTable.Group(view.variable.name, columns)]
  }

  /// Both beside each other if their rows agree and they fit; nil otherwise.
  func joined(with other: TableBlock, width: Int) -> TableBlock? {
    guard rowDimensions == other.rowDimensions, rowCount == other.rowCount else { return nil }
    guard (keys + groups + other.groups).reduce(0, { $0 + TextTable.width($1) }) <= width else { return nil }
    var joined = self
    joined.groups += other.groups
    return joined
  }

  /// The table; longer ones are cut with a note.
  var lines: [String] {
    let table = TextTable(keys + groups).lines
    guard shownCount < rowCount else { return table }
    let rest = NumberFormatting.count(rowCount - shownCount, "further row")
    return table + ["... \(rest): --all shows everything, --at NAME=VALUE a part, --csv or --json every digit"]
  }

  private static func isOfModes(_ dimension: String) -> Bool { StandardDimension(rawValue: dimension)?.base == .mode }

  /// The first of all states that agree in the axes named. Positions of states are made for the rows shown only.
  private static func distinct(_ states: [Int], _ axes: [String], _ result: TransportResult) -> [Int] {
    guard axes.count < result.axes.count else { return states }
    var strides: [(stride: Int, count: Int)] = []
    var stride = 1
    for axis in result.axes.reversed() {
      if axes.contains(axis.name) { strides.append((stride, axis.values.count)) }
      stride *= max(axis.values.count, 1)
    }
    var seen = Set<Int>()
    return states.filter { state in
      seen.insert(strides.reduce(0) { $0 * $1.count + state / $1.stride % $1.count }).inserted
    }
  }

  private static func key(_ name: String, _ rows: [[String: Int]], _ result: TransportResult) -> TextTable.Group {
    let labels = result.labels(of: name)
    let unit = result.axes.first { $0.name == name }?.unit ?? ""
    let index = TextTable.Column(unit: unit, cells: rows.map { labels[$0[name] ?? 0] })
    guard isOfModes(name), !result.modeEnergies.isEmpty else { return TextTable.Group(name, [index]) }
    let energies = rows.map { NumberFormatting.short(result.modeEnergies[$0[name] ?? 0]) }
    return TextTable.Group(
      name, [index, TextTable.Column(label: "energy", unit: result.units.label(of: .energy), cells: energies)])
  }
}
