import DataFiles
import DenseMatrices
import JunctionModel
import TransportResults

extension ModelReader {
  /// The settings of the section `compute`, internal units; `tolerance` replaces the file's.
  func settings(of junction: Junction, tolerance: Double?) throws(FileError) -> ComputeSettings {
    var settings = ComputeSettings(
      level: junction.conductor.isEmpty ? .landauer : .sharp, observables: defaultObservables(of: junction))
    if let value = try root.optional("compute") { try read(value, into: &settings) }
    if let tolerance {
      guard tolerance > 0 && tolerance < 1 else {
        throw FileError(
          .outOfRange, in: "--tolerance", found: "\(tolerance)", allowed: "a relative tolerance between 0 and 1, for example 1e-8"
        )
      }
      settings.tolerance = tolerance
    }
    return settings
  }

  private func defaultObservables(of junction: Junction) -> [Observable] {
    if junction.conductor.isEmpty { return [.bathEnergyCurrent] }
    return junction.bosons.count > 0 ? [.energyCurrent, .chargeCurrent, .modePopulation] : [.chargeCurrent]
  }

  /// The keys of the section `compute` of a junction.
  static let computeKeys = [
    "level", "observables", "tolerance", "frequencies", "energies", "renormalization", "cross_check", "elastic_correction",
    "rectification", "counting_time", "quanta", "voltage", "average",
  ]

  private func read(_ value: ModelValue, into settings: inout ComputeSettings) throws(FileError) {
    let section = try ModelSection(value, keys: Self.computeKeys)
    if let level = try section.optional("level") { settings.level = try level.choice() ?? settings.level }
    if let word = try section.optional("renormalization") { settings.renormalization = try word.choice() ?? .full }
    if let flag = try section.optional("cross_check") { settings.crossCheck = try flag.boolean() }
    if let flag = try section.optional("elastic_correction") { settings.elasticCorrection = try flag.choice() ?? .full }
    if let list = try section.optional("observables") { settings.observables = try observables(list) }
    if let tolerance = try section.optional("tolerance") {
      settings.tolerance = try tolerance.number(.plain)
      guard settings.tolerance > 0 && settings.tolerance < 1 else {
        throw tolerance.fail(
          .outOfRange, found: "\(settings.tolerance)", allowed: "a relative tolerance between 0 and 1, for example 1e-8")
      }
    }
    if let value = try section.optional("rectification") { settings.rectifications = try value.rectifications() }
    if let name = try section.optional("voltage") { settings.voltage = try name.text() }
    try readCounting(section, into: &settings)
    settings.frequencies = try section.optional("frequencies")?.energyGrid()
    settings.energies = try section.optional("energies")?.energyGrid() ?? []
    if settings.observables.contains(.transmission) && settings.energies.isEmpty {
      throw section.missing("energies", hint: "transmission is computed at the energies listed there")
    }
  }

  /// `counting_time` (seconds, or hbar over the energy unit) and `quanta`.
  private func readCounting(_ section: ModelSection, into settings: inout ComputeSettings) throws(FileError) {
    if let time = try section.optional("counting_time") {
      let value = try time.number(.plain)
      guard value >= 0 && value.isFinite else {
        throw time.fail(
          .outOfRange, found: "\(value)", allowed: "a time of at least 0, in seconds (natural units: hbar/energy unit)")
      }
      settings.countingTime = value * units.outputFactor(of: .rate)
    }
    if let quanta = try section.optional("quanta") {
      let value = try quanta.number(.plain)
      guard value >= 1, value <= 100_000, value == value.rounded() else {
        throw quanta.fail(.outOfRange, found: "\(value)", allowed: "a whole number from 1 to 100000")
      }
      settings.quanta = Int(value)
    }
    if settings.observables.contains(.quantaDistribution) && settings.countingTime == nil {
      throw section.missing("counting_time", hint: "quanta_distribution counts the quanta exchanged in that time")
    }
  }

  private func observables(_ value: ModelValue) throws(FileError) -> [Observable] {
    let words = Observable.allCases.map(\.rawValue)
    var observables: [Observable] = []
    for item in try value.list(allowed: "a list of \(words.joined(separator: ", "))") {
      let word = try item.word(of: words)
      guard let observable = Observable(rawValue: word) else { continue }
      guard !observables.contains(observable) else {
        throw item.fail(.duplicateKey, found: "'\(word)' twice", allowed: "each observable once")
      }
      observables.append(observable)
    }
    guard !observables.isEmpty else {
      throw value.fail(.outOfRange, found: "an empty list", allowed: words.joined(separator: ", "))
    }
    return observables
  }
}

extension ModelValue {
  /// One of the words of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>() throws(FileError) -> Choice? where Choice.RawValue == String {
    Choice(rawValue: try word(of: Choice.allCases.map(\.rawValue)))
  }

  /// The largest number of energies or frequencies at which numbers of a result are wanted: checking them takes a second or two.
  static let mostEnergies = 10_000_000

  /// Energies: a list, or `{from, to, points}`.
  func energyGrid() throws(FileError) -> [Double] {
    let (spacing, _) = try spacing(scope?.place.arrays) { (item) throws(FileError) in (try item.number(.energy), .free) }
    let plan = SweepAxisPlan(name: "", value: self, position: node.position, dimension: .free, spacing: spacing)
    guard plan.count <= Self.mostEnergies else {
      throw fail(
        .tooManyStates, found: "\(plan.count) values", allowed: "at most \(Self.mostEnergies)", hint: "list fewer values")
    }
    // As a grid, as frequencies and as energies of the result, in internal and user's units.
    let bytes = 48 * Double(plan.count)
    if bytes > 16_777_216 {
      let memory = MemoryBudget.now()
      guard memory.holds(bytes) else {
        throw fail(
          .tooManyStates, found: "\(plan.count) values, which need \(memory.shortage(of: bytes))",
          allowed: "what fits into memory",
          hint: "list fewer values")
      }
    }
    return plan.values
  }
}
