import JunctionModel
import SpecialFunctions

/// Populations and currents with every mode a delta function at its energy (level `sharp`), physics.md sections 3 and 5.
///
/// J = sum_k W_k [E_kk (1 + n) - B_kk n]/(2 W_k); with several baths on a mode, bath p takes its share of the friction.
package struct SharpSolver: Sendable {
  let prepared: PreparedJunction
  /// X_kk at W_k, one kernel per mode.
  let kernels: [PanelKernel]
  /// The same as sums of poles where that is possible and cheaper.
  let poleSums: [PoleSumKernel?]
  let dampings: [ModeDamping]

  package init(_ prepared: PreparedJunction, kernels: [PanelKernel], closedForms: Bool = true) {
    self.prepared = prepared
    self.kernels = kernels
    let junction = prepared.junction
    poleSums = kernels.indices.map { mode in
      closedForms
        ? PoleSumKernel(
          prepared, mode: mode, frequency: junction.bosons.modeEnergies[mode], vanishing: kernels[mode].vanishing) : nil
    }
    dampings = junction.bosons.modeEnergies.indices.map { ModeDamping(junction, mode: $0) }
  }
}

/// Evaluates states in blocks with one worker's buffers: closed forms for a whole block first, then state by state.
package final class SharpWorker {
  private let solver: SharpSolver
  private let integrator: StateIntegrator
  private let poleSums = PoleSumIntegrator()
  private let electrodes: Int
  private let capacity: Int
  private var block: StateBlock
  /// [mode][channel * capacity + state].
  private var integrals: [[ChannelIntegrals]]
  private var resolved: [[Bool]]

  /// Buffers for blocks of up to `capacity` states.
  package init(_ solver: SharpSolver, integrator: StateIntegrator, capacity: Int) {
    self.solver = solver
    self.integrator = integrator
    self.capacity = capacity
    electrodes = solver.prepared.junction.electrodes.count
    block = StateBlock(electrodes: electrodes, capacity: capacity)
    let size = electrodes * electrodes * capacity
    integrals = solver.poleSums.map { $0 == nil ? [] : [ChannelIntegrals](repeating: ChannelIntegrals(), count: size) }
    resolved = solver.poleSums.map { $0 == nil ? [] : [Bool](repeating: false, count: size) }
  }

  /// Computes the closed forms of a block of states.
  package func load(_ points: OperatingPoints, _ states: Range<Int>) {
    let reference = solver.prepared.referenceEnergy
    for slot in 0..<capacity {
      let state = min(states.lowerBound + slot, states.upperBound - 1)
      for a in 0..<electrodes {
        block.set(
          slot, a, potential: points.chemicalPotentials[a][state] - reference, temperature: points.temperatures[a][state])
      }
    }
    let tolerance = solver.prepared.kernelTolerance
    for (mode, kernel) in solver.poleSums.enumerated() {
      guard let kernel else { continue }
      integrals[mode].withUnsafeMutableBufferPointer { values in
        resolved[mode].withUnsafeMutableBufferPointer { flags in
          for first in stride(from: 0, to: states.count, by: 4) {
            poleSums.integrate(
              kernel, electrodes: electrodes, states: block, first: first, tolerance: tolerance, into: values.baseAddress!,
              resolved: flags.baseAddress!)
          }
        }
      }
    }
  }

  /// Adds populations of all modes and, if wanted, their currents, for the state in a slot of the block.
  package func evaluate(_ state: OperatingState, slot: Int, currents: Bool, into result: inout StateCurrents) {
    for mode in solver.kernels.indices {
      let energy = solver.prepared.junction.bosons.modeEnergies[mode]
      let scale = 1 / (2 * energy)
      var (emission, absorption, density) = (Estimate(), Estimate(), Estimate())
      for a in 0..<electrodes {
        for b in 0..<electrodes where !solver.kernels[mode].vanishing[a * electrodes + b] {
          let r = integrals(mode, a, b, slot, state)
          emission += scale * Estimate(r.emission, error: r.emissionError)
          absorption += scale * Estimate(r.absorption, error: r.absorptionError)
          let l = scale * Estimate(r.density, error: r.densityError)
          density += l
          result.modePairDensity[(a * electrodes + b) * result.modes + mode] = l
          if currents { solver.book(r, scale: scale, mode: mode, from: a, to: b, state: state, into: &result) }
        }
      }
      solver.bookPopulation(mode, emission, absorption, density, state, &result)
      if currents { solver.bookBosonHeat(mode, state, &result) }
    }
  }

  private func integrals(_ mode: Int, _ a: Int, _ b: Int, _ slot: Int, _ state: OperatingState) -> ChannelIntegrals {
    let index = (a * electrodes + b) * capacity + slot
    if solver.poleSums[mode] != nil, resolved[mode][index] { return integrals[mode][index] }
    return integrator.integrateFirst(solver.kernels[mode], from: a, to: b, electrodes: electrodes, point: state)
  }
}

extension SharpSolver {
  func book(
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
  func bookBosonHeat(_ mode: Int, _ state: OperatingState, _ result: inout StateCurrents) {
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
