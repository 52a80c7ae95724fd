import SystemFiles

/// A plain-text table of left-aligned columns in titled groups.
package struct TextTable {
  /// One column.
  package struct Column {
    package var label: String
    package var unit: String
    package var cells: [String]

    /// A column; the unit "1" of pure numbers is not shown.
    package init(label: String = "", unit: String = "", cells: [String]) {
      self.label = PrintableText.line(label)
      self.unit = unit == "1" ? "" : PrintableText.line(unit)
      let cells = cells.map(PrintableText.line)
      // A blank before positive numbers where there are also negative ones.
      let hasMinus = cells.contains { $0.hasPrefix("-") && $0.count > 1 }
      self.cells = hasMinus ? cells.map { $0.hasPrefix("-") ? $0 : " " + $0 } : cells
    }
  }

  /// Columns under one title.
  package struct Group {
    package var title: String
    package var columns: [Column]

    package init(_ title: String, _ columns: [Column]) {
      self.title = PrintableText.line(title)
      self.columns = columns
    }
  }

  package var groups: [Group]
  private let indent: String
  private static let gap = "  "

  package init(_ groups: [Group], indent: String = "") {
    self.groups = groups
    self.indent = indent
  }

  /// The table's lines: titles, labels and units where there are any, a rule, the rows.
  package var lines: [String] {
    let widths = groups.map(Self.widths)
    var out = [row(zip(groups, widths).map { Self.pad($0.title, $1.reduce(-2) { $0 + $1 + 2 }) })]
    for text in [{ (c: Column) in c.label }, { (c: Column) in c.unit.isEmpty ? "" : "(\(c.unit))" }] {
      guard groups.contains(where: { $0.columns.contains { !text($0).isEmpty } }) else { continue }
      out.append(row(cells(widths, text)))
    }
    let total = widths.joined().reduce(-2) { $0 + $1 + 2 }
    out.append(indent + String(repeating: "-", count: max(total, 1)))
    let count = groups.flatMap(\.columns).map(\.cells.count).max() ?? 0
    for i in 0..<count { out.append(row(cells(widths) { i < $0.cells.count ? $0.cells[i] : "" })) }
    return out
  }

  /// Characters across.
  package static func width(_ group: Group) -> Int { widths(group).reduce(0) { $0 + $1 + 2 } }

  private func cells(_ widths: [[Int]], _ text: (Column) -> String) -> [String] {
    zip(groups, widths).flatMap { group, widths in zip(group.columns, widths).map { Self.pad(text($0), $1) } }
  }

  private func row(_ cells: [String]) -> String {
    var line = indent + cells.joined(separator: Self.gap)
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func widths(_ group: Group) -> [Int] {
    var widths = group.columns.map { column in
      let cells = column.cells.map(\.count).max() ?? 0
      return max(cells, column.label.count, column.unit.isEmpty ? 0 : column.unit.count + 2)
    }
    let missing = group.title.count - widths.reduce(-2) { $0 + $1 + 2 }
    if missing > 0, let last = widths.indices.last { widths[last] += missing }
    return widths
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }
}
