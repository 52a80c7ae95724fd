import ComplexModule

/// LU factorisation with partial pivoting of matrices too small for LAPACK to pay: the algorithm, the layout and the pivots of zgetf2,
/// column-major, pivots counted from 1.
enum SmallLU {
  /// Order up to which loops are faster.
  static let largest = 8

  /// Replaces A by its factors. Returns 0, or the number of the first pivot that vanishes.
  static func factor(_ a: UnsafeMutablePointer<Scalar>, size n: Int, pivots: UnsafeMutablePointer<Int32>) -> Int {
    var vanishing = 0
    for j in 0..<n {
      let here = a + j * n
      var (pivot, largest) = (j, -1.0)
      for i in j..<n {
        let modulus = abs(here[i].rawStorage.x) + abs(here[i].rawStorage.y)
        if modulus > largest { (pivot, largest) = (i, modulus) }
      }
      pivots[j] = Int32(pivot + 1)
      guard largest > 0 else {
        if vanishing == 0 { vanishing = j + 1 }
        continue
      }
      if pivot != j { for k in 0..<n { (a[k * n + j], a[k * n + pivot]) = (a[k * n + pivot], a[k * n + j]) } }
      let inverse = reciprocal(here[j])
      for i in (j + 1)..<max(n, j + 1) { here[i] = here[i] * inverse }
      for k in (j + 1)..<max(n, j + 1) {
        let factor = a[k * n + j]
        for i in (j + 1)..<n { a[k * n + i] = a[k * n + i] - here[i] * factor }
      }
    }
    return vanishing
  }

  /// Solves A X = B in place, X (size, columns).
  static func solve(
    _ a: UnsafePointer<Scalar>, size n: Int, pivots: UnsafePointer<Int32>, _ x: UnsafeMutablePointer<Scalar>, columns: Int
  ) {
    for i in 0..<n where Int(pivots[i]) != i + 1 { exchange(i, Int(pivots[i]) - 1, x, n, columns) }
    for k in 0..<n { eliminate(a + k * n, k, (k + 1)..<max(n, k + 1), x, n, columns) }
    for k in stride(from: n - 1, through: 0, by: -1) {
      let inverse = reciprocal(a[k * n + k])
      for c in 0..<columns { x[c * n + k] = x[c * n + k] * inverse }
      eliminate(a + k * n, k, 0..<k, x, n, columns)
    }
  }

  /// Solves A^+ X = B in place, X (size, columns).
  static func solveAdjoint(
    _ a: UnsafePointer<Scalar>, size n: Int, pivots: UnsafePointer<Int32>, _ x: UnsafeMutablePointer<Scalar>, columns: Int
  ) {
    for k in 0..<n {
      subtract(a + k * n, k, 0..<k, x, n, columns)
      let inverse = reciprocal(a[k * n + k]).conjugate
      for c in 0..<columns { x[c * n + k] = x[c * n + k] * inverse }
    }
    for k in stride(from: n - 1, through: 0, by: -1) { subtract(a + k * n, k, (k + 1)..<max(n, k + 1), x, n, columns) }
    for i in stride(from: n - 1, through: 0, by: -1) where Int(pivots[i]) != i + 1 {
      exchange(i, Int(pivots[i]) - 1, x, n, columns)
    }
  }

  /// 1/z by Smith's formula: correctly rounded for real numbers, safe from overflow, as in BLAS.
  @inline(__always)
  private static func reciprocal(_ z: Scalar) -> Scalar {
    let (x, y) = (z.rawStorage.x, z.rawStorage.y)
    if abs(x) >= abs(y) {
      let ratio = y / x
      let scale = 1 / (x * (1 + ratio * ratio))
      return Scalar(scale, -ratio * scale)
    }
    let ratio = x / y
    let scale = 1 / (y * (1 + ratio * ratio))
    return Scalar(ratio * scale, -scale)
  }

  @inline(__always)
  private static func exchange(_ i: Int, _ j: Int, _ x: UnsafeMutablePointer<Scalar>, _ n: Int, _ columns: Int) {
    for c in 0..<columns { (x[c * n + i], x[c * n + j]) = (x[c * n + j], x[c * n + i]) }
  }

  /// x_i -= a_ik x_k for the rows given.
  @inline(__always)
  private static func eliminate(
    _ column: UnsafePointer<Scalar>, _ k: Int, _ rows: Range<Int>, _ x: UnsafeMutablePointer<Scalar>, _ n: Int, _ columns: Int
  ) {
    for c in 0..<columns {
      let known = x[c * n + k]
      for i in rows { x[c * n + i] = x[c * n + i] - column[i] * known }
    }
  }

  /// x_k -= sum conj(a_ik) x_i over the rows given.
  @inline(__always)
  private static func subtract(
    _ column: UnsafePointer<Scalar>, _ k: Int, _ rows: Range<Int>, _ x: UnsafeMutablePointer<Scalar>, _ n: Int, _ columns: Int
  ) {
    for c in 0..<columns {
      var sum = x[c * n + k]
      for i in rows { sum = sum - column[i].conjugate * x[c * n + i] }
      x[c * n + k] = sum
    }
  }
}
