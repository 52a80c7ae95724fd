import ComplexModule
import DenseMatrices

/// Hermitian matrices as n^2 real numbers in the column order of `ModePairs.all`: the diagonal, then real and imaginary part
/// of every m < n.
package enum PackedHermitian {
  /// Writes `scale` times the packed matrix into a full one (adds to it).
  package static func add(
    _ packed: UnsafePointer<Double>, times scale: Scalar, to matrix: UnsafeMutablePointer<Scalar>, size n: Int
  ) {
    for m in 0..<n { matrix[m * n + m] = matrix[m * n + m] + scale.multiplied(by: packed[m]) }
    var index = n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        let (re, im) = (packed[index], packed[index + 1])
        matrix[k * n + m] = matrix[k * n + m] + scale * Scalar(re, im)
        matrix[m * n + k] = matrix[m * n + k] + scale * Scalar(re, -im)
        index += 2
      }
    }
  }

  /// The weights that make Tr[E A] a scalar product of packed E with them: off-diagonal elements count twice.
  package static func dual(_ matrix: UnsafePointer<Scalar>, into packed: UnsafeMutablePointer<Double>, size n: Int) {
    for m in 0..<n { packed[m] = matrix[m * n + m].rawStorage.x }
    var index = n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        // Hermitian up to rounding: both triangles are averaged.
        let (upper, lower) = (matrix[k * n + m].rawStorage, matrix[m * n + k].rawStorage)
        packed[index] = upper.x + lower.x
        packed[index + 1] = upper.y - lower.y
        index += 2
      }
    }
  }

  /// Frobenius norm of a matrix whose dual weights are given.
  package static func norm(dual: UnsafePointer<Double>, size n: Int) -> Double {
    var sum = 0.0
    for m in 0..<n { sum += dual[m] * dual[m] }
    for i in n..<max(n * n, n) { sum += 0.5 * dual[i] * dual[i] }
    return sum.squareRoot()
  }

  /// Frobenius norm of a packed matrix.
  package static func norm(_ packed: UnsafePointer<Double>, size n: Int) -> Double {
    var sum = 0.0
    for m in 0..<n { sum += packed[m] * packed[m] }
    for i in n..<max(n * n, n) { sum += 2 * packed[i] * packed[i] }
    return sum.squareRoot()
  }

  @inline(__always)
  package static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
    var sum = 0.0
    for i in 0..<count { sum += a[i] * b[i] }
    return sum
  }
}
