import CLinearAlgebra
import ComplexModule

/// LU factorisation with partial pivoting of a square matrix, for repeated solves.
///
/// Cost: 8/3 N^3 flops to factor, 8 N^2 flops per right-hand side.
package struct LUFactorization: Sendable {
  /// Order of the factored matrix.
  package let size: Int
  private var factors: [Scalar]
  private var pivots: [Int32]

  /// Factors A (shape (N, N)). Throws `LinearAlgebraError.singular` when a pivot is exactly zero.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "LU of shape (\(matrix.rows), \(matrix.columns))")
    try LinearAlgebraError.checkInterruption("zgetrf", size: matrix.rows)
    size = matrix.rows
    factors = matrix.elements
    pivots = [Int32](repeating: 0, count: size)
    if size <= SmallLU.largest {
      let order = size
      let vanishing = factors.withUnsafeMutableBufferPointer { buffer in
        pivots.withUnsafeMutableBufferPointer {
          order == 0 ? 0 : SmallLU.factor(buffer.baseAddress!, size: order, pivots: $0.baseAddress!)
        }
      }
      if vanishing > 0 { throw LinearAlgebraError(.singular, routine: "zgetrf", index: vanishing) }
      return
    }
    var n = Int32(size)
    var lda = max(n, 1)
    var info: Int32 = 0
    _ = BLAS.useOneThread
    factors.withUnsafeMutableBytes { buffer in zgetrf_(&n, &n, buffer.baseAddress, &lda, &pivots, &info) }
    if info > 0 { throw LinearAlgebraError(.singular, routine: "zgetrf", index: Int(info)) }
  }

  /// Solves A X = B for a matrix of right-hand sides, shape (N, columns).
  package func solve(_ b: Matrix) -> Matrix { solve(b, "N") }

  /// Solves A^+ X = B.
  package func solveAdjoint(_ b: Matrix) -> Matrix { solve(b, "C") }

  private func solve(_ b: Matrix, _ operation: String) -> Matrix {
    precondition(b.rows == size, "right-hand side has \(b.rows) rows, the matrix \(size)")
    var x = b
    if size <= SmallLU.largest {
      guard size > 0, b.columns > 0 else { return x }
      factors.withUnsafeBufferPointer { lu in
        pivots.withUnsafeBufferPointer { p in
          x.elements.withUnsafeMutableBufferPointer { buffer in
            let solve = operation == "N" ? SmallLU.solve : SmallLU.solveAdjoint
            solve(lu.baseAddress!, size, p.baseAddress!, buffer.baseAddress!, b.columns)
          }
        }
      }
      return x
    }
    var n = Int32(size)
    var lda = max(n, 1)
    var columns = Int32(b.columns)
    var info: Int32 = 0
    factors.withUnsafeBytes { lu in
      x.elements.withUnsafeMutableBytes { buffer in
        zgetrs_(operation, &n, &columns, lu.baseAddress, &lda, pivots, buffer.baseAddress, &lda, &info, 1)
      }
    }
    return x
  }

  /// Bounds of |u_i^+ E w_j| over all E that the rounding of this factorisation and of a solution may stand for, [j * columns of u + i]:
  /// |E| <= N u P^T |L| |U| element by element (Higham, Accuracy and Stability of Numerical Algorithms, theorem 9.4). What decays from
  /// row to row keeps its relative accuracy. Cost: 2 N^2 flops per column of w, 2 N per pair of columns.
  package func roundingBounds(left u: Matrix, right w: Matrix) -> [Double] {
    precondition(u.rows == size && w.rows == size, "columns of \(u.rows) and \(w.rows) rows, the matrix has \(size)")
    let moduli = factors.map(\.length)
    var left = u.elements.map(\.length)
    for i in 0..<u.columns {
      for k in 0..<size { left.swapAt(i * size + k, i * size + Int(pivots[k]) - 1) }
    }
    let unit = Double(max(size, 4)) * .ulpOfOne
    var result = [Double](repeating: 0, count: u.columns * w.columns)
    for j in 0..<w.columns {
      let x = w.elements[(j * size)..<((j + 1) * size)].map(\.length)
      // |U| |w|, then |L| times it; the diagonal of L is 1.
      var (upper, y) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size))
      for k in 0..<size { for row in 0...k { upper[row] += moduli[k * size + row] * x[k] } }
      for k in 0..<size {
        y[k] += upper[k]
        for row in (k + 1)..<max(size, k + 1) { y[row] += moduli[k * size + row] * upper[k] }
      }
      for i in 0..<u.columns {
        var sum = 0.0
        for k in 0..<size { sum += left[i * size + k] * y[k] }
        result[j * u.columns + i] = unit * sum
      }
    }
    return result
  }

  /// The inverse matrix. Cost: 16/3 N^3 flops.
  package var inverse: Matrix { solve(Matrix.identity(size)) }
}
