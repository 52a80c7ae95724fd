import BosonPropagators
import Quadrature
import RealModule
import TransportResults

/// Weights of the bosons' sharp functions at the nodes of a frequency panel, for `MatrixResponse`.
package struct ResponseQuadrature {
  /// int g_i(w) w^j l_node(w) dw for j = 0, 1, 2: [(i * 3 + j) * order + node], numbers i below the transmissions.
  package let weights: [Double]
  /// int |g_i| w^j dw, [i * 3 + j].
  package let norms: [Double]
  /// Integrals of the transmissions.
  package let transmissions: [Estimate]
  /// Relative error of the weights of every block of integrands: of the quadrature and of the baths' self-energies.
  package let relativeErrors: [Double]

  private static let rule = GaussLegendreRule(order: 16)
  private static let rho = 2.5
  private static let deepest = 64
  private static let order = FrequencyWeights.order

  /// Integrates over a panel on intervals graded towards every feature and band edge, halved until the error of every block
  /// of integrands falls below a hundredth of `tolerance` of its size. Throws when D does not exist.
  package init(
    _ panel: Panel, _ integrand: ResponseIntegrand, temperature t: Double, rule: KinkRule, tolerance: Double,
    hasElectrons: Bool = true
  ) throws(SolverError) {
    let smooth = integrand.transmissionStart
    var moments = [Double](repeating: 0, count: smooth * 3 * Self.order)
    var norms = [Double](repeating: 0, count: smooth * 3)
    var totals = [Double](repeating: 0, count: integrand.count - smooth)
    let blocks = integrand.blocks
    var sums = [BlockError](repeating: BlockError(), count: blocks.count)
    var samples = [Double](repeating: 0, count: integrand.count * 16)
    var row = [Double](repeating: 0, count: integrand.count)
    var legendre = [Double](repeating: 0, count: Self.order)
    // Without electrons the transmissions alone are wanted.
    let judged = hasElectrons ? blocks.indices : (blocks.count - 1)..<blocks.count
    let pieces = rule.pieces(of: panel)
    // What begins at w = 0 cannot be measured against what has been summed before: a tenth of a first look.
    var reference = [Double](repeating: 0, count: blocks.count)
    for piece in pieces {
      for i in 0..<16 {
        let (w, jacobian) = piece.position(Self.rule.nodes[i])
        guard integrand.evaluate(w, temperature: t, into: &row) else { continue }
        for f in row.indices { samples[f * 16 + i] = row[f] * jacobian }
      }
      for b in blocks.indices { reference[b] += 0.1 * Self.error(samples, blocks[b]).size }
    }
    var refinement = PanelRefinement(pieces.map { HalvedPanel($0) })
    _ = try refinement.descend { (part, _) throws(SolverError) in
      let (interval, halves) = (part.panel, part.halves(to: Self.deepest))
      if let halves, !interval.resolves(rule.features, rho: Self.rho) { return halves }
      var responses = [Double](repeating: 0, count: 16)
      for i in 0..<16 {
        let (w, jacobian) = interval.position(Self.rule.nodes[i])
        guard integrand.evaluate(w, temperature: t, into: &row) else {
          throw SolverError(
            .unsuitableModel, at: .baths, "the bosons have an undamped mode at energy \(w)",
            hint: "Attach a bath to it, for example kind: ohmic with a small friction")
        }
        // A changed Pi moves D by D dPi D: the whole of the integrand at most.
        responses[i] = min(2 * integrand.propagatorNorm * integrand.selfEnergyError, 1)
        for f in row.indices { samples[f * 16 + i] = row[f] * jacobian }
      }
      let errors = blocks.map { Self.error(samples, $0) }
      let scales = integrand.scales(errors.map(\.size), at: interval.center)
      let unresolved = judged.contains {
        errors[$0].error > 0.01 * tolerance * max(scales[$0], 0.01 * max(sums[$0].size, reference[$0]))
      }
      if unresolved, let halves { return halves }
      for b in blocks.indices {
        sums[b].error += 2 * errors[b].error
        sums[b].size += scales[b]
        for i in 0..<16 {
          let size = blocks[b].reduce(0) { max($0, abs(samples[$1 * 16 + i])) }
          sums[b].response += Self.rule.weights[i] * responses[i] * size
          sums[b].measure += Self.rule.weights[i] * size
        }
      }
      for i in 0..<16 {
        let w = interval.position(Self.rule.nodes[i]).0
        for k in legendre.indices { legendre[k] = 0 }
        FrequencyWeights.rule.addLegendre(at: panel.parameter(w), factor: Self.rule.weights[i], to: &legendre)
        for f in 0..<smooth where samples[f * 16 + i] != 0 {
          var value = samples[f * 16 + i]
          for j in 0..<3 {
            norms[f * 3 + j] += abs(value) * Self.rule.weights[i]
            for k in 0..<Self.order { moments[(f * 3 + j) * Self.order + k] += value * legendre[k] }
            value *= w
          }
        }
        for f in smooth..<row.count { totals[f - smooth] += Self.rule.weights[i] * samples[f * 16 + i] }
      }
      return nil
    }
    try SolverError.checkInterruption("integrating over frequencies")
    var weights = [Double](repeating: 0, count: moments.count)
    for d in 0..<(smooth * 3) {
      moments.withUnsafeBufferPointer { m in
        weights.withUnsafeMutableBufferPointer {
          FrequencyWeights.rule.productWeights(moments: m.baseAddress! + d * Self.order, into: $0.baseAddress! + d * Self.order)
        }
      }
    }
    let relative = sums.map { ($0.size > 0 ? $0.error / $0.size : 0) + $0.relativeResponse + 1e-14 }
    (self.weights, self.norms, relativeErrors) = (weights, norms, relative)
    // The error of the quadrature is that of the whole block, however small one of its integrals is; the integrands are not negative.
    let (quadrature, relativeToSize) = (sums[blocks.count - 1].error, sums[blocks.count - 1].relativeResponse + 1e-14)
    transmissions = totals.map { Estimate($0, error: quadrature + relativeToSize * abs($0)) }
  }

  /// Error and size of a block of integrands.
  private struct BlockError {
    var error = 0.0
    var size = 0.0
    /// What errors of the baths' self-energies do to the integral of the largest integrand, and that integral.
    var response = 0.0
    var measure = 0.0

    var relativeResponse: Double { measure > 0 ? response / measure : 0 }
  }

  /// Errors of the Gauss rule and sizes of the integrands, added up over a block.
  private static func error(_ samples: [Double], _ block: Range<Int>) -> BlockError {
    var result = BlockError()
    samples.withUnsafeBufferPointer { s in
      for f in block {
        let v = s.baseAddress! + f * 16
        var size = 0.0
        for i in 0..<16 { size = max(size, abs(v[i])) }
        guard size > 0 else { continue }
        result.error += GaussLegendreRule.sumError(tail: rule.tail(of: v), size: size)
        result.size += size
      }
    }
    return result
  }
}
