import TransportResults

/// What an observable is: the quantities it brings into a result, what must be computed for them and where their numbers come from.
///
/// To add one: a file in this folder with its definition, a case of `Observable`, and its line in `Observable.definition`.
package struct ObservableDefinition: Sendable {
  /// Where the numbers come from.
  package enum Source: Sendable {
    /// One number per component and state, out of the state's currents.
    case state([StateReading])
    /// Coefficients of linear response of every equilibrium.
    case response([ResponseReading])
    /// What the bosons carry away at every frequency (Theory.md section 9), levels `landauer` and `dressed`.
    case light([LightReading])
    /// A spectrum of section 2, which exists for every frequency and needs no steady state.
    case pairSpectrum(PairSpectrumReading)
    /// A part of the electrons' self-energy of the bosons (current-induced forces), at every frequency.
    case force(ForceReading)
    /// dI/dV (order 1) or d2I/dV2 (order 2) of the charge current; its parts follow in the order of the second-order solver.
    case derivative(order: Int, [ResultQuantity])
    /// Elastic transmission of the electrons at every energy.
    case transmission(ResultQuantity)
    /// Transmission of the bosons between their baths at every frequency.
    case phononTransmission(ResultQuantity)
  }

  package let source: Source
  /// What must be computed for it, beside what its source implies.
  package let needs: StateNeeds

  package init(_ source: Source, needs: StateNeeds = []) { (self.source, self.needs) = (source, needs) }

  /// Numbers of a state.
  package init(needs: StateNeeds, _ readings: [StateReading]) { self.init(.state(readings), needs: needs) }

  /// Everything it brings into a result, in order.
  package var quantities: [ResultQuantity] {
    switch source {
    case .state(let readings): return readings.map(\.quantity)
    case .response(let readings): return readings.map(\.quantity)
    case .light(let readings): return readings.map(\.quantity)
    case .pairSpectrum(let reading): return [reading.quantity]
    case .force(let reading): return [reading.quantity]
    case .derivative(_, let quantities): return quantities
    case .transmission(let quantity), .phononTransmission(let quantity): return [quantity]
    }
  }

  /// The numbers per state; none for everything else.
  package var stateReadings: [StateReading] {
    if case .state(let readings) = source { return readings }
    return []
  }

  /// The coefficients of linear response; none for everything else.
  package var responseReadings: [ResponseReading] {
    if case .response(let readings) = source { return readings }
    return []
  }

  /// The spectra of the light; none for everything else.
  package var lightReadings: [LightReading] {
    if case .light(let readings) = source { return readings }
    return []
  }
}

/// What the numbers of a state require.
package struct StateNeeds: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Currents between electrons and bosons.
  package static let bosonCurrents = StateNeeds(rawValue: 1)
  /// Mode populations themselves, not only stability.
  package static let populations = StateNeeds(rawValue: 2)
  /// Energies and dampings of the modes.
  package static let poles = StateNeeds(rawValue: 4)
  /// Currents of electrons that keep their energy, and their second-order correction.
  package static let elasticCurrents = StateNeeds(rawValue: 8)
  /// The state read as a machine.
  package static let machine = StateNeeds(rawValue: 16)
  /// Noise and counting statistics.
  package static let fluctuations = StateNeeds(rawValue: 32)
  /// Gross emission into the baths.
  package static let emission = StateNeeds(rawValue: 64)
  /// Flows between every two reservoirs; matrices in the modes.
  package static let exchange = StateNeeds(rawValue: 128)
  /// Derivatives of heat flows with respect to temperatures of baths; matrices in the modes.
  package static let thermalConductance = StateNeeds(rawValue: 256)
  /// Rates at which the electrons create and take bosons of each mode, at its energy.
  package static let modeRates = StateNeeds(rawValue: 512)
  /// Matrices in the modes, whatever the baths are.
  package static let matrices = StateNeeds(rawValue: 1024)
}

/// A quantity with one number per component and state, and how it is read.
package struct StateReading: Sendable {
  package let quantity: ResultQuantity
  /// True for a part that exists where the second-order elastic correction is computed only.
  package let isCorrection: Bool
  /// The words where that correction is left out; nil for the same.
  package let wordsWithoutCorrection: String?
  /// One component of a state; internal units.
  package let value: @Sendable (borrowing StateCurrents, Int) -> Estimate

  package init(
    _ quantity: ResultQuantity, isCorrection: Bool = false, wordsWithoutCorrection: String? = nil,
    _ value: @escaping @Sendable (borrowing StateCurrents, Int) -> Estimate
  ) {
    (self.quantity, self.isCorrection, self.wordsWithoutCorrection) = (quantity, isCorrection, wordsWithoutCorrection)
    self.value = value
  }

  /// The same where the correction is left out; nil for the correction itself.
  package var withoutCorrection: StateReading? {
    guard !isCorrection else { return nil }
    guard let wordsWithoutCorrection else { return self }
    return StateReading(quantity.with(words: wordsWithoutCorrection), value)
  }
}

/// A coefficient of linear response, and how it is read at indices in the order of its dimensions.
package struct ResponseReading: Sendable {
  package let quantity: ResultQuantity
  package let value: @Sendable (TransportCoefficients, [Int]) -> Estimate

  package init(_ quantity: ResultQuantity, _ value: @escaping @Sendable (TransportCoefficients, [Int]) -> Estimate) {
    (self.quantity, self.value) = (quantity, value)
  }
}

/// A spectrum of what the bosons carry away: its numbers, one per bath or one, of the state the solver has just computed.
package struct LightReading: Sendable {
  package let quantity: ResultQuantity
  package let numbers: @Sendable (LightSpectrumSolver, _ frequency: Double) -> [Estimate]

  package init(_ quantity: ResultQuantity, _ numbers: @escaping @Sendable (LightSpectrumSolver, Double) -> [Estimate]) {
    (self.quantity, self.numbers) = (quantity, numbers)
  }

  /// True for one number per bath.
  package var isPerBath: Bool { quantity.dimensions.contains(.bath) }
}

/// A pair spectrum: value and error at a place of a block of spectra.
package struct PairSpectrumReading: Sendable {
  package let quantity: ResultQuantity
  package let value: @Sendable (borrowing SpectraSolver.Block, Int) -> Double
  package let error: @Sendable (borrowing SpectraSolver.Block, Int) -> Double

  package init(
    _ quantity: ResultQuantity, value: @escaping @Sendable (borrowing SpectraSolver.Block, Int) -> Double,
    error: @escaping @Sendable (borrowing SpectraSolver.Block, Int) -> Double
  ) {
    (self.quantity, self.value, self.error) = (quantity, value, error)
  }
}

/// A part of the electrons' self-energy of the bosons at a pair of modes m * modes + n.
package struct ForceReading: Sendable {
  package let quantity: ResultQuantity
  package let part: @Sendable (ForceSolver.Parts, _ pair: Int) -> Estimate

  package init(_ quantity: ResultQuantity, _ part: @escaping @Sendable (ForceSolver.Parts, Int) -> Estimate) {
    (self.quantity, self.part) = (quantity, part)
  }
}
