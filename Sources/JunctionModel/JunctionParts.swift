import DenseMatrices

/// A matrix over some of a conductor's orbitals, zero elsewhere.
package struct LocalMatrix: Sendable, Equatable {
  /// Orbitals of the rows and columns, in the conductor's own numbering; nil for all of them.
  package let orbitals: [Int]?
  /// Shape (orbitals, orbitals).
  package let matrix: Matrix

  /// A matrix over all orbitals, or over those listed.
  package init(_ matrix: Matrix, on orbitals: [Int]? = nil) {
    self.matrix = matrix
    self.orbitals = orbitals
  }
}

/// The electrons of a junction before it is decided which orbitals enter as dense matrices: a conductor, dense or sparse, and local
/// electrodes and couplings, all in the numbering of all orbitals.
///
/// `reduced` leaves out of the dense matrices the orbitals nobody touches when that saves work (`WholeConductor`).
package struct JunctionParts: Sendable {
  /// H and S, dense or sparse.
  package enum Electrons: Sendable {
    case dense(Conductor)
    case sparse(hamiltonian: SparseHermitianMatrix, overlap: SparseHermitianMatrix?, spinDegeneracy: Double)

    /// Number of all orbitals.
    package var orbitals: Int {
      switch self {
      case .dense(let conductor): return conductor.orbitals
      case .sparse(let hamiltonian, _, _): return hamiltonian.size
      }
    }
  }

  /// The conductor.
  package let electrons: Electrons
  /// The electrodes.
  package let electrodes: [Electrode]
  /// The meaning of `couplings`.
  package let convention: Coupling.Convention
  /// One sum of local matrices per coupling matrix.
  package let couplings: [[LocalMatrix]]
  /// True when the computation needs all levels (real parts of the bosons' self-energy): the dense path is taken as far as it goes.
  package let needsAllLevels: Bool

  /// Parts of a junction.
  package init(
    _ electrons: Electrons, electrodes: [Electrode], convention: Coupling.Convention = .dimensionless,
    couplings: [[LocalMatrix]] = [], needsAllLevels: Bool = false
  ) {
    self.electrons = electrons
    self.electrodes = electrodes
    self.convention = convention
    self.couplings = couplings
    self.needsAllLevels = needsAllLevels
  }

  /// Most orbitals that are held in dense matrices.
  package static let largestDense = 3000
  /// Largest memory of one banded factorisation, bytes.
  static let largestBand = 2.0 * 1_073_741_824
  /// Up to this many orbitals nothing is left out.
  static let smallest = 300
  /// Wide bands have closed forms from one dense eigenproblem: worth it up to this size, as are computations that need all levels.
  static let largestClosedForm = 1000

  /// Conductor, electrodes and couplings as a junction takes them. Without touched orbitals to leave out they are dense over all.
  ///
  /// Orbitals are left out when that saves at least three quarters of the work per energy: 8/3 N^3 + 8 N^2 c flops
  /// against 16 N b^2 + 32 N b c, b the bandwidth, c the columns of all broadenings. Throws when too many orbitals are touched to be held in
  /// dense matrices, or orbitals do not exist. Cost: one reordering.
  package func reduced() throws(ModelError) -> (conductor: Conductor, electrodes: [Electrode], coupling: Coupling) {
    try reduced(always: false)
  }

  /// The same; `always` leaves out what can be left out, whether it saves work or not.
  package func reduced(always: Bool) throws(ModelError) -> (conductor: Conductor, electrodes: [Electrode], coupling: Coupling) {
    let size = electrons.orbitals
    try checkLocal()
    if !always && size <= Self.smallest { return try dense() }
    guard let touched = try touchedOrbitals() else { return try dense() }
    let allWide = electrodes.allSatisfy { if case .wideBand = $0.kind { true } else { false } }
    if !always && (allWide || needsAllLevels) && size <= Self.largestClosedForm { return try dense() }
    guard always || touched.count <= size / 2, touched.count <= Self.largestDense, !touched.isEmpty else {
      return try dense(touched: touched.count)
    }
    guard let (hamiltonian, overlap, spin) = sparse() else { return try dense(touched: touched.count) }
    let cliques = electrodes.map(\.touched)
    let ordering = BandOrdering([hamiltonian] + [overlap].compactMap { $0 }, cliques: cliques)
    let (n, b) = (Double(size), Double(ordering.bandwidth + 1))
    let columns = Double(max(cliques.reduce(0) { $0 + $1.count }, 1))
    let saves = 4 * (16 * n * b * b + 32 * n * b * columns) < 8 / 3 * n * n * n + 8 * n * n * columns
    if !always && !saves && size <= Self.largestDense { return try dense() }
    let bytes = 16 * n * (3 * b + 1)
    guard bytes < Self.largestBand else {
      throw ModelError(
        .inconsistent, at: ["conductor"],
        found: "\(size) orbitals with a bandwidth of \(ordering.bandwidth) after reordering, "
          + "\(JunctionValidation.short(bytes / 1_073_741_824)) GiB per factorisation",
        allowed: "at most \(Self.largestDense) orbitals, or a long conductor with a narrow band, 2 GiB per factorisation",
        hint: "Orbitals coupled over long distances, or an electrode that touches both ends, widen the band")
    }
    return try kept(touched, WholeConductor(hamiltonian: hamiltonian, overlap: overlap, kept: touched), spin)
  }

  /// H and S as sparse matrices; nil for dense ones that are no Hermitian matrices, which the junction will say.
  private func sparse() -> (SparseHermitianMatrix, SparseHermitianMatrix?, Double)? {
    switch electrons {
    case .sparse(let hamiltonian, let overlap, let spin): return (hamiltonian, overlap, spin)
    case .dense(let conductor):
      func isHermitian(_ m: Matrix) -> Bool {
        m.isSquare && m.isFinite && m.rows == conductor.orbitals
          && m.hermiticityDefect <= JunctionValidation.hermiticityTolerance * m.largestMagnitude
      }
      guard isHermitian(conductor.hamiltonian), conductor.overlap.map(isHermitian) ?? true else { return nil }
      return (
        SparseHermitianMatrix(conductor.hamiltonian), conductor.overlap.map { SparseHermitianMatrix($0) },
        conductor.spinDegeneracy
      )
    }
  }

  /// All orbitals an electrode or coupling touches, ascending; nil when a matrix has a shape that the junction will refuse.
  private func touchedOrbitals() throws(ModelError) -> [Int]? {
    let size = electrons.orbitals
    var all = Set<Int>()
    for electrode in electrodes {
      guard electrode.fits(size) else { return nil }
      let touched = electrode.touched
      if case .chain(let lead) = electrode.kind {
        guard (0..<size).contains(lead.orbital) else {
          throw ModelError(
            .outOfRange, at: ["electrodes", electrode.name, "orbital"], found: "orbital \(lead.orbital)",
            allowed: "0 to \(size - 1)", hint: "Indices count from 0")
        }
      } else {
        try JunctionValidation.requireIndices(
          touched, below: size, what: "orbital", at: ["electrodes", electrode.name, "orbitals"])
      }
      all.formUnion(touched)
    }
    for blocks in couplings {
      for block in blocks {
        guard block.fits(size) else { return nil }
        all.formUnion(block.touched)
      }
    }
    return all.sorted()
  }

  /// Matrices over listed orbitals have one row per orbital, and the orbitals exist.
  private func checkLocal() throws(ModelError) {
    for electrode in electrodes {
      guard let orbitals = electrode.orbitals else { continue }
      try Self.check(orbitals, electrode.matrices, below: electrons.orbitals, at: ["electrodes", electrode.name])
    }
    for (k, blocks) in couplings.enumerated() {
      for block in blocks {
        guard let orbitals = block.orbitals else { continue }
        try Self.check(orbitals, [block.matrix], below: electrons.orbitals, at: ["coupling", "matrices", "\(k)"])
      }
    }
  }

  static func check(
    _ orbitals: [Int], _ matrices: [Matrix], below size: Int, at path: [String]
  ) throws(ModelError) {
    try JunctionValidation.requireIndices(orbitals, below: size, what: "orbital", at: path + ["orbitals"])
    for matrix in matrices { try JunctionValidation.requireShape(matrix, orbitals.count, orbitals.count, at: path) }
  }

  private func kept(
    _ touched: [Int], _ whole: WholeConductor, _ spin: Double
  ) throws(ModelError) -> (conductor: Conductor, electrodes: [Electrode], coupling: Coupling) {
    try requireMemory(dense: touched.count)
    var positions: [Int: Int] = [:]
    for (position, orbital) in touched.enumerated() { positions[orbital] = position }
    return (
      Conductor(whole, spinDegeneracy: spin),
      electrodes.map { $0.placed(touched.count, positions) },
      Coupling(convention, couplings.map { LocalMatrix.sum($0, size: touched.count, positions) })
    )
  }

  private func dense(
    touched: Int? = nil
  ) throws(ModelError) -> (conductor: Conductor, electrodes: [Electrode], coupling: Coupling) {
    let size = electrons.orbitals
    if size <= Self.largestDense { try requireMemory(dense: size) }
    let conductor: Conductor
    switch electrons {
    case .dense(let given): conductor = given
    case .sparse(let hamiltonian, let overlap, let spin):
      guard size <= Self.largestDense else {
        throw ModelError(
          .inconsistent, at: ["conductor"],
          found: "\(size) orbitals" + (touched.map { ", \($0) of them touched by electrodes or couplings" } ?? ""),
          allowed:
            "at most \(Self.largestDense) touched orbitals, and no more than half of a long conductor, with matrices of all orbitals "
            + "of shape (\(size), \(size))",
          hint: "Give couplings and broadenings on the orbitals they touch: {orbitals: [...], matrix: [[...]]}")
      }
      conductor = Conductor(hamiltonian: hamiltonian.dense, overlap: overlap?.dense, spinDegeneracy: spin)
    }
    return (
      conductor, electrodes.map { $0.placed(size, nil) },
      Coupling(convention, couplings.map { LocalMatrix.sum($0, size: size, nil) })
    )
  }
}

