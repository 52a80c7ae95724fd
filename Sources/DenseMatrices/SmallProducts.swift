/// Products of matrices too small for BLAS to pay: plain loops on column-major buffers.
///
/// A call of zgemm takes locks and packs its factors: some 300 ns whatever the size, in which loops make 200 products.
package enum SmallProducts {
  /// Products m n k up to which loops are faster.
  package static let largest = 216

  /// A matrix as it enters a product: element (i, j) of op(A) lies at i * down + j * right, conjugated for an adjoint.
  struct Factor {
    let base: UnsafePointer<Scalar>
    let down: Int
    let right: Int
    let sign: Double

    init(_ base: UnsafePointer<Scalar>, rows: Int, _ operation: Operation) {
      self.base = base
      (down, right, sign) = operation == .plain ? (1, rows, 1) : (rows, 1, -1)
    }
  }

  /// C = op(A) op(B) with the leading dimension `rows` of C, op(A) of shape (m, k), op(B) of shape (k, n).
  static func multiply(_ a: Factor, _ b: Factor, into c: UnsafeMutablePointer<Scalar>, rows: Int, m: Int, n: Int, k: Int) {
    for j in 0..<n {
      for i in 0..<m {
        var (re, im) = (0.0, 0.0)
        var (x, y) = (a.base + i * a.down, b.base + j * b.right)
        for _ in 0..<k {
          let (u, v) = (x.pointee.rawStorage, y.pointee.rawStorage)
          let (ui, vi) = (a.sign * u.y, b.sign * v.y)
          re += u.x * v.x - ui * vi
          im += u.x * vi + ui * v.x
          x += a.right
          y += b.down
        }
        c[j * rows + i] = Scalar(re, im)
      }
    }
  }

  /// Lower triangle of C = A^+ A, A (rows, columns).
  static func gram(_ a: UnsafePointer<Scalar>, rows: Int, columns: Int, into c: UnsafeMutablePointer<Scalar>) {
    for j in 0..<columns {
      for i in j..<columns {
        var (re, im) = (0.0, 0.0)
        for k in 0..<rows {
          let (u, v) = (a[i * rows + k].rawStorage, a[j * rows + k].rawStorage)
          re += u.x * v.x + u.y * v.y
          im += u.x * v.y - u.y * v.x
        }
        c[j * columns + i] = Scalar(re, i == j ? 0 : im)
      }
    }
  }

  /// C = A B, A (rows, inner), B (inner, columns).
  package static func multiply(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>, rows: Int, inner: Int,
    columns: Int
  ) {
    for j in 0..<columns {
      for i in 0..<rows { c[j * rows + i] = .zero }
      for k in 0..<inner {
        let factor = b[j * inner + k]
        for i in 0..<rows { c[j * rows + i] = c[j * rows + i] + a[k * rows + i] * factor }
      }
    }
  }

  /// C = A^+ B, A (inner, rows), B (inner, columns).
  package static func multiplyAdjoint(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>, rows: Int, inner: Int,
    columns: Int
  ) {
    for j in 0..<columns {
      for i in 0..<rows {
        var (re, im) = (0.0, 0.0)
        for k in 0..<inner {
          let (x, y) = (a[i * inner + k].rawStorage, b[j * inner + k].rawStorage)
          re += x.x * y.x + x.y * y.y
          im += x.x * y.y - x.y * y.x
        }
        c[j * rows + i] = Scalar(re, im)
      }
    }
  }
}
