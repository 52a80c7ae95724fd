import JunctionModel
import SpecialFunctions

/// Populations and currents with every mode a delta function at its energy (level `sharp`), physics.md sections 3 and 5.
///
/// J = sum_k W_k [E_kk (1 + n) - B_kk n]/(2 W_k); with several baths on a mode, bath p takes its share of the friction.
package struct SharpSolver: Sendable {
  let prepared: PreparedJunction
  /// X_kk at W_k, one kernel per mode.
  let kernels: [PanelKernel]
  let dampings: [ModeDamping]

  package init(_ prepared: PreparedJunction, kernels: [PanelKernel]) {
    self.prepared = prepared
    self.kernels = kernels
    dampings = prepared.junction.bosons.modeEnergies.indices.map { ModeDamping(prepared.junction, mode: $0) }
  }

  /// Adds populations of all modes and, if wanted, their currents. Returns false when a mode has no steady state.
  package func evaluate(
    _ state: OperatingState, integrator: StateIntegrator, currents: Bool, into result: inout StateCurrents
  ) {
    for mode in kernels.indices { evaluate(mode, state, integrator, currents, &result) }
  }

  private func evaluate(
    _ mode: Int, _ state: OperatingState, _ integrator: StateIntegrator, _ currents: Bool, _ result: inout StateCurrents
  ) {
    let electrodes = result.electrodes
    let energy = prepared.junction.bosons.modeEnergies[mode]
    let scale = 1 / (2 * energy)
    var emission = Estimate()
    var absorption = Estimate()
    var density = Estimate()
    for a in 0..<electrodes {
      for b in 0..<electrodes where !kernels[mode].vanishing[a * electrodes + b] {
        let r = integrator.integrate(kernels[mode], from: a, to: b, electrodes: electrodes, point: state)[0]
        emission += scale * Estimate(r.emission, error: r.emissionError)
        absorption += scale * Estimate(r.absorption, error: r.absorptionError)
        let l = scale * Estimate(r.density, error: r.densityError)
        density += l
        result.modePairDensity[(a * electrodes + b) * result.modes + mode] = l
        if currents { book(r, scale: scale, mode: mode, from: a, to: b, state: state, into: &result) }
      }
    }
    bookPopulation(mode, emission, absorption, density, state, &result)
    if currents { bookBosonHeat(mode, state, &result) }
  }

  private func book(
    _ r: ChannelIntegrals, scale: Double, mode: Int, from a: Int, to b: Int, state: OperatingState,
    into result: inout StateCurrents
  ) {
    let damping = dampings[mode]
    let energy = prepared.junction.bosons.modeEnergies[mode]
    for (p, share) in zip(damping.baths, damping.shares) {
      let n = BoseFunction.occupation(energy, temperature: state.bathTemperatures[p])
      let factor = share * scale
      // E (1 + n) - B n = E - n L.
      let rate = factor * Estimate(r.emission - n * r.density, error: r.emissionError + n * r.densityError)
      let electron =
        factor
        * Estimate(
          r.emissionEnergy - n * r.densityEnergy, error: r.emissionEnergyError + n * r.densityEnergyError)
      result.grossRate += factor * (r.emission * (1 + n) + r.absorption * n)
      result.grossEnergy += energy * factor * (r.emission * (1 + n) + r.absorption * n)
      result.add(from: a, to: b, bath: p, rate: rate, bosonEnergy: energy * rate, electronEnergy: electron, state: state)
    }
  }

  func bookPopulation(
    _ mode: Int, _ emission: Estimate, _ absorption: Estimate, _ density: Estimate, _ state: OperatingState,
    _ result: inout StateCurrents
  ) {
    let energy = prepared.junction.bosons.modeEnergies[mode]
    let damping = dampings[mode]
    let population = ModePopulation(
      energy: energy, emission: emission, absorption: absorption, density: density, friction: damping.total,
      supply: damping.supply(energy: energy, state: state))
    if !population.isStable { result.isStable = false }
    let electronTemperature = state.temperatures.reduce(0, +) / Double(state.temperatures.count)
    result.population[mode] = population.population
    result.effectiveTemperature[mode] = population.effectiveTemperature
    result.effectiveChemicalPotential[mode] = population.effectiveChemicalPotential(
      electronTemperature: electronTemperature)
  }

  /// Heat from bath q to bath p through the mode in the sharp limit: W eta_p eta_q/(sum eta) (n_q - n_p).
  private func bookBosonHeat(_ mode: Int, _ state: OperatingState, _ result: inout StateCurrents) {
    let damping = dampings[mode]
    guard damping.total > 0, damping.baths.count > 1 else { return }
    let energy = prepared.junction.bosons.modeEnergies[mode]
    let n = damping.baths.map { BoseFunction.occupation(energy, temperature: state.bathTemperatures[$0]) }
    for i in damping.baths.indices {
      for j in damping.baths.indices where j != i {
        let factor = energy * damping.frictions[i] * damping.frictions[j] / damping.total
        let flow = factor * (n[j] - n[i])
        result.bathEnergy[damping.baths[i]] += Estimate(flow, error: 4e-16 * factor * (n[i] + n[j]))
      }
    }
  }
}
