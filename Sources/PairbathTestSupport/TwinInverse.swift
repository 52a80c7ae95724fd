import ComplexModule
import DenseMatrices

/// Inverses of the twins: Gauss-Jordan elimination with row pivoting on column-major buffers, nothing of LAPACK.
enum TwinInverse {
  /// Z = X^-1, shape (n, n); X is destroyed. Throws `LinearAlgebraError.singular`.
  static func write(
    of x: UnsafeMutablePointer<Scalar>, order n: Int, into z: UnsafeMutablePointer<Scalar>
  ) throws(LinearAlgebraError) {
    for i in 0..<(n * n) { z[i] = i / n == i % n ? .one : .zero }
    for k in 0..<n {
      var pivot = k
      for i in k..<n where x[i + k * n].lengthSquared > x[pivot + k * n].lengthSquared { pivot = i }
      if x[pivot + k * n] == .zero { throw LinearAlgebraError(.singular, routine: "twin inverse", index: k) }
      for j in 0..<n where pivot != k {
        swap(&x[k + j * n], &x[pivot + j * n])
        swap(&z[k + j * n], &z[pivot + j * n])
      }
      let scale = Scalar.one / x[k + k * n]
      for j in 0..<n {
        x[k + j * n] *= scale
        z[k + j * n] *= scale
      }
      for i in 0..<n where i != k {
        let factor = x[i + k * n]
        for j in 0..<n {
          x[i + j * n] -= factor * x[k + j * n]
          z[i + j * n] -= factor * z[k + j * n]
        }
      }
    }
  }
}
