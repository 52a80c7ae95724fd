import DataFiles
import Yams

/// `phonopy.yaml` or `phonopy_params.yaml`: the supercell, units and, where they are in it, force constants.
///
/// The file is cut into its top-level sections by its lines; only short ones go through the YAML parser, force constants are scanned.
struct PhonopyFile {
  let path: String
  /// Lattice vectors of the supercell, angstrom.
  let cell: [SIMD3<Double>]
  /// Lattice vectors and positions of the primitive cell, angstrom; nil where the file has none.
  let primitiveCell: (lattice: [SIMD3<Double>], positions: [SIMD3<Double>])?
  /// Atoms of the supercell: symbol, mass (nil when the file has none), position in angstrom, and the atom it is an image of, from 0.
  let points: [(symbol: String, mass: Double?, position: SIMD3<Double>, primitive: Int)]
  /// Unit of force constants as the file words it.
  let unit: String
  /// True where the file has Born charges, which the model does not use.
  let hasCharges: Bool
  private let bytes: [UInt8]
  private let sections: [String: Range<Int>]

  init(_ path: String) throws(FileError) {
    let text = try TextFile.read(path, kind: "phonopy YAML file", hint: "name phonopy_params.yaml or phonopy.yaml")
    bytes = [UInt8](text.utf8)
    self.path = path
    sections = Self.sections(bytes)
    let section = PhonopySection(path: path, bytes: bytes)
    let units = try sections["physical_unit"].map { (range) throws(FileError) in try section.root(range) }
    unit = units?["physical_unit"]?["force_constants"]?.string ?? "eV/angstrom^2"
    let length = try section.length(units?["physical_unit"]?["length"]?.string)
    guard let range = sections["supercell"] else {
      throw FileError(
        .missingKey, in: path, found: "no section 'supercell'",
        allowed: "a file that phonopy wrote: phonopy_params.yaml or phonopy.yaml")
    }
    let supercell = try section.cell(range, "supercell", length: length)
    guard (1...ForceConstants.mostAtoms).contains(supercell.points.count) else {
      throw FileError(
        .outOfRange, in: path, at: ["supercell", "points"], found: "\(supercell.points.count) atoms",
        allowed: "1 to \(ForceConstants.mostAtoms)")
    }
    let count = supercell.points.count
    points = try supercell.points.enumerated().map { (number, point) throws(FileError) in
      let image = point.reducedTo ?? number + 1
      guard (1...count).contains(image) else {
        throw FileError(
          .outOfRange, in: path, at: ["supercell", "points", "\(number)", "reduced_to"], found: "\(image)",
          allowed: "1 to \(count)")
      }
      return (point.symbol, point.mass, point.position, image - 1)
    }
    cell = supercell.lattice
    primitiveCell = try sections["primitive_cell"].map { (range) throws(FileError) in
      let cell = try section.cell(range, "primitive_cell", length: length)
      return (cell.lattice, cell.points.map(\.position))
    }
    hasCharges = sections["born_effective_charge"] != nil || sections["nac"] != nil
  }

  /// The place of the section of force constants; nil where the file has none.
  var forceConstants: Range<Int>? { sections["force_constants"] }

  /// True where the file has displacements and forces only.
  var hasDisplacements: Bool { sections["displacements"] != nil }

  /// A scanner of a section.
  func scanner(_ range: Range<Int>) -> NumberScanner { NumberScanner(bytes, range: range, path: path, kind: "phonopy YAML file") }

  /// Position behind the next line of a section that holds `key:`; nil where it has none.
  func end(ofKey key: String, in range: Range<Int>) -> Range<Int>? {
    let pattern = [UInt8]((key + ":").utf8)
    var start = range.lowerBound
    while start < range.upperBound {
      let end = bytes[start..<range.upperBound].firstIndex(of: 0x0A) ?? range.upperBound
      let line = bytes[start..<end].drop { $0 == 0x20 }
      if line.starts(with: pattern) { return line.startIndex + pattern.count..<end }
      // What follows the numbers is not looked at: keys come first.
      if line.first == 0x2D { return nil }
      start = end + 1
    }
    return nil
  }

  /// Sections by name: lines that begin in the first column with `name:`.
  private static func sections(_ bytes: [UInt8]) -> [String: Range<Int>] {
    var result: [String: Range<Int>] = [:]
    var current: (name: String, start: Int)?
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let first = bytes[start]
      if (97...122).contains(first | 0x20), let colon = bytes[start..<end].firstIndex(of: 0x3A) {
        if let current { result[current.name] = current.start..<start }
        current = (String(decoding: bytes[start..<colon], as: UTF8.self), start)
      }
      start = end + 1
    }
    if let current { result[current.name] = current.start..<bytes.count }
    return result
  }
}
