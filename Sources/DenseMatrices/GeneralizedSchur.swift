import CLinearAlgebra
import ComplexModule

/// Generalised Schur form A = Q S Z^+, B = Q T Z^+ of a pencil A - l B, S and T upper triangular (QZ algorithm); only Z is kept.
///
/// The eigenvalues l = alpha/beta may be infinite (beta = 0). Both alpha and beta vanish where the pencil is singular.
package struct GeneralizedSchur: Sendable {
  /// Numerators of the eigenvalues, the diagonal of S.
  package let alpha: [Scalar]
  /// Denominators of the eigenvalues, the diagonal of T, real and not negative.
  package let beta: [Scalar]
  /// S, shape (N, N).
  private let first: Matrix
  /// T, shape (N, N).
  private let second: Matrix
  /// Z, shape (N, N), unitary.
  private let right: Matrix

  /// A right deflating subspace: A Z = Y S, B Z = Y T with orthonormal columns of Z.
  package struct Subspace: Sendable {
    /// Z, shape (N, k).
    package let basis: Matrix
    /// S and T of the subspace, shape (k, k), upper triangular.
    package let first: Matrix
    package let second: Matrix
    /// Estimate of how far the subspace's eigenvalues are from the others (Dif of LAPACK over the norm of the pencil): a backward
    /// error of u relative to the pencil turns the subspace by about u over this. 1 for nothing and for everything.
    package let separation: Double
  }

  /// Reduces a pencil of square matrices. Cost: about 260 N^3 flops.
  package init(_ a: Matrix, _ b: Matrix) throws(LinearAlgebraError) {
    precondition(a.isSquare && a.rows == b.rows && b.isSquare, "pencil of orders \(a.rows) and \(b.rows)")
    try LinearAlgebraError.checkInterruption("zgges", size: a.rows)
    let size = a.rows
    var (s, t) = (a, b)
    var z = Matrix(rows: size, columns: size)
    s.elements.makeRoom(rows: size)
    t.elements.makeRoom(rows: size)
    z.elements.makeRoom(rows: size)
    var alpha = [Scalar](repeating: .zero, count: size)
    var beta = alpha
    guard size > 0 else {
      (self.alpha, self.beta, first, second, right) = ([], [], a, b, z)
      return
    }
    var (n, one, sorted, info): (Int32, Int32, Int32, Int32) = (Int32(size), 1, 0, 0)
    var lwork = Int32(66 * size + 2)
    var work = [Scalar](repeating: .zero, count: Int(lwork)).withRoom(rows: size)
    var rwork = [Double](repeating: 0, count: 8 * size)
    var (unused, noFlags) = (Scalar.zero, [Int32](repeating: 0, count: size))
    _ = BLAS.useOneThread
    zgges_(
      "N", "V", "N", nil, &n, &s.elements, &n, &t.elements, &n, &sorted, &alpha, &beta, &unused, &one, &z.elements, &n, &work,
      &lwork, &rwork, &noFlags, &info, 1, 1, 1)
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "zgges", index: Int(info)) }
    (self.alpha, self.beta, first, second, right) = (alpha, beta, s, t, z)
  }

  /// The right deflating subspace of the eigenvalues marked. Cost: about 10 N^2 k flops and an estimate of the separation.
  package func subspace(_ marked: [Bool]) throws(LinearAlgebraError) -> Subspace {
    let size = alpha.count
    let count = marked.count { $0 }
    precondition(marked.count == size, "\(marked.count) marks for \(size) eigenvalues")
    var (s, t, z) = (first, second, right)
    s.elements.makeRoom(rows: size)
    t.elements.makeRoom(rows: size)
    z.elements.makeRoom(rows: size)
    var separation = 1.0
    if count > 0 && count < size {
      var (select, n) = (marked.map { Int32($0 ? 1 : 0) }, Int32(size))
      var (job, no, yes, one, found, info): (Int32, Int32, Int32, Int32, Int32, Int32) = (4, 0, 1, 1, 0, 0)
      var (alpha, beta, unused) = (self.alpha, self.beta, Scalar.zero)
      var (lwork, liwork) = (Int32(2 * count * (size - count) + size + 2), Int32(size + 2))
      var work = [Scalar](repeating: .zero, count: Int(lwork))
      var iwork = [Int32](repeating: 0, count: Int(liwork))
      var (left, other, dif) = (0.0, 0.0, [0.0, 0.0])
      ztgsen_(
        &job, &no, &yes, &select, &n, &s.elements, &n, &t.elements, &n, &alpha, &beta, &unused, &one, &z.elements, &n, &found,
        &left, &other, &dif, &work, &lwork, &iwork, &liwork, &info)
      // 1: eigenvalues too close to be exchanged; the pencil is then separated nowhere.
      if info != 0 { throw LinearAlgebraError(.notConverged, routine: "ztgsen", index: Int(info)) }
      let (a, b) = (first.norm, second.norm)
      separation = min(dif[0], dif[1]) / (a * a + b * b).squareRoot()
    }
    let own = 0..<count
    return Subspace(
      basis: z.columns(own), first: s.columns(own).rows(own), second: t.columns(own).rows(own), separation: separation)
  }

  /// Right eigenvectors as columns, in the order of the eigenvalues, largest element of modulus about 1. Cost: 8 N^3 flops.
  package func eigenvectors() throws(LinearAlgebraError) -> Matrix {
    let size = alpha.count
    var vectors = right
    vectors.elements.makeRoom(rows: size)
    guard size > 0 else { return vectors }
    var (n, one, found, info, unused): (Int32, Int32, Int32, Int32, Scalar) = (Int32(size), 1, 0, 0, .zero)
    var select: Int32 = 0
    var work = [Scalar](repeating: .zero, count: 2 * size)
    var rwork = [Double](repeating: 0, count: 2 * size)
    ztgevc_(
      "R", "B", &select, &n, first.elements, &n, second.elements, &n, &unused, &one, &vectors.elements, &n, &n, &found, &work,
      &rwork, &info, 1, 1)
    if info != 0 { throw LinearAlgebraError(.notConverged, routine: "ztgevc", index: Int(info)) }
    return vectors
  }
}
