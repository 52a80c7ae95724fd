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

  /// The inverse matrix. Cost: 16/3 N^3 flops.
  package var inverse: Matrix { solve(Matrix.identity(size)) }
}
