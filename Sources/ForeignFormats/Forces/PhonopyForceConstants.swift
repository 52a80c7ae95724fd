import DataFiles
import Foundation
import JunctionModel

/// Force constants of phonopy, in whichever of its three forms; also GULP's and ShengBTE's `FORCE_CONSTANTS_2ND`, which is the text form.
struct PhonopyForceConstants {
  /// The file of the numbers, for messages.
  let path: String
  /// Supercell atoms whose rows there are, in the order of the rows; nil for the atoms of the primitive cell in their order.
  let rows: [Int]?
  /// Shape (rows, atoms, 3, 3), row-major, in the file's unit.
  let blocks: [Double]
  let rowCount: Int
  /// The unit as the file words it; nil where it does not say.
  let unit: String?

  /// Names of unit words and their factors to eV/angstrom^2.
  static func factor(_ unit: String, path: String) throws(FileError) -> Double {
    let rydberg = 0.5 * hartree
    let bohr = SiestaGeometry.bohr
    switch unit.lowercased().filter({ $0 != " " }) {
    case "ev/angstrom^2", "ev/angstrom.angstrom": return 1
    case "ev/angstrom.au", "ev/angstrom.bohr": return 1 / bohr
    case "ev/au^2", "ev/bohr^2": return 1 / (bohr * bohr)
    case "ry/au^2", "ry/bohr^2": return rydberg / (bohr * bohr)
    case "hartree/au^2", "ha/au^2", "hartree/bohr^2", "ha/bohr^2": return hartree / (bohr * bohr)
    case "mry/au^2", "mry/bohr^2": return 1e-3 * rydberg / (bohr * bohr)
    case "hartree/angstrom.au": return hartree / bohr
    default:
      throw FileError(
        .outOfRange, in: path, at: ["physical_unit", "force_constants"], found: "'\(unit)'",
        allowed: "eV/angstrom^2, eV/angstrom.au, eV/au^2, Ry/au^2, mRy/au^2, hartree/au^2, hartree/angstrom.au")
    }
  }

  /// 1 hartree in eV (CODATA 2018).
  private static let hartree = 27.211386245988

  /// The section `force_constants` of a phonopy file.
  init(_ file: PhonopyFile, _ range: Range<Int>) throws(FileError) {
    let count = file.points.count
    guard let shape = file.end(ofKey: "shape", in: range), let elements = file.end(ofKey: "elements", in: range) else {
      throw FileError(
        .missingKey, in: file.path, at: ["force_constants"], found: "no 'shape' and 'elements'",
        allowed: "both, as phonopy writes them")
    }
    var head = file.scanner(shape)
    let first = try head.integer("the number of rows", in: 1...count)
    let second = try head.integer("the number of atoms", in: 1...1_000_000)
    guard second == count else {
      throw FileError(
        .invalidData, in: file.path, at: ["force_constants", "shape"], found: "[\(first), \(second)]",
        allowed:
          "[\(count), \(count)] (full) or one row for each atom of the primitive cell (compact): the supercell has \(count) atoms"
      )
    }
    var scanner = file.scanner(elements.upperBound..<range.upperBound)
    var blocks: [Double] = []
    blocks.reserveCapacity(9 * first * second)
    for element in 0..<9 * first * second {
      blocks.append(try scanner.number("force constant \(element + 1) of \(9 * first * second)"))
    }
    guard scanner.isAtEnd else { throw scanner.fault(found: "more force constants", allowed: "\(first) x \(second) blocks") }
    (path, self.blocks, rowCount, unit) = (file.path, blocks, first, nil)
    rows = first == count ? Array(0..<count) : nil
  }

