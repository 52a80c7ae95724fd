import DataFiles
import JunctionModel

/// SIESTA's `LABEL.XV`: the cell and the atoms.
struct SiestaGeometry {
  /// Lattice vectors, angstrom.
  let cell: [SIMD3<Double>]
  /// Species, atomic number and position (angstrom) of every atom.
  let atoms: [(species: Int, number: Int, position: SIMD3<Double>)]

  static let bohr = PhysicalConstants.bohr * 1e10

  /// Three lines of lattice vectors (and their velocities), the number of atoms, and a line for each: species, atomic number, position,
  /// velocity; lengths in bohr.
  init(_ path: String) throws(FileError) {
    var text = try ForeignText(path, kind: "SIESTA .XV file")
    func vector(_ words: ArraySlice<ForeignText.Word>, _ what: String) throws(FileError) -> SIMD3<Double> {
      guard words.count >= 3 else {
        throw FileError(
          .invalidData, in: path, line: text.next, column: 1, found: "\(words.count) numbers for \(what)", allowed: "three",
          hint: "the file may be truncated; copy it again")
      }
      var vector = SIMD3<Double>()
      for (d, word) in words.prefix(3).enumerated() { vector[d] = try text.number(word, what) * Self.bohr }
      return vector
    }
    var cell: [SIMD3<Double>] = []
    for d in 1...3 {
      let words = try text.words("lattice vector \(d)")
      cell.append(try vector(words[...], "lattice vector \(d)"))
    }
    let head = try text.words("the number of atoms")
    let count = try text.integer(head[0], "the number of atoms", in: 1...100_000)
    var atoms: [(species: Int, number: Int, position: SIMD3<Double>)] = []
    for atom in 1...count {
      let words = try text.words("atom \(atom) of \(count)")
      guard words.count >= 5 else {
        throw text.error(words[0], found: "\(words.count) words", allowed: "species, atomic number and three coordinates")
      }
      atoms.append(
        (
          try text.integer(words[0], "a species", in: 1...1000), try text.integer(words[1], "an atomic number"),
          try vector(words[2...], "a position")
        ))
    }
    (self.cell, self.atoms) = (cell, atoms)
  }
}

/// SIESTA's `LABEL.FC`: for each displaced atom, each direction, minus and then plus: the force constants of all atoms, eV/angstrom^2.
struct SiestaForceConstantsFile {
  /// Displaced atoms.
  let displaced: Int
  /// Shape (3 displaced, 3 atoms), row-major: the mean of both displacements.
  let values: [Double]
  /// The largest difference between minus and plus, eV/angstrom^2: what is not harmonic.
  let anharmonicity: Double

  init(_ path: String, atoms: Int) throws(FileError) {
    var scanner = try NumberScanner(path: path, kind: "SIESTA .FC file")
    scanner.skipLine()
    var numbers: [Double] = []
    while !scanner.isAtEnd {
      guard numbers.count < 18 * atoms * atoms else {
        throw scanner.fault(found: "more numbers than of \(atoms) displaced atoms", allowed: "\(atoms) atoms, as in the .XV file")
      }
      for _ in 0..<3 { numbers.append(try scanner.number("force constant \(numbers.count + 1)")) }
    }
    let width = 3 * atoms
    displaced = numbers.count / (6 * width)
    guard displaced > 0, numbers.count == 6 * width * displaced else {
      throw FileError(
        .invalidData, in: path, line: numbers.count / 3 + 1, found: "\(numbers.count / 3) lines of force constants",
        allowed: "\(6 * atoms) for each displaced atom: three directions, minus and plus, \(atoms) atoms",
        hint: "the file may be truncated, or belong to another .XV file")
    }
    var (values, most) = ([Double](), 0.0)
    values.reserveCapacity(numbers.count / 2)
    for row in 0..<3 * displaced {
      for column in 0..<width {
        let (minus, plus) = (numbers[2 * row * width + column], numbers[(2 * row + 1) * width + column])
        values.append(0.5 * (minus + plus))
        most = max(most, abs(minus - plus))
      }
    }
    (self.values, anharmonicity) = (values, most)
  }
}
