import JunctionModel
import RealModule
import TransportResults

/// Everything one state yields; internal units, energies measured from the reference energy.
///
/// Electrons from electrode a at energy e end in b at e - w and leave a boson w in bath p at the net rate
/// r = E (1 + n_p) - B n_p (Theory.md section 3); `add` books particles, energy and heat of such a process.
package struct StateCurrents: Sendable {
  package let electrodes: Int
  package let baths: Int
  package let modes: Int
  /// J, electrons to bosons.
  package var energyCurrent = Estimate()
  /// Parts of J by channel.
  package var channelEnergy: [Estimate]
  /// Energy into each bath: from the electrons and from the other baths.
  package var bathEnergy: [Estimate]
  /// Bosons into each bath per time.
  package var bathParticles: [Estimate]
  /// Bosons the electrons emit into each bath per time, gross; level `sharp`, and `landauer` when asked for.
  package var photonRate: [Estimate]
  /// Bosons from the electrons into each bath per time, net; levels `sharp` and `landauer`.
  package var photonNet: [Estimate]
  /// Electrons leaving each electrode per time.
  package var inelasticCharge: [Estimate]
  /// The same of electrons that keep their energy.
  package var elasticCharge: [Estimate]
  /// Heat leaving each electrode.
  package var inelasticHeat: [Estimate]
  /// The same of electrons that keep their energy.
  package var elasticHeat: [Estimate]
  /// The second-order elastic correction of the electrons leaving each electrode per time, Theory.md section 3.
  package var correctionCharge: [Estimate]
  /// The correction of the heat leaving each electrode.
  package var correctionHeat: [Estimate]
  /// Entropy produced per time, k_B times an energy over hbar; infinite where a bath at T = 0 takes up heat.
  package var entropyProduction = Estimate()
  /// Steady population of each mode.
  package var population: [Estimate]
  /// Temperature at which each mode would have its population, energies.
  package var effectiveTemperature: [Estimate]
  /// Chemical potential that gives each mode its population at the mean temperature of the electrodes.
  package var effectiveChemicalPotential: [Estimate]
  /// L_kk^{ab}(W_k) by channel and mode [channel * modes + k], divided by 2 W_k (a rate).
  package var modePairDensity: [Estimate]
  /// E_kk^{ab}(W_k)/2W_k in the same order: rate at which the electrons create bosons in the empty mode; when asked for.
  package var modeEmission: [Estimate]
  /// B_kk^{ab}(W_k)/2W_k: rate at which they take each boson; when asked for.
  package var modeAbsorption: [Estimate]
  /// sum_p eta_p and sum_p eta_p n_p(W) of each mode: how fast its baths damp it, and how fast they populate it; when asked for.
  package var modeFriction: [Estimate]
  package var modeSupply: [Estimate]
  /// Re z of each mode's pole z, energies; this and the next two at level `landauer` with matrices, and `dressed`.
  package var renormalizedEnergy: [Estimate]
  /// -2 Im z by mode, energies.
  package var dampingRate: [Estimate]
  /// Re z over -2 Im z by mode.
  package var qualityFactor: [Estimate]
  /// <a_m^+ a_n> in the normal modes, (re, im) at 2 (m * modes + n); level `dressed`.
  package var populationMatrix: [Estimate]
  /// Energy from reservoir x to y at x * reservoirs + y: pair channels, then baths; when asked for.
  package var reservoirEnergy: [Estimate]
  /// d(heat into p)/dT_q at fixed D, [p * baths + q]; when asked for.
  package var thermalConductance: [Estimate]
  /// J of the second path, when asked for.
  package var crossCheck = Estimate()
  /// The state read as a machine, when asked for; nil without a steady state.
  package var machine: MachineReading?
  /// False where no steady state exists: populations and what depends on them are then NaN.
  package var isStable = true
  /// True where some mode reaches no steady population, though the state is stable: nothing damps it.
  package private(set) var hasUnsteadyModes = false
  /// Error bounds over gross flows, once booked.
  package private(set) var relativeErrors = RelativeErrors()
  /// Noise and counting statistics, when asked for.
  package var fluctuations: StateFluctuations?
  /// Sum of the moduli of what the currents are differences of: the scale against which convergence is judged.
  package var grossRate = 0.0
  package var grossEnergy = 0.0
  package var grossElastic = 0.0
  package var grossCorrection = 0.0
  /// Gross flows into the baths where those may exceed the electrons'; zero where they are not told apart.
  package var grossBath = 0.0

  /// True where rates of single processes are infinite: electrons scatter off bosons of zero frequency.
  package var hasDivergentRates = false

  /// True when rates of modes are kept.
  package let keepsModeRates: Bool

  package init(electrodes: Int, baths: Int, modes: Int, keepsModeRates: Bool = false) {
    self.keepsModeRates = keepsModeRates
    self.electrodes = electrodes
    self.baths = baths
    self.modes = modes
    channelEnergy = [Estimate](repeating: Estimate(), count: electrodes * electrodes)
    bathEnergy = [Estimate](repeating: Estimate(), count: baths)
    bathParticles = bathEnergy
    (photonRate, photonNet) = (bathEnergy, bathEnergy)
    thermalConductance = [Estimate](repeating: Estimate(), count: baths * baths)
    let reservoirs = electrodes * electrodes + baths
    reservoirEnergy = [Estimate](repeating: Estimate(), count: reservoirs * reservoirs)
    renormalizedEnergy = [Estimate](repeating: Estimate(), count: modes)
    dampingRate = renormalizedEnergy
    qualityFactor = renormalizedEnergy
    populationMatrix = [Estimate](repeating: Estimate(), count: 2 * modes * modes)
    inelasticCharge = [Estimate](repeating: Estimate(), count: electrodes)
    elasticCharge = inelasticCharge
    inelasticHeat = inelasticCharge
    elasticHeat = inelasticCharge
    correctionCharge = inelasticCharge
    correctionHeat = inelasticCharge
    population = [Estimate](repeating: Estimate(), count: modes)
    effectiveTemperature = population
    effectiveChemicalPotential = population
    modePairDensity = [Estimate](repeating: Estimate(), count: electrodes * electrodes * modes)
    modeEmission = keepsModeRates ? modePairDensity : []
    modeAbsorption = modeEmission
    modeFriction = keepsModeRates ? population : []
    modeSupply = modeFriction
  }

  /// Clears all numbers for the next state.
  package mutating func reset() {
    let zero = Estimate()
    hasDivergentRates = false
    if !isStable || hasUnsteadyModes {
      // Flows of channels that vanish are not written again.
      for i in reservoirEnergy.indices { reservoirEnergy[i] = zero }
      for i in populationMatrix.indices { populationMatrix[i] = zero }
      for i in thermalConductance.indices { thermalConductance[i] = zero }
      for i in modePairDensity.indices { modePairDensity[i] = zero }
      for i in modeEmission.indices { (modeEmission[i], modeAbsorption[i]) = (zero, zero) }
      for k in renormalizedEnergy.indices { (renormalizedEnergy[k], dampingRate[k], qualityFactor[k]) = (zero, zero, zero) }
    }
    (energyCurrent, entropyProduction, crossCheck, isStable, machine) = (zero, zero, zero, true, nil)
    (grossRate, grossEnergy, grossElastic, grossBath, grossCorrection) = (0, 0, 0, 0, 0)
    (relativeErrors, hasUnsteadyModes) = (RelativeErrors(), false)
    for i in channelEnergy.indices { channelEnergy[i] = zero }
    for p in bathEnergy.indices {
      (bathEnergy[p], bathParticles[p], photonRate[p], photonNet[p]) = (zero, zero, zero, zero)
    }
    for a in inelasticCharge.indices {
      (inelasticCharge[a], elasticCharge[a], inelasticHeat[a], elasticHeat[a]) = (zero, zero, zero, zero)
      (correctionCharge[a], correctionHeat[a]) = (zero, zero)
    }
    for k in population.indices {
      (population[k], effectiveTemperature[k], effectiveChemicalPotential[k]) = (zero, zero, zero)
    }
  }

  /// Books a pair process a -> b with bath p (nil: what the baths get is booked apart): net rate, energy w times rate, and initial electron energy e times rate.
  package mutating func add(
    from a: Int, to b: Int, bath p: Int?, rate: Estimate, bosonEnergy: Estimate, electronEnergy: Estimate,
    potentials: (Double, Double)
  ) {
    energyCurrent += bosonEnergy
    channelEnergy[a * electrodes + b] += bosonEnergy
    if let p {
      bathEnergy[p] += bosonEnergy
      bathParticles[p] += rate
      photonNet[p] += rate
    }
    if a != b {
      inelasticCharge[a] += rate
      inelasticCharge[b] -= rate
      inelasticHeat[a] += electronEnergy - potentials.0 * rate
      inelasticHeat[b] -= electronEnergy - bosonEnergy - potentials.1 * rate
    } else {
      // Enters and leaves the same electrode: only the boson's energy is missing.
      inelasticHeat[a] += bosonEnergy
    }
  }

  /// Heat currents into their reservoirs over temperature: -sum Q_a/T_a + sum J_p/T_p; never below zero by more than its error.
  ///
  /// A reservoir at T = 0 that takes up heat makes it infinite.
  package mutating func bookEntropy(state: OperatingState) {
    var total = Estimate()
    func add(_ heat: Estimate, _ temperature: Double) {
      if temperature > 0 {
        total += (1 / temperature) * heat
      } else if heat.value > heat.error {
        total = Estimate(.infinity, error: 0)
      }
    }
    for a in 0..<electrodes { add((-1) * (inelasticHeat[a] + elasticHeat[a] + correctionHeat[a]), state.temperatures[a]) }
    for p in 0..<baths {
      // Heat is what comes beyond the energy nu of every boson, however many come: of a translation infinitely many.
      let nu = state.bathPotentials[p]
      add(nu == 0 ? bathEnergy[p] : bathEnergy[p] - nu * bathParticles[p], state.bathTemperatures[p])
    }
    if total.value < 0 && -total.value <= total.error { total.value = 0 }
    entropyProduction = total
  }

  /// Makes populations of modes that bound ones take part in numbers that do not exist: nothing brings a bound mode to a steady state.
  package mutating func forgetPopulations(of bound: [BosonPole]) {
    let touched = population.indices.filter { k in bound.contains { $0.shape[k].length > 1e-8 } }
    if !touched.isEmpty { hasUnsteadyModes = true }
    for k in touched {
      (population[k], effectiveTemperature[k]) = (.notANumber, .notANumber)
      effectiveChemicalPotential[k] = .notANumber
      for m in 0..<modes {
        for at in [2 * (m * modes + k), 2 * (k * modes + m)] {
          (populationMatrix[at], populationMatrix[at + 1]) = (.notANumber, .notANumber)
        }
      }
    }
  }

  /// Makes the population of a mode NaN: no bath brings it to a steady state.
  package mutating func forgetPopulation(ofMode k: Int) {
    hasUnsteadyModes = true
    (population[k], effectiveTemperature[k], effectiveChemicalPotential[k]) = (.notANumber, .notANumber, .notANumber)
  }

  /// Notes that numbers of this state are infinite, or differences of infinite ones, because electrons feel a motion whose amplitude nothing
  /// bounds. Level `dressed` and electrons that are not driven keep a finite energy current.
  package mutating func noteUnboundMotion(hasCharge: Bool) {
    let flows =
      [energyCurrent] + bathEnergy + (hasCharge ? inelasticCharge + inelasticHeat + correctionCharge + correctionHeat : [])
    if flows.contains(where: { !$0.value.isFinite }) { hasUnsteadyModes = true }
  }

  /// Makes populations NaN: no steady state exists. What does not depend on them keeps its value.
  package mutating func forgetPopulations() {
    isStable = false
    let nan = Estimate.notANumber
    for i in populationMatrix.indices { populationMatrix[i] = nan }
    for k in population.indices {
      (population[k], effectiveTemperature[k], effectiveChemicalPotential[k]) = (nan, nan, nan)
    }
  }

  /// Makes populations and all flows that bosons take part in NaN, for levels at which these depend on the populations. Electrons that
  /// keep their energy do not ask for them.
  package mutating func forgetBosons() {
    forgetPopulations()
    let nan = Estimate.notANumber
    (energyCurrent, entropyProduction, crossCheck, machine) = (nan, nan, nan, nil)
    for i in channelEnergy.indices { channelEnergy[i] = nan }
    for p in bathEnergy.indices {
      (bathEnergy[p], bathParticles[p], photonRate[p], photonNet[p]) = (nan, nan, nan, nan)
    }
    for i in thermalConductance.indices { thermalConductance[i] = nan }
    for i in reservoirEnergy.indices { reservoirEnergy[i] = nan }
    for a in inelasticCharge.indices {
      (inelasticCharge[a], inelasticHeat[a], correctionCharge[a], correctionHeat[a]) = (nan, nan, nan, nan)
    }
  }

  /// Makes every number NaN: nothing could be computed.
  package mutating func forgetEverything() {
    forgetBosons()
    let nan = Estimate.notANumber
    for a in elasticCharge.indices { (elasticCharge[a], elasticHeat[a]) = (nan, nan) }
    for k in renormalizedEnergy.indices { (renormalizedEnergy[k], dampingRate[k], qualityFactor[k]) = (nan, nan, nan) }
    for i in modePairDensity.indices { modePairDensity[i] = nan }
    for i in modeEmission.indices { (modeEmission[i], modeAbsorption[i]) = (nan, nan) }
    for k in modeSupply.indices { (modeFriction[k], modeSupply[k]) = (nan, nan) }
  }
}

