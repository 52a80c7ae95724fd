import ComplexModule
import DenseMatrices
import JunctionModel

/// Spectra of one pair channel at one frequency as full matrices in the modes, spin degeneracy included.
package struct TwinPairMatrices: Sendable {
  /// The electrodes an electron leaves and enters.
  package let channel: PairChannel
  /// The frequency w of the boson emitted.
  package let frequency: Double
  /// E^{ab}(w), shape (modes, modes), [11:5].
  package let emission: Matrix
  /// L^{ab}(w) = B - E, integrated on its own, [11:7].
  package let pairDensity: Matrix
  /// int de/2pi X (e - mu_a) f_a (1 - f_b).
  package let emissionHeat: Matrix
  /// int de/2pi X (e - mu_a) (f_b - f_a).
  package let pairHeat: Matrix
  /// mu_a and mu_b.
  let chemicalPotentials: (from: Double, to: Double)
  /// True when every integral reached the tolerance.
  package let converged: Bool

  /// B^{ab}(w) = E + L.
  package var absorption: Matrix { emission + pairDensity }
  /// int de/2pi e X f_a (1 - f_b), e the energy of the electron in a.
  package var emissionEnergy: Matrix { emissionHeat + chemicalPotentials.from * emission }
  /// int de/2pi e X (1 - f_a) f_b.
  package var absorptionEnergy: Matrix { emissionHeat + pairHeat + chemicalPotentials.from * absorption }
  /// The weights of the electron in b, e - w - mu_b, of the emission.
  package var finalEmissionHeat: Matrix { emissionHeat + shift * emission }
  /// The weights of the electron in b, e - w - mu_b, of the pair density.
  package var finalPairHeat: Matrix { pairHeat + shift * pairDensity }
  private var shift: Double { chemicalPotentials.from - chemicalPotentials.to - frequency }
}

extension TwinBosons {
  /// mu_a and T_a of every electrode.
  var occupancies: [Occupancy] {
    zip(point.chemicalPotentials, point.temperatures).map { Occupancy(mu: $0, temperature: $1) }
  }

  /// Spectra of every pair channel at one frequency, in the junction's channel order, Theory.md section 2:
  /// int de/2pi X^{ab}(e, w) {1, e - mu_a} {f_a (1 - f_b), f_b - f_a}.
  package func pairSpectra(frequency w: Double) throws -> [TwinPairMatrices] {
    guard let electrons else { return [] }
    let (channels, states, couplings) = (junction.channels, occupancies, electrons.couplings)
    let square = couplings.count * couplings.count
    // Per channel: E, L, the same with e - mu_a; real and imaginary parts.
    let groups = (0..<(4 * channels.count)).map { ($0 * 2 * square)..<(($0 + 1) * 2 * square) }
    let count = 8 * square * channels.count
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: groups, smoothsEdges: electrons.hasStructuredElectrodes)
    let steps = states.flatMap { [($0.mu, $0.temperature), ($0.mu + w, $0.temperature)] }
    var work = TwinElectronWorkspace(electrons)
    let zeros = [Scalar](repeating: .zero, count: square)
    let panels = electrons.breakpoints(frequency: w, occupancies: steps)
    let outcome = try quadrature.integrate(panels, components: count) { e in
      var sample = [Double](repeating: 0, count: count)
      let weights = channels.map { PairWeights(energy: e, frequency: w, from: states[$0.from], to: states[$0.to]) }
      if weights.allSatisfy({ $0.emission == 0 && $0.pair == 0 }) { return sample }
      try work.fill(0, energy: e)
      try work.fill(1, energy: e - w)
      let left = states.indices.map { work.coupled(0, electrode: $0) }
      let right = states.indices.map { work.coupledRight(1, electrode: $0) }
      for (c, channel) in channels.enumerated() {
        let heat = e - states[channel.from].mu
        let (f, l) = (weights[c].emission, weights[c].pair)
        if f == 0 && l == 0 { continue }
        var x = zeros
        work.addTraces(left[channel.from], right[channel.to], factor: .one, to: &x)
        for (s, factor) in [f, l, f * heat, l * heat].enumerated() {
          let start = groups[4 * c + s].lowerBound
          for i in 0..<square {
            sample[start + 2 * i] = factor * x[i].rawStorage.x
            sample[start + 2 * i + 1] = factor * x[i].rawStorage.y
          }
        }
      }
      return sample
    }
    func matrix(_ group: Range<Int>) -> Matrix {
      let elements = (0..<square).map { i in
        let start = group.lowerBound + 2 * i
        return Scalar(outcome.values[start] / (2 * Double.pi), outcome.values[start + 1] / (2 * Double.pi))
      }
      return Matrix(rows: couplings.count, columns: couplings.count, elements: elements)
    }
    return channels.enumerated().map { c, channel in
      TwinPairMatrices(
        channel: channel, frequency: w, emission: matrix(groups[4 * c]), pairDensity: matrix(groups[4 * c + 1]),
        emissionHeat: matrix(groups[4 * c + 2]), pairHeat: matrix(groups[4 * c + 3]),
        chemicalPotentials: (states[channel.from].mu, states[channel.to].mu), converged: outcome.converged)
    }
  }
}
