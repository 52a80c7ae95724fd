import JunctionModel
import TransportResults

/// What the observables of a computation require to be computed.
package struct Needs: Sendable {
  /// Currents between electrons and bosons.
  package let bosonCurrents: Bool
  /// Mode populations and stability.
  package let populations: Bool
  /// Energies and dampings of the modes.
  package let poles: Bool
  /// Populations themselves are wanted, not only stability.
  package let populationValues: Bool
  package let elastic: Bool
  /// The second-order elastic correction of charge and heat currents.
  package let correction: Bool
  /// The same in linear response.
  package let responseCorrection: Bool
  /// The elastic kernel, for currents or linear response.
  package let elasticKernel: Bool
  package let spectra: [Observable]
  /// What the bosons carry away at every frequency.
  package let light: [Observable]
  /// Parts of the electrons' self-energy of the bosons.
  package let forces: [Observable]
  /// Machines of any kind are wanted.
  package let machines: Bool
  /// Gross emission into the baths, flows between every two reservoirs, and their derivatives by temperatures are wanted.
  package let emission: Bool
  package let exchange: Bool
  package let conductance: Bool
  /// Rates at the mode energies are wanted.
  package let modeRates: Bool
  package let transmission: Bool
  package let phononTransmission: Bool
  /// Derivatives of charge currents with respect to a voltage.
  package let derivatives: [Observable]
  /// Coefficients of linear response.
  package let linearResponse: [Observable]
  /// Noise and counting statistics.
  package let fluctuations: Bool
  /// State variables in result order.
  package let variables: [StateReading]

  /// Pair kernels are wanted, of one kind or another.
  package var pairKernels: Bool {
    populations || !spectra.isEmpty || !light.isEmpty || !forces.isEmpty || !linearResponse.isEmpty
  }

  /// Electrons are integrated over energies; otherwise they are asked for at single ones at most, and where their spectra vary fast need not
  /// be known.
  package var integratesElectrons: Bool { pairKernels || elasticKernel || fluctuations || !derivatives.isEmpty }

  /// Spectra of all pairs of modes over frequencies are wanted.
  package var spectraOfPairs: Bool { !spectra.isEmpty || !light.isEmpty || !forces.isEmpty }

  /// Needs of a junction's observables.
  package init(_ junction: Junction, _ settings: ComputeSettings) {
    let observables = settings.observables
    let definitions = observables.map(\.definition)
    let rates = settings.keepsModeRates ? [ObservableDefinition.partsOfPopulations] : []
    let wanted = (definitions + rates).reduce(into: StateNeeds()) { $0.formUnion($1.needs) }
    let (hasModes, hasElectrons) = (junction.bosons.count > 0, !junction.conductor.isEmpty)
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
    correction = elastic && bosonCurrents && !settings.leavesCorrectionOut
    spectra = observables.filter { if case .pairSpectrum = $0.definition.source { true } else { false } }
    forces = observables.filter { if case .force = $0.definition.source { true } else { false } }
    machines = wanted.contains(.machine)
    transmission = observables.contains { if case .transmission = $0.definition.source { true } else { false } }
    phononTransmission = observables.contains { if case .phononTransmission = $0.definition.source { true } else { false } }
    derivatives = observables.filter { if case .derivative = $0.definition.source { true } else { false } }
    linearResponse = observables.filter { !$0.definition.responseReadings.isEmpty }
    responseCorrection = !linearResponse.isEmpty && hasModes && hasElectrons && settings.elasticCorrection != .none
    elasticKernel = elastic || (!linearResponse.isEmpty && hasElectrons)
    let leavesCorrectionOut = hasModes && settings.leavesCorrectionOut
    var variables: [StateReading] = []
    for reading in (definitions + (hasModes ? rates : [])).flatMap(\.stateReadings) {
      guard let reading = leavesCorrectionOut ? reading.withoutCorrection : reading else { continue }
      if !variables.contains(where: { $0.quantity.name == reading.quantity.name }) { variables.append(reading) }
    }
    if settings.crossCheck { variables += ObservableDefinition.crossCheck.stateReadings }
    self.variables = variables
  }
}

extension ComputeSettings {
  /// True when the second-order elastic correction is not computed: on request, and at levels where it does not exist.
  package var leavesCorrectionOut: Bool { elasticCorrection == .none || !level.theory.abilities.contains(.secondOrder) }
}
