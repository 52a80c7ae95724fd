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
    var labels = dimensions.filter { !result.isNumeric($0) }
    var labelRows: [String] = []
    while labels.reduce(1, { $0 * view.length(of: $1) }) > mostColumns || (axisNames + grids).isEmpty {
      guard let index = labels.lastIndex(where: { $0 != StandardDimension.complexPart.name }) else { break }
      labelRows.insert(labels.remove(at: index), at: 0)
    }
    let indices = { (names: [String]) in names.map { (name: $0, indices: Array(0..<view.length(of: $0))) } }
    let statePositions = Self.distinct(states.map { StateSelection.position(of: $0, in: result) }, axisNames)
    let inner = positions(of: indices(labelRows + grids))
    rowCount = statePositions.count * inner.count
    shownCount = min(rowLimit ?? rowCount, rowCount)
    let needed = inner.isEmpty ? 0 : (shownCount + inner.count - 1) / inner.count
    let all = statePositions.prefix(needed).flatMap { state in inner.map { state.merging($0) { a, _ in a } } }
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

  private static func distinct(_ states: [[String: Int]], _ axes: [String]) -> [[String: Int]] {
    var seen = Set<[Int]>()
    return states.map { $0.filter { axes.contains($0.key) } }.filter { state in seen.insert(axes.map { state[$0] ?? 0 }).inserted
    }
  }

  private static func key(_ name: String, _ rows: [[String: Int]], _ result: TransportResult) -> TextTable.Group {
    let labels = result.labels(of: name)
    let unit = result.axes.first { $0.name == name }?.unit ?? ""
    let index = TextTable.Column(unit: unit, cells: rows.map { labels[$0[name] ?? 0] })
    guard isOfModes(name) else { return TextTable.Group(name, [index]) }
    let energies = rows.map { NumberFormatting.short(result.modeEnergies[$0[name] ?? 0]) }
    return TextTable.Group(
      name, [index, TextTable.Column(label: "energy", unit: result.units.label(of: .energy), cells: energies)])
  }
}