extension LocalMatrix {
  /// True when the matrix is square and covers its orbitals, or all `size` of them.
  fileprivate func fits(_ size: Int) -> Bool { matrix.isSquare && matrix.rows == orbitals?.count ?? size }

  /// Orbitals of rows or columns that are not zero.
  fileprivate var touched: [Int] {
    let rows = Set(matrix.occupiedRows).union(matrix.adjoint.occupiedRows)
    return rows.map { orbitals?[$0] ?? $0 }
  }

  /// The sum of local matrices over `size` places; `positions` maps orbitals to places and lacks those on which all matrices
  /// vanish, nil: place and orbital are the same.
  fileprivate static func sum(_ blocks: [LocalMatrix], size: Int, _ positions: [Int: Int]?) -> Matrix {
    // A single full matrix stays what it is, whatever its shape: the junction says what is wrong with it.
    if positions == nil, blocks.count == 1, blocks[0].orbitals == nil { return blocks[0].matrix }
    var result = Matrix(rows: size, columns: size)
    for block in blocks {
      let places = (0..<block.matrix.rows).map { row -> Int? in
        let orbital = block.orbitals?[row] ?? row
        return positions == nil ? orbital : positions?[orbital]
      }
      for (j, column) in places.enumerated() {
        guard let column else { continue }
        for (i, row) in places.enumerated() {
          if let row { result[row, column] = result[row, column] + block.matrix[i, j] }
        }
      }
    }
    return result
  }
}

