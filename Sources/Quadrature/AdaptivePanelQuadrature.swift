import RealModule

/// Adaptive quadrature of many functions of one variable at once on given panels: 16 Gauss nodes each, bisection where
/// the Legendre coefficients of an integrand have not decayed.
///
/// Every function is judged against its own gross integral, which the integrand supplies: the sum of the moduli of what
/// the value is a difference of. A feature no node comes near is not seen: panels must end at every step and edge.
package struct AdaptivePanelQuadrature: Sendable {
  /// Relative to the gross integral of every component.
  package var tolerance: Double
  /// No more bisections once this many panels exist.
  package var panelLimit = 4000

  package init(tolerance: Double, panelLimit: Int = 4000) {
    self.tolerance = tolerance
    self.panelLimit = panelLimit
  }

  private static let rule = GaussLegendreRule(order: 16)

  /// Integrals, absolute error bounds (quadrature and what the samples bring along) and gross integrals.
  package struct Outcome: Sendable {
    package var values: [Double]
    package var errors: [Double]
    package var gross: [Double]

    package init(count: Int) {
      values = [Double](repeating: 0, count: count)
      errors = values
      gross = values
    }
  }

  /// What one node yields, overwritten by the integrand.
  package struct Sample {
    package var values: [Double]
    /// Moduli of what the values are differences of.
    package var gross: [Double]
    /// Relative rounding error of `gross`.
    package var rounding = 4e-15

    package init(count: Int) {
      values = [Double](repeating: 0, count: count)
      gross = values
    }
  }

  private struct Part {
    let panel: Panel
    var outcome: Outcome
    /// Quadrature errors alone.
    var doubt: [Double]
    var isFinal = false
  }

  /// Integrates `count` functions. `f(x, &sample)` fills values and gross values at x.
  package func integrate<Failure: Error>(
    _ panels: [Panel], count: Int, _ f: (Double, inout Sample) throws(Failure) -> Void
  ) throws(Failure) -> Outcome {
    var sample = Sample(count: count)
    var first: [Part] = []
    for panel in panels where panel.length > 0 { first.append(try part(panel, count, &sample, f)) }
    var refinement = PanelRefinement(first, limit: panelLimit)
    var total = Outcome(count: count)
    // What an interrupted quadrature returns nobody sees (`CancellationToken`).
    _ = try refinement.refine(
      judge: { (parts: [Part]) throws(Failure) -> ((Part) -> Bool)? in
        var doubt = [Double](repeating: 0, count: count)
        (total, doubt) = sum(parts, count)
        let targets = total.gross.map { tolerance * $0 }
        let open = (0..<count).filter { doubt[$0] > targets[$0] }
        let share = 0.5 / Double(parts.count)
        return open.isEmpty ? nil : { part in !part.isFinal && open.contains { part.doubt[$0] > share * targets[$0] } }
      },
      halve: { (whole: Part) throws(Failure) -> (Part, Part)? in
        guard let (left, right) = whole.panel.bisected else { return nil }
        return (try part(left, count, &sample, f), try part(right, count, &sample, f))
      })
    return total
  }

  /// Sums over the parts: what is returned, and the quadrature errors alone.
  private func sum(_ parts: [Part], _ count: Int) -> (Outcome, doubt: [Double]) {
    var total = Outcome(count: count)
    var doubt = [Double](repeating: 0, count: count)
    for p in parts {
      for c in 0..<count {
        total.values[c] += p.outcome.values[c]
        total.errors[c] += p.outcome.errors[c]
        total.gross[c] += p.outcome.gross[c]
        doubt[c] += p.doubt[c]
      }
    }
    return (total, doubt)
  }

  private func part<Failure: Error>(
    _ panel: Panel, _ count: Int, _ sample: inout Sample, _ f: (Double, inout Sample) throws(Failure) -> Void
  ) throws(Failure) -> Part {
    let rule = Self.rule
    let n = rule.order
    var table = [Double](repeating: 0, count: count * n)
    var result = Part(panel: panel, outcome: Outcome(count: count), doubt: [Double](repeating: 0, count: count))
    var peaks = [Double](repeating: 0, count: count)
    for i in 0..<n {
      let (x, jacobian) = panel.position(rule.nodes[i])
      try f(x, &sample)
      let weight = jacobian * rule.weights[i]
      for c in 0..<count {
        table[c * n + i] = sample.values[c] * jacobian
        result.outcome.values[c] += weight * sample.values[c]
        result.outcome.gross[c] += weight * sample.gross[c]
        result.outcome.errors[c] += weight * sample.rounding * sample.gross[c]
        peaks[c] = max(peaks[c], sample.gross[c] * jacobian)
      }
    }
    var noise = true
    for c in 0..<count {
      let tail = table.withUnsafeBufferPointer { rule.tail(of: $0.baseAddress! + c * n) }
      guard peaks[c] > 0, tail > 0 else { continue }
      // Gauss integrates twice as many coefficients as the nodes resolve; half of that is believed, on the scale of the decay.
      let relative = min(1, 10 * tail / peaks[c])
      result.doubt[c] = 2 * tail * relative.squareRoot()
      if tail > 64 * sample.rounding * peaks[c] { noise = false }
      result.outcome.errors[c] += result.doubt[c]
    }
    result.isFinal = noise
    return result
  }
}