/// Error bounds of a state's currents over the gross flows they are differences of.
package struct RelativeErrors: Sendable, Equatable {
  /// Of the energy current and the flows into baths.
  package var energy = 0.0
  /// Of inelastic particle currents.
  package var rate = 0.0
  /// Of elastic particle currents.
  package var elastic = 0.0
  /// Of the second-order elastic correction.
  package var correction = 0.0
}

extension StateCurrents {
  /// The largest error; infinite when one is not a number.
  private static func largestError(_ numbers: [Estimate]) -> Double {
    var largest = 0.0
    // Zero times a number that is none is none.
    var check = 0.0
    for number in numbers {
      check += 0 * number.value + 0 * number.error
      largest = max(largest, number.error)
    }
    return check == 0 ? largest : .infinity
  }

  /// Measures the errors of all currents against their gross flows, once those are booked. Currents that do not exist without a
  /// steady state miss nothing.
  package mutating func bookErrors(hasBosons: Bool = true) {
    func ratio(_ error: Double, _ gross: Double) -> Double {
      guard error.isFinite else { return .infinity }
      return error > 0 && gross > 1e-290 ? error / gross : 0
    }
    relativeErrors.elastic = ratio(Self.largestError(elasticCharge), grossElastic)
    guard hasBosons else { return }
    // Where electrons scatter off a translation particles have no rate, which is no lack of accuracy.
    let isRateless = inelasticCharge.contains { $0.value.isInfinite || $0.value.isNaN && hasDivergentRates }
    relativeErrors.energy = max(
      ratio(energyCurrent.error, grossEnergy),
      ratio(Self.largestError(hasDivergentRates ? bathEnergy.filter { !$0.value.isInfinite } : bathEnergy), grossBath))
    relativeErrors.rate = isRateless ? 0 : ratio(Self.largestError(inelasticCharge), grossRate)
    // Without a population of some mode there is no correction that depends on it.
    guard !(hasUnsteadyModes && correctionCharge.contains { $0.value.isNaN }) else { return }
    relativeErrors.correction = ratio(Self.largestError(correctionCharge), grossCorrection + grossRate + grossElastic)
  }
}
