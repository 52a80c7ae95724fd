/// Products of matrices too small for BLAS to pay: plain loops on column-major buffers.
package enum SmallProducts {
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
