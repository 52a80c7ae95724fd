import ComplexModule
import DenseMatrices
import PairbathTestSupport
import TestKinds
import Testing

/// A random complex matrix with entries of order one.
func randomMatrix(_ rows: Int, _ columns: Int, _ generator: inout SplitMix64) -> Matrix {
  var m = Matrix(rows: rows, columns: columns)
  for i in m.elements.indices {
    let re = generator.uniform(-1...1)
    m.elements[i] = Scalar(re, generator.uniform(-1...1))
  }
  return m
}

@Suite("Matrix")
struct MatrixTests {
  static let seed: UInt64 = 1_001
  /// (rows, inner, columns), with shapes BLAS likes to special-case.
  static let shapes = [(1, 1, 1), (2, 3, 4), (5, 1, 2), (7, 8, 3), (1, 20, 1), (33, 17, 40)]

  @Test(
    "products and eigenproblems of several threads at once are the same bits as one after the other: OpenBLAS has locks",
    .tags(.law))
  func threads() async throws {
    #expect(BLAS.allowsThreads, "the serial build of OpenBLAS is linked: make setup")
    var generator = SplitMix64(seed: Self.seed)
    let factors = (0..<4).map { _ in (randomMatrix(90, 90, &generator), randomMatrix(90, 90, &generator)) }
    let products = factors.map { $0 * $1 }
    let values = try factors.map { try HermitianEigenproblem($0.0.hermitianPart).values }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for i in factors.indices {
        group.addTask {
          var wrong = 0
          for k in 0..<400 {
            if factors[i].0 * factors[i].1 != products[i] { wrong += 1 }
            if k % 20 == 0, try HermitianEigenproblem(factors[i].0.hermitianPart).values != values[i] { wrong += 1 }
          }
          return wrong
        }
      }
      for try await wrong in group { #expect(wrong == 0) }
    }
  }

  static func loop(_ a: Matrix, _ b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for k in 0..<a.columns { c[i, j] = c[i, j] + a[i, k] * b[k, j] }
      }
    }
    return c
  }

  @Test("products with and without adjoints agree with loops", .tags(.twin))
  func products() {
    print("MatrixTests seed \(Self.seed)")
    var generator = SplitMix64(seed: Self.seed)
    for (m, k, n) in Self.shapes {
      let (a, b) = (randomMatrix(m, k, &generator), randomMatrix(k, n, &generator))
      let expected = Self.loop(a, b)
      // Rounding of k terms of order one, in another order.
      let tolerance = 1e-15 * Double(k) * Double(m * n).squareRoot()
      #expect((a * b - expected).norm <= tolerance)
      #expect((Matrix.product(a.adjoint, .adjoint, b, .plain) - expected).norm <= tolerance)
      #expect((Matrix.product(a, .plain, b.adjoint, .adjoint) - expected).norm <= tolerance)
      #expect((Matrix.product(a.adjoint, .adjoint, b.adjoint, .adjoint) - expected).norm <= tolerance)
    }
  }

  @Test("products of small and of real buffers agree with loops", .tags(.twin))
  func buffers() {
    var generator = SplitMix64(seed: Self.seed)
    for (m, k, n) in Self.shapes {
      let (a, b) = (randomMatrix(m, k, &generator), randomMatrix(k, n, &generator))
      let expected = Self.loop(a, b)
      let tolerance = 1e-15 * Double(k) * Double(m * n).squareRoot()
      var c = Matrix(rows: m, columns: n)
      SmallProducts.multiply(a.elements, b.elements, into: &c.elements, rows: m, inner: k, columns: n)
      #expect((c - expected).norm <= tolerance)
      SmallProducts.multiplyAdjoint(a.adjoint.elements, b.elements, into: &c.elements, rows: m, inner: k, columns: n)
      #expect((c - expected).norm <= tolerance)
      let (x, y) = (a.elements.map { $0.rawStorage.x }, b.elements.map { $0.rawStorage.x })
      var z = [Double](repeating: 0, count: m * n)
      BLAS.multiply(x, rows: m, y, rows: k, into: &z, rows: m, m: m, n: n, k: k)
      for i in 0..<m {
        for j in 0..<n {
          let sum = (0..<k).reduce(0) { $0 + x[i + $1 * m] * y[$1 + j * k] }
          #expect(abs(z[i + j * m] - sum) <= 1e-15 * Double(k))
        }
      }
    }
  }

  @Test("an empty inner dimension gives zeros")
  func emptyProducts() {
    let product = Matrix(rows: 2, columns: 0) * Matrix(rows: 0, columns: 3)
    #expect(product == Matrix(rows: 2, columns: 3))
  }

  @Test("adjoint, trace, Hermitian part, norms and blocks are what their names say")
  func parts() {
    let a = Matrix([[Scalar(1, 2), Scalar(3, 0)], [Scalar(0, 4), Scalar(5, -1)]])
    #expect(a.adjoint[0, 1] == Scalar(0, -4) && a.adjoint[1, 0] == Scalar(3, 0))
    #expect(a.trace == Scalar(6, 1))
    #expect(a.hermitianPart.hermiticityDefect == 0 && a.hermitianPart[0, 1] == Scalar(1.5, -2))
    // |A_01 - conj A_10| = |3 + 4i|, diagonal 2 Im = 4.
    #expect(a.hermiticityDefect == 5 && a.largestMagnitude == 26.0.squareRoot())
    #expect(abs(a.norm * a.norm - (5 + 9 + 16 + 26)) < 1e-13)
    #expect(a.submatrix(rows: [1], columns: [1, 0]) == Matrix([[Scalar(5, -1), Scalar(0, 4)]]))
    let placed = a.embedded(rows: [2, 0], columns: [2, 0], size: 3)
    #expect(placed[2, 2] == a[0, 0] && placed[0, 2] == a[1, 0] && placed[1, 1] == .zero)
    #expect(Matrix(real: [[1, 2], [3, 4]]).isReal && !a.isReal && a.isFinite)
    var broken = a
    broken[0, 1] = Scalar(.nan, 0)
    #expect(!broken.isFinite && broken.largestMagnitude.isNaN)
    #expect((2.0 * a - a - a).norm == 0 && Matrix.identity(2) * a == a)
  }
}
