import DataFiles
import Foundation

/// phonopy's supercell and force constants: `phonopy_params.yaml`, or `phonopy.yaml` beside `FORCE_CONSTANTS` or `force_constants.hdf5`.
package struct PhonopySource: JunctionSource {
  package let format = ImportFormat(
    "phonopy", argument: "phonopy_params.yaml",
    abstract: "a supercell and its force constants: mode energies, or with --device, --left, --right a phonon junction",
    options: [.device, .left, .right, .masses])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    guard request.files.count <= 2 else {
      throw FileError(
        .outOfRange, in: request.files[2], found: "a third file",
        allowed: "phonopy_params.yaml, and a file of force constants at most")
    }
    let file = try PhonopyFile(request.file)
    let raw = try Self.forceConstants(file, named: request.files.count > 1 ? request.files[1] : nil)
    let unit = raw.unit ?? file.unit
    let factor = try PhonopyForceConstants.factor(unit, path: raw.path)
    let masses = try MassOption(request, atoms: file.points.count)
    let atoms = try file.points.enumerated().map { (number, point) throws(FileError) in
      // Indices behind names of magnetic sites, "Fe2", are no part of the element.
      let element = String(point.symbol.prefix { $0.isLetter })
      return Atom(
        symbol: point.symbol, mass: try masses.mass(number, symbol: element, given: point.mass, path: file.path),
        position: point.position)
    }
    let rows: [Int]
    if let known = raw.rows { rows = known } else { rows = try Self.primitiveRows(file, raw) }
    let primitive = try Self.primitives(file, rows)
    let forces = raw.forceConstants(atoms: atoms, cell: file.cell, rows: rows, factor: factor)
    var model = try Self.model(forces, primitive: primitive, request, program: "phonopy", title: request.file)
    model.understood.insert(
      ("files", raw.path == file.path ? file.path : "\(file.path), \(raw.path)"), at: 0)
    model.understood.insert(
      (
        "force constants",
        "\(unit), \(rows.count == atoms.count ? "full" : "compact"): \(rows.count) x \(atoms.count) blocks of a supercell"
      ), at: 1)
    if file.hasCharges {
      model.leftOut.append("Born charges: the long-ranged part of the springs they stand for is that of the supercell")
    }
    return model
  }

  /// Modes or junction of a supercell whose atoms are images of those of a primitive cell.
  static func model(
    _ forces: ForceConstants, primitive: [Int], _ request: ImportRequest, program: String, title path: String
  ) throws(FileError) -> ImportedModel {
    let name = path.split(separator: "/").last ?? ""
    try forces.requirePlaces()
    if PhononJunction.isAsked(by: request) {
      let full = try forces.expanded(primitive: primitive)
      return try PhononJunction(title: "Phonons through \(name)", program: program, forces: full, request: request).imported()
    }
    try forces.requireSumRule()
    let cell = try forces.homogeneous(primitive: primitive)
    guard cell.count > 1 else {
      throw FileError(
        .invalidData, in: forces.path, found: "one atom in the primitive cell, which has no vibrations of its own",
        allowed: "atoms that move against each other", hint: "name a phonon junction: --device, --left, --right")
    }
    var model = try VibrationModel(
      title: "Vibrations of \(name)", program: program, forces: cell, original: forces, isFree: true
    ).imported()
    if cell.count < forces.count {
      model.leftOut.append(
        "motions that differ from cell to cell (wave vectors other than zero); --device, --left and --right make a junction of the supercell"
      )
    }
    return model
  }

  private static func forceConstants(_ file: PhonopyFile, named: String?) throws(FileError) -> PhonopyForceConstants {
    let count = file.points.count
    func read(_ path: String) throws(FileError) -> PhonopyForceConstants {
      path.hasSuffix(".hdf5") || path.hasSuffix(".h5")
        ? try PhonopyForceConstants(hdf5: path, atoms: count) : try PhonopyForceConstants(text: path, atoms: count)
    }
    if let named { return try read(named) }
    if let range = file.forceConstants { return try PhonopyForceConstants(file, range) }
    let folder = TextFile.folder(of: file.path)
    for name in ["FORCE_CONSTANTS", "force_constants.hdf5"] where FileManager.default.fileExists(atPath: folder + "/" + name) {
      return try read(folder + "/" + name)
    }
    throw FileError(
      .missingKey, in: file.path,
      found: file.hasDisplacements ? "displacements and forces, but no force constants" : "no force constants",
      allowed: "a section force_constants, or FORCE_CONSTANTS or force_constants.hdf5 in the same folder",
      hint: "phonopy --writefc (or ph.save(settings={'force_constants': True})) writes them")
  }

  /// The supercell atom of each atom of the primitive cell, for compact force constants that do not say it.
  private static func primitiveRows(_ file: PhonopyFile, _ raw: PhonopyForceConstants) throws(FileError) -> [Int] {
    let members = Set(file.points.map(\.primitive)).sorted()
    guard members.count == raw.rowCount else {
      throw FileError(
        .invalidData, in: raw.path, at: ["force_constants"], found: "\(raw.rowCount) rows",
        allowed: "\(file.points.count) (full) or \(members.count) (compact: one for each atom of the primitive cell)")
    }
    guard let primitive = file.primitiveCell, primitive.positions.count == members.count,
      let inverse = PeriodicAtoms.inverse(primitive.lattice)
    else { return members }
    var rows: [Int] = []
    for position in primitive.positions {
      let match = members.first { member in
        let difference = file.points[member].position - position
        return (0..<3).allSatisfy { d in
          let fraction = PeriodicAtoms.dot(inverse[d], difference)
          return abs(fraction - fraction.rounded()) < 1e-3
        }
      }
      if let match { rows.append(match) }
    }
    return Set(rows).count == members.count ? rows : members
  }

  /// For each atom the one whose row stands for it: the file's map where its members have rows.
  private static func primitives(_ file: PhonopyFile, _ rows: [Int]) throws(FileError) -> [Int] {
    let known = Set(rows)
    let map = file.points.map(\.primitive)
    guard let missing = map.first(where: { !known.contains($0) }) else { return map }
    throw FileError(
      .invalidData, in: file.path, at: ["supercell"],
      found: "atoms that are images of atom \(missing + 1), which has no row of force constants",
      allowed: "rows for atoms \(AtomSelection.words(Array(Set(map)))), or for all",
      hint: "compact force constants must be of this primitive cell (primitive_matrix)")
  }
}
