import DataFiles

/// The rows of a permittivity table in a text file.
struct PermittivityText {
  private let file: PermittivityFile

  init(_ file: PermittivityFile) { self.file = file }

  private var meaning: String {
    switch file.columns {
    case .index: return "photon energy, n, k"
    case .permittivity: return "photon energy, Re eps, Im eps"
    case nil: return "photon energy, Re eps, Im eps (or n, k)"
    }
  }

  /// All rows in the order of the file.
  func rows() throws(FileError) -> [PermittivityFile.Row] {
    let blocks = try NumberBlocks(path: file.path, widths: 2...3, meaning: meaning).blocks
    let heading = TableHeading(blocks[0].heading)
    let (unit, columns) = (try unit(heading, blocks[0]), try columns(heading, blocks[0]))
    guard blocks.count > 1 else {
      let block = blocks[0]
      return block.rows.indices.map { i in
        row(block, i, block.rows[i][0], block.rows[i][1], block.rows[i].count > 2 ? block.rows[i][2] : 0, unit, columns)
      }
    }
    guard blocks.count == 2, blocks.allSatisfy({ $0.rows[0].count == 2 }) else {
      let extra = blocks[min(2, blocks.count - 1)]
      throw FileError(
        .invalidData, in: file.path, line: extra.lines[0], column: 1,
        found: "block \(min(3, blocks.count)) of rows under a heading",
        allowed:
          "one block of two or three columns, or two blocks of two: the first with n or Re eps, the second with k or Im eps")
    }
    return merged(blocks[0], blocks[1], unit, columns)
  }

  private func row(
    _ block: NumberBlocks.Block, _ index: Int, _ grid: Double, _ first: Double, _ second: Double, _ unit: UnitSuffix,
    _ columns: PermittivityFile.Columns
  ) -> PermittivityFile.Row {
    file.row("line \(block.lines[index])", block.lines[index], grid, first, second, unit, columns)
  }

  /// Two blocks on all their grid points where both are known, straight lines in between.
  private func merged(
    _ first: NumberBlocks.Block, _ second: NumberBlocks.Block, _ unit: UnitSuffix, _ columns: PermittivityFile.Columns
  ) -> [PermittivityFile.Row] {
    let (a, b) = (first.rows, second.rows)
    if a.map({ $0[0] }) == b.map({ $0[0] }) {
      return a.indices.map { row(first, $0, a[$0][0], a[$0][1], b[$0][1], unit, columns) }
    }
    let (left, right) = (a.sorted { $0[0] < $1[0] }, b.sorted { $0[0] < $1[0] })
    let low = max(left[0][0], right[0][0])
    let high = min(left[left.count - 1][0], right[right.count - 1][0])
    let grid = Set((left + right).map { $0[0] }).sorted().filter { $0 >= low && $0 <= high }
    return grid.map { x in
      file.row("both blocks at \(x)", nil, x, Self.value(at: x, of: left), Self.value(at: x, of: right), unit, columns)
    }
  }

  /// Straight lines between rows in ascending order, found by halving: tables may have a hundred thousand rows.
  private static func value(at x: Double, of rows: [[Double]]) -> Double {
    // The first row at x or behind it.
    var (next, end) = (0, rows.count)
    while next < end {
      let middle = (next + end) / 2
      if rows[middle][0] >= x { end = middle } else { next = middle + 1 }
    }
    guard next < rows.count else { return rows[rows.count - 1][1] }
    guard next > 0, rows[next][0] > x else { return rows[next][1] }
    let (a, b) = (rows[next - 1], rows[next])
    return a[1] + (b[1] - a[1]) * ((x - a[0]) / (b[0] - a[0]))
  }

  /// The unit of the model, or else of the heading, or else eV; both must not contradict each other.
  private func unit(_ heading: TableHeading, _ block: NumberBlocks.Block) throws(FileError) -> UnitSuffix {
    guard let unit = file.unit else {
      guard !heading.lacksUnit else {
        throw fault(
          block, found: "the heading '\(block.heading[0])' without a unit", allowed: "a unit, as in 'wavelength (nm)'",
          hint: "say it in the model, for example unit: um")
      }
      return heading.unit ?? UnitSuffix(factor: 1, dimension: .energy)
    }
    let saysLength = heading.lacksUnit || heading.unit?.dimension == .length
    guard heading.unit != nil || heading.lacksUnit, saysLength != (unit.dimension == .length) else { return unit }
    throw fault(
      block, found: "the heading '\(block.heading[0])'", allowed: "\(unit.dimension.words), as 'unit' of the model says",
      hint: "leave 'unit' out of the model, or correct one of the two")
  }

  /// What the columns are: as the model says, or else the heading, or else permittivities; both must not contradict each other.
  private func columns(_ heading: TableHeading, _ block: NumberBlocks.Block) throws(FileError) -> PermittivityFile.Columns {
    let said: PermittivityFile.Columns? = heading.column.map { [.n, .k].contains($0) ? .index : .permittivity }
    guard let columns = file.columns else { return said ?? .permittivity }
    guard said == nil || said == columns else {
      throw fault(
        block, found: "the heading '\(block.heading.joined(separator: ", "))'",
        allowed: "columns of kind '\(columns.rawValue)', as 'columns' of the model says",
        hint: "leave 'columns' out of the model, or correct one of the two")
    }
    return columns
  }

  private func fault(_ block: NumberBlocks.Block, found: String, allowed: String, hint: String) -> FileError {
    FileError(
      .invalidData, in: file.path, line: max(1, block.lines[0] - 1), column: 1, found: found, allowed: allowed, hint: hint)
  }
}
