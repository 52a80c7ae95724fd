import BosonPropagators
import ComplexModule
import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// Puts columns of numbers into a labelled, self-contained result.
struct ResultAssembly {
  let request: SweepRequest
  var result: TransportResult

  init(_ request: SweepRequest) {
    self.request = request
    result = Self.empty(request)
    addInputs()
  }

  /// A result with everything but numbers: labels, axes, the model.
  static func empty(_ request: SweepRequest) -> TransportResult {
    let junction = request.junction
    let energy = request.units.outputFactor(of: .energy)
    let quantities = request.settings.observables.flatMap(\.definition.quantities)
    func isOver(_ dimension: StandardDimension) -> Bool { quantities.contains { $0.dimensions.contains(dimension) } }
    var result = TransportResult(
      title: request.title, units: request.units, axes: request.axes, electrodeNames: junction.electrodes.map(\.name),
      bathNames: junction.baths.map(\.name), channelLabels: junction.channels.map { junction.label(of: $0) },
      modeEnergies: junction.bosons.modeEnergies.map { $0 * energy },
      frequencies: isOver(.frequency) ? (request.settings.frequencies ?? junction.bosons.modeEnergies).map { $0 * energy } : [],
      energies: isOver(.energy) ? request.settings.energies.map { $0 * energy } : [],
      level: request.settings.level.rawValue, tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
    if isOver(.quanta) { result.largestQuanta = request.settings.quanta }
    return result
  }

  private var sweep: [String] { request.axes.map(\.name) }

  /// What variables defined in other files need.
  var axisNames: [String] { sweep }
  func unit(of quantity: Quantity) -> String { request.units.label(of: quantity) }
  mutating func append(_ variable: ResultVariable) { result.variables.append(variable) }

  /// The states themselves, so that a result explains itself.
  private mutating func addInputs() { result.variables += Self.inputs(request) }

  /// Chemical potentials and temperatures of all states.
  static func inputs(_ request: SweepRequest) -> [ResultVariable] {
    let points = request.points
    let columns: [(ResultQuantity, [[Double]])] = [
      (.chemicalPotential, points.chemicalPotentials), (.temperature, points.temperatures),
      (.bathTemperature, points.bathTemperatures), (.bathChemicalPotential, points.bathChemicalPotentials),
    ]
    return columns.filter { !$0.1.isEmpty }.map { quantity, values in
      let factor = request.units.outputFactor(of: quantity.quantity)
      return ResultVariable(
        quantity, units: request.units, sweep: request.axes.map(\.name), values: values.flatMap { $0.map { $0 * factor } },
        errors: nil)
    }
  }

  mutating func add(_ columns: FilledStateColumns, _ needs: Needs) {
    append(.stable, columns.stable, nil)
    for (variable, (values, errors)) in zip(needs.variables, columns.numbers) where !values.isEmpty {
      append(quantity(variable.quantity), values, errors)
    }
    if let (values, errors) = columns.pairDensity, !values.isEmpty {
      append(ObservableDefinition.modePairDensity, values, errors)
    }
  }

  /// Adds numbers of a quantity, over its dimensions and the sweep.
  mutating func append(_ quantity: ResultQuantity, overSweep: Bool = true, _ values: [Double], _ errors: [Double]?) {
    result.variables.append(
      ResultVariable(quantity, units: request.units, sweep: overSweep ? sweep : [], values: values, errors: errors))
  }

  mutating func add(_ spectra: [(PairSpectrumReading, ResultColumns.Numbers)]) {
    for (reading, (values, errors)) in spectra {
      let quantity = reading.quantity
      let isMassWeighted = request.junction.coupling.convention == .massWeighted
      append(isMassWeighted ? quantity.with(quantity: .massWeightedSpectrum) : quantity, values, errors)
    }
  }

  /// The quantity with words that say so where the elastic correction was left out.
  private func quantity(_ quantity: ResultQuantity) -> ResultQuantity {
    guard request.settings.elasticCorrection == .none, request.junction.bosons.count > 0 else { return quantity }
    return quantity.with(
      words: quantity.words.replacing(
        ", inelastic, and second-order elastic correction", with: " and inelastic, without the second-order elastic correction"))
  }

  mutating func addTransmission(_ prepared: PreparedJunction, _ work: ParallelWork) throws(SolverError) {
    let count = request.junction.electrodes.count
    let energies = request.settings.energies
    var estimates = [Estimate](repeating: Estimate(), count: count * count * energies.count)
    let matrices = try work.matrices(energies.count, key: "transmissions") { (i) throws(SolverError) in
      try prepared.transmission(at: energies[i])
    }
    for (i, matrix) in matrices.enumerated() {
      for pair in 0..<(count * count) { estimates[pair * energies.count + i] = matrix.map { $0[pair] } ?? .notANumber }
    }
    // An electrode to itself: Tr[Gamma_a G Gamma_a G^+], kept as it is defined.
    for quantity in ObservableDefinition.transmission.quantities {
      append(quantity, overSweep: false, estimates.map(\.value), estimates.map(\.error))
    }
  }

  /// Critical values of the sweep variables, with energy and shape of the mode that becomes unstable.
  mutating func addInstabilities(_ found: [Instability]) {
    guard !found.isEmpty else { return }
    result.instabilities = found.count
    let last = request.axes.count - 1
    for (a, axis) in request.axes.enumerated() {
      result.variables.append(
        ResultVariable(
          name: ResultQuantity.criticalName(ofAxis: axis.name), dimensions: [StandardDimension.instability.name],
          values: found.map { $0.axisValues[a] },
          errors: a == last ? found.map(\.error) : nil, unit: "",
          longName: "value of \(axis.name) where the steady state is lost"))
    }
    let energy = request.units.outputFactor(of: .energy)
    append(.criticalEnergy, overSweep: false, found.map { $0.energy * energy }, nil)
    append(.criticalModeShape, overSweep: false, found.flatMap { $0.shape.flatMap { [$0.real, $0.imaginary] } }, nil)
  }

  /// Parts of the electrons' self-energy of the bosons, by mode pair, frequency and state.
  mutating func addForces(_ forces: [(ForceReading, ResultColumns)]) {
    for (reading, columns) in forces {
      let (values, errors) = columns.take()
      append(reading.quantity, values, errors)
    }
  }

  /// Tr[Gamma_p D Gamma_q D^+] of the bosons with their baths alone.
  mutating func addPhononTransmission(_ environment: BosonEnvironment, _ work: ParallelWork) throws(SolverError) {
    let count = request.junction.baths.count
    let frequencies = request.settings.frequencies ?? request.junction.bosons.modeEnergies
    var estimates = [Estimate](repeating: Estimate(0), count: count * count * frequencies.count)
    let matrices = try work.matrices(frequencies.count, key: "phonon transmissions") { (i) throws(SolverError) in
      frequencies[i] >= 0
        ? try environment.transmission(at: frequencies[i]) : [Estimate](repeating: Estimate(0), count: count * count)
    }
    for (i, matrix) in matrices.enumerated() {
      for pair in 0..<(count * count) { estimates[pair * frequencies.count + i] = matrix.map { $0[pair] } ?? .notANumber }
    }
    for quantity in ObservableDefinition.phononTransmission.quantities {
      append(quantity, overSweep: false, estimates.map(\.value), estimates.map(\.error))
    }
  }
}

extension ParallelWork {
  /// Matrices of numbers with errors at several energies; nil at those that are left to others.
  fileprivate func matrices(
    _ count: Int, key: String, of body: @escaping @Sendable (Int) throws(SolverError) -> [Estimate]
  ) throws(SolverError) -> [[Estimate]?] {
    let slots = Slots<[Estimate]>(count: count)
    let records = SlotRecords(
      slots: slots, put: { $1.put($0.flatMap { [$0.value, $0.error] }) },
      read: { reader in
        reader.numbers().map { flat -> [Estimate] in
          stride(from: 0, to: flat.count & ~1, by: 2).map { Estimate(flat[$0], error: flat[$0 + 1]) }
        }
      })
    try run(
      count, stage: PieceStage("transmissions", key: key, role: .results, records: records),
      body: { index throws(SolverError) in
        try SolverError.checkInterruption("computing transmissions")
        slots.set(index, try body(index))
      })
    return slots.places
  }
}
