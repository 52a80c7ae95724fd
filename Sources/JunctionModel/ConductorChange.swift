import DenseMatrices

/// How a conductor's Hamiltonian moves with a voltage: its derivatives per unit of the variable that stands for it.
///
/// Energies of a junction whose levels follow a bias or a gate are H(V) = H_0 + V P, or any other function of V; currents depend on V through
/// the occupations and through H.
package struct ConductorChange: Sendable, Equatable {
  /// dH/dV, shape (orbitals, orbitals), Hermitian.
  package let first: Matrix
  /// d^2H/dV^2, same shape.
  package let second: Matrix

  /// Both of one shape.
  package init(first: Matrix, second: Matrix) {
    precondition(first.rows == second.rows && first.columns == second.columns, "derivatives of one matrix")
    (self.first, self.second) = (first, second)
  }

  /// The changes of conductors that are one conductor as a direct sum.
  package static func directSum(_ channels: [ConductorChange]) -> ConductorChange {
    ConductorChange(first: .directSum(channels.map(\.first)), second: .directSum(channels.map(\.second)))
  }
}
