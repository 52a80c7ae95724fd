import DataFiles

/// `LABEL.TSHS` of TranSIESTA, versions 0 (before SIESTA 4.1) and 1. H in Ry, lengths in bohr.
enum TSHSFile {
  private static let kind = "TSHS file of SIESTA"
  private static let most = 50_000_000

  /// Reads a file. Throws `invalidData` for unknown versions and damaged files.
  static func read(_ path: String) throws(FileError) -> SiestaHamiltonian {
    var records = try FortranRecords(path, kind: kind)
    guard let length = records.nextLength else { throw unknown(path, "a first record that is damaged") }
    switch length {
    case 20: return try version0(&records)
    case 4:
      var record = try records.next("the version")
      let version = try record.integer()
      guard version == 1 else { throw unknown(path, "version \(version)") }
      return try version1(&records)
    default: throw unknown(path, "a first record of \(length) bytes")
    }
  }

  private static func unknown(_ path: String, _ found: String) -> FileError {
    FileError(
      .invalidData, in: path, found: found, allowed: "a TSHS file of version 0 (first record five numbers) or 1",
      hint: "convert newer files with sisl's sdata to NetCDF (.nc)")
  }

  private struct Sizes {
    let atoms: Int
    let orbitals: Int
    let cells: Int
    let spins: Int
    let elements: Int

    init(_ records: inout FortranRecords) throws(FileError) {
      var record = try records.next("the sizes")
      let n = try record.integers(5)
      (atoms, orbitals, spins, elements) = (n[0], n[1], n[3], n[4])
      guard (1...10_000_000).contains(atoms), (1...10_000_000).contains(orbitals), n[2] >= orbitals,
        n[2].isMultiple(of: orbitals), n[2] / orbitals <= 1_000_000, [1, 2, 4, 8].contains(spins),
        (0...most * 100).contains(elements)
      else {
        throw FileError(
          .invalidData, in: records.path,
          found: "\(atoms) atoms, \(orbitals) orbitals, \(n[2]) of the supercell, \(spins) spins, \(elements) elements",
          allowed: "a supercell of whole cells, and 1, 2, 4 or 8 spins")
      }
      cells = n[2] / orbitals
    }
  }

  private static func vectors(_ numbers: [Double], scale: Double) -> [[Double]] {
    stride(from: 0, to: numbers.count, by: 3).map { i in (0..<3).map { numbers[i + $0] * scale } }
  }

  private static func version1(_ records: inout FortranRecords) throws(FileError) -> SiestaHamiltonian {
    let sizes = try Sizes(&records)
    try records.skip(1, "the supercell")
    var geometry = try records.next("lattice vectors and positions")
    let cell = vectors(try geometry.doubles(9), scale: FdfUnits.bohr)
    let positions = vectors(try geometry.doubles(3 * sizes.atoms), scale: FdfUnits.bohr)
    var flags = try records.next("Gamma, TSGamma, onlyS")
    let isGamma = try flags.logical()
    _ = try flags.logical()
    let isOverlapOnly = try flags.logical()
    try records.skip(1, "the k grid")
    var energies = try records.next("the Fermi energy")
    let fermi = try energies.doubles(1)[0] * FdfUnits.rydberg
    try records.skip(1, "the step")
    var last = try records.next("the last orbitals")
    let lastOrbitals = Array(try last.integers(sizes.atoms + 1).dropFirst())
    var counter = try records.next("the elements of rows")
    let counts = try counter.integers(sizes.orbitals)
    let sparse = try Rows(&records, counts, sizes, isOverlapOnly)
    var offsets = [[0, 0, 0]]
    if !isGamma {
      var cells = try records.next("the cells")
      let numbers = try cells.integers(3 * sizes.cells)
      offsets = stride(from: 0, to: numbers.count, by: 3).map { Array(numbers[$0..<($0 + 3)]) }
    }
    return try SiestaHamiltonian(
      path: records.path, cell: cell, positions: positions, lastOrbitals: lastOrbitals, offsets: offsets, counts: counts,
      columns: sparse.columns, overlap: sparse.overlap, components: sparse.components, fermiEnergy: fermi)
  }

  /// Columns, S and H: a record for every row.
  private struct Rows {
    var columns: [Int] = []
    var overlap: [Double] = []
    var components: [[Double]] = []

