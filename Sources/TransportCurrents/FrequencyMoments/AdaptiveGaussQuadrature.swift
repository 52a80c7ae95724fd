import Cancellation
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
    while true {
      try SolverError.checkInterruption("integrating")
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
        if CancellationToken.isRequested { break }
        if p.error < threshold { next.append(p) } else { next += try bisected(p, breakpoints, f) }
      }
      parts = next
    }
  }

  /// The halves of a panel. Errors become final when rounding noise, not the integrand's shape, is what remains.
  private func bisected(
    _ whole: Part, _ breakpoints: [Double], _ f: (Double) throws(SolverError) -> Estimate
  ) throws(SolverError) -> [Part] {
    let middle = 0.5 * (whole.from + whole.to)
    guard middle > whole.from && middle < whole.to else { return [Self.settled(whole)] }
    let halves = [try part(whole.from, middle, breakpoints, f), try part(middle, whole.to, breakpoints, f)]
    let noisy = halves[0].error + halves[1].error >= 0.5 * whole.error && whole.error <= 1e-7 * whole.magnitude
    return noisy ? halves.map(Self.settled) : halves
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
    for i in -10...10 {
      let node = (i < 0 ? -1.0 : 1.0) * Self.nodes[10 - abs(i)]
      // Measured from either end, so that nodes near to one keep their distance from it.
      let t = (from - index) + 0.5 * (to - from) * (1 + node)
      let s = (index + 1 - to) + 0.5 * (to - from) * (1 - node)
      let x = t < 0.5 ? a + (b - a) * t * t * (3 - 2 * t) : b - (b - a) * s * s * (3 - 2 * s)
      let sample = try f(x)
      let measure = 0.5 * (to - from) * 6 * (b - a) * t * s
      let weight = measure * Self.kronrodWeights[10 - abs(i)]
      samples.append((sample.value, weight))
      total += weight
      result.value += weight * sample.value
      result.magnitude += weight * abs(sample.value)
      result.inner += weight * sample.error
      coarse += measure * Self.gaussWeights[10 - abs(i)] * sample.value
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

extension AdaptiveGaussQuadrature {
  /// Nodes of the 21-point Kronrod rule, from the end of the panel to its middle; every second one is a Gauss node.
  private static let nodes: [Double] = [
    0.995657163025808080735527280689003, 0.973906528517171720077964012084452, 0.930157491355708226001207180059508,
    0.865063366688984510732096688423493, 0.780817726586416897063717578345042, 0.679409568299024406234327365114874,
    0.562757134668604683339000099272694, 0.433395394129247190799265943165784, 0.294392862701460198131126603103866,
    0.148874338981631210884826001129720, 0,
  ]
  private static let kronrodWeights: [Double] = [
    0.011694638867371874278064396062192, 0.032558162307964727478818972459390, 0.054755896574351996031381300244580,
    0.075039674810919952767043140916190, 0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
    0.123491976262065851077958109831074, 0.134709217311473325928054001771707, 0.142775938577060080797094273138717,
    0.147739104901338491374841515972068, 0.149445554002916905664936468389821,
  ]
  private static let gaussWeights: [Double] = [
    0, 0.066671344308688137593568809893332, 0, 0.149451349150580593145776339657697, 0,
    0.219086362515982043995534934228163, 0, 0.269266719309996355091226921569469, 0,
    0.295524224714752870173892994651338, 0,
  ]
}
