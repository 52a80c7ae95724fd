import ComplexModule
import Testing

@testable import DenseMatrices

@Suite("Generalised Schur form and pivoted QR")
struct GeneralizedSchurTests {
  /// A pencil of order 3 with eigenvalues 0.5, -2 and infinity: A = X diag(0.5, -2, 1) Y, B = X diag(1, 1, 0) Y.
  static let left = Matrix([
    [Scalar(1, 0), Scalar(0.3, 0.4), Scalar(-0.2, 0)], [Scalar(0, 0.5), Scalar(1, 0), Scalar(0.1, -0.3)],
    [Scalar(0.2, 0), Scalar(0, 0), Scalar(1, 0)],
  ])
  static let right = Matrix([
    [Scalar(0.9, 0), Scalar(-0.4, 0), Scalar(0, 0.2)], [Scalar(0.1, 0), Scalar(1, 0), Scalar(0.5, 0)],
    [Scalar(0, -0.3), Scalar(0.2, 0), Scalar(1, 0)],
  ])
  static let a = left * Matrix(diagonal: [0.5, -2, 1]) * right
  static let b = left * Matrix(diagonal: [1, 1, 0]) * right

  @Test("a pencil of known eigenvalues, one of them infinite: subspaces and eigenvectors fulfil their equations")
  func pencil() throws {
    let schur = try GeneralizedSchur(Self.a, Self.b)
    let infinite = zip(schur.alpha, schur.beta).map { $1.length < 1e-14 * $0.length }
    #expect(infinite.count { $0 } == 1)
    let finite = try schur.subspace(infinite.map { !$0 })
    let step = try LUFactorization(finite.second).solve(finite.first)
    // Eigenvalues of B^-1 A on the subspace: their sum and product.
    #expect((step.trace - Scalar(-1.5, 0)).length < 1e-13)
    #expect((step[0, 0] * step[1, 1] - step[0, 1] * step[1, 0] - Scalar(-1, 0)).length < 1e-13)
    #expect((Self.a * finite.basis - Self.b * finite.basis * step).norm < 1e-14)
    #expect((Matrix.product(finite.basis, .adjoint, finite.basis, .plain) - Matrix.identity(2)).norm < 1e-14)
    // Eigenvalues 0.5, -2 against infinity in a basis of condition about 4.
    #expect(finite.separation > 0.01 && finite.separation < 1)
    let vectors = try schur.eigenvectors()
    for k in 0..<3 {
      let v = vectors.columns([k])
      #expect((schur.beta[k] * (Self.a * v) - schur.alpha[k] * (Self.b * v)).norm < 1e-14)
    }
  }

  @Test("everything and nothing are subspaces without neighbours")
  func trivialSubspaces() throws {
    let schur = try GeneralizedSchur(Self.a, Self.b)
    #expect(try schur.subspace([false, false, false]).basis.columns == 0)
    #expect(try schur.subspace([true, true, true]).separation == 1)
  }

  @Test("pivoted QR tells the rank, gives the matrix back, and an orthonormal complement of its columns")
  func pivotedQR() throws {
    // Rank 2: the third column is the sum of the others.
    let columns = Self.left.columns(0..<2)
    let matrix = columns.joined(with: columns * Matrix(real: [[1], [1]]))
    let qr = try PivotedQR(matrix.stacked(on: matrix))
    #expect(qr.diagonal[1] > 0.1 && qr.diagonal[2] < 1e-15)
    #expect((qr.orthonormal * qr.upper - matrix.stacked(on: matrix).columns(qr.order)).norm < 1e-14)
    let rest = qr.complement(from: 2)
    #expect(rest.columns == 4)
    #expect(Matrix.product(rest, .adjoint, matrix.stacked(on: matrix), .plain).norm < 1e-14)
    #expect((Matrix.product(rest, .adjoint, rest, .plain) - Matrix.identity(4)).norm < 1e-14)
  }
}
