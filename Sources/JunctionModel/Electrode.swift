import DenseMatrices

/// A metallic contact that supplies electrons at its own chemical potential and temperature.
public struct Electrode: Sendable, Equatable {
  /// The user's name, unique in the junction.
  public let name: String
  /// What the electrode is made of: the form of its retarded self-energy.
  public let kind: ElectrodeKind
  /// Orbitals of the conductor that the rows of a wide-band or tabulated electrode's matrices stand for; nil for all of them, as in every
  /// junction.
  public let orbitals: [Int]?

  /// A named electrode; the matrices of a wide-band or tabulated one are over `orbitals`, zero elsewhere, or over all orbitals.
  public init(_ name: String, _ kind: ElectrodeKind, on orbitals: [Int]? = nil) {
    self.name = name
    self.kind = kind
    self.orbitals = orbitals
  }

  /// A wide-band electrode with broadening Gamma = `broadening` (energy) times the identity on some orbitals.
  public static func wideBand(_ name: String, orbitals: [Int], broadening: Double) -> Electrode {
    let gamma = Matrix(diagonal: [Double](repeating: broadening, count: orbitals.count))
    return Electrode(name, .wideBand(broadening: gamma), on: orbitals)
  }
}

/// The forms of an electrode's retarded self-energy Sigma(e), Theory.md section 1.
public enum ElectrodeKind: Sendable, Equatable {
  /// Energy-independent: Sigma = -i Gamma/2 with Gamma (orbitals, orbitals) Hermitian positive semidefinite.
  case wideBand(broadening: Matrix)
  /// Semi-infinite one-dimensional chain, closed form.
  case chain(ChainLead)
  /// Semi-infinite periodic lead, surface Green's function by decimation.
  case periodic(PeriodicLead)
  /// Sigma(e) given on a grid of energies.
  case table(TabulatedSelfEnergy)
}

/// A semi-infinite chain with one orbital per cell, attached to one orbital of the conductor.
///
/// Sigma(e) = coupling^2 g(e), g = [x - sqrt(x^2 - 4 t^2)]/(2 t^2) with x = e - energy (retarded branch).
public struct ChainLead: Sendable, Equatable {
  /// The conductor's orbital the chain is attached to.
  public let orbital: Int
  /// On-site energy of the chain's sites.
  public let energy: Double
  /// Hopping t between the chain's sites, not zero.
  public let hopping: Double
  /// Hopping between the first site and the conductor's orbital.
  public let coupling: Double

  /// A chain attached to `orbital`.
  public init(orbital: Int, energy: Double, hopping: Double, coupling: Double) {
    self.orbital = orbital
    self.energy = energy
    self.hopping = hopping
    self.coupling = coupling
  }
}

/// A semi-infinite lead of identical cells, numbered away from the conductor.
///
/// H00, S00: one cell; H01, S01: from a cell (rows) to the next one away from the conductor (columns).
/// Sigma(e) = (e S_c - H_c) g(e + i eta) (e S_c - H_c)^+ on `orbitals`, g the surface Green's function of the lead, retarded for eta = 0.
///
/// With eta > 0 the lead's cells absorb: i eta S stands beside H in them, and there are neither gaps nor band edges. With eta_c > 0 so does
/// the coupling, ((e + i eta_c) S_c - H_c) g ((e + i eta_c) S_c^+ - H_c^+), and Sigma is its causal part: what is negative in Gamma,
/// of the order of eta_c^2/eta, is left out. `absorption` adds -i A/2 on orbitals of the conductor, where electrons of this electrode enter
/// and leave as well.
public struct PeriodicLead: Sendable, Equatable {
  /// Orbitals of the conductor the lead is attached to, in the order of the rows of the coupling.
  public let orbitals: [Int]
  /// Hamiltonian of a cell, shape (cell, cell), Hermitian.
  public let h00: Matrix
  /// Hamiltonian from a cell to the next one, shape (cell, cell).
  public let h01: Matrix
  /// Overlap of a cell; nil for an orthogonal basis.
  public let s00: Matrix?
  /// Overlap from a cell to the next one; nil for none.
  public let s01: Matrix?
  /// Hamiltonian H_c from the conductor's `orbitals` (rows) to the first cell (columns); H01 when nil.
  public let couplingHamiltonian: Matrix?
  /// Overlap S_c from the conductor's `orbitals` to the first cell; S01 when both couplings are nil.
  public let couplingOverlap: Matrix?
  /// Imaginary part eta >= 0 of the energy in the lead's cells.
  public let eta: Double
  /// Imaginary part eta_c >= 0 of the energy in e S_c - H_c, 0 unless eta > 0.
  public let couplingEta: Double
  /// A on orbitals of the conductor; nil for none.
  public let absorption: Absorption?

  /// A constant broadening A beside a lead, energy, Hermitian positive semidefinite, shape (orbitals, orbitals).
  public struct Absorption: Sendable, Equatable {
    /// Orbitals of the conductor, in the order of the rows.
    public let orbitals: [Int]
    /// A.
    public let broadening: Matrix

    /// A on `orbitals`.
    public init(orbitals: [Int], broadening: Matrix) { (self.orbitals, self.broadening) = (orbitals, broadening) }
  }

  /// A lead attached to `orbitals`; the couplings default to H01 and S01, which is right when these orbitals are one more cell.
  public init(
    orbitals: [Int], h00: Matrix, h01: Matrix, s00: Matrix? = nil, s01: Matrix? = nil,
    couplingHamiltonian: Matrix? = nil, couplingOverlap: Matrix? = nil, eta: Double = 0, couplingEta: Double = 0,
    absorption: Absorption? = nil
  ) {
    self.eta = eta
    self.couplingEta = couplingEta
    self.absorption = absorption
    self.orbitals = orbitals
    self.h00 = h00
    self.h01 = h01
    self.s00 = s00
    self.s01 = s01
    self.couplingHamiltonian = couplingHamiltonian
    self.couplingOverlap = couplingOverlap
  }

  /// Number of orbitals of a cell.
  public var cellSize: Int { h00.rows }

  /// The same lead at other places of a conductor.
  package func placed(_ place: (Int) -> Int) -> PeriodicLead {
    PeriodicLead(
      orbitals: orbitals.map(place), h00: h00, h01: h01, s00: s00, s01: s01, couplingHamiltonian: couplingHamiltonian,
      couplingOverlap: couplingOverlap, eta: eta, couplingEta: couplingEta,
      absorption: absorption.map { Absorption(orbitals: $0.orbitals.map(place), broadening: $0.broadening) })
  }
}

/// A retarded self-energy on an ascending grid of energies, interpolated by a cubic spline between them.
public struct TabulatedSelfEnergy: Sendable, Equatable {
  /// Grid, ascending, at least four energies.
  public let energies: [Double]
  /// Sigma at each energy, shape (orbitals, orbitals); i(Sigma - Sigma^+) positive semidefinite.
  public let values: [Matrix]

  /// A table; `values` has one matrix per energy.
  public init(energies: [Double], values: [Matrix]) {
    self.energies = energies
    self.values = values
  }
}
