import JunctionModel
import RealModule
import TransportResults

/// A whole computation of modes under given pair spectra.
package struct PairSpectraRequest: Sendable {
  package var title: String
  package var units: UnitSystem
  package var spectra: GivenPairSpectra
  /// Axes in the user's units; the product of their lengths is the number of states.
  package var axes: [SweepAxis]
  /// Chemical potentials and temperatures of the electrodes, temperatures of the baths.
  package var points: OperatingPoints
  package var settings: PairSpectraSettings
  package var modelText: String
  package var modelHash: String

  package init(
    title: String, units: UnitSystem, spectra: GivenPairSpectra, axes: [SweepAxis], points: OperatingPoints,
    settings: PairSpectraSettings, modelText: String = "", modelHash: String = ""
  ) {
    precondition(points.count == axes.reduce(1) { $0 * $1.values.count }, "states do not match the axes")
    (self.title, self.units, self.spectra, self.axes) = (title, units, spectra, axes)
    (self.points, self.settings, self.modelText, self.modelHash) = (points, settings, modelText, modelHash)
  }
}

extension PairSpectraRequest: Computation {
  package var tolerance: Double { settings.tolerance }

  package var emptyResult: TransportResult {
    let names = spectra.electrodes
    var result = TransportResult(
      title: title, units: units, axes: axes, electrodeNames: names, bathNames: spectra.baths.map(\.name),
      channelLabels: names.flatMap { a in names.map { "\(a)>\($0)" } },
      modeEnergies: spectra.modes.map { $0 * units.outputFactor(of: .energy) }, level: "sharp", tolerance: tolerance,
      modelText: modelText, modelHash: modelHash)
    result.variables = []
    return result
  }

  package func check(for runner: SweepRunner) throws(SolverError) {
    guard settings.tolerance >= 1e-12 && settings.tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: .tolerance, "a relative tolerance of \(settings.tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    try runner.require(memory, states: points.count)
  }

  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan {
    let (n, states) = (Double(spectra.modes.count), Double(points.count))
    let poles = settings.observables.contains(.modePole) ? 2e-8 * n * n * n : 0
    return SweepPlan(
      states: points.count, memory: memory, workers: runner.workers, budget: runner.budget,
      seconds: 0.01 + states * (poles + 1e-7 * n * Double(spectra.kernels.count)) / Double(runner.workers))
  }

  private var memory: SweepMemory {
    let numbers = settings.observables.flatMap(\.quantities).reduce(0.0) { $0 + Double(emptyResult.components(of: $1)) }
    var memory = SweepMemory()
    memory.result = 16 * Double(points.count) * (numbers + 1)
    memory.copy = memory.result
    memory.worker = 64 * Double(spectra.modes.count * spectra.modes.count)
    return memory
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let (names, factor) = (spectra.electrodes, units.outputFactor(of: .energy))
    var parts: [ComputationDescription.Row] = [
      ("units", units.description),
      ("pair spectra", "given, wide bands between \(names.joined(separator: ", "))"),
      (
        "modes",
        "\(spectra.modes.count), \(number((spectra.modes.min() ?? 0) * factor)) to \(number((spectra.modes.max() ?? 0) * factor))"
      ),
    ]
    for bath in spectra.baths {
      parts.append(("bath \(bath.name)", "friction up to \(number((bath.frictions.max() ?? 0) * factor))"))
    }
    return ComputationDescription(
      parts: parts,
      wanted: [
        ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
        ("tolerance", number(settings.tolerance) + " (relative)"),
      ])
  }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    let quantities = settings.observables.flatMap { o in o.quantities.map { (observable: o, quantity: $0) } }
    let columns = try quantities.map { (_, quantity) throws(SolverError) in
      try ResultColumns(components: emptyResult.components(of: quantity), missingAt: points.count)
    }
    let ledger = StateLedger(states: points.count, tolerance: tolerance) { [axes] in axes.describe(state: $0) }
    let size = 16
    try ledger.run(
      StateStage("states", columns, .blocks(size)), (points.count + size - 1) / size, work, makeWorker: {},
      body: { block, _, notes throws(SolverError) in
        for state in (block * size)..<min((block + 1) * size, points.count) {
          try SolverError.checkInterruption("computing states")
          do throws(SolverError) { try compute(state, columns, notes) } catch {
            try notes.fail(state, error)
          }
        }
      })
    var result = emptyResult
    for ((_, quantity), column) in zip(quantities, columns) {
      let (values, errors) = column.take()
      result.variables.append(ResultVariable(quantity, units: units, sweep: axes.map(\.name), values: values, errors: errors))
    }
    return try ResultGate(describe: { [axes] in axes.describe(state: $0) }).checked(result, ledger, work)
  }

  /// `columns` are those of the observables' quantities, one observable after another.
  private func compute(_ state: Int, _ columns: [ResultColumns], _ notes: PieceNotes) throws(SolverError) {
    let here = PairSpectraState(spectra, points, state: state)
    var modes = try here.modes()
    let poles = settings.observables.contains(.modePole) ? try here.poles() : []
    // A motion of several modes may run away where each by itself has a steady state.
    if poles.contains(where: { $0.damping.value < -$0.damping.error }) { modes.forgetPopulations() }
    var column = columns.makeIterator()
    for observable in settings.observables {
      let numbers: [[Estimate]]
      switch observable {
      case .modePopulation: numbers = [modes.population]
      case .effectiveTemperature: numbers = [zip(spectra.modes, modes.population).map { Self.temperature($0, $1) }]
      case .electronicDamping: numbers = [modes.electronicDamping]
      case .dampingRate: numbers = [modes.damping]
      case .energyCurrent: numbers = [[modes.bathEnergy]]
      case .energyCurrentChannel: numbers = [modes.channelEnergy]
      case .modePole: numbers = [poles.map(\.energy), poles.map(\.damping)]
      }
      for (quantity, estimates) in zip(observable.quantities, numbers) {
        let factor = units.outputFactor(of: quantity.quantity)
        let target = column.next()
        for (i, number) in estimates.enumerated() { target?.set(i, state, number, factor: factor) }
        let isFlow = observable == .energyCurrent || observable == .energyCurrentChannel
        let largest = isFlow ? modes.grossEnergy : estimates.reduce(0) { max($0, abs($1.value)) }
        if let worst = estimates.map(\.error).max(), largest > 0, worst > tolerance * largest, modes.isStable {
          notes.miss(quantity.title.lowercased(), error: worst / largest, state: state)
        }
      }
    }
    notes.finish(state, modes.isStable ? .done : .noSteadyState)
  }

  /// W/ln(1 + 1/N).
  private static func temperature(_ w: Double, _ population: Estimate) -> Estimate {
    let n = population.value
    // A population that underflows says no more than that the temperature is below W/745.
    guard n > 0, n.isFinite else { return .notANumber }
    let logarithm = Double.log(onePlus: 1 / n)
    let t = w / logarithm
    return Estimate(t, error: t * population.error / (logarithm * n * (1 + n)) + 4 * .ulpOfOne * t)
  }
}
