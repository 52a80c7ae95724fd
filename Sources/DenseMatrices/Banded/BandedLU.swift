import CLinearAlgebra
import ComplexModule

/// A banded matrix, its LU factorisation with partial pivoting, and the phase of its determinant; buffers are kept for reuse.
///
/// Memory: 16 (3 b + 1) N bytes, b the bandwidth on either side. Not to be shared between threads.
package struct BandedLU: ~Copyable {
  /// Order of the matrix.
  package let size: Int
  /// Elements (i, j) with |i - j| up to this may differ from zero.
  package let bandwidth: Int
  private let leading: Int
  private let band: UnsafeMutablePointer<Scalar>
  private let pivots: UnsafeMutablePointer<Int32>

  /// Room for matrices of the given order and bandwidth.
  package init(size: Int, bandwidth: Int) {
    precondition(size > 0 && bandwidth >= 0, "a banded matrix of order \(size) and bandwidth \(bandwidth)")
    self.size = size
    self.bandwidth = min(bandwidth, size - 1)
    leading = 3 * self.bandwidth + 1
    band = .allocate(capacity: leading * size)
    pivots = .allocate(capacity: size)
    band.initialize(repeating: .zero, count: leading * size)
    pivots.initialize(repeating: 0, count: size)
  }

  deinit {
    band.deallocate()
    pivots.deallocate()
  }

  /// Makes every element zero, to be filled with `add` again.
  package mutating func clear() { band.update(repeating: .zero, count: leading * size) }

  /// Adds to an element within the band.
  @inline(__always)
  package mutating func add(_ value: Scalar, row: Int, column: Int) {
    let index = column * leading + 2 * bandwidth + row - column
    band[index] = band[index] + value
  }

  /// Up to this bandwidth plain loops are several times faster than LAPACK, whose calls then cost more than their work.
  private static let loops = 32

  /// Replaces the matrix by its LU factors. Cost: at most 16 N b^2 flops. Throws `singular` when a pivot vanishes.
  package mutating func factor() throws(LinearAlgebraError) {
    try LinearAlgebraError.checkInterruption("zgbtrf", size: size)
    if bandwidth <= Self.loops { return try factorByLoops() }
    var (n, b, ld, info) = (Int32(size), Int32(bandwidth), Int32(leading), Int32(0))
    _ = BLAS.useOneThread
    zgbtrf_(&n, &n, &b, &b, band, &ld, pivots, &info)
    if info > 0 { throw LinearAlgebraError(.singular, routine: "zgbtrf", index: Int(info)) }
  }

  /// The algorithm and the layout of LAPACK's zgbtf2.
  private mutating func factorByLoops() throws(LinearAlgebraError) {
    let (b, ld) = (bandwidth, leading)
    // The last column that the rows used so far reach.
    var reach = 0
    for j in 0..<size {
      let below = min(b, size - 1 - j)
      let here = band + (j * ld + 2 * b)
      var (pivot, largest) = (0, -1.0)
      for i in 0...below {
        let modulus = abs(here[i].rawStorage.x) + abs(here[i].rawStorage.y)
        if modulus > largest { (pivot, largest) = (i, modulus) }
      }
      guard largest > 0 else { throw LinearAlgebraError(.singular, routine: "banded LU", index: j + 1) }
      pivots[j] = Int32(j + pivot + 1)
      reach = max(reach, min(j + b + pivot, size - 1))
      if pivot != 0 {
        for column in j...reach {
          let element = band + (column * ld + 2 * b + j - column)
          (element[0], element[pivot]) = (element[pivot], element[0])
        }
      }
      guard below > 0 else { continue }
      let inverse = (Scalar(1, 0) / here[0]).rawStorage
      for i in 1...below {
        let v = here[i].rawStorage
        here[i] = Scalar(v.x * inverse.x - v.y * inverse.y, v.x * inverse.y + v.y * inverse.x)
      }
      guard reach > j else { continue }
      for column in (j + 1)...reach {
        let target = band + (column * ld + 2 * b + j - column)
        let u = target[0].rawStorage
        guard u.x != 0 || u.y != 0 else { continue }
        for i in 1...below {
          let (l, t) = (here[i].rawStorage, target[i].rawStorage)
          target[i] = Scalar(t.x - (l.x * u.x - l.y * u.y), t.y - (l.x * u.y + l.y * u.x))
        }
      }
    }
  }

  /// Solves A X = B in place after `factor`, X (size, columns) column-major. Cost: 32 N b flops per column.
  package func solve(_ x: UnsafeMutablePointer<Scalar>, columns: Int) {
    var (n, b, ld, info) = (Int32(size), Int32(bandwidth), Int32(leading), Int32(0))
    var count = Int32(columns)
    _ = BLAS.useOneThread
    zgbtrs_("N", &n, &b, &b, &count, band, &ld, pivots, x, &n, &info, 1)
  }

  /// The argument of det A after `factor`, modulo 2 pi.
  package var phase: Double {
    var sum = 0.0
    for i in 0..<size {
      sum += band[i * leading + 2 * bandwidth].phase
      if Int(pivots[i]) != i + 1 { sum += Double.pi }
    }
    return sum - (sum / (2 * Double.pi)).rounded() * 2 * Double.pi
  }

  /// Sum of the arguments of the pivots of elimination without exchanges, each in [0, pi]. Destroys the matrix.
  ///
  /// For A = B + i C with B, C Hermitian and C positive semidefinite every pivot lies in the upper half plane, and the sum is
  /// the argument of det A that is continuous in A, without any multiple of 2 pi left open. C = 0: pi times the number of
  /// negative eigenvalues (Sylvester). Rounding: that of a matrix at a distance of 1e-16 times the largest multiplier.
  /// Cost: 8 N b^2 flops.
  package mutating func dissipativePhase() -> Double {
    let b = bandwidth
    var sum = 0.0
    for k in 0..<size {
      let here = band + (k * leading + 2 * b)
      var (x, y) = (here[0].rawStorage.x, max(here[0].rawStorage.y, 0))
      let last = min(b, size - 1 - k)
      var largest = 0.0
      for i in 0..<last { largest = max(largest, abs(here[i + 1].rawStorage.x), abs(here[i + 1].rawStorage.y)) }
      // A pivot that vanishes is moved by a rounding unit.
      if max(abs(x), y) < 1e-16 * largest { x = 1e-16 * largest }
      sum += y == 0 ? (x < 0 ? Double.pi : 0) : Scalar(x, y).phase
      guard largest > 0 else { continue }
      let scale = 1 / (x * x + y * y)
      (x, y) = (x * scale, -y * scale)
      for i in 1...last {
        let v = here[i].rawStorage
        here[i] = Scalar(v.x * x - v.y * y, v.x * y + v.y * x)
      }
      for j in 1...last {
        let target = band + ((k + j) * leading + 2 * b - j)
        let u = target[0].rawStorage
        guard u.x != 0 || u.y != 0 else { continue }
        for i in 1...last {
          let (l, t) = (here[i].rawStorage, target[i].rawStorage)
          target[i] = Scalar(t.x - (l.x * u.x - l.y * u.y), t.y - (l.x * u.y + l.y * u.x))
        }
      }
    }
    return sum
  }

  /// True when the matrix, Hermitian, is positive definite: a banded Cholesky factorisation succeeds. Destroys the matrix.
  /// Cost: 4 N b^2 flops.
  package mutating func isPositiveDefinite() -> Bool {
    // The lower triangle of column j begins at its diagonal element.
    var (n, b, ld, info) = (Int32(size), Int32(bandwidth), Int32(leading), Int32(0))
    _ = BLAS.useOneThread
    zpbtrf_("L", &n, &b, band + 2 * bandwidth, &ld, &info, 1)
    return info == 0
  }
}
