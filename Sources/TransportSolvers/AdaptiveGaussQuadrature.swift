import Quadrature

/// Plain adaptive quadrature of one real function: two Gauss rules on every panel, bisection of the worst ones.
///
/// The function may bring an error of its own (an inner integral): it is integrated into the error returned.
struct AdaptiveGaussQuadrature: Sendable {
  /// Relative to the integral of the modulus.
  var tolerance: Double
  /// No more bisections once this many panels exist.
  var panelLimit = 20_000

  private static let coarse = GaussLegendreRule(order: 10)
  private static let fine = GaussLegendreRule(order: 21)

  private struct Part {
    let from: Double
    let to: Double
    var value = 0.0
    var error = 0.0
    var inner = 0.0
    var magnitude = 0.0
  }

  /// The integral over the panels between ascending breakpoints, zero for fewer than two. The error is an honest one also
  /// when the tolerance was not reached.
  ///
  /// e = a + (b - a) t^2 (3 - 2t) on every panel between breakpoints: square roots at their ends do no harm.
  func integrate(
    _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> Estimate {
    guard let first = breakpoints.first, let last = breakpoints.last, last > first else { return Estimate() }
    var parts: [Part] = []
    for i in 1..<breakpoints.count { parts.append(try part(Double(i - 1), Double(i), breakpoints, f)) }
    while true {
      let error = parts.reduce(0) { $0 + $1.error }
      let magnitude = parts.reduce(0) { $0 + $1.magnitude }
      let largest = parts.reduce(0) { max($0, $1.error) }
      if error <= tolerance * magnitude || largest == 0 || parts.count > panelLimit {
        // Rounding of the sums, in case every panel believes in itself.
        let floor = 1e-15 * magnitude
        return Estimate(parts.reduce(0) { $0 + $1.value }, error: error + floor + parts.reduce(0) { $0 + $1.inner })
      }
      let threshold = min(largest, max(0.03 * largest, 0.3 * tolerance * magnitude / Double(parts.count)))
      var next: [Part] = []
      for p in parts {
        let middle = 0.5 * (p.from + p.to)
        if p.error < threshold || middle <= p.from || middle >= p.to {
          next.append(p)
        } else {
          next += settled([try part(p.from, middle, breakpoints, f), try part(middle, p.to, breakpoints, f)], from: p)
        }
      }
      // Nothing left to bisect in floating point: what error there is stays in the bound.
      let stuck = next.count == parts.count
      parts = stuck ? next.map { Part(from: $0.from, to: $0.to, value: $0.value, inner: $0.inner + $0.error) } : next
    }
  }

  /// The halves of a panel; their errors become final when rounding noise, not the integrand's shape, is what remains.
  private func settled(_ halves: [Part], from whole: Part) -> [Part] {
    let error = halves.reduce(0) { $0 + $1.error }
    guard error >= 0.5 * whole.error && whole.error <= 1e-7 * whole.magnitude else { return halves }
    return halves.map {
      var half = $0
      (half.inner, half.error) = (half.inner + half.error, 0)
      return half
    }
  }

  /// One panel in the parameter t = i + s of the panel i between breakpoints.
  private func part(
    _ from: Double, _ to: Double, _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> Part {
    let index = from.rounded(.down)
    let (a, b) = (breakpoints[Int(index)], breakpoints[Int(index) + 1])
    var result = Part(from: from, to: to)
    var rough = 0.0
    for (rule, isFine) in [(Self.coarse, false), (Self.fine, true)] {
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let t = (from - index) + 0.5 * (to - from) * (1 + node)
        let s = (Double(Int(index) + 1) - to) + 0.5 * (to - from) * (1 - node)
        let x = t < 0.5 ? a + (b - a) * t * t * (3 - 2 * t) : b - (b - a) * s * s * (3 - 2 * s)
        let sample = try f(x)
        let measure = 0.5 * (to - from) * weight * 6 * (b - a) * t * s
        if isFine {
          result.value += measure * sample.value
          result.magnitude += measure * abs(sample.value)
          result.inner += measure * sample.error
        } else {
          rough += measure * sample.value
        }
      }
    }
    result.error = abs(result.value - rough)
    return result
  }
}
