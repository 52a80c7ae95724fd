import BosonPropagators
import ComplexModule
import DenseMatrices
import JunctionModel

/// Free motions that electrons do not feel: D^-1(0) u = 0 and sum_k u_k M^k = 0, translations of a junction with its baths.
///
/// D grows as u u^T/w there, where the electrons' spectra have no element: Tr[E A] = Tr[E P A P] with P = 1 - sum u u^T, and what is left
/// has no 1/w in it. Without P the elements of E cancel to rounding, and 1/w makes any number of that.
package struct UnfeltMotions: Sendable {
  /// u in the normal modes, orthonormal.
  private let shapes: [[Double]]

  /// Couplings below this fraction of the largest one are none: what ten digits leave of a sum that vanishes.
  private static let deafness = 1e-9

  /// The free motions of a junction; nil without any, and where electrons feel one of them.
  package init?(_ junction: Junction, _ environment: BosonEnvironment) {
    let (free, modes) = (environment.freeMotions, environment.count)
    guard free.columns > 0, !junction.conductor.isEmpty else { return nil }
    let couplings = (0..<modes).map { junction.massWeightedCoupling(mode: $0) }
    let largest = couplings.reduce(0) { max($0, $1.norm) }
    shapes = (0..<free.columns).map { k in (0..<modes).map { free[$0, k].rawStorage.x } }
    for u in shapes {
      var felt = Matrix(rows: junction.conductor.orbitals, columns: junction.conductor.orbitals)
      for (share, coupling) in zip(u, couplings) { felt = felt + share * coupling }
      guard felt.norm <= Self.deafness * largest else { return nil }
    }
  }

  /// X <- P X P, shape (modes, modes) by columns.
  package func remove(from x: UnsafeMutablePointer<Scalar>) {
    for u in shapes {
      let n = u.count
      for j in 0..<n {
        var sum = Scalar.zero
        for i in 0..<n { sum += x[j * n + i].multiplied(by: u[i]) }
        for i in 0..<n { x[j * n + i] -= sum.multiplied(by: u[i]) }
      }
      for i in 0..<n {
        var sum = Scalar.zero
        for j in 0..<n { sum += x[j * n + i].multiplied(by: u[j]) }
        for j in 0..<n { x[j * n + i] -= sum.multiplied(by: u[j]) }
      }
    }
  }
}
