import ComplexModule
import ElectronSpectra
import JunctionModel
import RealModule
import TransportResults

/// Sums the panels of a state and books its flows.
package struct FlowBooking {
  package let layout: FlowLayout
  package let spectra: SpectraLayout
  package let solver: BosonSolver

  private struct Sums {
    var values: [Double]
    var quadrature: [Double]
    var channels: [(rate: Double, energy: Double, electron: Double)]
    var emissionError = 0.0
    var sensitivity = 0.0
    var rateSensitivity = 0.0
    var totalSensitivity = 0.0
    var totalRateSensitivity = 0.0
    var light = PanelFlows.Dressing()
    var conductances: [PanelFlows.Dressing]
    var population = PanelFlows.Dressing()
    /// Infinite where an integral does not exist.
    var divergences: [Double] = []

    var isDivergent: Bool { divergences.contains { $0 != 0 } }

    /// An integral with the error of its quadrature and another one; infinite where it does not exist.
    func estimate(_ at: Int, error: Double) -> Estimate {
      guard divergences.isEmpty || divergences[at] == 0 else { return Estimate(divergences[at]) }
      return Estimate(values[at], error: quadrature[at] + error)
    }
  }

  /// Adds everything to the state's currents.
  package func book(_ panels: [PanelFlows], state: OperatingState, into result: inout StateCurrents) {
    let sums = sum(panels)
    bookChannels(sums, state, into: &result)
    if sums.isDivergent { bookTotals(sums, into: &result) }
    let gross = (energy: sums.values[layout.grossStart], rate: sums.values[layout.grossStart + 1])
    result.grossEnergy += gross.energy
    result.grossRate += gross.rate
    // What is not known about the spectra of all channels, for flows that belong to no channel.
    let shared = sums.channels.reduce(into: (energy: sums.totalSensitivity, rate: sums.totalRateSensitivity)) {
      $0.energy += $1.energy
      $0.rate += $1.rate
    }
    for p in 0..<layout.baths {
      let at = layout.bath(p)
      result.bathParticles[p] += sums.estimate(at, error: layout.isDressed ? shared.rate : sums.totalRateSensitivity)
      result.bathEnergy[p] += sums.estimate(at + 1, error: layout.isDressed ? shared.energy : sums.totalSensitivity)
    }
    result.grossBath += sums.values[layout.grossStart + 2]
    if layout.options.light {
      for p in 0..<layout.baths {
        result.photonRate[p] += sums.estimate(layout.emission(p), error: sums.emissionError + sums.light.error)
      }
    }
    if layout.options.exchange { bookExchange(sums, shared.energy, result.electrodes, into: &result) }
    for q in sums.conductances.indices {
      for p in 0..<layout.baths {
        result.thermalConductance[p * layout.baths + q] = sums.estimate(
          layout.conductance(p, q), error: sums.conductances[q].error)
      }
    }
    if layout.options.population {
      bookPopulation({ sums.estimate($0, error: sums.population.error) }, state, into: &result)
    }
  }

  private func sum(_ panels: [PanelFlows]) -> Sums {
    var sums = Sums(
      values: [Double](repeating: 0, count: layout.count), quadrature: [Double](repeating: 0, count: layout.count),
      channels: [(rate: Double, energy: Double, electron: Double)](repeating: (0, 0, 0), count: layout.channels),
      conductances: [PanelFlows.Dressing](
        repeating: PanelFlows.Dressing(), count: layout.options.conductance ? layout.baths : 0))
    for p in panels {
      for i in 0..<layout.count {
        sums.values[i] += p.values[i]
        sums.quadrature[i] += p.quadrature[i]
      }
      for c in 0..<layout.channels {
        sums.channels[c].rate += p.channelErrors[c].rate
        sums.channels[c].energy += p.channelErrors[c].energy
        sums.channels[c].electron += p.channelErrors[c].electron
      }
      if !p.divergences.isEmpty { sums.divergences = p.divergences }
      sums.emissionError += p.emissionError
      sums.sensitivity += p.sensitivity
      sums.rateSensitivity += p.rateSensitivity
      sums.totalSensitivity += p.totalSensitivity
      sums.totalRateSensitivity += p.totalRateSensitivity
      sums.light += p.light
      sums.population += p.population
      for q in sums.conductances.indices { sums.conductances[q] += p.conductances[q] }
    }
    return sums
  }

  private func bookChannels(_ sums: Sums, _ state: OperatingState, into result: inout StateCurrents) {
    let count = Double(max(layout.channels, 1))
    for (c, channel) in spectra.channels.enumerated() {
      let errors = sums.channels[c]
      let potentials = (state.chemicalPotentials[channel.from], state.chemicalPotentials[channel.to])
      let electron = max(abs(potentials.0), abs(potentials.1), state.temperatures.max() ?? 0)
      for p in 0..<(layout.isDressed ? 1 : layout.baths) {
        let at = layout.channel(c, bath: p)
        let share = 1 / Double(layout.isDressed ? 1 : layout.baths)
        let rate = sums.estimate(at, error: share * errors.rate + sums.rateSensitivity / count)
        let energy = sums.estimate(at + 1, error: share * errors.energy + sums.sensitivity / count)
        let electronEnergy = sums.estimate(
          at + 2, error: share * errors.electron + electron * sums.rateSensitivity / count)
        result.add(
          from: channel.from, to: channel.to, bath: layout.isDressed ? nil : p, rate: rate, bosonEnergy: energy,
          electronEnergy: electronEnergy, potentials: potentials)
      }
    }
  }

  /// Energies of all channels together, where those of single ones do not exist.
  private func bookTotals(_ sums: Sums, into result: inout StateCurrents) {
    let errors = sums.channels.reduce(sums.sensitivity) { $0 + $1.energy }
    (result.energyCurrent, result.hasDivergentRates) = (Estimate(), true)
    for p in 0..<(layout.isDressed ? 1 : layout.baths) {
      let energy = sums.estimate(layout.total(bath: p) + 1, error: errors / Double(layout.isDressed ? 1 : layout.baths))
      result.energyCurrent += energy
      if !layout.isDressed { result.bathEnergy[p] = energy }
    }
  }

  /// Reservoirs in the result: every pair channel of the junction, then the baths.
  private func bookExchange(_ sums: Sums, _ error: Double, _ electrodes: Int, into result: inout StateCurrents) {
    let total = electrodes * electrodes + layout.baths
    func index(_ x: Int) -> Int {
      guard x < layout.channels else { return electrodes * electrodes + x - layout.channels }
      return spectra.channels[x].from * electrodes + spectra.channels[x].to
    }
    for x in 0..<(layout.channels + layout.baths) {
      for y in 0..<(layout.channels + layout.baths) where y != x {
        let at = layout.exchange(x, y)
        result.reservoirEnergy[index(x) * total + index(y)] = sums.estimate(at, error: error)
      }
    }
  }

  private func bookPopulation(_ estimate: (Int) -> Estimate, _ state: OperatingState, into result: inout StateCurrents) {
    let n = layout.modes
    let count = Double(max(state.temperatures.count, 1))
    let temperature = state.temperatures.reduce(0, +) / count
    for k in 0..<n {
      let population = estimate(layout.populationStart + k)
      let known = result.renormalizedEnergy[k]
      let energy = known.value > 0 ? known.value : solver.environment.modeEnergies[k]
      result.populationMatrix[2 * (k * n + k)] = population
      result.population[k] = population
      let occupation = ModeOccupation(energy: energy, population: population)
      result.effectiveTemperature[k] = occupation.effectiveTemperature
      result.effectiveChemicalPotential[k] = occupation.effectiveChemicalPotential(electronTemperature: temperature)
    }
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        let at = layout.populationStart + ModePairs.pairColumn(m, k, count: n)
        let (re, im) = (estimate(at), estimate(at + 1))
        (result.populationMatrix[2 * (m * n + k)], result.populationMatrix[2 * (m * n + k) + 1]) = (re, im)
        (result.populationMatrix[2 * (k * n + m)], result.populationMatrix[2 * (k * n + m) + 1]) = (re, (-1) * im)
      }
    }
  }
}
