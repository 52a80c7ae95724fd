import CLinearAlgebra
import ComplexModule

extension Matrix {
  /// The lower triangular factor L of a Hermitian positive definite matrix, A = L L^+. Cost: 4/3 N^3 flops.
  ///
  /// Throws `LinearAlgebraError.notPositiveDefinite` with the index of the first pivot that is not positive.
  package func choleskyFactor() throws(LinearAlgebraError) -> Matrix {
    precondition(isSquare, "Cholesky of shape (\(rows), \(columns))")
    try LinearAlgebraError.checkInterruption("zpotrf", size: rows)
    var factor = self
    var n = Int32(rows)
    var lda = max(n, 1)
    var info: Int32 = 0
    _ = BLAS.useOneThread
    factor.elements.withUnsafeMutableBytes { zpotrf_("L", &n, $0.baseAddress, &lda, &info, 1) }
    if info > 0 { throw LinearAlgebraError(.notPositiveDefinite, routine: "zpotrf", index: Int(info)) }
    for j in 0..<columns {
      for i in 0..<j { factor[i, j] = .zero }
    }
    return factor
  }

  /// A factor R with A = R R^+ for a Hermitian positive semidefinite matrix, shape (N, rank).
  ///
  /// Eigenvalues below `cutoff` times the largest are dropped, negative ones always. Cost: one Hermitian eigenproblem.
  package func lowRankFactor(cutoff: Double = 1e-15) throws(LinearAlgebraError) -> Matrix {
    let problem = try HermitianEigenproblem(hermitianPart)
    let threshold = max(problem.values.last ?? 0, 0) * cutoff
    let kept = problem.values.indices.filter { problem.values[$0] > threshold }
    var factor = Matrix(rows: rows, columns: kept.count)
    for (k, index) in kept.enumerated() {
      let scale = problem.values[index].squareRoot()
      for i in 0..<rows { factor[i, k] = problem.vectors[i, index] * Scalar(scale, 0) }
    }
    return factor
  }
}

/// Thin singular value decomposition A = U diag(s) V^+, singular values in descending order.
package struct SingularValues: Sendable {
  /// Singular values, descending.
  package let values: [Double]
  /// Left singular vectors as columns, shape (m, min(m, n)).
  package let left: Matrix
  /// Adjoint of the right singular vectors, shape (min(m, n), n).
  package let rightAdjoint: Matrix

  /// Decomposes A by divide and conquer.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let rank = min(rows, columns)
    if rank == 0 {
      (values, left, rightAdjoint) = ([], Matrix(rows: rows, columns: 0), Matrix(rows: 0, columns: columns))
      return
    }
    try LinearAlgebraError.checkInterruption("zgesdd", size: rank)
    var a = matrix.elements.withRoom(rows: rows)
    var s = [Double](repeating: 0, count: rank)
    var u = [Scalar](repeating: .zero, count: rows * rank).withRoom(rows: rows)
    var vt = [Scalar](repeating: .zero, count: rank * columns).withRoom(rows: rank)
    var (m, n, k) = (Int32(rows), Int32(columns), Int32(rank))
    var info: Int32 = 0
    var lwork: Int32 = -1
    var work = [Scalar](repeating: .zero, count: 1)
    let longest = max(rows, columns)
    var rwork = [Double](repeating: 0, count: rank * max(5 * rank + 7, 2 * longest + 2 * rank + 1))
    var iwork = [Int32](repeating: 0, count: 8 * rank)
    _ = BLAS.useOneThread
    for _ in 0..<2 {
      a.withUnsafeMutableBytes { buffer in
        u.withUnsafeMutableBytes { leftBuffer in
          vt.withUnsafeMutableBytes { rightBuffer in
            work.withUnsafeMutableBytes { workspace in
              zgesdd_(
                "S", &m, &n, buffer.baseAddress, &m, &s, leftBuffer.baseAddress, &m, rightBuffer.baseAddress, &k,
                workspace.baseAddress, &lwork, &rwork, &iwork, &info, 1)
            }
          }
        }
      }
      if lwork == -1 {
        lwork = Int32(work[0].rawStorage.x)
        work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: longest)
      }
    }
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "zgesdd", index: Int(info)) }
    values = s
    left = Matrix(rows: rows, columns: rank, elements: u)
    rightAdjoint = Matrix(rows: rank, columns: columns, elements: vt)
  }
}
