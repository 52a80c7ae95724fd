/// Digamma and polygamma functions of four complex arguments at once, Re s >= 1/2.
///
/// psi^(k)(s) by upward recurrence to |s| >= 8.5 and the asymptotic series (DLMF 5.11.2, 5.15.8-9). The recurrence is
/// skipped when no lane needs it. Absolute error of psi below 2e-15 max(1, |psi|). Cost: about 30 ns per lane and order 0
/// with recurrence, half without, on one core at SSE2.
public enum Polygamma {
  /// B_2m for m = 1 ... 9.
  private static let bernoulli: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798,
  ]

  /// psi(s), s = x + iy.
  @inline(__always)
  private static func digamma(_ x: SIMD4<Double>, _ y: SIMD4<Double>) -> (SIMD4<Double>, SIMD4<Double>) {
    var (re, im) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var u = x
    if needsRecurrence(x, y) {
      for _ in 0..<8 {
        let inverse = 1 / (u * u + y * y)
        re -= u * inverse
        im += y * inverse
        u += 1
      }
    }
    let (modulus, angle) = logarithm(u, y)
    let inverse = 1 / (u * u + y * y)
    let (p, q) = (u * inverse, -y * inverse)  // 1/s
    let (p2, q2) = (p * p - q * q, 2 * p * q)  // 1/s^2
    // Horner in 1/s^2 of -sum B_2m/(2m) s^-2m.
    var (a, b) = (SIMD4<Double>(repeating: 3617.0 / 8160), SIMD4<Double>.zero)
    for c in coefficients {
      (a, b) = (a * p2 - b * q2 + c, a * q2 + b * p2)
    }
    (a, b) = (a * p2 - b * q2, a * q2 + b * p2)
    return (re + modulus - 0.5 * p + a, im + angle - 0.5 * q + b)
  }

  /// -B_2m/(2m) for m = 7 ... 1.
  private static let coefficients: [Double] = [
    -1.0 / 12, 691.0 / 32760, -1.0 / 132, 1.0 / 240, -1.0 / 252, 1.0 / 120, -1.0 / 12,
  ]

  @inline(__always)
  private static func needsRecurrence(_ x: SIMD4<Double>, _ y: SIMD4<Double>) -> Bool {
    any((x * x + y * y) .< 72.25)
  }

  /// Writes psi^(k)(s)/k! for k = 0 ... highest as real and imaginary parts, 2 (highest + 1) vectors.
  public static func evaluate(
    real x: SIMD4<Double>, imaginary y: SIMD4<Double>, highest: Int, into result: UnsafeMutablePointer<SIMD4<Double>>
  ) {
    (result[0], result[1]) = digamma(x, y)
    if highest == 0 { return }
    for k in 1...highest { (result[2 * k], result[2 * k + 1]) = derivative(k, x, y) }
  }

  /// psi^(k)(s)/k! for k >= 1.
  private static func derivative(_ k: Int, _ x: SIMD4<Double>, _ y: SIMD4<Double>) -> (SIMD4<Double>, SIMD4<Double>) {
    let sign: Double = k % 2 == 0 ? -1 : 1  // (-1)^(k+1)
    var (re, im) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    var u = x
    if needsRecurrence(x, y) {
      for _ in 0..<8 {
        let (p, q) = reciprocalPower(u, y, k + 1)
        re += p
        im += q
        u += 1
      }
    }
    // (k-1)!/k! s^-k + s^-(k+1)/2 + sum_m B_2m (2m + k - 1)!/((2m)! k!) s^-(2m + k).
    let (p, q) = reciprocalPower(u, y, 1)
    let (p2, q2) = (p * p - q * q, 2 * p * q)
    var (a, b) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for m in stride(from: bernoulli.count, through: 1, by: -1) {
      var ratio = bernoulli[m - 1] / Double(k)
      // (2m + k - 1)!/((2m)! (k - 1)!) is a binomial coefficient.
      for i in 0..<(k - 1) { ratio *= Double(2 * m + k - 1 - i) / Double(i + 1) }
      (a, b) = (a * p2 - b * q2 + ratio, a * q2 + b * p2)
    }
    (a, b) = (a * p2 - b * q2 + 1 / Double(k), a * q2 + b * p2)
    (a, b) = (a + 0.5 * p, b + 0.5 * q)
    let (pk, qk) = reciprocalPower(u, y, k)
    return (sign * (re + a * pk - b * qk), sign * (im + a * qk + b * pk))
  }

  /// s^-n.
  @inline(__always)
  private static func reciprocalPower(_ x: SIMD4<Double>, _ y: SIMD4<Double>, _ n: Int) -> (SIMD4<Double>, SIMD4<Double>) {
    let inverse = 1 / (x * x + y * y)
    let (p, q) = (x * inverse, -y * inverse)
    var (a, b) = (p, q)
    for _ in 1..<max(n, 1) { (a, b) = (a * p - b * q, a * q + b * p) }
    return (a, b)
  }
}
