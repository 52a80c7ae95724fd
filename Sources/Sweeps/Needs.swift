import JunctionModel
import TransportResults

/// What the observables of a request require to be computed.
struct Needs {
  /// Currents between electrons and bosons.
  let bosonCurrents: Bool
  /// Mode populations and stability.
  let populations: Bool
  /// Energies and dampings of the modes.
  let poles: Bool
  /// Populations themselves are wanted, not only stability.
  let populationValues: Bool
  let elastic: Bool
  /// The second-order elastic correction of charge and heat currents.
  let correction: Bool
  /// The same in linear response.
  let responseCorrection: Bool
  /// The elastic kernel, for currents or linear response.
  let elasticKernel: Bool
  let spectra: [Observable]
  /// What the bosons carry away at every frequency.
  let light: [Observable]
  /// Parts of the electrons' self-energy of the bosons.
  let forces: [Observable]
  /// Machines of any kind are wanted.
  let machines: Bool
  let transmission: Bool
  let phononTransmission: Bool
  /// Derivatives of charge currents with respect to a voltage.
  let derivatives: [Observable]
  /// Coefficients of linear response.
  let linearResponse: [Observable]
  /// Noise and counting statistics.
  let fluctuations: Bool
  /// State variables in result order.
  let variables: [StateVariable]

  /// Pair kernels are wanted, of one kind or another.
  var pairKernels: Bool { populations || !spectra.isEmpty || !light.isEmpty || !forces.isEmpty || !linearResponse.isEmpty }

  /// Pair kernels of all pairs of modes are wanted, not only of each mode with itself.
  func modePairs(_ request: SweepRequest) -> Bool {
    request.route.solver == .matrix || !spectra.isEmpty || !light.isEmpty || !forces.isEmpty
  }

  init(_ request: SweepRequest) {
    let wanted = Set(request.settings.observables)
    let hasModes = request.junction.bosons.count > 0
    let currents: Set<Observable> = [
      .energyCurrent, .energyCurrentChannel, .bathEnergyCurrent, .bathParticleCurrent, .reservoirEnergyCurrent,
      .thermalConductance, .chargeCurrent, .electrodeHeatCurrent, .entropyProduction, .machine,
      .photonRate, .photonYield,
    ]
    let occupations: Set<Observable> = [
      .modePopulation, .modePopulationMatrix, .effectiveTemperature, .effectiveChemicalPotential, .bosonEngineEfficiency,
    ]
    poles = hasModes && !wanted.isDisjoint(with: [.renormalizedEnergy, .dampingRate, .qualityFactor])
    populationValues = hasModes && !wanted.isDisjoint(with: occupations)
    bosonCurrents = hasModes && !wanted.isDisjoint(with: currents)
    fluctuations = request.settings.observables.contains(where: \.isFluctuation)
    light = request.settings.observables.filter(\.isLightSpectrum)
    populations =
      hasModes
      && (bosonCurrents || populationValues || poles || fluctuations || !light.isEmpty)
    elastic =
      !request.junction.conductor.isEmpty
      && !wanted.isDisjoint(with: [.chargeCurrent, .electrodeHeatCurrent, .entropyProduction, .machine, .photonYield])
    correction = elastic && bosonCurrents && !request.settings.leavesCorrectionOut
    spectra = request.settings.observables.filter(\.isSpectrum)
    forces = request.settings.observables.filter(\.isForce)
    machines = !wanted.isDisjoint(with: [.machine, .bosonEngineEfficiency])
    transmission = wanted.contains(.transmission)
    phononTransmission = wanted.contains(.phononTransmission)
    derivatives = request.settings.observables.filter { $0 == .conductance || $0 == .iets }
    linearResponse = request.settings.observables.filter(\.isLinearResponse)
    responseCorrection =
      !linearResponse.isEmpty && hasModes && !request.junction.conductor.isEmpty && request.settings.elasticCorrection != .none
    elasticKernel = elastic || (!linearResponse.isEmpty && !request.junction.conductor.isEmpty)
    let leavesCorrectionOut = hasModes && request.settings.leavesCorrectionOut
    var variables: [StateVariable] = []
    for observable in request.settings.observables {
      for variable in StateVariable.variables(for: observable, withCorrection: !leavesCorrectionOut)
      where !variables.contains(where: { $0.name == variable.name }) {
        variables.append(variable)
      }
    }
    if request.settings.crossCheck { variables += StateVariable.crossCheckVariables }
    self.variables = variables
  }
}

extension ComputeSettings {
  /// True when the second-order elastic correction is not computed: on request, and at level `dressed`, where it does not exist.
  var leavesCorrectionOut: Bool { elasticCorrection == .none || level == .dressed }
}
