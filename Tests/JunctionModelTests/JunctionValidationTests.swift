import ComplexModule
import DenseMatrices
import JunctionModel
import TestKinds
import Testing

@Suite("Junction validation")
struct JunctionValidationTests {
  static let good = Conductor.levels([0.5, -0.5])
  static let electrode = Electrode.wideBand("L", orbitals: [0], broadening: 0.5)
  static let mode = BosonSystem(modes: [1])
  static let coupling = Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])])

  static func make(
    _ conductor: Conductor = good, _ electrodes: [Electrode] = [electrode], bosons: BosonSystem = mode,
    baths: [BosonBath] = [], coupling: Coupling = coupling
  ) throws(ModelError) -> Junction {
    try Junction(conductor: conductor, electrodes: electrodes, bosons: bosons, baths: baths, coupling: coupling)
  }

  /// The error's code and path; nothing else may be thrown.
  static func expect(
    _ code: ModelError.Code, at path: String, _ make: () throws -> Junction, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ModelError.self, sourceLocation: sourceLocation) { _ = try make() }
    #expect(error?.code == code, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(error?.path.joined(separator: ".") == path, sourceLocation: sourceLocation)
    #expect(error?.allowed.isEmpty == false, sourceLocation: sourceLocation)
  }

  @Test("a well-formed junction passes and lists its channels in order")
  func valid() throws {
    let junction = try Self.make(electrodes2: ["L", "R"])
    #expect(junction.channels.map { junction.label(of: $0) } == ["L>L", "L>R", "R>L", "R>R"])
    #expect(junction.channels[1].reversed == junction.channels[2])
    // m sqrt(2 W) in the dimensionless convention.
    #expect(junction.massWeightedCoupling(mode: 0)[0, 1] == Scalar(0.5 * 2.0.squareRoot(), 0))
  }

  @Test("the conductor: shape, Hermiticity, NaN, spin")
  func conductor() {
    Self.expect(.missing, at: "conductor") { try Self.make(Conductor(hamiltonian: Matrix(rows: 0, columns: 0))) }
    Self.expect(.wrongShape, at: "conductor.hamiltonian") { try Self.make(Conductor(hamiltonian: Matrix(rows: 2, columns: 3))) }
    Self.expect(.notHermitian, at: "conductor.hamiltonian") {
      try Self.make(Conductor(hamiltonian: Matrix(real: [[0, 1], [1.001, 0]])))
    }
    Self.expect(.notHermitian, at: "conductor.hamiltonian") {
      try Self.make(Conductor(hamiltonian: Matrix([[Scalar(0, 1), .zero], [.zero, .zero]])))
    }
    Self.expect(.notFinite, at: "conductor.hamiltonian") { try Self.make(.levels([.nan, 0])) }
    Self.expect(.notFinite, at: "conductor.hamiltonian") { try Self.make(.levels([.infinity, 0])) }
    for spin in [0, -1, .nan, .infinity] {
      Self.expect(.outOfRange, at: "conductor.spin_degeneracy") { try Self.make(.levels([0, 0], spinDegeneracy: spin)) }
    }
  }

  @Test("the overlap must be positive definite; the message prints its smallest eigenvalue")
  func overlap() {
    func with(_ s: Matrix) throws -> Junction { try Self.make(Conductor(hamiltonian: Self.good.hamiltonian, overlap: s)) }
    // Eigenvalues 1 +- 1.25.
    let error = #expect(throws: ModelError.self) { _ = try with(Matrix(real: [[1, 1.25], [1.25, 1]])) }
    #expect(error?.code == .notPositiveDefinite && error?.path == ["conductor", "overlap"])
    #expect(
      error?.found.contains("smallest eigenvalue -0.25") == true || error?.found.contains("-0.2499999") == true, "\(error!)")
    Self.expect(.wrongShape, at: "conductor.overlap") { try with(Matrix.identity(3)) }
    Self.expect(.notHermitian, at: "conductor.overlap") { try with(Matrix(real: [[1, 0.1], [0.2, 1]])) }
    Self.expect(.notFinite, at: "conductor.overlap") { try with(Matrix(diagonal: [1, .nan])) }
  }

  @Test("wide bands: shape, Hermiticity, positivity")
  func wideBand() {
    func with(_ gamma: Matrix) throws -> Junction { try Self.make(Self.good, [Electrode("L", .wideBand(broadening: gamma))]) }
    Self.expect(.wrongShape, at: "electrodes.L.broadening") { try with(Matrix.identity(3)) }
    Self.expect(.notHermitian, at: "electrodes.L.broadening") { try with(Matrix(real: [[1, 0.1], [0.2, 1]])) }
    Self.expect(.notPositiveSemidefinite, at: "electrodes.L.broadening") { try with(Matrix(real: [[0.1, 0.2], [0.2, 0.1]])) }
    Self.expect(.notFinite, at: "electrodes.L.broadening") { try with(Matrix(diagonal: [.nan, 0])) }
    #expect(throws: Never.self) { try with(Matrix(real: [[1, 1], [1, 1]])) }  // semidefinite is enough
  }

  @Test("chains: orbital in range, finite numbers, a hopping")
  func chain() {
    func with(_ orbital: Int, _ energy: Double, _ hopping: Double, _ coupling: Double) throws -> Junction {
      try Self.make(
        Self.good, [Electrode("C", .chain(ChainLead(orbital: orbital, energy: energy, hopping: hopping, coupling: coupling)))])
    }
    Self.expect(.outOfRange, at: "electrodes.C.orbital") { try with(2, 0, 1, 1) }
    Self.expect(.outOfRange, at: "electrodes.C.orbital") { try with(-1, 0, 1, 1) }
    Self.expect(.notFinite, at: "electrodes.C.energy") { try with(0, .nan, 1, 1) }
    Self.expect(.notFinite, at: "electrodes.C.coupling") { try with(0, 0, 1, .infinity) }
    Self.expect(.outOfRange, at: "electrodes.C.hopping") { try with(0, 0, 0, 1) }
  }

  @Test("periodic leads: orbitals, shapes of all blocks, Hermiticity of a cell")
  func periodic() {
    let (h00, h01) = (Matrix(diagonal: [0, 0.1]), Matrix(real: [[0, 0], [1, 0]]))
    func with(
      _ orbitals: [Int] = [0, 1], h00: Matrix = h00, h01: Matrix = h01, s00: Matrix? = nil, s01: Matrix? = nil,
      hc: Matrix? = nil, sc: Matrix? = nil
    ) throws -> Junction {
      let lead = PeriodicLead(
        orbitals: orbitals, h00: h00, h01: h01, s00: s00, s01: s01, couplingHamiltonian: hc, couplingOverlap: sc)
      return try Self.make(Self.good, [Electrode("P", .periodic(lead))])
    }
    #expect(throws: Never.self) { try with() }
    Self.expect(.missing, at: "electrodes.P.orbitals") { try with([]) }
    Self.expect(.outOfRange, at: "electrodes.P.orbitals.1") { try with([0, 2]) }
    Self.expect(.duplicate, at: "electrodes.P.orbitals") { try with([1, 1]) }
    Self.expect(.wrongShape, at: "electrodes.P.orbitals") { try with([1]) }
    Self.expect(.wrongShape, at: "electrodes.P.H01") { try with(h01: Matrix.identity(3)) }
    Self.expect(.wrongShape, at: "electrodes.P.S00") { try with(s00: Matrix.identity(1)) }
    Self.expect(.wrongShape, at: "electrodes.P.S01") { try with(s01: Matrix.identity(1)) }
    Self.expect(.notHermitian, at: "electrodes.P.H00") { try with(h00: h01) }
    Self.expect(.notHermitian, at: "electrodes.P.S00") { try with(s00: Matrix(real: [[1, 0.1], [0, 1]])) }
    Self.expect(.notFinite, at: "electrodes.P.H01") { try with(h01: Matrix(diagonal: [.nan, 0])) }
    Self.expect(.wrongShape, at: "electrodes.P.coupling_hamiltonian") { try with([1], hc: Matrix.identity(2)) }
    Self.expect(.wrongShape, at: "electrodes.P.coupling_overlap") { try with(sc: Matrix.identity(1)) }
    #expect(throws: Never.self) { try with([1], hc: Matrix(real: [[1, 0]])) }
  }

  @Test("tables: ascending energies, one matrix each, no creation of electrons")
  func table() {
    let sigma = Scalar(0, -0.5) * Matrix.identity(2)
    func with(_ energies: [Double], _ values: [Matrix]? = nil) throws -> Junction {
      let table = TabulatedSelfEnergy(energies: energies, values: values ?? energies.map { _ in sigma })
      return try Self.make(Self.good, [Electrode("T", .table(table))])
    }
    #expect(throws: Never.self) { try with([0, 1, 2, 3]) }
    Self.expect(.wrongShape, at: "electrodes.T.energy") { try with([0, 1, 2]) }
    Self.expect(.wrongShape, at: "electrodes.T.energy") { try with([0, 1, 2, 3], [sigma]) }
    Self.expect(.inconsistent, at: "electrodes.T.energy.2") { try with([0, 1, 1, 3]) }
    Self.expect(.notFinite, at: "electrodes.T.energy.1") { try with([0, .nan, 1, 3]) }
    Self.expect(.wrongShape, at: "electrodes.T.self_energy.1") {
      try with([0, 1, 2, 3], [sigma, Matrix.identity(1), sigma, sigma])
    }
    Self.expect(.notPositiveSemidefinite, at: "electrodes.T.self_energy.3") {
      try with([0, 1, 2, 3], [sigma, sigma, sigma, (-1.0) * sigma])
    }
    Self.expect(.notFinite, at: "electrodes.T.self_energy.0") {
      try with([0, 1, 2, 3], [Matrix(diagonal: [.nan, 0]), sigma, sigma, sigma])
    }
  }

  @Test("bosons, baths and couplings: energies, frictions, indices, names, shapes")
  func bosons() {
    for energy in [0, -0.1] {
      Self.expect(.outOfRange, at: "bosons.modes.0") { try Self.make(bosons: BosonSystem(modes: [energy])) }
    }
    Self.expect(.notFinite, at: "bosons.modes.0") { try Self.make(bosons: BosonSystem(modes: [.nan])) }
    func with(_ bath: BosonBath...) throws -> Junction { try Self.make(baths: bath) }
    for friction in [-0.01, .nan, .infinity] {
      Self.expect(.outOfRange, at: "baths.ph.friction") {
        try with(BosonBath("ph", .ohmic(friction: friction), coordinates: [0]))
      }
    }
    Self.expect(.missing, at: "baths.ph.coordinates") { try with(BosonBath("ph", .ohmic(friction: 0), coordinates: [])) }
    Self.expect(.outOfRange, at: "baths.ph.coordinates.0") { try with(BosonBath("ph", .ohmic(friction: 0), coordinates: [1])) }
    Self.expect(.duplicate, at: "baths.ph.coordinates") { try with(BosonBath("ph", .ohmic(friction: 0), coordinates: [0, 0])) }
    Self.expect(.duplicate, at: "baths.L") { try with(BosonBath("L", .ohmic(friction: 0), coordinates: [0])) }
    Self.expect(.wrongShape, at: "coupling.matrices") { try Self.make(coupling: Coupling(.dimensionless, [])) }
    Self.expect(.wrongShape, at: "coupling.matrices.0") {
      try Self.make(coupling: Coupling(.dimensionless, [Matrix.identity(3)]))
    }
    Self.expect(.notHermitian, at: "coupling.matrices.0") {
      try Self.make(coupling: Coupling(.dimensionless, [Matrix(real: [[0, 1], [0, 0]])]))
    }
    Self.expect(.notFinite, at: "coupling.matrices.0") {
      try Self.make(coupling: Coupling(.dimensionless, [Matrix(diagonal: [.nan, 0])]))
    }
  }

  @Test("electrodes: at least one, each name once")
  func electrodes() {
    Self.expect(.missing, at: "electrodes") { try Self.make(Self.good, []) }
    Self.expect(.duplicate, at: "electrodes.L") { try Self.make(Self.good, [Self.electrode, Self.electrode]) }
  }

  static func make(electrodes2 names: [String]) throws -> Junction {
    try make(good, names.map { .wideBand($0, orbitals: [0], broadening: 0.5) })
  }
}

