import CLinearAlgebra
import ComplexModule

/// QR factorisation with column pivoting, A P = Q R, |R_11| >= |R_22| >= ...: the rank of a matrix and what is orthogonal to its columns.
package struct PivotedQR: Sendable {
  private let rows: Int
  private let columns: Int
  private var factors: [Scalar]
  private var reflectors: [Scalar]
  /// P: column of A in every column of A P.
  package let order: [Int]

  /// Factors a matrix of shape (m, n), m >= n. Cost: 8 (m - n/3) n^2 flops.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    (rows, columns) = (matrix.rows, matrix.columns)
    precondition(rows >= columns, "QR of shape (\(rows), \(columns))")
    factors = matrix.elements.withRoom(rows: matrix.rows)
    reflectors = [Scalar](repeating: .zero, count: columns)
    guard columns > 0 else {
      order = []
      return
    }
    try LinearAlgebraError.checkInterruption("zgeqp3", size: rows)
    var (m, n, info) = (Int32(rows), Int32(columns), Int32(0))
    var pivots = [Int32](repeating: 0, count: columns)
    var lwork = Int32((columns + 1) * 32)
    var work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: rows)
    var rwork = [Double](repeating: 0, count: 2 * columns)
    _ = BLAS.useOneThread
    zgeqp3_(&m, &n, &factors, &m, &pivots, &reflectors, &work, &lwork, &rwork, &info)
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "zgeqp3", index: Int(info)) }
    order = pivots.map { Int($0) - 1 }
  }

  /// |R_kk|, descending.
  package var diagonal: [Double] { (0..<columns).map { factors[$0 * rows + $0].length } }

  /// R, shape (n, n), upper triangular.
  package var upper: Matrix {
    var r = Matrix(rows: columns, columns: columns)
    for j in 0..<columns {
      for i in 0...j { r[i, j] = factors[j * rows + i] }
    }
    return r
  }

  /// The columns of Q from the given one on, shape (m, m - first): an orthonormal basis of what is orthogonal to the first columns of
  /// A P. Cost: 16 m n (m - first) flops.
  package func complement(from first: Int) -> Matrix {
    var q = Matrix(rows: rows, columns: rows - first)
    q.elements.makeRoom(rows: rows)
    for j in 0..<q.columns { q[first + j, j] = .one }
    guard columns > 0, q.columns > 0 else { return q }
    var (m, n, k, info) = (Int32(rows), Int32(q.columns), Int32(columns), Int32(0))
    var lwork = Int32(64 * q.columns + 4160)
    var work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: rows)
    zunmqr_("L", "N", &m, &n, &k, factors, &m, reflectors, &q.elements, &m, &work, &lwork, &info, 1, 1)
    return q
  }
}

extension PivotedQR {
  /// The first n columns of Q, shape (m, n): an orthonormal basis of the columns of a matrix of full rank. Cost: 16 m n^2 flops.
  package var orthonormal: Matrix {
    let q = complement(from: 0)
    return q.columns(0..<order.count)
  }
}
