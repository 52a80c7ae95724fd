import Quadrature
import RealModule

/// Adaptive Gauss-Kronrod quadrature over the normal wave number at one photon energy, propagating and evanescent waves together.
///
/// The error of each of the four channels (both polarisations and both zones added) is brought below `tolerance` times the channel.
struct WaveVectorIntegrator {
  /// Phi at one photon energy, in eV^2.
  struct Spectrum {
    var propagating = Channels.zero
    var evanescent = Channels.zero
    /// Bounds of the errors, by polarisation and channel, both zones.
    var error = Channels.zero
    var converged = true
  }

  private struct Piece: WatchedContribution {
    var from: Double
    var to: Double
    var isEvanescent: Bool
    var value: Channels
    var error: Channels

    /// By channel, both polarisations added.
    var doubts: SIMD4<Double> { error.lowHalf + error.highHalf }
    var sizes: SIMD4<Double> { value.lowHalf + value.highHalf }
  }

  var integrand: TransmissionIntegrand
  /// Relative error allowed per channel.
  var tolerance: Double
  private(set) var evaluations = 0
  private var pieces = PanelRefinement<Piece>(limit: WaveVectorIntegrator.mostPieces)
  private var cuts: [Double] = []
  private static let mostPieces = 200_000

  init(_ integrand: TransmissionIntegrand, tolerance: Double) {
    self.integrand = integrand
    self.tolerance = tolerance
    cuts.reserveCapacity(256)
  }

  /// Phi_ij(w), see `GapSpectra`.
  mutating func spectrum(at w: Double) -> Spectrum {
    integrand.prepare(at: w)
    pieces.parts.removeAll(keepingCapacity: true)
    placeCuts(propagatingTo: w)
    addPieces(isEvanescent: false)
    var end = 0.0
    if integrand.hasEvanescent {
      end = evanescentEnd
      placeCuts(evanescentTo: end, energy: w)
      addPieces(isEvanescent: true)
    }
    var result = refined()
    if integrand.hasEvanescent {
      // What lies beyond falls off as kappa e^{-2 kappa d}.
      result.error += integrand.evanescent(end) * (1 / integrand.gap)
    }
    return result
  }

  /// Where e^{-2 kappa d}, enhanced by resonant reflection, has fallen below the tolerance.
  private var evanescentEnd: Double {
    let enhancement = integrand.first.largestContrast * integrand.second.largestContrast
    return 0.5 * (Double.log(1 / tolerance) + 5 + Double.log(enhancement)) / integrand.gap
  }

  private mutating func placeCuts(propagatingTo w: Double) {
    cuts.removeAll(keepingCapacity: true)
    cuts.append(0)
    let fringe = Double.pi / integrand.gap
    if integrand.hasFringes && fringe < 0.5 * w {
      for i in 1...Int(min(w / fringe, 100_000)) { cuts.append(Double(i) * fringe) }
    } else {
      cuts.append(0.1 * w)
      cuts.append(0.5 * w)
    }
    cuts.append(w)
    collectLightLines { $0 < 0 ? -$0 : nil }
    sortCuts(below: w)
  }

  private mutating func placeCuts(evanescentTo end: Double, energy w: Double) {
    cuts.removeAll(keepingCapacity: true)
    cuts.append(0)
    var cut = 0.1 * min(w, end)
    while cut < end {
      cuts.append(cut)
      cut *= 3.3
    }
    cuts.append(end)
    collectLightLines { $0 > 0 ? $0 : nil }
    sortCuts(below: end)
  }

  private mutating func collectLightLines(_ position: (Double) -> Double?) {
    var found = cuts
    let record: (Double) -> Void = { line in if let x = position(line) { found.append(x) } }
    integrand.first.lightLines(record)
    integrand.second.lightLines(record)
    cuts = found
  }

  private mutating func sortCuts(below end: Double) {
    cuts.sort()
    var kept = 1
    for i in 1..<cuts.count where cuts[i] > cuts[kept - 1] * (1 + 1e-12) && cuts[i] <= end {
      cuts[kept] = cuts[i]
      kept += 1
    }
    cuts.removeLast(cuts.count - kept)
  }

  private mutating func addPieces(isEvanescent: Bool) {
    for i in 1..<cuts.count { pieces.parts.append(piece(cuts[i - 1], cuts[i], isEvanescent)) }
  }

  private mutating func refined() -> Spectrum {
    // Outside the integrator while its pieces are made: `piece` counts evaluations in it.
    var refinement = PanelRefinement<Piece>(limit: Self.mostPieces)
    swap(&refinement, &pieces)
    defer { swap(&refinement, &pieces) }
    let rule = RefinementRule(tolerance: tolerance, whole: 1, shares: 0.5, lanes: .open)
    let outcome = refinement.refine(to: rule) { whole in
      let middle = 0.5 * (whole.from + whole.to)
      guard middle > whole.from && middle < whole.to else { return nil }
      return (piece(whole.from, middle, whole.isEvanescent), piece(middle, whole.to, whole.isEvanescent))
    }
    var result = Spectrum()
    for piece in refinement.parts {
      if piece.isEvanescent { result.evanescent += piece.value } else { result.propagating += piece.value }
      result.error += piece.error
    }
    result.converged = outcome == .resolved
    return result
  }

  private mutating func piece(_ from: Double, _ to: Double, _ isEvanescent: Bool) -> Piece {
    let (center, half) = (0.5 * (from + to), 0.5 * (to - from))
    var (kronrod, gauss) = (Channels.zero, Channels.zero)
    KronrodRule.nodes.withUnsafeBufferPointer { nodes in
      KronrodRule.weights.withUnsafeBufferPointer { weights in
        KronrodRule.gaussWeights.withUnsafeBufferPointer { gaussWeights in
          for i in 0..<KronrodRule.count {
            let x = center + half * nodes[i]
            let value = isEvanescent ? integrand.evanescent(x) : integrand.propagating(x)
            kronrod += weights[i] * value
            gauss += gaussWeights[i] * value
          }
        }
      }
    }
    evaluations += KronrodRule.count
    let difference = kronrod - gauss
    let error = difference.replacing(with: -difference, where: difference .< 0) + 1e-15 * kronrod
    return Piece(from: from, to: to, isEvanescent: isEvanescent, value: half * kronrod, error: half * error)
  }
}