    init(_ records: inout FortranRecords, _ counts: [Int], _ sizes: Sizes, _ isOverlapOnly: Bool) throws(FileError) {
      guard counts.allSatisfy({ (0...most).contains($0) }), counts.reduce(0, +) == sizes.elements else {
        throw FileError(
          .invalidData, in: records.path, found: "rows with \(counts.reduce(0, +)) elements in all", allowed: "\(sizes.elements)")
      }
      guard !isOverlapOnly else {
        throw FileError(
          .invalidData, in: records.path, found: "an overlap alone (an 'onlyS' file)", allowed: "a file with a Hamiltonian")
      }
      for count in counts {
        var record = try records.next("columns of a row")
        columns += try record.integers(count).map { $0 - 1 }
      }
      for count in counts {
        var record = try records.next("S of a row")
        overlap += try record.doubles(count)
      }
      for _ in 0..<sizes.spins {
        var values: [Double] = []
        for count in counts {
          var record = try records.next("H of a row")
          values += try record.doubles(count).map { $0 * FdfUnits.rydberg }
        }
        components.append(values)
      }
    }
  }

  /// Version 0 holds distances x_j + R - x_i instead of cells.
  private static func version0(_ records: inout FortranRecords) throws(FileError) -> SiestaHamiltonian {
    let sizes = try Sizes(&records)
    var first = try records.next("positions")
    let positions = vectors(try first.doubles(3 * sizes.atoms), scale: FdfUnits.bohr)
    try records.skip(1, "atomic numbers")
    var lattice = try records.next("lattice vectors")
    let cell = vectors(try lattice.doubles(9), scale: FdfUnits.bohr)
    var flag = try records.next("Gamma")
    let isGamma = try flag.logical()
    flag = try records.next("onlyS")
    let isOverlapOnly = try flag.logical()
    try records.skip(3, "the k grid")
    try records.skip(1, "the step")
    var last = try records.next("the last orbitals")
    let lastOrbitals = Array(try last.integers(sizes.atoms + 1).dropFirst())
    if !isGamma { try records.skip(1, "orbitals of the supercell") }
    var counter = try records.next("the elements of rows")
    let counts = try counter.integers(sizes.orbitals)
    try records.skip(1, "charge and temperature")
    var energies = try records.next("the Fermi energy")
    let fermi = try energies.doubles(1)[0] * FdfUnits.rydberg
    var sparse = try Rows(&records, counts, sizes, isOverlapOnly)
    var offsets = [[0, 0, 0]]
    if !isGamma {
      let owners = try SiestaIndices.owners(lastOrbitals, orbitals: sizes.orbitals, path: records.path)
      guard abs(SiestaHamiltonian.volume(cell)) > 1e-9 else {
        throw FileError(.invalidData, in: records.path, found: "lattice vectors without a volume", allowed: "three of them")
      }
      var images = SupercellImages(cell)
      var k = 0
      for (row, count) in counts.enumerated() {
        var record = try records.next("distances of a row")
        let xij = try record.doubles(3 * count).map { $0 * FdfUnits.bohr }
        for n in 0..<count {
          // One direction after the other.
          let distance = (0..<3).map { xij[$0 * count + n] }
          sparse.columns[k] = try SiestaIndices.column(
            sparse.columns[k], row: row, distance, positions, owners, &images, path: records.path)
          k += 1
        }
      }
      offsets = images.offsets
    }
    return try SiestaHamiltonian(
      path: records.path, cell: cell, positions: positions, lastOrbitals: lastOrbitals, offsets: offsets, counts: counts,
      columns: sparse.columns, overlap: sparse.overlap, components: sparse.components, fermiEnergy: fermi)
  }
}

/// What files with distances between orbitals need to know of the atoms.
enum SiestaIndices {
  /// The atom of every orbital. Throws `invalidData` when the last orbitals do not ascend to their number.
  static func owners(_ lastOrbitals: [Int], orbitals: Int, path: String) throws(FileError) -> [Int] {
    var owners: [Int] = []
    for (atom, last) in lastOrbitals.enumerated() where last > owners.count && last <= orbitals {
      owners += [Int](repeating: atom, count: last - owners.count)
    }
    guard owners.count == orbitals else {
      throw FileError(.invalidData, in: path, found: "atoms with \(owners.count) orbitals in all", allowed: "\(orbitals)")
    }
    return owners
  }

  /// The column of an element in the supercell of `images`, from its distance.
  static func column(
    _ column: Int, row: Int, _ distance: [Double], _ positions: [[Double]], _ owners: [Int], _ images: inout SupercellImages,
    path: String
  ) throws(FileError) -> Int {
    let orbital = column % owners.count
    guard column >= 0, let cell = images.number(distance, from: positions[owners[row]], to: positions[owners[orbital]]) else {
      throw FileError(
        .invalidData, in: path, found: "a distance \(distance) angstrom between orbitals \(row + 1) and \(column + 1)",
        allowed: "distances of atoms and their images", hint: "positions and Hamiltonian may be of two calculations")
    }
    return cell * owners.count + orbital
  }
}
