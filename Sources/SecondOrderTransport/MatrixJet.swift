import DenseMatrices
import JunctionModel

/// A matrix with its derivatives along a line: elements [order], up to the second.
///
/// Products follow Leibniz' rule; cost of a product of order k: (k + 1)(k + 2)/2 matrix products.
struct MatrixJet {
  private let parts: [Matrix]

  init(_ parts: [Matrix]) { self.parts = parts }

  /// Orders that are known, from 0.
  var orders: Range<Int> { parts.indices }

  subscript(order: Int) -> Matrix { parts[order] }

  /// Binomial coefficients of Leibniz' rule up to order 2: arithmetic, for inner loops.
  @inline(__always)
  static func binomial(_ order: Int, _ index: Int) -> Double { order == 2 && index == 1 ? 2 : 1 }

  /// G of a Hamiltonian H(V): G' = G H' G, G'' = 2 G H' G' + G H'' G. Without a change only G itself.
  static func greensFunction(_ green: Matrix, _ change: ConductorChange?, order: Int) -> MatrixJet {
    guard let change, order > 0 else { return MatrixJet([green]) }
    let moved = green * change.first
    let first = moved * green
    guard order > 1 else { return MatrixJet([green, first]) }
    return MatrixJet([green, first, 2.0 * (moved * first) + green * change.second * green])
  }

  var adjoint: MatrixJet { MatrixJet(parts.map(\.adjoint)) }

  static func * (a: MatrixJet, b: Matrix) -> MatrixJet { MatrixJet(a.parts.map { $0 * b }) }
  static func * (a: Matrix, b: MatrixJet) -> MatrixJet { MatrixJet(b.parts.map { a * $0 }) }

  static func * (a: MatrixJet, b: MatrixJet) -> MatrixJet {
    MatrixJet(
      a.orders.map { k in
        var sum = a[0] * b[k]
        for i in 1..<max(k + 1, 1) { sum = sum + binomial(k, i) * (a[i] * b[k - i]) }
        return sum
      })
  }

  /// The derivative of order k of W W^+, Hermitian to the last bit.
  func square(order k: Int) -> Matrix {
    func product(_ i: Int, _ j: Int) -> Matrix { Matrix.product(parts[i], .plain, parts[j], .adjoint) }
    var sum = product(k / 2, k - k / 2)
    guard k > 0 else { return sum }
    // k = 1: W W'^+ and its adjoint; k = 2: 2 W' W'^+, W W''^+ and its adjoint.
    if k == 1 { return sum + sum.adjoint }
    let outer = product(0, 2)
    sum = 2.0 * sum + outer
    return sum + outer.adjoint
  }

  /// The derivative of order k of the squared Frobenius norm.
  func squaredNorm(order k: Int) -> Double {
    guard k > 0 else { return parts[0].norm * parts[0].norm }
    return (0...k).reduce(0) { sum, i in
      let (a, b) = (parts[i].elements, parts[k - i].elements)
      return sum + Self.binomial(k, i) * zip(a, b).reduce(0) { $0 + ($1.0 * $1.1.conjugate).rawStorage.x }
    }
  }
}
