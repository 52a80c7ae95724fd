import DataFiles
import Quadrature

/// The energies of `TBT.Contours`, eV from the Fermi energy; from -2 to 2 eV in steps of 0.01 eV where the input does not say them.
struct TransmissionContour {
  private(set) var energies: [Double] = []

  private static let most = 1_000_000

  init(_ fdf: FdfFile, _ expression: EnergyExpression) throws(FileError) {
    let names = fdf.block("TBT.Contours")?.map(\.key) ?? ["line"]
    var end: Double?
    for name in names {
      guard let lines = fdf.block("TBT.Contour.\(name)") else {
        guard names == ["line"], fdf.block("TBT.Contours") == nil else {
          throw FileError(
            .missingKey, in: fdf.path, found: "no block TBT.Contour.\(name)", allowed: "a block for each name of TBT.Contours")
        }
        energies = Self.points(from: -2, to: 2, count: 400, isMiddle: true)
        return
      }
      let part = try Part(lines, expression, after: end)
      end = part.end
      energies += try part.energies()
      guard energies.count <= Self.most else {
        throw FileError(
          .outOfRange, in: fdf.path, at: ["TBT.Contours"], found: "\(energies.count) energies or more",
          allowed: "up to \(Self.most)")
      }
    }
  }

  private static func points(from a: Double, to b: Double, count: Int, isMiddle: Bool) -> [Double] {
    let step = (b - a) / Double(isMiddle ? count : max(count - 1, 1))
    return (0..<count).map { a + (Double($0) + (isMiddle ? 0.5 : 0)) * step }
  }

  /// One line of a contour.
  private struct Part {
    var start = 0.0
    var end = 0.0
    private var count: (value: Int, line: FdfLine)?
    private var step: Double?
    private var method = "midrule"
    private var file: (path: String, line: FdfLine)?
    private let first: FdfLine

    init(_ lines: [FdfLine], _ expression: EnergyExpression, after previous: Double?) throws(FileError) {
      guard let first = lines.first else {
        throw FileError(.invalidData, in: "TBT.Contour", found: "an empty block", allowed: "part, from, points or delta, method")
      }
      self.first = first
      var hasRange = false
      for line in lines {
        switch FdfFile.key(line.key) {
        case "part":
          guard ["line", "user"].contains(FdfFile.key(line[1] ?? "")) else {
            throw line.error(1, found: "'part \(line[1] ?? "")'", allowed: "part line: energies of a transmission are real")
          }
        case "from":
          (start, end) = try Self.range(line, expression, previous)
          hasRange = true
        case "points", "point": count = (try line.integer(1, in: 1...TransmissionContour.most), line)
        case "delta":
          step = try Self.energy(line, line.words.dropFirst().map(\.text), expression)
        case "method": method = FdfFile.key(line[1] ?? "")
        case "file":
          _ = try line.word(1, "a file of energies")
          file = (line.path(1), line)
        default: break
        }
      }
      guard hasRange || file != nil else {
        throw first.error(0, found: "a contour without 'from A to B'", allowed: "from -1 eV to 1 eV")
      }
    }

    private static func range(
      _ line: FdfLine, _ expression: EnergyExpression, _ previous: Double?
    ) throws(FileError) -> (Double, Double) {
      let words = line.words.dropFirst().map(\.text)
      guard let to = words.firstIndex(where: { FdfFile.key($0) == "to" }), to > words.startIndex, to < words.endIndex - 1 else {
        throw line.error(0, found: "'\(words.joined(separator: " "))'", allowed: "from A to B")
      }
      let left = Array(words[words.startIndex..<to])
      let low = left.count == 1 && FdfFile.key(left[0]) == "prev" ? previous : try energy(line, left, expression)
      guard let low else { throw line.error(1, found: "'prev' of the first part", allowed: "an energy") }
      return (low, try energy(line, Array(words[(to + 1)...]), expression))
    }

    private static func energy(
      _ line: FdfLine, _ words: [String], _ expression: EnergyExpression
    ) throws(FileError) -> Double {
      let text = words.joined(separator: " ")
      guard let value = expression.value(text) else {
        throw line.error(1, found: "'\(text)'", allowed: "an energy: -1. eV, V/2 + 5 kT")
      }
      return value
    }

    func energies() throws(FileError) -> [Double] {
      if let file { return try Self.read(file.path, file.line) }
      guard
        let points = count?.value
          ?? step.map({ (abs(end - start) / max(abs($0), 1e-12)).rounded() }).flatMap({ Int(exactly: $0) }),
        (1...TransmissionContour.most).contains(points)
      else { throw first.error(0, found: "a contour of no points, or of too many", allowed: "points N, or delta 0.01 eV") }
      switch method {
      case "midrule", "mid": return TransmissionContour.points(from: start, to: end, count: points, isMiddle: true)
      case "simpsonmix", "simpson", "boolemix", "boole":
        return TransmissionContour.points(from: start, to: end, count: points, isMiddle: false)
      case "glegendre", "gausslegendre":
        guard points <= 5000 else { throw first.error(0, found: "\(points) points of a Gauss rule", allowed: "up to 5000") }
        guard points > 1 else { return [0.5 * (start + end)] }
        let rule = GaussLegendreRule(order: points)
        return rule.nodes.map { 0.5 * (start + end) + 0.5 * (end - start) * $0 }
      default:
        throw first.error(
          0, found: "the method '\(method)'", allowed: "mid-rule, simpson-mix, boole-mix, g-legendre, or a file of energies",
          hint: "energies alone matter here, not their weights")
      }
    }

    /// The first column of a file; a unit behind the numbers holds from there on, eV before.
    private static func read(_ path: String, _ line: FdfLine) throws(FileError) -> [Double] {
      let text = try ForeignText(path, kind: "file of energies (\(line.path):\(line.number))")
      var (energies, factor) = ([Double](), 1.0)
      for (index, raw) in text.lines.enumerated() {
        let words = ForeignText.words(of: raw, line: index + 1)
        guard let first = words.first, !first.text.hasPrefix("#") else { continue }
        if let unit = words.last, words.count > 1, let value = FdfUnits.energy(unit.text) { factor = value }
        energies.append(try text.number(first, "an energy") * factor)
      }
      return energies
    }
  }
}
