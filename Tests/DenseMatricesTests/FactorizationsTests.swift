import ComplexModule
import DenseMatrices
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Factorizations", .tags(.law))
struct FactorizationsTests {
  static let seed: UInt64 = 2_001
  static let sizes = [1, 2, 5, 24, 60]

  @Test("L L^+ gives the positive definite matrix back", arguments: sizes)
  func cholesky(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let b = randomMatrix(n, n, &generator)
    let a = Matrix.product(b, .plain, b, .adjoint) + Matrix.identity(n)
    let factor = try a.choleskyFactor()
    // Backward error of Cholesky: n rounding units.
    #expect((Matrix.product(factor, .plain, factor, .adjoint) - a).norm <= 1e-15 * Double(n) * a.norm)
    for j in 0..<n {
      for i in 0..<j { #expect(factor[i, j] == .zero) }
    }
  }

  @Test("Cholesky names the pivot where a matrix stops being positive")
  func notPositive() {
    #expect(throws: LinearAlgebraError(.notPositiveDefinite, routine: "zpotrf", index: 2)) {
      try Matrix(diagonal: [1, -1, 2]).choleskyFactor()
    }
  }

  @Test("R R^+ gives a positive semidefinite matrix of any rank back", arguments: [0, 1, 3, 6])
  func lowRank(rank: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let b = randomMatrix(6, rank, &generator)
    let a = Matrix.product(b, .plain, b, .adjoint)
    let factor = try a.lowRankFactor()
    // Eigenvalues that are rounding of zero may stay above 1e-15 of the largest: the rank is an upper bound.
    #expect(factor.columns >= rank && factor.columns <= 6)
    #expect((Matrix.product(factor, .plain, factor, .adjoint) - a).norm <= 1e-14 * max(a.norm, 1))
    #expect(try Matrix(diagonal: [1, -1e-3]).lowRankFactor().columns == 1)
  }

  @Test("U s V^+ gives the matrix back, U and V are orthonormal", arguments: [(1, 1), (4, 7), (7, 4), (30, 30)])
  func singularValues(rows: Int, columns: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let a = randomMatrix(rows, columns, &generator)
    let svd = try SingularValues(a)
    #expect(svd.values == svd.values.sorted(by: >) && svd.values.allSatisfy { $0 >= 0 })
    let back = svd.left * Matrix(diagonal: svd.values) * svd.rightAdjoint
    // Backward stability: a few n rounding units.
    let tolerance = 2e-15 * Double(max(rows, columns))
    #expect((back - a).norm <= tolerance * a.norm)
    let identity = Matrix.identity(min(rows, columns))
    #expect((Matrix.product(svd.left, .adjoint, svd.left, .plain) - identity).norm <= tolerance)
    #expect((Matrix.product(svd.rightAdjoint, .plain, svd.rightAdjoint, .adjoint) - identity).norm <= tolerance)
    #expect(try SingularValues(Matrix(rows: 3, columns: 0)).values == [])
  }

  @Test("LU solves to the residual of backward stability", arguments: sizes)
  func lu(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let (a, b) = (randomMatrix(n, n, &generator), randomMatrix(n, 3, &generator))
    let lu = try LUFactorization(a)
    let x = lu.solve(b)
    // |A x - b| <= n eps |A| |x| with some growth.
    #expect((a * x - b).norm <= 1e-15 * Double(n) * (a.norm * x.norm + 1))
    let inverse = lu.inverse
    #expect((a * inverse - Matrix.identity(n)).norm <= 1e-15 * Double(n) * (a.norm * inverse.norm + 1))
  }

  @Test("LU of a singular matrix throws with the vanishing pivot")
  func singular() {
    #expect(throws: LinearAlgebraError(.singular, routine: "zgetrf", index: 2)) {
      try LUFactorization(Matrix(real: [[1, 2], [2, 4]]))
    }
  }

  @Test("Hermitian eigenvectors are orthonormal, eigenvalues ascend, A v = e v", arguments: sizes)
  func hermitian(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let a = RandomJunctions.hermitian(n, &generator)
    let problem = try HermitianEigenproblem(a)
    #expect(problem.values == problem.values.sorted())
    let v = problem.vectors
    let tolerance = 2e-15 * Double(n)
    #expect((a * v - v * Matrix(diagonal: problem.values)).norm <= tolerance * (1 + a.norm))
    #expect((Matrix.product(v, .adjoint, v, .plain) - Matrix.identity(n)).norm <= tolerance)
    #expect(abs(problem.values.reduce(0, +) - a.trace.rawStorage.x) <= tolerance * (1 + a.norm))
  }

  @Test("general eigenpairs fulfil A v = z v with unit vectors, also of a defective matrix", arguments: sizes)
  func general(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let a = randomMatrix(n, n, &generator)
    for matrix in [a, Matrix(real: [[1, 1], [0, 1]])] {
      let problem = try GeneralEigenproblem(matrix)
      for (k, z) in problem.values.enumerated() {
        let v = problem.vectors.submatrix(rows: Array(0..<matrix.rows), columns: [k])
        // Hessenberg QR is backward stable: residuals of n rounding units, whatever the eigenvectors' condition.
        #expect((matrix * v - z * v).norm <= 4e-15 * Double(n + 1) * (1 + matrix.norm))
        #expect(abs(v.norm - 1) < 1e-14)
      }
    }
    #expect(try GeneralEigenproblem(Matrix(rows: 0, columns: 0)).values == [])
    #expect(try HermitianEigenproblem(Matrix(rows: 0, columns: 0)).values == [])
  }
}
