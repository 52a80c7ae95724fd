import ComplexModule
import DenseMatrices
import RealModule
import TransportResults

/// Probability that n quanta net have gone from the electrons to a mode's baths in a time, by inverse Fourier transform
/// of exp(t S(i xi)), S = up (exp(i xi) - 1) + down (exp(-i xi) - 1) (Theory.md section 6).
///
/// The contour is shifted to the saddle point at which both directions weigh the same, so that rare backward flows keep
/// their digits: P(n) = exp(-theta n) (1/N) sum_k exp(t S(theta + 2 pi i k/N) - 2 pi i k n/N).
package struct QuantaDistribution: Sendable {
  /// P(n), n = -largest ... largest, with absolute error bounds.
  package let probabilities: [Estimate]
  /// Points of the transform.
  package let points: Int

  /// The distribution from rates up and down (with errors) and a time >= 0. Throws `.tooLarge` when the distribution is wider than
  /// 2^22 quanta. Cost: O(N log N), N a few widths of the distribution.
  package init(emission up: Estimate, absorption down: Estimate, time: Double, largest: Int) throws(SolverError) {
    let (u, d) = (max(up.value, 0) * time, max(down.value, 0) * time)
    // Half of ln(down/up), limited so that exp(theta n) stays a number.
    let limit = 600 / Double(largest + 1)
    let theta = u > 0 && d > 0 ? min(max(0.5 * Double.log(d / u), -limit), limit) : 0
    // The contour through zero serves numbers around the mean, the shifted one the rare directions.
    let plain = try Self.transform(u, d, theta: 0, largest)
    let shifted = theta == 0 ? plain : try Self.transform(u, d, theta: theta, largest)
    points = max(plain.points, shifted.points)
    let relative = Self.rateError(up, down, time)
    probabilities = zip(plain.estimates, shifted.estimates).map { a, b in
      let best = a.error <= b.error ? a : b
      return Estimate(max(best.value, 0), error: best.error + min(1, relative * (abs(best.value) + best.error)))
    }
  }

  /// The inverse transform on the contour theta + i xi; errors are those of aliasing and rounding.
  private static func transform(
    _ u: Double, _ d: Double, theta: Double, _ largest: Int
  ) throws(SolverError) -> (estimates: [Estimate], points: Int) {
    // The tilted process has the same form with these mean numbers.
    let (tiltedUp, tiltedDown) = (u * Double.exp(theta), d * Double.exp(-theta))
    let normalization = tiltedUp + tiltedDown - u - d
    var n = 16
    while n < 4 * largest || tail(tiltedUp, tiltedDown, beyond: n - largest) > 1e-17 {
      n *= 2
      guard n <= 1 << 22 else {
        throw SolverError(
          .tooLarge, at: .countingTime,
          "about \(u + d) quanta are exchanged in the counting time, more than the distribution can be computed for",
          hint: "Choose a shorter time")
      }
    }
    var samples = (0..<n).map { k -> Scalar in
      let angle = 2 * Double.pi * Double(k) / Double(n)
      let half = Double.sin(0.5 * angle)
      let modulus = Double.exp(-2 * (tiltedUp + tiltedDown) * half * half)
      let phase = (tiltedUp - tiltedDown) * Double.sin(angle)
      return Scalar(modulus * Double.cos(phase), modulus * Double.sin(phase))
    }
    FastFourierTransform.forward(&samples)
    let aliasing = tail(tiltedUp, tiltedDown, beyond: n - largest)
    // Phases of tilted numbers of quanta are known to rounding times their size.
    let rounding = 4e-16 * (Double.log2(Double(n)) + 1 + tiltedUp + tiltedDown)
    let estimates = (-largest...largest).map { q -> Estimate in
      let weight = Double.exp(normalization - theta * Double(q))
      let value = weight * samples[q >= 0 ? q : n + q].real / Double(n)
      // The exponent is a sum of these terms, each rounded.
      let exponent = tiltedUp + tiltedDown + u + d + abs(theta * Double(q))
      return Estimate(value, error: weight * (aliasing + rounding) + 4e-16 * (2 + exponent) * abs(value))
    }
    return (estimates, n)
  }

  /// Chernoff bound of the probability of more than `count` quanta either way, for mean numbers up and down.
  package static func tail(_ up: Double, _ down: Double, beyond count: Int) -> Double {
    func bound(_ u: Double, _ d: Double) -> Double {
      guard u > 0 else { return 0 }
      // The minimum of u (z - 1) + d (1/z - 1) - count ln z: u z^2 - count z - d = 0.
      let m = Double(count)
      let z = (m + (m * m + 4 * u * d).squareRoot()) / (2 * u)
      guard z > 1 else { return 1 }
      return Double.exp(u * (z - 1) + d * (1 / z - 1) - m * Double.log(z))
    }
    return min(1, bound(up, down) + bound(down, up))
  }

  /// |d ln P/d rate| summed over errors: at most t plus the number of quanta over the rate; the mean number stands for it.
  private static func rateError(_ up: Estimate, _ down: Estimate, _ time: Double) -> Double {
    func part(_ rate: Estimate, _ other: Estimate) -> Double {
      guard rate.error > 0 else { return 0 }
      let mean = max(rate.value, 0) * time
      let spread = 40 + 10 * (mean + max(other.value, 0) * time).squareRoot() + mean
      return rate.error * time + (rate.value > 0 ? spread * rate.error / rate.value : 1)
    }
    return part(up, down) + part(down, up)
  }
}

/// Radix-2 Fourier transform: X_n = sum_k x_k exp(-2 pi i k n/N), N a power of two.
package enum FastFourierTransform {
  /// In place. Cost: 5 N log2 N flops.
  package static func forward(_ x: inout [Scalar]) {
    let n = x.count
    precondition(n & (n - 1) == 0 && n > 0, "a transform of \(n) points")
    var j = 0
    for i in 1..<max(n, 1) {
      var bit = n >> 1
      while j & bit != 0 {
        j ^= bit
        bit >>= 1
      }
      j ^= bit
      if i < j { x.swapAt(i, j) }
    }
    var length = 2
    while length <= n {
      let half = length / 2
      let twiddles = (0..<half).map { k -> Scalar in
        let angle = -2 * Double.pi * Double(k) / Double(length)
        return Scalar(Double.cos(angle), Double.sin(angle))
      }
      for start in stride(from: 0, to: n, by: length) {
        for k in 0..<half {
          let (even, odd) = (x[start + k], x[start + k + half] * twiddles[k])
          x[start + k] = even + odd
          x[start + k + half] = even - odd
        }
      }
      length *= 2
    }
  }
}
