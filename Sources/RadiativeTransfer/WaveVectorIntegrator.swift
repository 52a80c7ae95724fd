import Cancellation
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

  private struct Piece {
    var from: Double
    var to: Double
    var isEvanescent: Bool
    var value: Channels
    var error: Channels
  }

  var integrand: TransmissionIntegrand
  /// Relative error allowed per channel.
  var tolerance: Double
  private(set) var evaluations = 0
  private var pieces: [Piece] = []
  private var next: [Piece] = []
  private var cuts: [Double] = []
  private static let mostPieces = 200_000

  init(_ integrand: TransmissionIntegrand, tolerance: Double) {
    self.integrand = integrand
    self.tolerance = tolerance
    pieces.reserveCapacity(256)
    next.reserveCapacity(256)
    cuts.reserveCapacity(256)
  }

  /// Phi_ij(w), see `GapSpectra`.
  mutating func spectrum(at w: Double) -> Spectrum {
    integrand.prepare(at: w)
    pieces.removeAll(keepingCapacity: true)
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
    for i in 1..<cuts.count { pieces.append(piece(cuts[i - 1], cuts[i], isEvanescent)) }
  }

  private mutating func refined() -> Spectrum {
    while true {
      var result = Spectrum()
      for piece in pieces {
        if piece.isEvanescent { result.evanescent += piece.value } else { result.propagating += piece.value }
        result.error += piece.error
      }
      let total = result.propagating + result.evanescent
      let sums = total.lowHalf + total.highHalf
      let errors = result.error.lowHalf + result.error.highHalf
      let allowed = tolerance * sums
      let open = errors .> allowed
      guard any(open), pieces.count < Self.mostPieces, !CancellationToken.isRequested else {
        result.converged = !any(open)
        return result
      }
      let share = allowed * (0.5 / Double(pieces.count))
      bisect { piece in any(open .& ((piece.error.lowHalf + piece.error.highHalf) .> share)) }
    }
  }

  private mutating func bisect(_ isCoarse: (Piece) -> Bool) {
    next.removeAll(keepingCapacity: true)
    for whole in pieces {
      let middle = 0.5 * (whole.from + whole.to)
      guard isCoarse(whole) && middle > whole.from && middle < whole.to else {
        next.append(whole)
        continue
      }
      next.append(piece(whole.from, middle, whole.isEvanescent))
      next.append(piece(middle, whole.to, whole.isEvanescent))
    }
    swap(&pieces, &next)
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
