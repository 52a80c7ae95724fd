import DenseMatrices

/// The electrons' central region: a Hermitian Hamiltonian in a basis of N orbitals, orthogonal or not.
///
/// In a long conductor most orbitals are touched by no electrode and no coupling. Then `whole` holds the sparse H and S of
/// all of them, and the dense matrices here, like those of electrodes and couplings, are over the few that are kept.
public struct Conductor: Sendable, Equatable {
  /// H, shape (orbitals, orbitals), energy; Hermitian.
  public let hamiltonian: Matrix
  /// S, shape (orbitals, orbitals), Hermitian positive definite; nil for an orthogonal basis.
  public let overlap: Matrix?
  /// All orbitals of a long conductor; nil when `hamiltonian` has all there are.
  package let whole: WholeConductor?
  /// g_s: 1 for the papers' spinless models, 2 for a spin-degenerate molecule.
  public let spinDegeneracy: Double

  /// A conductor from its full Hamiltonian (energy) and, in a non-orthogonal basis, its overlap; both of shape (orbitals, orbitals).
  public init(hamiltonian: Matrix, overlap: Matrix? = nil, spinDegeneracy: Double = 1) {
    self.hamiltonian = hamiltonian
    self.overlap = overlap
    self.spinDegeneracy = spinDegeneracy
    whole = nil
  }

  /// A long conductor: `hamiltonian` and `overlap` become the blocks of the kept orbitals, in the order of `whole.kept`.
  package init(_ whole: WholeConductor, spinDegeneracy: Double = 1) {
    hamiltonian = whole.hamiltonian.block(whole.kept)
    overlap = whole.overlap?.block(whole.kept)
    self.spinDegeneracy = spinDegeneracy
    self.whole = whole
  }

  /// Uncoupled levels, energies: a diagonal Hamiltonian of shape (levels, levels).
  public static func levels(_ energies: [Double], spinDegeneracy: Double = 1) -> Conductor {
    Conductor(hamiltonian: Matrix(diagonal: energies), spinDegeneracy: spinDegeneracy)
  }

  /// An open tight-binding chain: `energy` on every site, `hopping` between neighbours; shape (sites, sites).
  public static func chain(sites: Int, energy: Double, hopping: Double, spinDegeneracy: Double = 1) -> Conductor {
    var h = Matrix(diagonal: [Double](repeating: energy, count: sites))
    for i in 0..<max(sites - 1, 0) {
      h[i, i + 1] = Scalar(hopping, 0)
      h[i + 1, i] = Scalar(hopping, 0)
    }
    return Conductor(hamiltonian: h, spinDegeneracy: spinDegeneracy)
  }

  /// No electrons at all: a junction of bosons alone.
  public static let none = Conductor(hamiltonian: Matrix(rows: 0, columns: 0))

  /// True for a junction of bosons alone.
  package var isEmpty: Bool { orbitals == 0 }

  /// Number of orbitals N that electrodes and couplings can touch: rows of their matrices.
  public var orbitals: Int { hamiltonian.rows }

  /// Number of all orbitals, more than `orbitals` in a long conductor.
  package var totalOrbitals: Int { whole?.hamiltonian.size ?? orbitals }

  /// The same conductor with energies measured from `reference`: H - reference S.
  func measuringEnergies(from reference: Double) -> Conductor {
    if let whole { return Conductor(whole.measuringEnergies(from: reference), spinDegeneracy: spinDegeneracy) }
    return Conductor(
      hamiltonian: Junction.shift(hamiltonian, overlap, by: reference, diagonal: true), overlap: overlap,
      spinDegeneracy: spinDegeneracy)
  }
}
