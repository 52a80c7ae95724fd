import JunctionModel
import TransportCurrents
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
  /// Gross emission into the baths, flows between every two reservoirs, and their derivatives by temperatures are wanted.
  let emission: Bool
  let exchange: Bool
  let conductance: Bool
  /// Rates at the mode energies are wanted.
  let modeRates: Bool
  let transmission: Bool
  let phononTransmission: Bool
  /// Derivatives of charge currents with respect to a voltage.
  let derivatives: [Observable]
  /// Coefficients of linear response.
  let linearResponse: [Observable]
  /// Noise and counting statistics.
  let fluctuations: Bool
  /// State variables in result order.
  let variables: [StateReading]

  /// Pair kernels are wanted, of one kind or another.
  var pairKernels: Bool { populations || !spectra.isEmpty || !light.isEmpty || !forces.isEmpty || !linearResponse.isEmpty }

  /// Pair kernels of all pairs of modes are wanted, not only of each mode with itself.
  func modePairs(_ request: SweepRequest) -> Bool {
    request.route.solver == .matrix || !spectra.isEmpty || !light.isEmpty || !forces.isEmpty
  }

  init(_ request: SweepRequest) {
    let observables = request.settings.observables
    let definitions = observables.map(\.definition)
    let wanted = definitions.reduce(into: StateNeeds()) { $0.formUnion($1.needs) }
    let (hasModes, hasElectrons) = (request.junction.bosons.count > 0, !request.junction.conductor.isEmpty)
    poles = hasModes && wanted.contains(.poles)
    populationValues = hasModes && wanted.contains(.populations)
    bosonCurrents = hasModes && wanted.contains(.bosonCurrents)
    modeRates = hasModes && wanted.contains(.modeRates)
    fluctuations = wanted.contains(.fluctuations)
    (emission, exchange, conductance) = (
      wanted.contains(.emission), wanted.contains(.exchange), wanted.contains(.thermalConductance)
    )
    light = observables.filter { !$0.definition.lightReadings.isEmpty }
    populations = hasModes && (bosonCurrents || populationValues || poles || modeRates || fluctuations || !light.isEmpty)
    elastic = hasElectrons && wanted.contains(.elasticCurrents)
    correction = elastic && bosonCurrents && !request.settings.leavesCorrectionOut
    spectra = observables.filter { if case .pairSpectrum = $0.definition.source { true } else { false } }
    forces = observables.filter { if case .force = $0.definition.source { true } else { false } }
    machines = wanted.contains(.machine)
    transmission = observables.contains { if case .transmission = $0.definition.source { true } else { false } }
    phononTransmission = observables.contains { if case .phononTransmission = $0.definition.source { true } else { false } }
    derivatives = observables.filter { if case .derivative = $0.definition.source { true } else { false } }
    linearResponse = observables.filter { !$0.definition.responseReadings.isEmpty }
    responseCorrection = !linearResponse.isEmpty && hasModes && hasElectrons && request.settings.elasticCorrection != .none
    elasticKernel = elastic || (!linearResponse.isEmpty && hasElectrons)
    let leavesCorrectionOut = hasModes && request.settings.leavesCorrectionOut
    var variables: [StateReading] = []
    for reading in definitions.flatMap(\.stateReadings) {
      guard let reading = leavesCorrectionOut ? reading.withoutCorrection : reading else { continue }
      if !variables.contains(where: { $0.quantity.name == reading.quantity.name }) { variables.append(reading) }
    }
    if request.settings.crossCheck { variables += ObservableDefinition.crossCheck.stateReadings }
    self.variables = variables
  }
}

extension ComputeSettings {
  /// True when the second-order elastic correction is not computed: on request, and at level `dressed`, where it does not exist.
  var leavesCorrectionOut: Bool { elasticCorrection == .none || level == .dressed }
}
