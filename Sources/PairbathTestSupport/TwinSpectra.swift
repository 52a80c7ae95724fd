import ComplexModule
import DenseMatrices
import JunctionModel

/// Spectra of one pair channel at one frequency, mass-weighted convention, spin degeneracy included.
package struct TwinSpectra: Sendable {
  /// The electrodes an electron leaves and enters.
  package let channel: PairChannel
  /// The frequency w of the boson emitted.
  package let frequency: Double
  /// E^{ab}(w), shape (modes, modes), Hermitian positive semidefinite, [11:5].
  package let emission: Matrix
  /// B^{ab}(w), shape (modes, modes).
  package let absorption: Matrix
  /// L^{ab}(w) = B - E, integrated on its own with f_b(e - w) - f_a(e), [11:7].
  package let pairDensity: Matrix
  /// Diagonal of the emission with weight e - mu_a of the electron in electrode a.
  package let emissionInitialHeat: [Double]
  /// Diagonal of the emission with weight e - w - mu_b of the electron in electrode b.
  package let emissionFinalHeat: [Double]
  /// Diagonal of the absorption with weight e - mu_a.
  package let absorptionInitialHeat: [Double]
  /// Diagonal of the absorption with weight e - w - mu_b.
  package let absorptionFinalHeat: [Double]
  /// Diagonal of the emission with weight e.
  package let emissionEnergy: [Double]
  /// Diagonal of the absorption with weight e.
  package let absorptionEnergy: [Double]
  /// Absolute error bounds of `emission`, `absorption`, `pairDensity` (largest over the elements).
  package let errors: (emission: Double, absorption: Double, pairDensity: Double)
  /// Absolute error bound of the heat weights (largest over modes).
  package let heatError: Double
  /// True when every integral reached the tolerance.
  package let converged: Bool
  /// Energies at which the Green's functions were formed.
  package let evaluations: Int
}

extension TextbookTwin {
  /// Spectra of every pair channel, in the junction's channel order.
  package func spectra(at point: OperatingPoint, frequency: Double) throws -> [TwinSpectra] {
    try junction.channels.map { try spectra(of: $0, at: point, frequency: frequency) }
  }

  /// E, B, L and the heat moments of one channel, Theory.md section 2, after [11:5-7]:
  /// int de/2pi X^{ab}(e, w) times f_a(1 - f_b), (1 - f_a) f_b, f_b - f_a with X_mn = g_s tr[M^m A_a(e) M^n A_b(e - w)].
  package func spectra(of channel: PairChannel, at point: OperatingPoint, frequency w: Double) throws -> TwinSpectra {
    let (a, b) = (channel.from, channel.to)
    let initial = Occupancy(mu: point.chemicalPotentials[a], temperature: point.temperatures[a])
    let final = Occupancy(mu: point.chemicalPotentials[b], temperature: point.temperatures[b])
    let modes = couplings.count
    let square = modes * modes
    // Components: E (re, im), B (re, im), L (re, im), then four heat diagonals.
    let count = 6 * square + 4 * modes
    let groups = (0..<3).map { ($0 * 2 * square)..<(($0 + 1) * 2 * square) }
    let heats = (0..<4).map { (6 * square + $0 * modes)..<(6 * square + ($0 + 1) * modes) }
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: groups + heats, smoothsEdges: hasStructuredElectrodes)
    let panels = breakpoints(
      frequency: w, occupancies: [(initial.mu, initial.temperature), (final.mu + w, final.temperature)])
    var work = TwinElectronWorkspace(self)
    let zeros = [Scalar](repeating: .zero, count: square)
    let outcome = try quadrature.integrate(panels, components: count) { e in
      var sample = [Double](repeating: 0, count: count)
      let weights = PairWeights(energy: e, frequency: w, from: initial, to: final)
      let factors = [weights.emission, weights.absorption, weights.pair]
      if factors.allSatisfy({ $0 == 0 }) { return sample }
      // Column-major.
      try work.fill(0, energy: e)
      try work.fill(1, energy: e - w)
      var kernel = zeros
      work.addTraces(work.coupled(0, electrode: a), work.coupledRight(1, electrode: b), factor: .one, to: &kernel)
      for i in 0..<square {
        let x = kernel[i].rawStorage
        for (s, factor) in factors.enumerated() {
          sample[2 * (s * square + i)] = factor * x.x
          sample[2 * (s * square + i) + 1] = factor * x.y
        }
      }
      for m in 0..<modes {
        let x = kernel[m + m * modes].rawStorage.x
        let (before, after) = (e - initial.mu, e - w - final.mu)
        sample[heats[0].lowerBound + m] = weights.emission * x * before
        sample[heats[1].lowerBound + m] = weights.emission * x * after
        sample[heats[2].lowerBound + m] = weights.absorption * x * before
        sample[heats[3].lowerBound + m] = weights.absorption * x * after
      }
      return sample
    }
    let values = outcome.values.map { $0 / (2 * Double.pi) }
    let errors = outcome.errors.map { $0 / (2 * Double.pi) }
    func matrix(_ s: Int) -> Matrix {
      let elements = (0..<square).map { Scalar(values[2 * (s * square + $0)], values[2 * (s * square + $0) + 1]) }
      return Matrix(rows: modes, columns: modes, elements: elements)
    }
    func bound(_ range: Range<Int>) -> Double { range.map { errors[$0] }.max() ?? 0 }
    let (emission, absorption) = (matrix(0), matrix(1))
    let moments = heats.map { Array(values[$0]) }
    return TwinSpectra(
      channel: channel, frequency: w, emission: emission, absorption: absorption, pairDensity: matrix(2),
      emissionInitialHeat: moments[0], emissionFinalHeat: moments[1], absorptionInitialHeat: moments[2],
      absorptionFinalHeat: moments[3],
      emissionEnergy: (0..<modes).map { moments[0][$0] + initial.mu * emission[$0, $0].rawStorage.x },
      absorptionEnergy: (0..<modes).map { moments[2][$0] + initial.mu * absorption[$0, $0].rawStorage.x },
      errors: (bound(groups[0]), bound(groups[1]), bound(groups[2])), heatError: heats.map(bound).max() ?? 0,
      converged: outcome.converged, evaluations: 2 * outcome.evaluations)
  }
}
