import DenseMatrices
import JunctionModel

extension TextbookTwin {
  /// All currents with sharp modes (each a delta function at W_k), Theory.md section 3.
  ///
  /// R_p^{ab} = share_p [E_kk (1 + n_p) - B_kk n_p]/(2 W_k) at w = W_k, energy W_k times that, [11:8] in its sharp limit.
  package func sharpCurrents(at point: OperatingPoint) throws -> TwinCurrents {
    let channels = junction.channels.count
    var currents = TwinCurrents(junction: junction)
    var total = ChannelFlows(channels: channels, baths: junction.baths.count)
    let shares = self.shares
    for (k, energy) in junction.bosons.modeEnergies.enumerated() {
      let spectra = try spectra(at: point, frequency: energy)
      let weights = shares.map { share in
        share.indices.map { $0 == k ? share[k] / (2 * energy) : 0 }
      }
      let part = flows(spectra, at: point, weights: weights)
      let sum = zip(total.vector, part.vector).map { $0 + $1 }
      let errors = (
        rate: total.errors.rate + part.errors.rate, energy: total.errors.energy + part.errors.energy,
        heat: total.errors.heat + part.errors.heat
      )
      total = ChannelFlows(vector: sum, channels: channels, baths: junction.baths.count)
      total.errors = errors
      currents.populations[k] = population(of: k, spectra, at: point)
      currents.converged = currents.converged && spectra.allSatisfy(\.converged)
    }
    assemble(total, into: &currents, at: point)
    addSharpBosonHeat(to: &currents, at: point)
    try finish(&currents, at: point)
    return currents
  }

  /// N_k = (e + sum_p eta_p n_p)/(b - e + sum_p eta_p) with e = E_kk/(2W), b = B_kk/(2W) summed over channels, [07:10-11].
  func population(of mode: Int, _ spectra: [TwinSpectra], at point: OperatingPoint) -> Double? {
    let energy = junction.bosons.modeEnergies[mode]
    var gain = spectra.reduce(0) { $0 + $1.emission[mode, mode].rawStorage.x } / (2 * energy)
    var net = spectra.reduce(0) { $0 + $1.pairDensity[mode, mode].rawStorage.x } / (2 * energy)
    for (p, eta) in frictions.enumerated() {
      gain += eta[mode] * FermiFactors.bose(energy, temperature: point.bathTemperatures[p])
      net += eta[mode]
    }
    return net > 0 ? gain / net : nil
  }

  /// W eta_p eta_q/(sum eta) (n_q - n_p) into p through every sharp mode.
  private func addSharpBosonHeat(to currents: inout TwinCurrents, at point: OperatingPoint) {
    let eta = frictions
    for (k, energy) in junction.bosons.modeEnergies.enumerated() {
      let total = eta.reduce(0) { $0 + $1[k] }
      guard total > 0 else { continue }
      let n = point.bathTemperatures.map { FermiFactors.bose(energy, temperature: $0) }
      for p in eta.indices {
        for q in eta.indices where q != p {
          currents.bosonHeatCurrents[p] += energy * eta[p][k] * eta[q][k] / total * (n[q] - n[p])
        }
      }
    }
  }

  /// Elastic particle and heat currents, g_s int de/2pi sum_b Tr[Gamma_a G Gamma_b G^+] (f_a - f_b), Theory.md section 3.
  func addElasticCurrents(to currents: inout TwinCurrents, at point: OperatingPoint) throws {
    let n = junction.electrodes.count
    let states = (0..<n).map { Occupancy(mu: point.chemicalPotentials[$0], temperature: point.temperatures[$0]) }
    let panels = breakpoints(frequency: 0, occupancies: states.map { ($0.mu, $0.temperature) })
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: [0..<n, n..<(2 * n)], smoothsEdges: hasStructuredElectrodes)
    let outcome = try quadrature.integrate(panels, components: 2 * n) { e in
      var sample = [Double](repeating: 0, count: 2 * n)
      let spectral = try spectralFunctions(energy: e, electrodes: Array(0..<n))
      for a in 0..<n {
        let gamma = try broadening(electrode: a, energy: e)
        for b in 0..<n where b != a {
          let transmission = Self.traceOfProduct(gamma, spectral[b]).rawStorage.x
          let difference = PairWeights(energy: e, frequency: 0, from: states[b], to: states[a]).pair
          sample[a] += transmission * difference
          sample[n + a] += transmission * difference * (e - states[a].mu)
        }
      }
      return sample
    }
    let factor = junction.conductor.spinDegeneracy / (2 * Double.pi)
    for a in 0..<n {
      currents.elasticParticleCurrents[a] = factor * outcome.values[a]
      currents.elasticHeatCurrents[a] = factor * outcome.values[n + a]
    }
    currents.elasticErrors = (
      factor * (outcome.errors[0..<n].max() ?? 0), factor * (outcome.errors[n..<(2 * n)].max() ?? 0)
    )
    currents.converged = currents.converged && outcome.converged
  }
}
