import JunctionModel
import TransportCurrents
import TransportResults

extension SweepRequest {
  /// Throws `.unsuitableModel` for a state, a frequency or an energy that is not a number or of a size nothing can be computed with.
  func checkMagnitudes() throws(SolverError) {
    let (electrodes, baths) = (junction.electrodes.map(\.name), junction.baths.map(\.name))
    let temperatures = zip(electrodes + baths, points.temperatures + points.bathTemperatures)
    for (name, column) in temperatures {
      try require(column, .temperature(of: name), .temperature, isScale: true) { $0 >= 0 }
    }
    for (name, column) in zip(electrodes + baths, points.chemicalPotentials + points.bathChemicalPotentials) {
      try require(column, .chemicalPotential(of: name), .energy, isScale: false) { _ in true }
    }
    let lists: [(SolverError.Subject, [Double])] = [(.frequencies, settings.frequencies ?? []), (.energies, settings.energies)]
    for (subject, list) in lists {
      guard let value = list.first(where: { !MagnitudeLimits.energy.reaches($0) }) else { continue }
      throw SolverError(
        .unsuitableModel, at: subject, "found \(value); allowed: \(MagnitudeLimits.energy.upTo)",
        hint: "Look at the numbers, or choose another energy unit")
    }
  }

  /// How many times the softest mode's energy anything may be: rounding, 1e-16 of the largest energy, leaves a few digits of it then.
  private static let widestContrast = 1e12

  /// Throws `.unsuitableModel` when biases, temperatures, frequencies or frictions dwarf the energy of a mode: a boson more or less does not
  /// change their digits, and nothing that adaptive panels look for between such energies is ever resolved.
  func checkContrast() throws(SolverError) {
    guard let softest = junction.bosons.modeEnergies.filter({ $0 > 0 }).min() else { return }
    let limit = Self.widestContrast * softest
    for (subject, what, value) in scales where value > limit {
      throw SolverError(
        .unsuitableModel, at: subject,
        "\(what) is \(value * units.outputFactor(of: subject.isTemperature ? .temperature : .energy)), "
          + "\(value / softest) times the energy of the softest mode; allowed: at most \(Self.widestContrast) times, as numbers have 16 digits",
        hint: "Make the two more alike, or leave the mode out")
    }
  }

  /// Subject, words and size of what is held against the modes.
  private var scales: [(subject: SolverError.Subject, words: String, value: Double)] {
    var found: [(subject: SolverError.Subject, words: String, value: Double)] = []
    let names = junction.electrodes.map(\.name) + junction.baths.map(\.name)
    for (name, column) in zip(names, points.temperatures + points.bathTemperatures) {
      found.append((.temperature(of: name), "the temperature of \(name)", column.max() ?? 0))
    }
    let potentials = points.chemicalPotentials
    let (low, high) = (potentials.compactMap { $0.min() }.min() ?? 0, potentials.compactMap { $0.max() }.max() ?? 0)
    found.append((.chemicalPotential(of: nil), "the range of the chemical potentials", high - low))
    found.append((.frequencies, "a frequency", settings.frequencies?.reduce(0) { max($0, abs($1)) } ?? 0))
    for bath in junction.baths where level.hasWidths {
      switch bath.kind {
      case .ohmic(let friction):
        found.append((.friction(ofBath: bath.name), "the friction of \(bath.name)", friction))
      case .closed(let closed):
        for (parameter, number) in zip(closed.form.parameters, closed.numbers) where parameter.key == "friction" {
          found.append((.friction(ofBath: bath.name), "the friction of \(bath.name)", number))
        }
      case .chain, .periodic, .table: break
      }
    }
    return found
  }

  private func require(
    _ column: [Double], _ subject: SolverError.Subject, _ limits: MagnitudeLimits, isScale: Bool, _ isInside: (Double) -> Bool
  ) throws(SolverError) {
    guard let state = column.firstIndex(where: { !((isScale ? limits.allows($0) : limits.reaches($0)) && isInside($0)) }) else {
      return
    }
    throw SolverError(
      .unsuitableModel, at: subject,
      "found \(column[state]) at \(describe(state: state)); allowed: \(isScale ? limits.between + ", not negative" : limits.upTo)",
      hint: "Look at the number, or choose another energy unit")
  }
}

extension SolverError.Subject {
  fileprivate var isTemperature: Bool { if case .temperature = self { true } else { false } }
}
