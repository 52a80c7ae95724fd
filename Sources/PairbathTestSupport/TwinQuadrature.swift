/// Plain adaptive Gauss-Kronrod quadrature (10, 21 points) of a vector of real functions on given panels.
///
/// No knowledge of physics: the caller supplies breakpoints at every step, edge and resonance. Panels are bisected in
/// passes until, in every group of components, the summed error estimate is below `tolerance` times the integral of the
/// modulus. What is reached is reported, also when it is less than what was asked for.
struct TwinQuadrature {
  /// Relative tolerance of every group.
  var tolerance: Double
  /// Components that share one error target, the largest modulus integral among them.
  var groups: [Range<Int>]
  /// True to substitute e = a + (b - a) t^2 (3 - 2t) on every panel, which removes inverse square roots at its ends.
  var smoothsEdges = false
  /// No more bisections once this many panels exist.
  var panelLimit = 60_000

  /// Integrals smaller than this count as zero.
  private static let floor = 1e-280

  /// What an integration achieved.
  struct Outcome {
    /// The integrals.
    var values: [Double]
    /// Estimated absolute errors of the integrals.
    var errors: [Double]
    /// Integrals of the moduli.
    var magnitudes: [Double]
    /// Number of integrand evaluations.
    var evaluations = 0
    /// True when every group met its target.
    var converged = true
  }

  private struct Panel {
    var lower: Double
    var upper: Double
    var from: Double
    var to: Double
    var values: [Double]
    var errors: [Double]
    var magnitudes: [Double]
    var settled = false
  }

  /// Integrates over the panels between consecutive breakpoints (ascending). An empty list gives zeros.
  func integrate(_ breakpoints: [Double], components: Int, _ f: (Double) throws -> [Double]) rethrows -> Outcome {
    let zeros = [Double](repeating: 0, count: components)
    var outcome = Outcome(values: zeros, errors: zeros, magnitudes: zeros)
    var panels: [Panel] = []
    for i in breakpoints.indices.dropLast() {
      panels.append(try panel(breakpoints[i], breakpoints[i + 1], 0, 1, components, f))
    }
    outcome.evaluations = 21 * panels.count
    while true {
      (outcome.values, outcome.errors, outcome.magnitudes) = (zeros, zeros, zeros)
      for p in panels {
        for c in 0..<components {
          outcome.values[c] += p.values[c]
          outcome.errors[c] += p.errors[c]
          outcome.magnitudes[c] += p.magnitudes[c]
        }
      }
      // Below the floor lie denormal numbers, which have no relative accuracy to be reached.
      let targets = groups.map { group in max(Self.floor, tolerance * (group.map { outcome.magnitudes[$0] }.max() ?? 0)) }
      let open = groups.indices.filter { g in groups[g].contains { outcome.errors[$0] > targets[g] } }
      outcome.converged = open.isEmpty
      if open.isEmpty || panels.count > panelLimit { return outcome }
      let scores = panels.map { p in
        p.settled ? 0 : open.map { g in groups[g].map { p.errors[$0] }.max()! / targets[g] }.max()!
      }
      let largest = scores.max() ?? 0
      if largest == 0 { return outcome }
      let threshold = min(largest, max(0.03 * largest, 0.3 / Double(panels.count)))
      var next: [Panel] = []
      for (p, score) in zip(panels, scores) {
        if score < threshold {
          next.append(p)
        } else {
          next += try bisect(p, components, f)
          outcome.evaluations += 42
        }
      }
      panels = next
    }
  }

  /// Two halves of a panel; settled when rounding noise, not the integrand's shape, is what remains.
  private func bisect(_ p: Panel, _ components: Int, _ f: (Double) throws -> [Double]) rethrows -> [Panel] {
    let middle = 0.5 * (p.from + p.to)
    var halves = [
      try panel(p.lower, p.upper, p.from, middle, components, f), try panel(p.lower, p.upper, middle, p.to, components, f),
    ]
    let width = (p.upper - p.lower) * (p.to - p.from)
    let noisy = groups.allSatisfy { group in
      let before = group.map { p.errors[$0] }.max() ?? 0
      let after = group.map { halves[0].errors[$0] + halves[1].errors[$0] }.max() ?? 0
      return after >= 0.5 * before && before <= 1e-7 * (group.map { p.magnitudes[$0] }.max() ?? 0)
    }
    if noisy || width <= 1e-15 * max(abs(p.lower), abs(p.upper)) {
      halves[0].settled = true
      halves[1].settled = true
    }
    return halves
  }

  /// The 21-point rule on one panel, with the error estimate of QUADPACK's qk21.
  private func panel(
    _ lower: Double, _ upper: Double, _ from: Double, _ to: Double, _ components: Int, _ f: (Double) throws -> [Double]
  ) rethrows -> Panel {
    let half = 0.5 * (to - from)
    // [node * components + component]: node after node, because an integrand has far more components than a rule has nodes.
    var samples: [Double] = []
    samples.reserveCapacity(21 * components)
    var kronrod: [Double] = []
    var gauss: [Double] = []
    for i in -10...10 {
      let k = 10 - abs(i)
      let t = 0.5 * (from + to) + (i < 0 ? -half : half) * Self.nodes[k]
      let (x, slope) = point(t, lower, upper)
      samples += try f(x)
      kronrod.append(Self.kronrodWeights[k] * half * slope)
      gauss.append(Self.gaussWeights[k] * half * slope)
    }
    precondition(samples.count == 21 * components, "an integrand of \(components) components gave others")
    let zeros = [Double](repeating: 0, count: components)
    var result = Panel(lower: lower, upper: upper, from: from, to: to, values: zeros, errors: zeros, magnitudes: zeros)
    Self.sum(samples, kronrod, gauss, into: &result)
    return result
  }

  private static func sum(_ samples: [Double], _ kronrod: [Double], _ gauss: [Double], into result: inout Panel) {
    let (components, total) = (result.values.count, kronrod.reduce(0, +))
    let zeros = result.values
    var (values, coarse, magnitudes, spreads) = (zeros, zeros, zeros, zeros)
    samples.withUnsafeBufferPointer { samples in
      for j in 0..<21 {
        let (fine, rough) = (kronrod[j], gauss[j])
        for c in 0..<components {
          let sample = samples[j * components + c]
          values[c] += fine * sample
          coarse[c] += rough * sample
          magnitudes[c] += fine * abs(sample)
        }
      }
      let means = values.map { $0 / total }
      for j in 0..<21 {
        for c in 0..<components { spreads[c] += kronrod[j] * abs(samples[j * components + c] - means[c]) }
      }
    }
    for c in 0..<components {
      var error = abs(values[c] - coarse[c])
      if spreads[c] > 0 && error > 0 {
        let ratio = min(200 * error / spreads[c], 1)
        error = spreads[c] * ratio * ratio.squareRoot()
      }
      result.errors[c] = max(error, 2e-15 * magnitudes[c])
    }
    (result.values, result.magnitudes) = (values, magnitudes)
  }

  /// The energy at parameter t of a panel and its derivative.
  private func point(_ t: Double, _ lower: Double, _ upper: Double) -> (Double, Double) {
    let width = upper - lower
    guard smoothsEdges else { return (t < 0.5 ? lower + width * t : upper - width * (1 - t), width) }
    let s = 1 - t
    let x = t < 0.5 ? lower + width * t * t * (3 - 2 * t) : upper - width * s * s * (1 + 2 * t)
    return (x, 6 * width * t * s)
  }
}

extension TwinQuadrature {
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