extension Electrode {
  /// Matrices over `orbitals`; none of chains and periodic leads.
  var matrices: [Matrix] {
    switch kind {
    case .wideBand(let gamma): return [gamma]
    case .table(let table): return table.values
    case .chain, .periodic: return []
    }
  }

  /// Orbitals the electrode touches, in the conductor's numbering.
  fileprivate var touched: [Int] {
    switch kind {
    case .wideBand, .table: return Set(matrices.flatMap(\.occupiedRows)).map { orbitals?[$0] ?? $0 }.sorted()
    case .chain(let lead): return [lead.orbital]
    case .periodic(let lead): return lead.orbitals
    }
  }

  /// True when the matrices are square and cover the orbitals listed, or all of them.
  fileprivate func fits(_ size: Int) -> Bool { matrices.allSatisfy { LocalMatrix($0, on: orbitals).fits(size) } }

  /// The electrode over all `size` places, as in `LocalMatrix.sum`.
  package func placed(_ size: Int, _ positions: [Int: Int]?) -> Electrode {
    func placed(_ matrix: Matrix) -> Matrix {
      LocalMatrix.sum([LocalMatrix(matrix, on: orbitals)], size: size, positions)
    }
    func place(_ orbital: Int) -> Int { positions?[orbital] ?? orbital }
    switch kind {
    case .wideBand(let gamma): return Electrode(name, .wideBand(broadening: placed(gamma)))
    case .table(let table):
      return Electrode(name, .table(TabulatedSelfEnergy(energies: table.energies, values: table.values.map(placed))))
    case .chain(let lead):
      return Electrode(
        name,
        .chain(
          ChainLead(orbital: place(lead.orbital), energy: lead.energy, hopping: lead.hopping, coupling: lead.coupling)))
    case .periodic(let lead):
      return Electrode(name, .periodic(lead.placed(place)))
    }
  }
}