@Suite("Junction+ReferenceEnergy")
struct ReferenceEnergyTests {
  @Test("measuring energies from a reference shifts H by reference S, chains and tables, and nothing else", .tags(.law))
  func shift() throws {
    let s = Matrix(real: [[1, 0.2], [0.2, 1]])
    let sigma = Scalar(0, -0.5) * Matrix.identity(2)
    let lead = PeriodicLead(
      orbitals: [0, 1], h00: Matrix(diagonal: [0.3, 0.1]), h01: Matrix(real: [[0, 0], [1, 0]]), s00: s,
      s01: Matrix(real: [[0, 0], [0.1, 0]]))
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(diagonal: [1, 2]), overlap: s),
      electrodes: [
        .wideBand("W", orbitals: [0], broadening: 1),
        Electrode("C", .chain(ChainLead(orbital: 0, energy: 0.4, hopping: 1, coupling: 1))), Electrode("P", .periodic(lead)),
        Electrode("T", .table(TabulatedSelfEnergy(energies: [0, 1, 2, 3], values: [sigma, sigma, sigma, sigma]))),
      ])
    let moved = junction.measuringEnergies(from: 0.25)
    #expect(moved.conductor.hamiltonian == Matrix(real: [[0.75, -0.05], [-0.05, 1.75]]))
    #expect(moved.electrodes[0] == junction.electrodes[0])
    guard case .chain(let chain) = moved.electrodes[1].kind, case .periodic(let cell) = moved.electrodes[2].kind,
      case .table(let table) = moved.electrodes[3].kind
    else { return }
    // 0.4 - 0.25 and 0.1 - 0.25 with one rounding.
    #expect(abs(chain.energy - 0.15) < 1e-16 && chain.hopping == 1)
    #expect((cell.h00 - Matrix(real: [[0.05, -0.05], [-0.05, -0.15]])).norm < 1e-16)
    #expect(cell.h01[1, 0] == Scalar(1 - 0.25 * 0.1, 0) && cell.s01 == lead.s01)
    #expect(table.energies == [-0.25, 0.75, 1.75, 2.75])
    #expect(junction.measuringEnergies(from: 0) == junction)
  }
}