  /// `FORCE_CONSTANTS`: the number of atoms (or of rows and atoms), then for each pair its two numbers and three lines.
  init(text path: String, atoms: Int) throws(FileError) {
    var scanner = try NumberScanner(path: path, kind: "FORCE_CONSTANTS file")
    let head = try scanner.integersOfLine("the number of atoms", in: 1...1_000_000)
    guard head.count <= 2, let last = head.last, last == atoms, head[0] <= atoms else {
      throw FileError(
        .invalidData, in: path, line: 1, column: 1, found: head.map { "\($0)" }.joined(separator: " "),
        allowed: "\(atoms) atoms as in the supercell, or a number of rows and \(atoms)",
        hint: "the force constants and the structure must be of one supercell")
    }
    let count = head[0]
    var (blocks, rows) = ([Double](), [Int]())
    blocks.reserveCapacity(9 * count * atoms)
    for row in 0..<count {
      for column in 0..<atoms {
        let first = try scanner.integer("the first atom of block \(row * atoms + column + 1) of \(count * atoms)", in: 1...atoms)
        if column == 0 { rows.append(first - 1) }
        guard first - 1 == rows[row] else {
          throw scanner.fault(
            found: "atom \(first) among the \(atoms) blocks of atom \(rows[row] + 1)", allowed: "all blocks of one atom together")
        }
        let second = try scanner.integer("the second atom of a block", in: 1...atoms)
        guard second == column + 1 else {
          throw scanner.fault(found: "the block of atoms \(first) and \(second)", allowed: "\(first) and \(column + 1), in order")
        }
        for _ in 0..<9 { blocks.append(try scanner.number("a force constant of atoms \(first) and \(second)")) }
      }
    }
    guard Set(rows).count == rows.count else {
      throw FileError(.invalidData, in: path, found: "rows of one atom twice", allowed: "every atom once")
    }
    guard scanner.isAtEnd else { throw scanner.fault(found: "more blocks", allowed: "\(count) x \(atoms) blocks") }
    (self.path, self.blocks, rowCount, unit, self.rows) = (path, blocks, count, nil, rows)
  }

  /// `force_constants.hdf5`: `force_constants` (rows, atoms, 3, 3) and `p2s_map`.
  init(hdf5 path: String, atoms: Int) throws(FileError) {
    let file = try NetCDFFile(reading: path)
    let name = file.hasVariable("force_constants") ? "force_constants" : "fc2"
    let dimensions = try file.dimensions(of: name).map(\.length)
    guard dimensions.count == 4, dimensions[1] == atoms, dimensions[0] >= 1, dimensions[0] <= atoms, dimensions[2...] == [3, 3]
    else {
      throw FileError(
        .invalidData, in: path, at: [name], found: "the shape \(dimensions)",
        allowed: "[\(atoms), \(atoms), 3, 3] or [rows, \(atoms), 3, 3]: the supercell has \(atoms) atoms")
    }
    let values = try file.doubles(name).values
    guard values.allSatisfy(\.isFinite) else {
      throw FileError(.invalidData, in: path, at: [name], found: "infinity or NaN", allowed: "finite numbers")
    }
    var rows: [Int]? = dimensions[0] == atoms ? Array(0..<atoms) : nil
    if rows == nil, file.hasVariable("p2s_map") {
      let map = try file.doubles("p2s_map").values
      guard map.count == dimensions[0], map.allSatisfy({ $0 >= 0 && $0 < Double(atoms) && $0 == $0.rounded() }),
        Set(map).count == map.count
      else {
        throw FileError(
          .invalidData, in: path, at: ["p2s_map"], found: "\(map.prefix(8))",
          allowed: "\(dimensions[0]) different atoms of the supercell")
      }
      rows = map.map { Int($0) }
    }
    if file.hasVariable("physical_unit"), try file.hasStrings("physical_unit"),
      let words = try? file.strings("physical_unit")
    {
      unit = words.first
    } else {
      unit = nil
    }
    try file.close()
    (self.path, blocks, rowCount, self.rows) = (path, values, dimensions[0], rows)
  }

  /// Rows in the layout of `ForceConstants`, eV/angstrom^2, for atoms in ascending order.
  func forceConstants(
    atoms: [Atom], cell: [SIMD3<Double>], rows: [Int], factor: Double
  ) -> ForceConstants {
    let count = atoms.count
    let order = rows.indices.sorted { rows[$0] < rows[$1] }
    var values = [Double](repeating: 0, count: 9 * rows.count * count)
    for (place, row) in order.enumerated() {
      for j in 0..<count {
        for a in 0..<3 {
          for b in 0..<3 {
            values[(3 * place + a) * 3 * count + 3 * j + b] = factor * blocks[((row * count + j) * 3 + a) * 3 + b]
          }
        }
      }
    }
    return ForceConstants(path: path, atoms: atoms, cell: cell, known: order.map { rows[$0] }, values: values)
  }
}
