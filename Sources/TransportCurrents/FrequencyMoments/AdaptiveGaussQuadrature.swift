import Quadrature
import TransportResults

/// Plain adaptive quadrature of one real function: Gauss-Kronrod (10, 21 points), bisection of the worst panels.
///
/// The function may bring an error of its own (an inner integral): it is integrated into the error returned. What no node
/// comes near is not seen by any rule: breakpoints must lie at every step, edge and resonance.
package struct AdaptiveGaussQuadrature: Sendable {
  /// Relative to the integral of the modulus.
  package var tolerance: Double
  /// No more bisections once this many panels exist.
  package var panelLimit = 20_000

  private struct Part {
    let from: Double
    let to: Double
    var value = 0.0
    var error = 0.0
    /// Error that bisection does not reduce.
    var inner = 0.0
    var magnitude = 0.0
  }

  /// The integral over the panels between ascending breakpoints, zero for fewer than two. The error is an honest one also
  /// when the tolerance was not reached.
  ///
  /// e = a + (b - a) t^2 (3 - 2t) on every panel between breakpoints: square roots at their ends do no harm.
  package func integrate(
    _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> Estimate {
    guard let first = breakpoints.first, let last = breakpoints.last, last > first else { return Estimate() }
    var parts: [Part] = []
    for i in 1..<breakpoints.count {
      if i & 15 == 0 { try SolverError.checkInterruption("integrating") }
      parts.append(try part(Double(i - 1), Double(i), breakpoints, f))
    }
    var refinement = PanelRefinement(parts, limit: panelLimit + 1)
    var total = Part(from: 0, to: 0)
    _ = try refinement.refine(
      judge: { (parts: [Part]) throws(SolverError) -> ((Part) -> Bool)? in
        try SolverError.checkInterruption("integrating")
        total = Self.sum(parts)
        let largest = parts.reduce(0) { max($0, $1.error) }
        if total.error <= tolerance * total.magnitude || largest == 0 { return nil }
        let threshold = min(largest, max(0.03 * largest, 0.3 * tolerance * total.magnitude / Double(parts.count)))
        return { $0.error >= threshold }
      },
      halve: { whole throws(SolverError) in try halves(whole, breakpoints, f) })
    try SolverError.checkInterruption("integrating")
    // Rounding of the sums, in case every panel believes in itself.
    let floor = 1e-15 * total.magnitude
    return Estimate(total.value, error: total.error + floor + total.inner)
  }

  private static func sum(_ parts: [Part]) -> Part {
    parts.reduce(into: Part(from: 0, to: 0)) {
      $0.value += $1.value
      $0.error += $1.error
      $0.inner += $1.inner
      $0.magnitude += $1.magnitude
    }
  }

  /// The halves of a panel; nil when floating point cannot tell them apart. Errors become final when rounding noise, not the
  /// integrand's shape, is what remains.
  private func halves(
    _ whole: Part, _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> (Part, Part)? {
    let middle = 0.5 * (whole.from + whole.to)
    guard middle > whole.from && middle < whole.to else { return nil }
    let left = try part(whole.from, middle, breakpoints, f)
    let right = try part(middle, whole.to, breakpoints, f)
    let isNoisy = left.error + right.error >= 0.5 * whole.error && whole.error <= 1e-7 * whole.magnitude
    return isNoisy ? (Self.settled(left), Self.settled(right)) : (left, right)
  }

  private static func settled(_ part: Part) -> Part {
    var result = part
    (result.inner, result.error) = (part.inner + part.error, 0)
    return result
  }

  /// One panel in the parameter t = i + s of the panel i between breakpoints, with the error estimate of QUADPACK's qk21.
  private func part(
    _ from: Double, _ to: Double, _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> Part {
    let index = from.rounded(.down)
    let (a, b) = (breakpoints[Int(index)], breakpoints[Int(index) + 1])
    var result = Part(from: from, to: to)
    var (coarse, total) = (0.0, 0.0)
    var samples: [(value: Double, weight: Double)] = []
    for (i, node) in KronrodRule.nodes.enumerated() {
      // Measured from either end, so that nodes near to one keep their distance from it.
      let t = (from - index) + 0.5 * (to - from) * (1 + node)
      let s = (index + 1 - to) + 0.5 * (to - from) * (1 - node)
      let x = t < 0.5 ? a + (b - a) * t * t * (3 - 2 * t) : b - (b - a) * s * s * (3 - 2 * s)
      let sample = try f(x)
      let measure = 0.5 * (to - from) * 6 * (b - a) * t * s
      let weight = measure * KronrodRule.weights[i]
      samples.append((sample.value, weight))
      total += weight
      result.value += weight * sample.value
      result.magnitude += weight * abs(sample.value)
      result.inner += weight * sample.error
      coarse += measure * KronrodRule.gaussWeights[i] * sample.value
    }
    let mean = result.value / total
    let spread = samples.reduce(0) { $0 + $1.weight * abs($1.value - mean) }
    result.error = abs(result.value - coarse)
    if spread > 0 && result.error > 0 {
      let ratio = min(200 * result.error / spread, 1)
      result.error = spread * ratio * ratio.squareRoot()
    }
    return result
  }
}
