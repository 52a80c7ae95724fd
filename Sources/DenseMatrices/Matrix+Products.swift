import COpenBLAS
import ComplexModule

/// How a factor enters a matrix product.
package enum Operation: Sendable {
  case plain
  case adjoint

  var blas: CBLAS_TRANSPOSE { self == .plain ? CblasNoTrans : CblasConjTrans }
}

extension Matrix {
  /// Matrix product A B. Cost: 8 m n k flops in zgemm, by loops where the product is small.
  public static func * (a: Matrix, b: Matrix) -> Matrix { product(a, .plain, b, .plain) }

  /// Product of A or A^+ with B or B^+. Cost: 8 m n k flops in zgemm.
  package static func product(_ a: Matrix, _ opA: Operation, _ b: Matrix, _ opB: Operation) -> Matrix {
    let (m, k) = opA == .plain ? (a.rows, a.columns) : (a.columns, a.rows)
    let (k2, n) = opB == .plain ? (b.rows, b.columns) : (b.columns, b.rows)
    precondition(k == k2, "inner dimensions \(k) and \(k2) of a product differ")
    var c = Matrix(rows: m, columns: n)
    if m == 0 || n == 0 || k == 0 { return c }
    c.elements.withUnsafeMutableBufferPointer { out in
      a.elements.withUnsafeBufferPointer { left in
        b.elements.withUnsafeBufferPointer { right in
          BLAS.multiply(
            left.baseAddress!, rows: a.rows, opA, right.baseAddress!, rows: b.rows, opB, into: out.baseAddress!,
            m: m, n: n, k: k)
        }
      }
    }
    return c
  }
}

/// Products on raw column-major buffers, for kernels that own their workspace.
package enum BLAS {
  /// The processor its kernels are made for: on another one the last bits of products differ.
  package static var processor: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Makes OpenBLAS run on one thread, once per process: parallelism in Pairbath lies outside BLAS.
  package static let useOneThread: Void = openblas_set_num_threads(1)

  /// True when several threads may call OpenBLAS at once. Its serial build (Debian's libopenblas-serial) has no locks around its buffers
  /// unless made with USE_LOCKING: products of two threads then mix.
  package static let allowsThreads: Bool = {
    if openblas_get_parallel() != 0 { return true }
    return openblas_get_config().map { String(cString: $0).contains("USE_LOCKING") } ?? false
  }()

  /// C = op(A) op(B), all column-major. `rows` is the leading dimension of a factor; C has leading dimension m unless given.
  package static func multiply(
    _ a: UnsafePointer<Scalar>, rows lda: Int, _ opA: Operation, _ b: UnsafePointer<Scalar>, rows ldb: Int,
    _ opB: Operation, into c: UnsafeMutablePointer<Scalar>, rows ldc: Int? = nil, m: Int, n: Int, k: Int
  ) {
    guard m * n * k > SmallProducts.largest else {
      SmallProducts.multiply(
        SmallProducts.Factor(a, rows: lda, opA), SmallProducts.Factor(b, rows: ldb, opB), into: c, rows: ldc ?? m, m: m, n: n,
        k: k)
      return
    }
    _ = useOneThread
    var one = Scalar(1, 0)
    var zero = Scalar.zero
    cblas_zgemm(
      CblasColMajor, opA.blas, opB.blas, blasint(m), blasint(n), blasint(k), &one, a, blasint(lda), b, blasint(ldb),
      &zero, c, blasint(ldc ?? m))
  }

  /// Lower triangle of C = A^+ A, A (rows, columns). Cost: 4 rows columns^2 flops in zherk.
  package static func gram(_ a: UnsafePointer<Scalar>, rows: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>) {
    guard rows * columns * columns > SmallProducts.largest else {
      SmallProducts.gram(a, rows: rows, columns: columns, into: c)
      return
    }
    _ = useOneThread
    cblas_zherk(
      CblasColMajor, CblasLower, CblasConjTrans, blasint(columns), blasint(rows), 1, a, blasint(rows), 0, c, blasint(columns))
  }

  /// C = A B for real column-major matrices: A (m, k), B (k, n) or its transpose (n, k) when `transposeB`.
  package static func multiply(
    _ a: UnsafePointer<Double>, rows lda: Int, transposeA: Bool = false, _ b: UnsafePointer<Double>, rows ldb: Int,
    transposeB: Bool = false, into c: UnsafeMutablePointer<Double>, rows ldc: Int, m: Int, n: Int, k: Int
  ) {
    _ = useOneThread
    cblas_dgemm(
      CblasColMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, blasint(m),
      blasint(n), blasint(k), 1, a, blasint(lda), b, blasint(ldb), 0, c, blasint(ldc))
  }
}

extension [Scalar] {
  /// Memory of its own behind a matrix of columns of length `rows` that LAPACK works on: zgemv of OpenBLAS 0.3.21 for AVX-512 takes columns
  /// in pairs and reads one beyond the last, which ends the process where the memory ends there. What is read is not used.
  mutating func makeRoom(rows: Int) { reserveCapacity(count + 2 * rows + 8) }

  /// The same with room behind it.
  func withRoom(rows: Int) -> [Scalar] {
    var copy = self
    copy.makeRoom(rows: rows)
    return copy
  }
}
