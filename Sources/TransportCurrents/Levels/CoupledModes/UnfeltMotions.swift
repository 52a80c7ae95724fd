import BosonPropagators
import ComplexModule
import DenseMatrices
import JunctionModel

/// Motions of a junction that moves freely which its electrons do not feel, sum_k u_k M^k = 0: translations, D^-1(0) u = 0, and whatever else
/// of the modes the couplings leave out.
///
/// D grows as u u^T/w at translations and is large for soft motions, where the electrons' spectra have no element:
/// Tr[E A] = Tr[E P A P] with P = 1 - sum u u^T, and what is left has neither in it. Without P the elements of E cancel to rounding, and D
/// makes any number of that; with P errors of the spectra meet what D has in common with the motions electrons feel.
package struct UnfeltMotions: Sendable {
  /// u in the normal modes, orthonormal.
  private let shapes: [[Double]]
  /// True when electrons feel none of the free motions.
  package let containsFreeMotions: Bool
  /// Number of motions beside these, all of which electrons feel.
  var feltCount: Int { (shapes.first?.count ?? 0) - shapes.count }

  /// Couplings to a free motion below this fraction of the largest one are none: what ten digits leave of a sum that vanishes.
  private static let deafness = 1e-9
  /// The same for other motions: rounding of the normal modes.
  private static let rounding = 1e-13

  /// The motions electrons do not feel; nil without any, and where nothing moves freely. Cost: n^2 traces of couplings.
  package init?(_ junction: Junction, _ environment: BosonEnvironment) {
    let (free, modes) = (environment.freeMotions, environment.count)
    guard free.columns > 0, !junction.conductor.isEmpty else { return nil }
    let couplings = (0..<modes).map { junction.massWeightedCoupling(mode: $0) }
    let largest = couplings.reduce(0) { max($0, $1.norm) }
    func isUnfelt(_ u: [Double], _ limit: Double) -> Bool {
      var felt = Matrix(rows: junction.conductor.orbitals, columns: junction.conductor.orbitals)
      for (share, coupling) in zip(u, couplings) { felt = felt + share * coupling }
      return felt.norm <= limit * largest
    }
    func columns(_ a: Matrix) -> [[Double]] { (0..<a.columns).map { k in (0..<modes).map { a[$0, k].rawStorage.x } } }
    let translations = columns(free)
    containsFreeMotions = translations.allSatisfy { isUnfelt($0, Self.deafness) }
    let known = containsFreeMotions ? free : free.columns(0..<0)
    let others = largest > 0 ? (try? Self.silent(couplings, beside: known)) ?? known.columns(0..<0) : known.columns(0..<0)
    shapes = columns(known) + columns(others).filter { isUnfelt($0, Self.rounding) }
    if shapes.isEmpty { return nil }
  }

  /// Directions beside some orthonormal ones in which Re Tr[M^m M^n+] vanishes to rounding, by columns.
  private static func silent(_ couplings: [Matrix], beside known: Matrix) throws(LinearAlgebraError) -> Matrix {
    let n = couplings.count
    var overlaps = Matrix(rows: n, columns: n)
    for m in 0..<n {
      for k in m..<n {
        var sum = 0.0
        for (x, y) in zip(couplings[m].elements, couplings[k].elements) { sum += (x * y.conjugate).rawStorage.x }
        (overlaps[m, k], overlaps[k, m]) = (Scalar(sum, 0), Scalar(sum, 0))
      }
    }
    let rest = known.columns == 0 ? Matrix.identity(n) : try PivotedQR(known).complement(from: known.columns)
    let problem = try HermitianEigenproblem(Matrix.product(rest, .adjoint, overlaps * rest, .plain).hermitianPart)
    let limit = 10 * Double(n) * .ulpOfOne * (problem.values.last ?? 0)
    return rest * problem.vectors.columns(problem.values.indices.filter { abs(problem.values[$0]) <= limit })
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
