import ElectronSpectra
import JunctionModel
import SpecialFunctions
import TransportResults

/// Evaluates states at level `sharp` in blocks with one worker's buffers: closed forms for a whole block first, then state
/// by state. Nothing is allocated per state.
package final class SharpWorker {
  private let solver: SharpSolver
  private let integrator: StateIntegrator
  private let poleSums = PoleSumIntegrator()
  private let electrodes: Int
  private let capacity: Int
  private var block: StateBlock
  private let energies: [Double]
  /// Channels whose kernel does not vanish, mode after mode, and where a mode's channels start.
  private let active: [(channel: Int, from: Int, to: Int)]
  private let activeStarts: [Int]
  /// [(mode * channels + channel) * capacity + state]; a mode without closed form has nothing resolved.
  private let integrals: UnsafeMutableBufferPointer<ChannelIntegrals>
  private let resolved: UnsafeMutableBufferPointer<Bool>
  /// Baths of every mode one after another, and where a mode's baths start.
  private let bathLinks: [BathLink]
  private let linkStarts: [Int]

  /// One bath on one mode, and its occupation in the current state.
  private struct BathLink {
    let bath: Int
    let share: Double
    let friction: Double
    let energy: Double
  }
  private let occupations: UnsafeMutableBufferPointer<Double>
  /// What rounding makes of the occupations.
  private let occupationErrors: UnsafeMutableBufferPointer<Double>
  /// How many blocks there have been: only the last one's closed forms are there.
  private var blocks = 0

  /// Buffers for blocks of up to `capacity` states.
  package init(_ solver: SharpSolver, integrator: StateIntegrator, capacity: Int) {
    self.solver = solver
    self.integrator = integrator
    self.capacity = capacity
    let electrodes = solver.prepared.junction.electrodes.count
    self.electrodes = electrodes
    block = StateBlock(electrodes: electrodes, capacity: capacity)
    let size = solver.poleSums.count * electrodes * electrodes * capacity
    integrals = .allocate(capacity: max(size, 1))
    integrals.initialize(repeating: ChannelIntegrals())
    resolved = .allocate(capacity: max(size, 1))
    resolved.initialize(repeating: false)
    energies = solver.prepared.junction.bosons.modeEnergies
    var active: [(channel: Int, from: Int, to: Int)] = []
    var activeStarts = [0]
    for kernel in solver.kernels {
      for channel in 0..<(electrodes * electrodes) where !kernel.vanishing[channel] {
        active.append((channel, channel / electrodes, channel % electrodes))
      }
      activeStarts.append(active.count)
    }
    (self.active, self.activeStarts) = (active, activeStarts)
    var links: [BathLink] = []
    var starts = [0]
    for (mode, damping) in solver.dampings.enumerated() {
      let energy = solver.prepared.junction.bosons.modeEnergies[mode]
      for i in damping.baths.indices {
        links.append(
          BathLink(bath: damping.baths[i], share: damping.shares[i], friction: damping.frictions[i], energy: energy))
      }
      starts.append(links.count)
    }
    bathLinks = links
    linkStarts = starts
    occupations = .allocate(capacity: max(links.count, 1))
    occupations.initialize(repeating: 0)
    occupationErrors = .allocate(capacity: max(links.count, 1))
    occupationErrors.initialize(repeating: 0)
  }

  deinit {
    integrals.deallocate()
    resolved.deallocate()
    occupations.deallocate()
    occupationErrors.deallocate()
  }

  /// A block of states with its closed forms, until the next block takes their place.
  package struct Block {
    fileprivate let worker: SharpWorker
    fileprivate let number: Int

    /// Adds populations of all modes and, if wanted, their currents, for the state in a slot.
    package func evaluate(_ state: borrowing OperatingState, slot: Int, currents: Bool, into result: inout StateCurrents) {
      precondition(number == worker.blocks, "a block of states after the next one")
      worker.evaluate(state, slot: slot, currents: currents, into: &result)
    }
  }

  /// Computes the closed forms of a block of states.
  package func block(_ points: OperatingPoints, _ states: Range<Int>) -> Block {
    blocks += 1
    let reference = solver.prepared.referenceEnergy
    for a in 0..<electrodes {
      block.load(
        a, potentials: points.chemicalPotentials[a], temperatures: points.temperatures[a], states, reference: reference)
    }
    let tolerance = solver.prepared.kernelTolerance
    for (mode, kernel) in solver.poleSums.enumerated() {
      guard let kernel else { continue }
      let start = mode * electrodes * electrodes * capacity
      for first in stride(from: 0, to: states.count, by: 4) {
        poleSums.integrate(
          kernel, electrodes: electrodes, states: block, first: first, tolerance: tolerance,
          into: integrals.baseAddress! + start, resolved: resolved.baseAddress! + start)
      }
    }
    return Block(worker: self, number: blocks)
  }

  private func evaluate(_ state: borrowing OperatingState, slot: Int, currents: Bool, into result: inout StateCurrents) {
    for i in bathLinks.indices {
      let (bath, energy) = (bathLinks[i].bath, bathLinks[i].energy)
      let (nu, t) = (state.bathPotentials[bath], state.bathTemperatures[bath])
      occupations[i] = BoseFunction.occupation(energy - nu, temperature: t)
      occupationErrors[i] = BoseFunction.rounding(of: occupations[i], frequency: energy, potential: nu, temperature: t)
    }
    let electronTemperature = state.temperatures.reduce(0, +) / Double(electrodes)
    let keepsRates = result.keepsModeRates
    for mode in energies.indices {
      let links = linkStarts[mode]..<linkStarts[mode + 1]
      let energy = energies[mode]
      let scale = 1 / (2 * energy)
      var (emission, absorption, density) = (Estimate(), Estimate(), Estimate())
      for position in activeStarts[mode]..<activeStarts[mode + 1] {
        let (channel, from, to) = active[position]
        let r = integrals(mode: mode, channel: channel, from: from, to: to, slot: slot, state)
        let e = scale * Estimate(r.emission, error: r.emissionError)
        let b = scale * Estimate(r.absorption, error: r.absorptionError)
        emission += e
        absorption += b
        let l = scale * Estimate(r.density, error: r.densityError)
        density += l
        let place = channel * result.modes + mode
        result.modePairDensity[place] = l
        if keepsRates { (result.modeEmission[place], result.modeAbsorption[place]) = (e, b) }
        if currents && !solver.dampings[mode].isOutsideBands {
          for i in links { book(r, factor: scale * bathLinks[i].share, link: i, from: from, to: to, state: state, into: &result) }
        }
      }
      bookPopulation(
        mode, links, emission: emission, absorption: absorption, density: density, electronTemperature: electronTemperature,
        into: &result)
      if solver.dampings[mode].isOutsideBands { result.forgetPopulation(ofMode: mode) }
      if currents, links.count > 1 { bookBosonHeat(mode, links, &result) }
    }
  }

  private func integrals(
    mode: Int, channel: Int, from a: Int, to b: Int, slot: Int, _ state: borrowing OperatingState
  ) -> ChannelIntegrals {
    let index = (mode * electrodes * electrodes + channel) * capacity + slot
    if resolved[index] { return integrals[index] }
    return integrator.integrateFirst(solver.kernels[mode], from: a, to: b, electrodes: electrodes, point: copy state)
  }

  /// Net rate E (1 + n) - B n = E - n L into one bath.
  private func book(
    _ r: ChannelIntegrals, factor: Double, link: Int, from a: Int, to b: Int, state: borrowing OperatingState,
    into result: inout StateCurrents
  ) {
    let (n, doubt) = (occupations[link], occupationErrors[link])
    let energy = bathLinks[link].energy
    let rate =
      factor * Estimate(r.emission - n * r.density, error: r.emissionError + n * r.densityError + doubt * abs(r.density))
    let electron =
      factor
      * Estimate(
        r.emissionEnergy - n * r.densityEnergy,
        error: r.emissionEnergyError + n * r.densityEnergyError + doubt * abs(r.densityEnergy))
    let gross = factor * (r.emission * (1 + n) + r.absorption * n)
    result.photonRate[bathLinks[link].bath] +=
      factor * Estimate((1 + n) * r.emission, error: (1 + n) * (r.emissionError + 4e-16 * r.emission) + doubt * r.emission)
    result.grossRate += gross
    result.grossEnergy += energy * gross
    result.add(
      from: a, to: b, bath: bathLinks[link].bath, rate: rate, bosonEnergy: energy * rate, electronEnergy: electron,
      potentials: (state.chemicalPotentials[a], state.chemicalPotentials[b]))
  }

  private func bookPopulation(
    _ mode: Int, _ links: Range<Int>, emission: Estimate, absorption: Estimate, density: Estimate,
    electronTemperature: Double, into result: inout StateCurrents
  ) {
    var (friction, supply) = (0.0, Estimate())
    for i in links {
      friction += bathLinks[i].friction
      if bathLinks[i].friction > 0 { supply += bathLinks[i].friction * Estimate(occupations[i], error: occupationErrors[i]) }
    }
    let population = ModePopulation(
      energy: energies[mode], emission: emission, absorption: absorption, density: density, friction: friction, supply: supply)
    if !population.isStable { result.isStable = false }
    if result.keepsModeRates {
      // A mode outside the bands of its baths has no population, whatever the electrons do.
      let isOutside = solver.dampings[mode].isOutsideBands
      (result.modeFriction[mode], result.modeSupply[mode]) = (Estimate(friction), isOutside ? .notANumber : supply)
    }
    result.population[mode] = population.population
    result.setPole(mode: mode, energy: Estimate(population.energy), damping: population.damping)
    result.effectiveTemperature[mode] = population.occupation.effectiveTemperature
    result.effectiveChemicalPotential[mode] = population.occupation.effectiveChemicalPotential(
      electronTemperature: electronTemperature)
  }

  /// Heat from bath q to bath p through the mode in the sharp limit: W eta_p eta_q/(sum eta) (n_q - n_p).
  private func bookBosonHeat(_ mode: Int, _ links: Range<Int>, _ result: inout StateCurrents) {
    let total = solver.dampings[mode].total
    guard total > 0 else { return }
    for i in links {
      for j in links where j != i {
        let factor = bathLinks[i].friction * bathLinks[j].friction / total
        let flow = Estimate(
          factor * (occupations[j] - occupations[i]), error: factor * (occupationErrors[i] + occupationErrors[j]))
        result.bathEnergy[bathLinks[i].bath] += bathLinks[i].energy * flow
        result.bathParticles[bathLinks[i].bath] += flow
      }
    }
  }
}
