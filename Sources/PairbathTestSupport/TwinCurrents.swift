import JunctionModel

/// Every current of one state, as the twin finds it; signs as in Theory.md section 3.
package struct TwinCurrents: Sendable {
  /// J, energy per time from the electrons to the bosons.
  package var energyCurrent = 0.0
  /// Part of J from each pair channel, in channel order.
  package var channelEnergyCurrents: [Double]
  /// Energy per time into each bath: from the electrons, plus from the other baths through the modes.
  package var bathEnergyCurrents: [Double]
  /// The second part of `bathEnergyCurrents` alone.
  package var bosonHeatCurrents: [Double]
  /// I_a, electrons per time leaving each electrode in inelastic processes: sum_b (R^{ab} - R^{ba}).
  package var inelasticParticleCurrents: [Double]
  /// J^E_a, energy per time leaving each electrode in inelastic processes.
  package var electrodeEnergyCurrents: [Double]
  /// Q_a = J^E_a - mu_a I_a.
  package var inelasticHeatCurrents: [Double]
  /// g_s int de/2pi sum_b T_ab (f_a - f_b).
  package var elasticParticleCurrents: [Double]
  /// The same with weight e - mu_a.
  package var elasticHeatCurrents: [Double]
  /// -sum Q_a/T_a + sum J_p/T_p of the inelastic and bosonic currents; infinite when a bath at T = 0 takes up heat.
  package var inelasticEntropyProduction = 0.0
  /// -sum Q_a/T_a of the elastic currents.
  package var elasticEntropyProduction = 0.0
  /// Steady weak-damping population of each mode, [07:10-11]; nil when the mode is unstable (e >= b + sum eta).
  package var populations: [Double?]
  /// Absolute error bounds: of every energy current, every inelastic particle current, every inelastic heat current.
  package var errors = (energy: 0.0, particle: 0.0, heat: 0.0)
  /// Absolute error bounds of the elastic currents.
  package var elasticErrors = (particle: 0.0, heat: 0.0)
  /// True when every integral reached its tolerance.
  package var converged = true

  /// Total entropy production.
  package var entropyProduction: Double { inelasticEntropyProduction + elasticEntropyProduction }

  init(junction: Junction) {
    let electrodes = [Double](repeating: 0, count: junction.electrodes.count)
    let baths = [Double](repeating: 0, count: junction.baths.count)
    channelEnergyCurrents = [Double](repeating: 0, count: junction.channels.count)
    (bathEnergyCurrents, bosonHeatCurrents) = (baths, baths)
    (inelasticParticleCurrents, electrodeEnergyCurrents, inelasticHeatCurrents) = (electrodes, electrodes, electrodes)
    (elasticParticleCurrents, elasticHeatCurrents) = (electrodes, electrodes)
    populations = [Double?](repeating: nil, count: junction.bosons.count)
  }
}

/// The flows out of every pair channel that the currents are assembled from.
struct ChannelFlows {
  /// Net emissions per time, [channel][bath].
  var rates: [[Double]]
  /// w times the same.
  var energies: [[Double]]
  /// Weight e - mu_a of the initial electron, [channel], all baths.
  var initialHeats: [Double]
  /// Weight e - w - mu_b of the final electron, [channel], all baths.
  var finalHeats: [Double]
  /// Absolute error bounds of one rate, energy flow and heat flow.
  var errors = (rate: 0.0, energy: 0.0, heat: 0.0)

  init(channels: Int, baths: Int) {
    let table = [[Double]](repeating: [Double](repeating: 0, count: baths), count: channels)
    (rates, energies) = (table, table)
    initialHeats = [Double](repeating: 0, count: channels)
    finalHeats = initialHeats
  }

  /// All numbers in one vector: rates, energies, initial heats, final heats.
  var vector: [Double] { rates.flatMap { $0 } + energies.flatMap { $0 } + initialHeats + finalHeats }

  /// The reverse of `vector`.
  init(vector: [Double], channels: Int, baths: Int) {
    self.init(channels: channels, baths: baths)
    let size = channels * baths
    for c in 0..<channels {
      rates[c] = Array(vector[(c * baths)..<((c + 1) * baths)])
      energies[c] = Array(vector[(size + c * baths)..<(size + (c + 1) * baths)])
      initialHeats[c] = vector[2 * size + c]
      finalHeats[c] = vector[2 * size + channels + c]
    }
  }
}

