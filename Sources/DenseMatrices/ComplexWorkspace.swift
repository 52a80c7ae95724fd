import CLinearAlgebra
import COpenBLAS
import ComplexModule

/// Operations on small square complex matrices in buffers the caller owns: nothing is allocated per call.
///
/// Column-major. Plain loops for products up to order 6 and factors up to order 8, BLAS and LAPACK beyond.
package struct SquareMatrices: Sendable {
  /// Order of the matrices.
  package let size: Int
  private var pivots: [Int32]
  private static let loops = 6

  /// Operations on matrices of the given order.
  package init(size: Int) {
    self.size = size
    pivots = [Int32](repeating: 0, count: max(size, 1))
  }

  /// C = A B.
  package func multiply(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>
  ) {
    if size <= Self.loops {
      SmallProducts.multiply(a, b, into: c, rows: size, inner: size, columns: size)
    } else {
      BLAS.multiply(a, rows: size, .plain, b, rows: size, .plain, into: c, m: size, n: size, k: size)
    }
  }

  /// C = A^+ B.
  package func multiplyAdjoint(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>
  ) {
    if size <= Self.loops {
      SmallProducts.multiplyAdjoint(a, b, into: c, rows: size, inner: size, columns: size)
    } else {
      BLAS.multiply(a, rows: size, .adjoint, b, rows: size, .plain, into: c, m: size, n: size, k: size)
    }
  }

  /// C = A B^+.
  package func multiplyByAdjoint(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>
  ) {
    guard size <= Self.loops else {
      BLAS.multiply(a, rows: size, .plain, b, rows: size, .adjoint, into: c, m: size, n: size, k: size)
      return
    }
    for j in 0..<size {
      for i in 0..<size {
        var (re, im) = (0.0, 0.0)
        for k in 0..<size {
          let (x, y) = (a[k * size + i].rawStorage, b[k * size + j].rawStorage)
          re += x.x * y.x + x.y * y.y
          im += x.y * y.x - x.x * y.y
        }
        c[j * size + i] = Scalar(re, im)
      }
    }
  }

  /// Replaces A by its LU factors, writes A^-1 into `inverse` and answers with the argument of det A in (-pi, pi];
  /// nil when a pivot vanishes.
  package mutating func invert(_ a: UnsafeMutablePointer<Scalar>, into inverse: UnsafeMutablePointer<Scalar>) -> Double? {
    if size == 1 {
      let square = a[0].rawStorage.x * a[0].rawStorage.x + a[0].rawStorage.y * a[0].rawStorage.y
      guard square > 0, square.isFinite else { return nil }
      inverse[0] = Scalar(a[0].rawStorage.x / square, -a[0].rawStorage.y / square)
      return a[0].phase
    }
    let isSmall = size <= SmallLU.largest
    var n = Int32(size)
    var info: Int32 = 0
    if isSmall {
      info = Int32(pivots.withUnsafeMutableBufferPointer { SmallLU.factor(a, size: size, pivots: $0.baseAddress!) })
    } else {
      _ = BLAS.useOneThread
      zgetrf_(&n, &n, UnsafeMutableRawPointer(a), &n, &pivots, &info)
    }
    guard info == 0 else { return nil }
    var phase = 0.0
    for i in 0..<size {
      phase += a[i * size + i].phase
      if pivots[i] != Int32(i + 1) { phase += Double.pi }
    }
    for i in 0..<(size * size) { inverse[i] = .zero }
    for i in 0..<size { inverse[i * size + i] = Scalar(1, 0) }
    if isSmall {
      pivots.withUnsafeBufferPointer { SmallLU.solve(a, size: size, pivots: $0.baseAddress!, inverse, columns: size) }
    } else {
      zgetrs_("N", &n, &n, UnsafeRawPointer(a), &n, pivots, UnsafeMutableRawPointer(inverse), &n, &info, 1)
    }
    return phase - (phase / (2 * Double.pi)).rounded() * 2 * Double.pi
  }
}
