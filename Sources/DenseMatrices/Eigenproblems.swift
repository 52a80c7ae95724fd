import CLinearAlgebra
import ComplexModule

/// Eigenvalues (ascending) and orthonormal eigenvectors (columns) of a Hermitian matrix.
package struct HermitianEigenproblem: Sendable {
  /// Eigenvalues in ascending order.
  package let values: [Double]
  /// Eigenvectors as columns, shape (N, N).
  package let vectors: Matrix

  /// Diagonalises the Hermitian matrix A by divide and conquer (only its upper triangle is read). Cost: about 40 N^3 flops.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "eigenvalues of shape (\(matrix.rows), \(matrix.columns))")
    try LinearAlgebraError.checkInterruption("zheevd", size: matrix.rows)
    let size = matrix.rows
    var a = matrix.elements.withRoom(rows: size)
    if size == 0 {
      (values, vectors) = ([], matrix)
      return
    }
    var w = [Double](repeating: 0, count: size)
    var n = Int32(size)
    var info: Int32 = 0
    var lwork: Int32 = -1
    var lrwork: Int32 = -1
    var liwork: Int32 = -1
    var work = [Scalar](repeating: .zero, count: 1)
    var rwork = [0.0]
    var iwork: [Int32] = [0]
    _ = BLAS.useOneThread
    for _ in 0..<2 {
      a.withUnsafeMutableBytes { buffer in
        work.withUnsafeMutableBytes { workspace in
          zheevd_(
            "V", "U", &n, buffer.baseAddress, &n, &w, workspace.baseAddress, &lwork, &rwork, &lrwork, &iwork, &liwork,
            &info, 1, 1)
        }
      }
      if lwork == -1 {
        (lwork, lrwork, liwork) = (Int32(work[0].rawStorage.x), Int32(rwork[0]), iwork[0])
        work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: size)
        rwork = [Double](repeating: 0, count: Int(lrwork))
        iwork = [Int32](repeating: 0, count: Int(liwork))
      }
    }
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "zheevd", index: Int(info)) }
    values = w
    vectors = Matrix(rows: size, columns: size, elements: a)
  }
}

/// Eigenvalues and right eigenvectors (columns) of a general complex matrix.
package struct GeneralEigenproblem: Sendable {
  /// Eigenvalues in LAPACK's order.
  package let values: [Scalar]
  /// Right eigenvectors as columns of unit Euclidean norm, shape (N, N).
  package let vectors: Matrix

  /// Diagonalises A by Hessenberg QR. Cost: about 100 N^3 flops.
  package init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.isSquare, "eigenvalues of shape (\(matrix.rows), \(matrix.columns))")
    try LinearAlgebraError.checkInterruption("zgeev", size: matrix.rows)
    let size = matrix.rows
    var a = matrix.elements.withRoom(rows: size)
    if size == 0 {
      (values, vectors) = ([], matrix)
      return
    }
    var w = [Scalar](repeating: .zero, count: size)
    var right = [Scalar](repeating: .zero, count: size * size).withRoom(rows: size)
    var unused = Scalar.zero
    var n = Int32(size)
    var one: Int32 = 1
    var info: Int32 = 0
    var lwork: Int32 = -1
    var work = [Scalar](repeating: .zero, count: 1)
    var rwork = [Double](repeating: 0, count: 2 * size)
    _ = BLAS.useOneThread
    for _ in 0..<2 {
      a.withUnsafeMutableBytes { buffer in
        w.withUnsafeMutableBytes { eigenvalues in
          right.withUnsafeMutableBytes { eigenvectors in
            work.withUnsafeMutableBytes { workspace in
              zgeev_(
                "N", "V", &n, buffer.baseAddress, &n, eigenvalues.baseAddress, &unused, &one, eigenvectors.baseAddress,
                &n, workspace.baseAddress, &lwork, &rwork, &info, 1, 1)
            }
          }
        }
      }
      if lwork == -1 {
        lwork = Int32(work[0].rawStorage.x)
        work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: size)
      }
    }
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "zgeev", index: Int(info)) }
    values = w
    vectors = Matrix(rows: size, columns: size, elements: right)
  }
}