extension TextbookTwin {
  /// Net flow per channel at one frequency: sum_k weight_pk [E_kk (1 + n_p) - B_kk n_p], weights[bath][mode].
  func flows(_ spectra: [TwinSpectra], at point: OperatingPoint, weights: [[Double]]) -> ChannelFlows {
    var result = ChannelFlows(channels: spectra.count, baths: junction.baths.count)
    for (c, s) in spectra.enumerated() {
      for p in junction.baths.indices {
        let n = FermiFactors.bose(s.frequency, temperature: point.bathTemperatures[p])
        for (k, weight) in weights[p].enumerated() where weight != 0 {
          let rate = weight * (s.emission[k, k].rawStorage.x - n * s.pairDensity[k, k].rawStorage.x)
          result.rates[c][p] += rate
          result.energies[c][p] += s.frequency * rate
          result.initialHeats[c] +=
            weight * ((1 + n) * s.emissionInitialHeat[k] - n * s.absorptionInitialHeat[k])
          result.finalHeats[c] += weight * ((1 + n) * s.emissionFinalHeat[k] - n * s.absorptionFinalHeat[k])
          let error = weight * (s.errors.emission + abs(n) * s.errors.pairDensity)
          result.errors.rate += error
          result.errors.energy += s.frequency * error
          result.errors.heat += weight * (1 + 2 * abs(n)) * s.heatError
        }
      }
    }
    return result
  }

  /// The currents of Theory.md section 3 from the flows of all channels.
  func assemble(_ flows: ChannelFlows, into currents: inout TwinCurrents, at point: OperatingPoint) {
    for (c, channel) in junction.channels.enumerated() {
      let (a, b) = (channel.from, channel.to)
      let rate = flows.rates[c].reduce(0, +)
      let energy = flows.energies[c].reduce(0, +)
      currents.energyCurrent += energy
      currents.channelEnergyCurrents[c] += energy
      for p in junction.baths.indices { currents.bathEnergyCurrents[p] += flows.energies[c][p] }
      currents.inelasticParticleCurrents[a] += rate
      currents.inelasticParticleCurrents[b] -= rate
      currents.inelasticHeatCurrents[a] += flows.initialHeats[c]
      currents.inelasticHeatCurrents[b] -= flows.finalHeats[c]
    }
    for a in junction.electrodes.indices {
      currents.electrodeEnergyCurrents[a] =
        currents.inelasticHeatCurrents[a] + point.chemicalPotentials[a] * currents.inelasticParticleCurrents[a]
    }
    currents.errors = (flows.errors.energy, 2 * flows.errors.rate, 2 * flows.errors.heat)
  }

  /// Adds the bosons' own heat and the entropy production to assembled currents.
  func finish(_ currents: inout TwinCurrents, at point: OperatingPoint) throws {
    for p in junction.baths.indices { currents.bathEnergyCurrents[p] += currents.bosonHeatCurrents[p] }
    try addElasticCurrents(to: &currents, at: point)
    // A flow that vanishes produces nothing, at whatever temperature.
    func entropy(_ heat: Double, _ temperature: Double) -> Double { heat == 0 ? 0 : heat / temperature }
    for a in junction.electrodes.indices {
      currents.inelasticEntropyProduction += entropy(-currents.inelasticHeatCurrents[a], point.temperatures[a])
      currents.elasticEntropyProduction += entropy(-currents.elasticHeatCurrents[a], point.temperatures[a])
    }
    for p in junction.baths.indices {
      currents.inelasticEntropyProduction += entropy(currents.bathEnergyCurrents[p], point.bathTemperatures[p])
    }
  }

  /// Friction eta_p of each bath on each mode, [bath][mode]; zero where the bath is not attached.
  var frictions: [[Double]] {
    junction.baths.map { bath in
      switch bath.kind {
      case .ohmic(let friction):
        return junction.bosons.modeEnergies.indices.map { bath.coordinates.contains($0) ? friction : 0 }
      default: fatalError("the sharp twin knows Ohmic baths only")
      }
    }
  }

  /// Share of each bath in the spectral weight of each sharp mode, [bath][mode]: eta_p / sum_q eta_q.
  ///
  /// Baths that are attached but have no friction share equally; a mode without baths has no share at all.
  var shares: [[Double]] {
    let eta = frictions
    return junction.baths.indices.map { p in
      junction.bosons.modeEnergies.indices.map { k in
        let total = eta.reduce(0) { $0 + $1[k] }
        if total > 0 { return eta[p][k] / total }
        let attached = junction.baths.filter { $0.coordinates.contains(k) }.count
        return junction.baths[p].coordinates.contains(k) ? 1 / Double(attached) : 0
      }
    }
  }
}
