import DataFiles
import DenseMatrices
import JunctionModel

/// Matrices over lattice vectors: a variable X(block, ...) with X_lattice_vector(block, direction), or lattice_vector for all variables.
extension JunctionFile {
  /// H at the present wave vector, shape (orbitals, orbitals), eV; as it stands where it has no blocks.
  func hamiltonian(for key: ModelValue) throws(FileError) -> Matrix {
    if let sum = try sum("hamiltonian", .energy, isHermitian: true, for: key) { return sum }
    return try hamiltonian()
  }

  /// S at the present wave vector; nil when the file has none.
  func overlap(for key: ModelValue) throws(FileError) -> Matrix? {
    guard has("overlap") else { return nil }
    if let sum = try sum("overlap", .plain, isHermitian: true, for: key) { return sum }
    return try overlap()
  }

  /// A matrix of a periodic electrode at the present wave vector: `part` is H00, H01, S00, S01, coupling_hamiltonian or coupling_overlap;
  /// nil when absent.
  func matrix(_ part: String, of electrode: String, for key: ModelValue) throws(FileError) -> Matrix? {
    let name = "electrode_\(electrode)_\(part)"
    guard has(name) else { return nil }
    let kind: NumberKind = part.hasPrefix("S") || part.hasSuffix("overlap") ? .plain : .energy
    if let sum = try sum(name, kind, isHermitian: part.hasSuffix("00"), for: key) { return sum }
    return try matrix(name, kind)
  }

  /// Gamma of a wide-band electrode at the present wave vector, shape (orbitals, orbitals), eV.
  func broadening(of electrode: String, for key: ModelValue) throws(FileError) -> Matrix {
    try hermitian("electrode_\(electrode)_broadening", for: key)
  }

  /// The broadening beside a periodic electrode, `electrode_<name>_absorption` over `electrode_<name>_absorption_orbitals`, eV; nil when
  /// absent.
  func absorption(of electrode: String, for key: ModelValue) throws(FileError) -> PeriodicLead.Absorption? {
    let name = "electrode_\(electrode)_absorption"
    guard has(name) else { return nil }
    guard let orbitals = try orbitals(of: electrode, "absorption_orbitals") else {
      throw wrongShape(name, found: "no orbitals", allowed: "the variable '\(name)_orbitals' beside it")
    }
    return .init(orbitals: orbitals, broadening: try hermitian(name, for: key))
  }

  private func hermitian(_ name: String, for key: ModelValue) throws(FileError) -> Matrix {
    if let sum = try sum(name, .energy, isHermitian: true, for: key) { return sum }
    return try square(name, .energy)
  }

  /// K at the present wave vector, shape (coordinates, coordinates), eV^2; as it stands where it has no blocks.
  func dynamicalMatrix(for key: ModelValue) throws(FileError) -> Matrix {
    if let sum = try sum("dynamical_matrix", .energySquared, isHermitian: true, of: .boson, for: key) { return sum }
    return try dynamicalMatrix()
  }

  /// A block of a periodic bath at the present wave vector, eV^2: `part` is K00, K01 or coupling; nil when absent.
  func block(_ part: String, ofBath bath: String, for key: ModelValue) throws(FileError) -> Matrix? {
    let name = "bath_\(bath)_\(part)"
    guard has(name) else { return nil }
    if let sum = try sum(name, .energySquared, isHermitian: part == "K00", of: .boson, for: key) { return sum }
    return try matrix(name, .energySquared)
  }

  /// The coupling matrices at the present wave vector, one per mode, and the attribute `convention`; as they stand without blocks,
  /// (mode, orbital, orbital) and not (mode, block, orbital, orbital).
  func coupling(for key: ModelValue) throws(FileError) -> (convention: String?, matrices: [Matrix]) {
    let base = file.hasVariable("coupling") ? "coupling" : "coupling_real"
    guard file.hasVariable(base), try file.dimensions(of: base).count == 4 else { return try coupling() }
    let convention = try file.textOnly(attribute: "convention", of: base)
    let kind: NumberKind = convention == Coupling.Convention.massWeighted.rawValue ? .plain : .energy
    let isHermitian = convention != Coupling.Convention.rotatingWave.rawValue
    let (re, im) = try parts("coupling", kind, rank: 4)
    let shape = re.shape
    let all = (0..<(shape[0] * shape[1])).map { slice(re, im, $0, rows: shape[2], columns: shape[3]) }
    let vectors = try latticeVectors(of: "coupling", count: shape[1])
    let k = try wavevector(.electron, vectors, of: "coupling", for: key)
    return (
      convention,
      (0..<shape[0]).compactMap { mode in
        var blocks = LatticeBlocks()
        for (b, r) in vectors.enumerated() { blocks.add(r, all[mode * shape[1] + b]) }
        return blocks.sum(at: k, isHermitian: isHermitian)
      }
    )
  }

