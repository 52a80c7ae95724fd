import DataFiles
import Yams

/// A file of refractiveindex.info: n and k over wavelengths in um, from `tabulated nk`, `tabulated n`, `tabulated k` and `formula 1` to `9`.
///
/// n and k may stand in blocks of their own; they meet where both are known, on the points of both, straight lines in between. What has
/// no k is transparent. A formula is taken at 500 points per decade of its range.
package struct RefractiveIndexFile: Sendable {
  /// A point.
  package struct Row: Sendable, Equatable {
    /// um.
    package let wavelength: Double
    package let n: Double
    package let k: Double
    /// The line it stands in; nil for what was computed.
    package let line: Int?
  }

  /// Points in the order of the file, or ascending where blocks were joined.
  package let rows: [Row]
  /// What the blocks are, for example "formula 2, tabulated k".
  package let kinds: String

  private static let largestFile = 20_000_000

  /// True for the names of such files.
  package static func isNamed(_ path: String) -> Bool { path.hasSuffix(".yml") || path.hasSuffix(".yaml") }

  /// Reads a file. Throws `FileError` with the line of what cannot be used.
  package init(_ path: String) throws(FileError) {
    let text = try TextFile.read(path, kind: "file of refractiveindex.info", hint: "a file of refractiveindex.info is YAML text")
    guard text.utf8.count <= Self.largestFile, YAMLNesting.isBounded(text) else {
      throw FileError(
        .syntax, in: path, found: "a file of \(text.utf8.count) bytes, or deep nesting", allowed: "an optical table")
    }
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch let error as YamlError {
      throw FileError(
        .syntax, in: path, found: "no YAML: \(String("\(error)".prefix(200)))", allowed: "a file of refractiveindex.info")
    } catch { throw FileError(.syntax, in: path, found: "\(error)", allowed: "a file of refractiveindex.info") }
    guard let list = root?["DATA"]?.sequence, !list.isEmpty else {
      throw FileError(
        .missingKey, in: path, found: "no list 'DATA'", allowed: "a file of refractiveindex.info",
        hint: "a model of Pairbath belongs behind 'pairbath run', a text table needs another extension than .yml")
    }
    let blocks = try list.map { (node) throws(FileError) in try OpticalBlock(node, path: path) }
    kinds = blocks.map(\.kind).joined(separator: ", ")
    rows = try Self.joined(blocks, path)
  }

  private static func joined(_ blocks: [OpticalBlock], _ path: String) throws(FileError) -> [Row] {
    let whole = blocks.filter { $0.hasN && $0.hasK }
    let (index, loss) = (blocks.filter { $0.hasN && !$0.hasK }, blocks.filter { !$0.hasN && $0.hasK })
    func fault(_ found: String) -> FileError {
      FileError(
        .invalidData, in: path, at: ["DATA"], found: found,
        allowed: "one block of n and k, or one of n (a table or a formula) and at most one of k")
    }
    if whole.count == 1 && blocks.count == 1 { return whole[0].points }
    guard whole.isEmpty, index.count == 1, loss.count <= 1 else {
      throw fault("blocks of \(blocks.map(\.kind).joined(separator: ", "))")
    }
    let n = index[0]
    guard let k = loss.first else { return n.points }
    let range =
      max(
        n.range.lowerBound, k.range.lowerBound)...max(
        min(n.range.upperBound, k.range.upperBound), max(n.range.lowerBound, k.range.lowerBound))
    guard range.lowerBound < range.upperBound else {
      throw fault(
        "n from \(n.range.lowerBound) to \(n.range.upperBound) um, k from \(k.range.lowerBound) to \(k.range.upperBound) um, which do not meet"
      )
    }
    let grid = Set((n.points + k.points).map(\.wavelength) + [range.lowerBound, range.upperBound]).sorted().filter(range.contains)
    let (left, right) = (n.sorted, k.sorted)
    return try grid.map { (wavelength) throws(FileError) in
      let index =
        try n.formula.map { (formula) throws(FileError) in try n.index(formula, wavelength, path) }
        ?? Self.value(wavelength, left, \.n)
      return Row(wavelength: wavelength, n: index, k: Self.value(wavelength, right, \.k), line: nil)
    }
  }

  /// Straight lines between points in ascending order.
  private static func value(_ x: Double, _ rows: [Row], _ part: (Row) -> Double) -> Double {
    var (low, high) = (0, rows.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle].wavelength <= x { low = middle } else { high = middle }
    }
    let (a, b) = (rows[low], rows[high])
    guard b.wavelength > a.wavelength else { return part(a) }
    let share = min(1, max(0, (x - a.wavelength) / (b.wavelength - a.wavelength)))
    return part(a) * (1 - share) + part(b) * share
  }
}
