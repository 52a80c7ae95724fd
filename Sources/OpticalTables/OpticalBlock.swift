import DataFiles
import Foundation
import Yams

/// One entry of `DATA` in a file of refractiveindex.info.
struct OpticalBlock {
  /// "tabulated nk", "formula 2".
  let kind: String
  let hasN: Bool
  let hasK: Bool
  /// The points of a table, those at which a formula is taken; k is 0 where the block has none, n likewise.
  let points: [RefractiveIndexFile.Row]
  let formula: DispersionFormula?
  /// Wavelengths, um.
  let range: ClosedRange<Double>
  private let line: Int?

  /// In ascending order of the wavelength.
  var sorted: [RefractiveIndexFile.Row] { points.sorted { $0.wavelength < $1.wavelength } }

  init(_ node: Node, path: String) throws(FileError) {
    let kinds = "tabulated nk, tabulated n, tabulated k, formula 1 to formula 9"
    let place = ["DATA", "type"]
    guard let type = node["type"]?.string else {
      throw FileError(.missingKey, in: path, line: node.mark?.line, at: place, found: "no type", allowed: kinds)
    }
    let words = type.split(separator: " ").map { $0.lowercased() }
    kind = words.joined(separator: " ")
    if words.count == 2, words[0] == "tabulated", ["n", "k", "nk"].contains(words[1]) {
      (hasN, hasK, formula, line) = (words[1] != "k", words[1] != "n", nil, node["data"]?.mark?.line)
      points = try Self.table(node["data"], words[1], path)
      let wavelengths = points.map(\.wavelength)
      range = (wavelengths.min() ?? 0)...(wavelengths.max() ?? 0)
    } else if words.count == 2, words[0] == "formula", let number = Int(words[1]),
      let form = DispersionFormula.Kind(rawValue: number)
    {
      (hasN, hasK, line) = (true, false, node["coefficients"]?.mark?.line)
      let numbers = try Self.numbers(node["coefficients"], "coefficients", path)
      guard numbers.count <= DispersionFormula.most(of: form) else {
        throw FileError(
          .invalidData, in: path, line: line, at: ["DATA", "coefficients"], found: "\(numbers.count) coefficients",
          allowed: "at most \(DispersionFormula.most(of: form)) in formula \(number)")
      }
      let formula = DispersionFormula(form, numbers)
      let ends = try Self.numbers(node["wavelength_range"] ?? node["range"], "wavelength_range", path)
      guard ends.count == 2, ends[0] > 0, ends[1] > ends[0], ends[1] < 1e9 * ends[0] else {
        throw FileError(
          .invalidData, in: path, line: (node["wavelength_range"] ?? node["range"])?.mark?.line,
          at: ["DATA", "wavelength_range"],
          found: ends.isEmpty ? "nothing" : ends.map { "\($0)" }.joined(separator: " "),
          allowed: "two wavelengths in um, ascending")
      }
      self.formula = formula
      range = ends[0]...ends[1]
      points = try Self.samples(formula, range, line, path)
    } else {
      throw FileError(.outOfRange, in: path, line: node["type"]?.mark?.line, at: place, found: "'\(type)'", allowed: kinds)
    }
  }

  /// n of the formula, which must be a number above zero.
  func index(_ formula: DispersionFormula, _ wavelength: Double, _ path: String) throws(FileError) -> Double {
    try Self.index(formula, wavelength, line, path)
  }

  private static func index(_ formula: DispersionFormula, _ wavelength: Double, _ line: Int?, _ path: String) throws(FileError)
    -> Double
  {
    let n = formula.index(at: wavelength)
    guard n > 0 else {
      throw FileError(
        .invalidData, in: path, line: line, at: ["DATA", "coefficients"], found: "no refractive index at \(wavelength) um",
        allowed: "a formula that gives one in all of its wavelength_range")
    }
    return n
  }

  private static func samples(
    _ formula: DispersionFormula, _ range: ClosedRange<Double>, _ line: Int?, _ path: String
  ) throws(FileError) -> [RefractiveIndexFile.Row] {
    let count = max(50, Int((500 * log10(range.upperBound / range.lowerBound)).rounded(.up)))
    return try (0...count).map { (step) throws(FileError) in
      let wavelength =
        step == 0
        ? range.lowerBound
        : step == count
          ? range.upperBound
          : range.lowerBound * pow(range.upperBound / range.lowerBound, Double(step) / Double(count))
      return .init(wavelength: wavelength, n: try index(formula, wavelength, line, path), k: 0, line: nil)
    }
  }

  private static func numbers(_ node: Node?, _ key: String, _ path: String) throws(FileError) -> [Double] {
    guard let text = node?.string ?? node?.sequence.map({ $0.compactMap(\.string).joined(separator: " ") }) else {
      throw FileError(.missingKey, in: path, at: ["DATA", key], found: "no '\(key)'", allowed: "numbers")
    }
    return try text.split(whereSeparator: \.isWhitespace).map { (word) throws(FileError) in
      guard let value = Double(word), value.isFinite else {
        throw FileError(
          .invalidData, in: path, line: node?.mark?.line, at: ["DATA", key], found: "'\(word)'", allowed: "finite numbers")
      }
      return value
    }
  }

  /// Rows of a block of text.
  private static func table(_ node: Node?, _ columns: String, _ path: String) throws(FileError) -> [RefractiveIndexFile.Row] {
    guard let node, let text = node.string else {
      throw FileError(
        .missingKey, in: path, at: ["DATA", "data"], found: "no 'data'", allowed: "a block of rows: wavelength in um, \(columns)")
    }
    let width = columns == "nk" ? 3 : 2
    var rows: [RefractiveIndexFile.Row] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split { $0.isWhitespace || $0 == "," }
      guard !words.isEmpty else { continue }
      let numbers = words.compactMap { Double($0) }.filter(\.isFinite)
      let place = node.mark.map { $0.line + index + (text.contains("\n") ? 1 : 0) }
      guard numbers.count == words.count, numbers.count == width, numbers[0] > 0 else {
        throw FileError(
          .invalidData, in: path, line: place, column: 1, at: ["DATA", "data"], found: "'\(line.prefix(60))'",
          allowed: "\(width) finite numbers: wavelength in um above zero, \(columns == "nk" ? "n, k" : columns)")
      }
      rows.append(
        .init(
          wavelength: numbers[0], n: columns == "k" ? 0 : numbers[1], k: columns == "n" ? 0 : numbers[width - 1], line: place))
    }
    guard rows.count >= 2 else {
      throw FileError(
        .invalidData, in: path, line: node.mark?.line, at: ["DATA", "data"], found: "\(rows.count) rows", allowed: "two or more")
    }
    return rows
  }
}
