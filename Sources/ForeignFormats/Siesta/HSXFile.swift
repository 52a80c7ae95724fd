import DataFiles
import SystemFiles

/// `LABEL.HSX` of SIESTA: versions 1 and 2 (since 5.0), which hold everything, and the old form, which needs `LABEL.XV` for the atoms and
/// `LABEL.EIG` for the Fermi energy beside it. H in Ry.
enum HSXFile {
  private static let kind = "HSX file of SIESTA"

  /// Reads a file. Throws `invalidData` for unknown versions and damaged files.
  static func read(_ path: String) throws(FileError) -> SiestaHamiltonian {
    var records = try FortranRecords(path, kind: kind)
    switch records.nextLength {
    case 16: return try old(&records)
    case 4:
      var record = try records.next("the version")
      let version = try record.integer()
      guard version == 1 || version == 2 else { throw unknown(path, "version \(version)") }
      return try new(&records, version)
    default: throw unknown(path, "a first record of \(records.nextLength ?? 0) bytes")
    }
  }

  private static func unknown(_ path: String, _ found: String) -> FileError {
    FileError(
      .invalidData, in: path, found: found, allowed: "an HSX file of version 1 or 2, or of before (first record four numbers)")
  }

  private static func check(_ n: [Int], in path: String) throws(FileError) {
    guard n.allSatisfy({ (1...10_000_000).contains($0) }) else {
      throw FileError(.invalidData, in: path, found: "sizes \(n)", allowed: "sizes from 1 to 10000000")
    }
  }

  private static func new(_ records: inout FortranRecords, _ version: Int) throws(FileError) -> SiestaHamiltonian {
    var record = try records.next("the precision")
    let isDouble = try record.logical()
    record = try records.next("the sizes")
    let sizes = try record.integers(7)
    try check(sizes, in: records.path)
    let (atoms, orbitals, spins, species) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let (cells, isLarge) = sizes[4].multipliedReportingOverflow(by: sizes[5] * sizes[6])
    guard !isLarge, cells <= 1_000_000, [1, 2, 4, 8].contains(spins), species <= 10_000 else {
      throw FileError(
        .invalidData, in: records.path, found: "\(cells) cells, \(spins) spins, \(species) species",
        allowed: "1, 2, 4 or 8 spins in up to 1000000 cells")
    }
    record = try records.next("lattice vectors and Fermi energy")
    let cell = vectors(try record.doubles(9))
    let fermi = try record.doubles(1)[0] * FdfUnits.rydberg
    record = try records.next("cells and atoms")
    let numbers = try record.integers(3 * cells)
    let positions = vectors(try record.doubles(3 * atoms))
    let kinds = try record.integers(atoms)
    record = try records.next("species")
    let lastOrbitals = try lastOrbitals(kinds, try functions(&record, species), in: records.path)
    try records.skip(species + (version == 2 ? 1 : 0), "quantum numbers and k grid")
    let counts = try counts(&records, orbitals)
    let columns = try columns(&records, counts)
    var components: [[Double]] = []
    for _ in 0..<spins { components.append(try values(&records, counts, isDouble, "H").map { $0 * FdfUnits.rydberg }) }
    return try SiestaHamiltonian(
      path: records.path, cell: cell, positions: positions, lastOrbitals: lastOrbitals,
      offsets: stride(from: 0, to: numbers.count, by: 3).map { Array(numbers[$0..<($0 + 3)]) }, counts: counts,
      columns: columns, overlap: try values(&records, counts, isDouble, "S"), components: components, fermiEnergy: fermi)
  }

  /// Basis functions of every species: label (20 characters), charge, number.
  private static func functions(_ record: inout FortranRecord, _ species: Int) throws(FileError) -> [Int] {
    var numbers: [Int] = []
    for _ in 0..<species {
      _ = try record.integers(5)
      _ = try record.doubles(1)
      numbers.append(try record.integer())
    }
    return numbers
  }

  /// From the species of the atoms: what the file says of last orbitals is counted in two ways by the programs that write it.
  private static func lastOrbitals(_ kinds: [Int], _ functions: [Int], in path: String) throws(FileError) -> [Int] {
    var (last, sum) = ([Int](), 0)
    for kind in kinds {
      guard functions.indices.contains(kind - 1), (0...1_000_000).contains(functions[kind - 1]) else {
        throw FileError(.invalidData, in: path, found: "an atom of species \(kind)", allowed: "species 1 to \(functions.count)")
      }
      sum += functions[kind - 1]
      last.append(sum)
    }
    return last
  }

  private static func vectors(_ numbers: [Double]) -> [[Double]] {
    stride(from: 0, to: numbers.count, by: 3).map { i in (0..<3).map { numbers[i + $0] * FdfUnits.bohr } }
  }

  private static func counts(_ records: inout FortranRecords, _ orbitals: Int) throws(FileError) -> [Int] {
    var record = try records.next("the elements of rows")
    return try record.integers(orbitals)
  }

  private static func columns(_ records: inout FortranRecords, _ counts: [Int]) throws(FileError) -> [Int] {
    var all: [Int] = []
    for count in counts {
      var record = try records.next("columns of a row")
      all += try record.integers(count).map { $0 - 1 }
    }
    return all
  }

  private static func values(
    _ records: inout FortranRecords, _ counts: [Int], _ isDouble: Bool, _ what: String
  ) throws(FileError) -> [Double] {
    var all: [Double] = []
    for count in counts {
      var record = try records.next("\(what) of a row")
      all += isDouble ? try record.doubles(count) : try record.floats(count)
    }
    return all
  }