  /// M(k) of a variable with blocks; nil for one without them.
  private func sum(
    _ name: String, _ kind: NumberKind, isHermitian: Bool, of particle: WavevectorPoints.Particle = .electron,
    for key: ModelValue
  ) throws(FileError) -> Matrix? {
    let base = file.hasVariable(name) ? name : name + "_real"
    guard file.hasVariable(base), try file.dimensions(of: base).count == 3 else { return nil }
    let found = try latticeBlocks(name, kind, isSquare: isHermitian)
    let k = try wavevector(particle, found.blocks.map(\.r), of: name, for: key)
    if particle == .boson, let complex = found.blocks.first(where: { $0.matrix.hasImaginaryPart }) {
      throw wrongShape(name, found: "complex numbers in the block R = \(complex.r)", allowed: "real springs by lattice vector")
    }
    return found.sum(at: k, isHermitian: isHermitian)
  }

  /// The present wave vector, which has as many components as the lattice vectors of a variable.
  private func wavevector(
    _ particle: WavevectorPoints.Particle, _ vectors: [[Int]], of name: String, for key: ModelValue
  ) throws(FileError) -> [Double] {
    let k = try key.wavevector(particle)
    let directions = vectors.first?.count ?? 0
    guard directions == k.count else {
      throw wrongShape(
        latticeName(of: name), found: "lattice vectors with \(directions) components",
        allowed: "\(k.count), as many as wave vectors have")
    }
    return k
  }

  private func latticeBlocks(_ name: String, _ kind: NumberKind, isSquare: Bool) throws(FileError) -> LatticeBlocks {
    if let known = blocks[name] { return known }
    let matrices = try stack(name, kind)
    if let first = matrices.first, isSquare, !first.isSquare {
      throw wrongShape(name, found: "shape (\(first.rows), \(first.columns)) of a block", allowed: "square matrices")
    }
    guard !matrices.isEmpty else { throw wrongShape(name, found: "no blocks", allowed: "one at least") }
    var found = LatticeBlocks()
    for (r, matrix) in zip(try latticeVectors(of: name, count: matrices.count), matrices) { found.add(r, matrix) }
    blocks[name] = found
    return found
  }

  private func latticeName(of name: String) -> String {
    file.hasVariable(name + "_lattice_vector") ? name + "_lattice_vector" : "lattice_vector"
  }

  /// Whole numbers, shape (block, direction), each lattice vector once.
  private func latticeVectors(of name: String, count: Int) throws(FileError) -> [[Int]] {
    let place = latticeName(of: name)
    guard file.hasVariable(place) else {
      throw wrongShape(
        name, found: "\(count) blocks without lattice vectors",
        allowed: "the variable '\(name)_lattice_vector' or 'lattice_vector' of shape (block, direction)")
    }
    let (values, shape) = { ($0.values, $0.shape) }(try array(place, .plain, rank: 2))
    guard shape[0] == count else {
      throw wrongShape(place, found: "\(shape[0]) lattice vectors", allowed: "one for each block of '\(name)', \(count)")
    }
    guard (1...2).contains(shape[1]) else {
      throw wrongShape(place, found: "\(shape[1]) directions", allowed: "one or two")
    }
    var vectors: [[Int]] = []
    var known: Set<[Int]> = []
    for b in 0..<count {
      var r: [Int] = []
      for value in values[(b * shape[1])..<((b + 1) * shape[1])] {
        guard abs(value) <= 1e6, let whole = Int(exactly: value) else {
          throw wrongShape(place, found: "\(value)", allowed: "whole numbers up to 1000000")
        }
        r.append(whole)
      }
      guard known.insert(r).inserted else {
        throw wrongShape(place, found: "R = \(r) twice", allowed: "each lattice vector once")
      }
      vectors.append(r)
    }
    return vectors
  }
}

extension Matrix {
  /// True where an element has an imaginary part.
  var hasImaginaryPart: Bool { (0..<columns).contains { j in (0..<rows).contains { self[$0, j].imaginary != 0 } } }
}
