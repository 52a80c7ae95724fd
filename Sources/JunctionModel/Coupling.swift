import DenseMatrices

/// How the electrons couple to the bosons: one Hermitian matrix per coordinate.
public struct Coupling: Sendable, Equatable {
  /// The meaning of the matrices, Theory.md section 1.
  public enum Convention: String, Sendable, CaseIterable {
    /// M^k couples to the mass-weighted coordinate Q_k; energy^(3/2).
    case massWeighted = "mass-weighted"
    /// m^k couples to (a_k + a_k^+); energy. M^k = m^k sqrt(2 W_k).
    case dimensionless
  }

  /// The meaning of `matrices`.
  public let convention: Convention
  /// One Hermitian matrix per mode, or per coordinate for mass-weighted couplings to a dynamical matrix; shape (orbitals, orbitals).
  public let matrices: [Matrix]

  /// Couplings in the given convention.
  public init(_ convention: Convention, _ matrices: [Matrix]) {
    self.convention = convention
    self.matrices = matrices
  }
}