  private static func old(_ records: inout FortranRecords) throws(FileError) -> SiestaHamiltonian {
    var record = try records.next("the sizes")
    let sizes = try record.integers(4)
    try check(sizes, in: records.path)
    let (orbitals, spins) = (sizes[0], sizes[2])
    guard [1, 2, 4, 8].contains(spins) else {
      throw FileError(.invalidData, in: records.path, found: "\(spins) spins", allowed: "1, 2, 4 or 8")
    }
    record = try records.next("Gamma")
    let isGamma = try record.logical()
    if !isGamma { try records.skip(1, "orbitals of the supercell") }
    let counts = try counts(&records, orbitals)
    var columns = try columns(&records, counts)
    var components: [[Double]] = []
    for _ in 0..<spins { components.append(try values(&records, counts, false, "H").map { $0 * FdfUnits.rydberg }) }
    let overlap = try values(&records, counts, false, "S")
    try records.skip(1, "charge and temperature")
    let label = String(records.path.dropLast(4))
    let atoms = try XVFile.read(label + ".XV")
    var distances: [[Double]] = []
    if !isGamma { for count in counts { distances.append(try distancesOfRow(&records, count)) } }
    let owners = try owners(&records, orbitals, atoms: atoms.positions.count)
    var images = SupercellImages(atoms.cell)
    if !isGamma {
      var k = 0
      for (row, count) in counts.enumerated() {
        for n in 0..<count {
          columns[k] = try SiestaIndices.column(
            columns[k], row: row, Array(distances[row][(3 * n)..<(3 * n + 3)]), atoms.positions, owners, &images,
            path: records.path)
          k += 1
        }
      }
    }
    var last = [Int](repeating: 0, count: atoms.positions.count)
    for owner in owners { last[owner] += 1 }
    for atom in last.indices.dropFirst() { last[atom] += last[atom - 1] }
    return try SiestaHamiltonian(
      path: records.path, cell: atoms.cell, positions: atoms.positions, lastOrbitals: last, offsets: images.offsets,
      counts: counts, columns: columns, overlap: overlap, components: components, fermiEnergy: try fermiEnergy(label + ".EIG"))
  }

  private static func distancesOfRow(_ records: inout FortranRecords, _ count: Int) throws(FileError) -> [Double] {
    var record = try records.next("distances of a row")
    return try record.floats(3 * count).map { $0 * FdfUnits.bohr }
  }

  /// The atom of every orbital, behind the species.
  private static func owners(_ records: inout FortranRecords, _ orbitals: Int, atoms: Int) throws(FileError) -> [Int] {
    var record = try records.next("the number of species")
    let species = try record.integer()
    guard (1...10_000).contains(species) else {
      throw FileError(.invalidData, in: records.path, found: "\(species) species", allowed: "1 to 10000")
    }
    var labels = try records.next("species")
    let numbers = try functions(&labels, species)
    guard numbers.allSatisfy({ (0...100_000).contains($0) }) else {
      throw FileError(.invalidData, in: records.path, found: "\(numbers) basis functions", allowed: "up to 100000 of a species")
    }
    let functions = numbers.reduce(0, +)
    try records.skip(functions, "quantum numbers")
    record = try records.next("the number of atoms")
    let count = try record.integer()
    guard count == atoms else {
      throw FileError(
        .invalidData, in: records.path, found: "\(count) atoms, and \(atoms) in the XV file beside it",
        allowed: "both of one calculation")
    }
    try records.skip(1, "species of atoms")
    record = try records.next("atoms of orbitals")
    let pairs = try record.integers(2 * orbitals)
    let owners = (0..<orbitals).map { pairs[2 * $0] - 1 }
    guard owners.allSatisfy({ (0..<atoms).contains($0) }), zip(owners, owners.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw FileError(.invalidData, in: records.path, found: "orbitals of unknown atoms", allowed: "atoms 1 to \(atoms)")
    }
    return owners
  }

  /// The first number of LABEL.EIG, eV; nil without such a file.
  private static func fermiEnergy(_ path: String) throws(FileError) -> Double? {
    guard SystemCall.status(path) != nil else { return nil }
    var text = try ForeignText(path, kind: "EIG file of SIESTA")
    let words = try text.words("the Fermi energy")
    return try text.number(words[0], "the Fermi energy")
  }
}

/// `LABEL.XV`: lattice vectors and positions, bohr in the file, angstrom here.
enum XVFile {
  static func read(_ path: String) throws(FileError) -> (cell: [[Double]], positions: [[Double]]) {
    var text = try ForeignText(path, kind: "XV file of SIESTA (positions), which an old HSX file needs beside it")
    var cell: [[Double]] = []
    for axis in 1...3 { cell.append(Array(try text.numbers(6, "lattice vector \(axis)").prefix(3)).map { $0 * FdfUnits.bohr }) }
    let count = try text.words("the number of atoms")
    let atoms = try text.integer(count[0], "the number of atoms", in: 1...10_000_000)
    var positions: [[Double]] = []
    for atom in 1...atoms {
      positions.append(try text.numbers(8, "atom \(atom)")[2..<5].map { $0 * FdfUnits.bohr })
    }
    guard abs(SiestaHamiltonian.volume(cell)) > 1e-9 else {
      throw FileError(.invalidData, in: path, found: "lattice vectors without a volume", allowed: "three of them")
    }
    return (cell, positions)
  }
}
