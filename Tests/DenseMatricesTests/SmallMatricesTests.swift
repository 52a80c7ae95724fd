import ComplexModule
import PairbathTestSupport
import TestKinds
import Testing

@testable import DenseMatrices

/// Products and factors of small matrices go by loops, others by BLAS and LAPACK: on both sides of the limits the same laws hold.
@Suite("Small matrices", .tags(.law))
struct SmallMatricesTests {
  static let seed: UInt64 = 2_301

  /// op(A) element by element.
  private static func element(_ a: Matrix, _ operation: Operation, _ i: Int, _ j: Int) -> Scalar {
    operation == .plain ? a[i, j] : a[j, i].conjugate
  }

  @Test("op(A) op(B) is the sum of products for every shape up to 8 and both operations", .tags(.twin))
  func products() {
    var generator = SplitMix64(seed: Self.seed)
    for (m, n, k) in [(1, 1, 1), (2, 3, 4), (3, 2, 1), (6, 6, 6), (7, 6, 5), (6, 6, 7), (8, 8, 8), (1, 8, 40), (5, 1, 9)] {
      for opA in [Operation.plain, .adjoint] {
        for opB in [Operation.plain, .adjoint] {
          let a = opA == .plain ? randomMatrix(m, k, &generator) : randomMatrix(k, m, &generator)
          let b = opB == .plain ? randomMatrix(k, n, &generator) : randomMatrix(n, k, &generator)
          let c = Matrix.product(a, opA, b, opB)
          for i in 0..<m {
            for j in 0..<n {
              let expected = (0..<k).reduce(Scalar.zero) { $0 + Self.element(a, opA, i, $1) * Self.element(b, opB, $1, j) }
              // k products of numbers below sqrt(2), each rounded once or twice.
              #expect((c[i, j] - expected).length <= 4 * Double(k) * .ulpOfOne, "\(m) \(n) \(k) \(opA) \(opB)")
            }
          }
        }
      }
    }
  }

  @Test("A^+ A on both sides of the limit", .tags(.twin), arguments: [(1, 1), (9, 3), (24, 3), (25, 3), (40, 4), (3, 8), (4, 8)])
  func gram(rows: Int, columns: Int) {
    var generator = SplitMix64(seed: Self.seed)
    let a = randomMatrix(rows, columns, &generator)
    var c = Matrix(rows: columns, columns: columns)
    a.elements.withUnsafeBufferPointer { x in
      c.elements.withUnsafeMutableBufferPointer {
        BLAS.gram(x.baseAddress!, rows: rows, columns: columns, into: $0.baseAddress!)
      }
    }
    for j in 0..<columns {
      for i in j..<columns {
        let expected = (0..<rows).reduce(Scalar.zero) { $0 + a[$1, i].conjugate * a[$1, j] }
        #expect((c[i, j] - expected).length <= 4 * Double(rows) * .ulpOfOne)
      }
    }
  }

  @Test("A X = B and A^+ X = B to the residual of backward stability, orders on both sides of the limit", arguments: 1...10)
  func solutions(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    for _ in 0..<20 {
      let (a, b) = (randomMatrix(n, n, &generator), randomMatrix(n, 3, &generator))
      let lu = try LUFactorization(a)
      let (x, y) = (lu.solve(b), lu.solveAdjoint(b))
      // |A x - b| <= n eps |A| |x| with some growth.
      #expect((a * x - b).norm <= 1e-15 * Double(n) * (a.norm * x.norm + 1))
      #expect((Matrix.product(a, .adjoint, y, .plain) - b).norm <= 1e-15 * Double(n) * (a.norm * y.norm + 1))
    }
  }

  @Test(
    "inverses in place: A A^-1 = 1, and the argument of the determinant is that of the eigenvalues' product", arguments: 1...10)
  func inverses(n: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    var algebra = SquareMatrices(size: n)
    for _ in 0..<20 {
      let a = randomMatrix(n, n, &generator)
      var (work, inverse) = (a, Matrix(rows: n, columns: n))
      let phase = try #require(
        work.elements.withUnsafeMutableBufferPointer { w in
          inverse.elements.withUnsafeMutableBufferPointer { algebra.invert(w.baseAddress!, into: $0.baseAddress!) }
        })
      #expect((a * inverse - Matrix.identity(n)).norm <= 1e-15 * Double(n) * (a.norm * inverse.norm + 1))
      let sum = try GeneralEigenproblem(a).values.reduce(0) { $0 + $1.phase }
      let difference = (phase - sum) / (2 * Double.pi)
      // An eigenvalue's argument is as uncertain as the matrix over its modulus, and |A^-1| bounds that.
      #expect(abs(difference - difference.rounded()) <= 1e-14 * Double(n) * a.norm * inverse.norm)
    }
  }

  @Test("a column without pivot is named, at any place", arguments: [2, 5, 8, 9])
  func singular(n: Int) {
    for column in 0..<n {
      var a = Matrix.identity(n)
      a[column, column] = .zero
      #expect(throws: LinearAlgebraError(.singular, routine: "zgetrf", index: column + 1)) { try LUFactorization(a) }
    }
  }

  @Test("what rounding does to u^+ A^-1 r lies within the bound, also where solutions decay over 20 decades", arguments: [4, 12])
  func roundingBounds(n: Int) throws {
    // A chain of weak bonds: |t| is the product of all of them over the pivots.
    var a = Matrix(rows: n, columns: n)
    for i in 0..<n { a[i, i] = Scalar(1, 0) }
    for i in 1..<n { (a[i, i - 1], a[i - 1, i]) = (Scalar(0.01, 0), Scalar(0.01, 0)) }
    var (left, right) = (Matrix(rows: n, columns: 1), Matrix(rows: n, columns: 1))
    (left[0, 0], right[n - 1, 0]) = (.one, .one)
    let lu = try LUFactorization(a)
    let (u, w) = (lu.solveAdjoint(left), lu.solve(right))
    // The recursion of a continued fraction, without any subtraction of like numbers.
    var (pivot, exact) = (1.0, 1.0)
    for _ in 1..<n {
      exact *= -0.01 / pivot
      pivot = 1 - 1e-4 / pivot
    }
    exact /= pivot
    let bound = lu.roundingBounds(left: u, right: w)[0]
    #expect((w[0, 0] - Scalar(exact, 0)).length <= bound + 4 * Double(n) * exact.ulp)
    // Relative to the solution itself, not to the largest element of A^-1.
    #expect(bound <= 10 * Double(n * n) * .ulpOfOne * abs(exact))
  }
}
