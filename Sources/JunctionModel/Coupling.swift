import DenseMatrices

/// How the electrons couple to the bosons: one matrix per coordinate, Hermitian unless the modes are rotating-wave.
public struct Coupling: Sendable, Equatable {
  /// The meaning of the matrices, Conventions.md.
  public enum Convention: String, Sendable, CaseIterable {
    /// M^k couples to the mass-weighted coordinate Q_k; energy^(3/2).
    case massWeighted = "mass-weighted"
    /// m^k couples to (a_k + a_k^+); energy. M^k = m^k sqrt(2 W_k).
    case dimensionless
    /// Rotating-wave modes: H = sum_k c^+ m^k c a_k^+ + h.c., m^k any matrix; energy. m = m0 |h><l| emits a boson when an
    /// electron goes from l to h. M^k = m^k sqrt(2 W_k). Theory.md section 9.
    case rotatingWave = "rotating-wave"
  }

  /// The meaning of `matrices`.
  public let convention: Convention
  /// One matrix per mode, or per coordinate for mass-weighted couplings to a dynamical matrix; shape (orbitals, orbitals).
  public let matrices: [Matrix]

  /// Couplings in the given convention: energy, or energy^(3/2) when mass-weighted; shape (orbitals, orbitals) each.
  public init(_ convention: Convention, _ matrices: [Matrix]) {
    self.convention = convention
    self.matrices = matrices
  }
}
