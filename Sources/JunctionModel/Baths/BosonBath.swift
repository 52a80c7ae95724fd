import DenseMatrices

/// What the bosons dissipate into besides electrons: a phonon or photon bath with its own temperature and, if particles
/// are supplied, its own chemical potential.
public struct BosonBath: Sendable, Equatable {
  /// The user's name, unique in the junction.
  public let name: String
  /// Coordinates the bath is attached to (mode indices when the bosons are given by their modes).
  public let coordinates: [Int]
  /// The form of its self-energy.
  public let kind: BosonBathKind

  /// A named bath on some coordinates.
  public init(_ name: String, _ kind: BosonBathKind, coordinates: [Int]) {
    self.name = name
    self.kind = kind
    self.coordinates = coordinates
  }
}

/// The forms of a boson bath's retarded self-energy Pi(w), Theory.md section 1; D = [w^2 - K - sum Pi]^-1.
public enum BosonBathKind: Sendable, Equatable {
  /// Pi(w) = -i w eta on each coordinate, Gamma = 2 eta w: a mode's population relaxes at rate eta (an energy).
  case ohmic(friction: Double)
  /// One function of frequency on each coordinate: `drude`, `underdamped`.
  case closed(ClosedFormBath)
  /// A semi-infinite harmonic chain on one coordinate, closed form.
  case chain(HarmonicChainLead)
  /// A semi-infinite periodic harmonic lead, by decimation.
  case periodic(PeriodicBosonLead)
  /// Pi(w) on a grid of frequencies.
  case table(TabulatedBosonSelfEnergy)
}

/// A semi-infinite chain of coordinates joined by springs; energy^2, mass-weighted.
///
/// Each of its coordinates has K = onsite + 2 spring, its band is onsite <= w^2 <= onsite + 4 spring; the first one is
/// joined to the junction's coordinate by K = -coupling. Pi(w) = coupling^2 g(w), g = 1/(w^2 - onsite - 2 spring - spring^2 g).
public struct HarmonicChainLead: Sendable, Equatable {
  /// Spring between neighbours k > 0.
  public let spring: Double
  /// Spring of every coordinate to its site k_0 >= 0; the band begins at its square root.
  public let onsite: Double
  /// Spring to the junction's coordinate k_c.
  public let coupling: Double

  /// A lead; `coupling` defaults to `spring`, a lead that continues the chain.
  public init(spring: Double, onsite: Double = 0, coupling: Double? = nil) {
    self.spring = spring
    self.onsite = onsite
    self.coupling = coupling ?? spring
  }
}

/// A semi-infinite periodic lead of coordinates; energy^2, mass-weighted.
///
/// `k01` leads from a cell (rows) to the next one away from the junction (columns); `coupling` leads from the bath's
/// coordinates (rows) to the first cell (columns) and defaults to `k01`. Pi = V g V^T with the surface Green's function
/// g = [w^2 - K00 - K01 g K01^T]^-1.
public struct PeriodicBosonLead: Sendable, Equatable {
  /// Dynamical matrix of a cell, shape (cell, cell), real symmetric; contains the springs to both neighbours.
  public let k00: Matrix
  /// Block to the next cell, shape (cell, cell), real.
  public let k01: Matrix
  /// Block from the bath's coordinates to the first cell; nil for `k01`.
  public let coupling: Matrix?

  /// A lead from its cell's dynamical matrix and the block to the next cell.
  public init(k00: Matrix, k01: Matrix, coupling: Matrix? = nil) {
    self.k00 = k00
    self.k01 = k01
    self.coupling = coupling
  }

  /// Coordinates in a cell.
  public var cellSize: Int { k00.rows }
}

/// Pi(w) on ascending frequencies w >= 0, energy^2; Pi(-w) = Pi(w)^*.
public struct TabulatedBosonSelfEnergy: Sendable, Equatable {
  /// Grid w >= 0, ascending, at least four.
  public let frequencies: [Double]
  /// One matrix per frequency, shape (bath coordinates, bath coordinates).
  public let values: [Matrix]

  /// A table; the junction's check asks for positivity and causality.
  public init(frequencies: [Double], values: [Matrix]) {
    self.frequencies = frequencies
    self.values = values
  }
}
