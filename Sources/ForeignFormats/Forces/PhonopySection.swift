import DataFiles
import Yams

/// Short sections of a phonopy file, through the YAML parser.
struct PhonopySection {
  let path: String
  let bytes: [UInt8]

  /// Sections of cells are short: some 150 bytes an atom.
  private static let longest = 4_000_000

  /// The YAML of a section. Throws `syntax`.
  func root(_ range: Range<Int>) throws(FileError) -> Node {
    guard range.count <= Self.longest else {
      throw FileError(
        .syntax, in: path, line: line(range), found: "a section of \(range.count) bytes", allowed: "\(Self.longest)")
    }
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard YAMLNesting.isBounded(text), !Self.hasAliases(text) else {
      throw FileError(
        .syntax, in: path, line: line(range), found: "deep nesting, anchors or aliases", allowed: "YAML as phonopy writes it")
    }
    guard let node = try? Yams.compose(yaml: text), node.mapping != nil else {
      throw FileError(
        .syntax, in: path, line: line(range), found: "a section that is not YAML", allowed: "YAML as phonopy writes it")
    }
    return node
  }

  /// True for anchors and aliases outside of remarks: few of them can stand for very much.
  private static func hasAliases(_ text: String) -> Bool {
    var isRemark = false
    for byte in text.utf8 {
      if byte == 0x0A { isRemark = false } else if byte == 0x23 { isRemark = true }
      if !isRemark && (byte == 0x26 || byte == 0x2A) { return true }
    }
    return false
  }

  private func line(_ range: Range<Int>) -> Int { bytes[..<range.lowerBound].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }

  /// Factor to angstrom of a unit of lengths; angstrom where the file does not say.
  func length(_ word: String?) throws(FileError) -> Double {
    switch word?.lowercased() {
    case nil, "angstrom": return 1
    case "au", "bohr": return SiestaGeometry.bohr
    default:
      throw FileError(
        .outOfRange, in: path, at: ["physical_unit", "length"], found: "'\(word ?? "")'", allowed: "angstrom or au")
    }
  }

  /// Lattice vectors and atoms of a cell.
  func cell(_ range: Range<Int>, _ name: String, length: Double) throws(FileError) -> (
    lattice: [SIMD3<Double>], points: [(symbol: String, mass: Double?, position: SIMD3<Double>, reducedTo: Int?)]
  ) {
    let start = line(range) - 1
    guard let section = try root(range)[name] else {
      throw FileError(.syntax, in: path, found: "no section '\(name)'", allowed: "YAML as phonopy writes it")
    }
    let lattice = try vectors(section["lattice"], [name, "lattice"], start).map { $0 * length }
    guard lattice.count == 3 else {
      throw FileError(.invalidData, in: path, at: [name, "lattice"], found: "\(lattice.count) vectors", allowed: "three")
    }
    guard let list = section["points"]?.sequence else {
      throw FileError(.missingKey, in: path, at: [name], found: "no atoms", allowed: "the list 'points'")
    }
    var points: [(symbol: String, mass: Double?, position: SIMD3<Double>, reducedTo: Int?)] = []
    for (number, node) in list.enumerated() {
      let place = [name, "points", "\(number)"]
      let fraction = try vector(node["coordinates"], place + ["coordinates"], start)
      guard let symbol = node["symbol"]?.string else {
        throw FileError(
          .missingKey, in: path, line: node.mark.map { start + $0.line }, at: place, found: "no symbol", allowed: "a symbol")
      }
      let position = fraction.x * lattice[0] + fraction.y * lattice[1] + fraction.z * lattice[2]
      points.append((symbol, node["mass"]?.float, position, node["reduced_to"]?.int))
    }
    return (lattice, points)
  }

  private func vectors(_ node: Node?, _ place: [String], _ start: Int) throws(FileError) -> [SIMD3<Double>] {
    guard let list = node?.sequence else {
      throw FileError(.missingKey, in: path, at: place, found: "no list", allowed: "vectors of three numbers")
    }
    return try list.map { (node) throws(FileError) in try vector(node, place, start) }
  }

  private func vector(_ node: Node?, _ place: [String], _ start: Int) throws(FileError) -> SIMD3<Double> {
    let numbers = node?.sequence?.map { $0.float ?? .nan } ?? []
    guard numbers.count == 3, numbers.allSatisfy({ $0.isFinite }) else {
      throw FileError(
        .invalidData, in: path, line: node?.mark.map { start + $0.line }, column: node?.mark?.column, at: place,
        found: numbers.isEmpty ? "no list" : "\(numbers.count) entries that are not three numbers", allowed: "three numbers")
    }
    return SIMD3(numbers[0], numbers[1], numbers[2])
  }
}
