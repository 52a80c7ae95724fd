import BosonPropagators
import ComplexModule
import ElectronSpectra
import JunctionModel
import TransportResults

/// Puts columns of numbers into a labelled, self-contained result.
struct ResultAssembly {
  let request: SweepRequest
  var result: TransportResult

  init(_ request: SweepRequest) {
    self.request = request
    let junction = request.junction
    let energy = request.units.outputFactor(of: .energy)
    let spectra = request.settings.observables.contains {
      $0.isSpectrum || $0.isForce || $0.isLightSpectrum || $0 == .phononTransmission
    }
    result = TransportResult(
      title: request.title, units: request.units, axes: request.axes, electrodeNames: junction.electrodes.map(\.name),
      bathNames: junction.baths.map(\.name), channelLabels: junction.channels.map { junction.label(of: $0) },
      modeEnergies: junction.bosons.modeEnergies.map { $0 * energy },
      frequencies: spectra ? (request.settings.frequencies ?? junction.bosons.modeEnergies).map { $0 * energy } : [],
      energies: request.settings.observables.contains(.transmission) ? request.settings.energies.map { $0 * energy } : [],
      level: request.settings.level.rawValue, tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
    if request.settings.observables.contains(.quantaDistribution) { result.largestQuanta = request.settings.quanta }
    addInputs()
  }

  private var sweep: [String] { request.axes.map(\.name) }

  /// What variables defined in other files need.
  var axisNames: [String] { sweep }
  func unit(of quantity: Quantity) -> String { request.units.label(of: quantity) }
  mutating func append(_ variable: ResultVariable) { result.variables.append(variable) }

  /// The states themselves, so that a result explains itself.
  private mutating func addInputs() {
    let points = request.points
    let columns: [(String, String, [[Double]], Quantity, String)] = [
      ("chemical_potential", "electrode", points.chemicalPotentials, .energy, "chemical potential of each electrode"),
      ("temperature", "electrode", points.temperatures, .temperature, "temperature of each electrode"),
      ("bath_temperature", "bath", points.bathTemperatures, .temperature, "temperature of each boson bath"),
    ]
    let potentials = points.bathChemicalPotentials
    let all = columns + [("bath_chemical_potential", "bath", potentials, .energy, "chemical potential of each boson bath")]
    for (name, dimension, values, quantity, longName) in all where !values.isEmpty {
      let factor = request.units.outputFactor(of: quantity)
      result.variables.append(
        ResultVariable(
          name: name, dimensions: [dimension] + sweep, values: values.flatMap { $0.map { $0 * factor } }, errors: nil,
          unit: request.units.label(of: quantity), longName: longName))
    }
  }

  mutating func add(_ columns: FilledStateColumns, _ needs: Needs) {
    result.variables.append(
      ResultVariable(
        name: "stable", dimensions: sweep, values: columns.stable, errors: nil, unit: "1",
        longName: "1 where a steady state exists, 0 where the electrons pump a mode faster than it is damped"))
    for (variable, (values, errors)) in zip(needs.variables, columns.numbers) where !values.isEmpty {
      var added = ResultVariable(
        name: variable.name, dimensions: variable.dimensions + sweep + (variable.isComplex ? ["ri"] : []),
        values: values,
        errors: errors, unit: request.units.label(of: variable.quantity), longName: words(of: variable),
        signConvention: variable.sign)
      added.flagMeanings = variable.flagMeanings
      result.variables.append(added)
    }
    if let (values, errors) = columns.pairDensity, !values.isEmpty {
      let variable = StateVariable.modePairDensity
      result.variables.append(
        ResultVariable(
          name: variable.name, dimensions: ["channel", "mode"] + sweep, values: values, errors: errors,
          unit: request.units.label(of: .spectrum), longName: variable.longName, signConvention: variable.sign))
    }
  }

  mutating func add(_ spectra: [(Observable, ResultColumns.Numbers)]) {
    let quantity: Quantity =
      request.junction.coupling.convention == .massWeighted ? .massWeightedSpectrum : .spectrum
    for (observable, (values, errors)) in spectra {
      result.variables.append(
        ResultVariable(
          name: observable.rawValue, dimensions: ["channel", "mode", "mode2", "frequency"] + sweep + ["ri"],
          values: values, errors: errors, unit: request.units.label(of: quantity),
          longName: Self.longName(observable), signConvention: "matrix in the mode indices; ri = (real, imaginary part)"))
    }
  }

  /// The long name, which says so where the elastic correction was left out.
  private func words(of variable: StateVariable) -> String {
    guard request.settings.elasticCorrection == .none, request.junction.bosons.count > 0 else { return variable.longName }
    return variable.longName.replacing(
      ", inelastic, and second-order elastic correction", with: " and inelastic, without the second-order elastic correction")
  }

  mutating func addTransmission(_ prepared: PreparedJunction) throws(SolverError) {
    let count = request.junction.electrodes.count
    let energies = request.settings.energies
    var values = [Double](repeating: 0, count: count * count * energies.count)
    for (i, energy) in energies.enumerated() {
      let matrix = try prepared.transmission(at: energy)
      for pair in 0..<(count * count) { values[pair * energies.count + i] = matrix[pair] }
    }
    // An electrode to itself: Tr[Gamma_a G Gamma_a G^+], kept as it is defined.
    result.variables.append(
      ResultVariable(
        name: "transmission", dimensions: ["electrode", "electrode2", "energy"], values: values,
        errors: values.map { 1e-12 * abs($0) }, unit: "1",
        longName: "elastic transmission Tr[Gamma_a G Gamma_b G^+] per spin"))
  }

  /// Critical values of the sweep variables, with energy and shape of the mode that becomes unstable.
  mutating func addInstabilities(_ found: [Instability]) {
    guard !found.isEmpty else { return }
    result.instabilities = found.count
    let last = request.axes.count - 1
    for (a, axis) in request.axes.enumerated() {
      result.variables.append(
        ResultVariable(
          name: "critical_\(axis.name)", dimensions: ["instability"], values: found.map { $0.axisValues[a] },
          errors: a == last ? found.map(\.error) : nil, unit: "",
          longName: "value of \(axis.name) where the steady state is lost"))
    }
    let energy = request.units.outputFactor(of: .energy)
    result.variables.append(
      ResultVariable(
        name: "critical_energy", dimensions: ["instability"], values: found.map { $0.energy * energy }, errors: nil,
        unit: request.units.label(of: .energy), longName: "energy of the mode that becomes unstable"))
    result.variables.append(
      ResultVariable(
        name: "critical_mode_shape", dimensions: ["instability", "mode", "ri"],
        values: found.flatMap { $0.shape.flatMap { [$0.real, $0.imaginary] } }, errors: nil, unit: "1",
        longName: "shape of the mode that becomes unstable, amplitudes of the normal modes"))
  }

  /// Parts of the electrons' self-energy of the bosons, by mode pair, frequency and state.
  mutating func addForces(_ forces: [(Observable, ResultColumns)]) {
    for (observable, columns) in forces {
      let quantity: Quantity =
        observable == .friction || observable == .berryForce ? .energy : .massWeightedSpectrum
      let (values, errors) = columns.take()
      result.variables.append(
        ResultVariable(
          name: observable.rawValue, dimensions: ["mode", "mode2", "frequency"] + sweep, values: values,
          errors: errors, unit: request.units.label(of: quantity), longName: Self.longName(force: observable),
          signConvention: "Q'' = -(K + renormalization + nonconservative_force) Q - (friction + berry_force) Q'"))
    }
  }

  private static func longName(force: Observable) -> String {
    switch force {
    case .friction: return "electronic friction, -Im Pi_e/w, symmetric part"
    case .berryForce: return "velocity-dependent force perpendicular to the motion, -Im Pi_e/w, antisymmetric part"
    case .nonconservativeForce: return "nonconservative force, Re Pi_e, antisymmetric part"
    default: return "renormalisation of the dynamical matrix by the electrons, Re Pi_e, symmetric part"
    }
  }

  /// Tr[Gamma_p D Gamma_q D^+] of the bosons with their baths alone.
  mutating func addPhononTransmission(_ environment: BosonEnvironment) throws(SolverError) {
    let count = request.junction.baths.count
    let frequencies = request.settings.frequencies ?? request.junction.bosons.modeEnergies
    var estimates = [Estimate](repeating: Estimate(0), count: count * count * frequencies.count)
    for (i, frequency) in frequencies.enumerated() where frequency > 0 {
      let matrix = try environment.transmission(at: frequency)
      for pair in 0..<(count * count) { estimates[pair * frequencies.count + i] = matrix[pair] }
    }
    result.variables.append(
      ResultVariable(
        name: "phonon_transmission", dimensions: ["bath", "bath2", "frequency"], values: estimates.map(\.value),
        errors: estimates.map(\.error), unit: "1",
        longName: "transmission Tr[Gamma_p D Gamma_q D^+] of the bosons from bath2 to bath, without electrons"))
  }

  private static func longName(_ observable: Observable) -> String {
    switch observable {
    case .emission: return "emission spectrum of each pair channel"
    case .absorption: return "absorption spectrum of each pair channel"
    case .pairDensity: return "coupling-weighted pair density of states of each channel, absorption minus emission"
    default: return "power spectrum of each pair channel, mean of emission and absorption"
    }
  }
}
