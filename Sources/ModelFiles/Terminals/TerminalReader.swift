import DataFiles
import JunctionModel
import TerminalTransport
import TransportResults

/// Reads the sections of a model of terminals.
struct TerminalReader {
  /// The contents of the section `terminals`.
  struct Parts {
    let particles: Terminals.Particles
    let degeneracy: Double
    let names: [String]
    let transmissions: [Terminals.Transmission]
  }

  private let reader: ModelReader
  private let section: ModelSection

  init(_ reader: ModelReader) throws(FileError) {
    self.reader = reader
    section = try ModelSection(
      reader.root.required("terminals"), keys: ["particles", "degeneracy", "baths", "transmission", "breakpoints"])
  }

  // MARK: terminals

  func parts() throws(FileError) -> Parts {
    let particles: Terminals.Particles =
      try section.required(
        "particles", hint: "bosons (photons, phonons) or fermions (electrons)"
      ).choice() ?? .bosons
    let degeneracy = try section.optional("degeneracy")?.number(.plain) ?? 1
    let names = try names()
    return Parts(
      particles: particles, degeneracy: degeneracy, names: names, transmissions: try transmissions(names))
  }

  private func names() throws(FileError) -> [String] {
    let value = try section.required("baths", hint: "names of two baths or more, for example [hot, cold]")
    var names: [String] = []
    for item in try value.list(allowed: "a list of names, for example [hot, cold]") {
      let name = try item.text(allowed: "a name")
      try reader.requireName(name, of: "bath", in: item, at: item.node.position)
      guard !names.contains(name) else {
        throw item.fail(.duplicateKey, found: "the name '\(name)' twice", allowed: "one name per bath")
      }
      names.append(name)
    }
    guard names.count >= 2 else {
      throw value.fail(
        .outOfRange, found: names.isEmpty ? "an empty list" : "the only bath '\(names[0])'",
        allowed: "two baths or more, for example [hot, cold]")
    }
    return names
  }

  private func transmissions(_ names: [String]) throws(FileError) -> [Terminals.Transmission] {
    let value = try section.required(
      "transmission", hint: "for example hot>cold: {kind: lorentzian, energy: 1, width: 0.1, height: 1}")
    let breakpoints = try section.optional("breakpoints")?.numbers(.energy) ?? []
    let example = names.count > 1 ? "\(names[0])>\(names[1])" : "hot>cold"
    let allowed = "pairs such as \(example): a transmission from the first to the second bath"
    var result: [Terminals.Transmission] = []
    for (key, position, entry) in try value.entries(allowed: allowed) {
      let ends = key.split(separator: ">", omittingEmptySubsequences: false).map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard ends.count == 2, !ends.contains("") else {
        throw value.fail(.wrongType, found: "the key '\(key)'", allowed: allowed, at: position, key: key)
      }
      for end in ends where !names.contains(end) {
        throw value.fail(
          .unknownKey, found: "the unknown bath '\(end)'", allowed: names.joined(separator: ", "),
          hint: Spelling.advice(for: end, among: names), at: position, key: key)
      }
      let function = try TransmissionReader(entry, reader: reader, breakpoints: breakpoints).function()
      result.append(Terminals.Transmission(from: ends[0], to: ends[1], function))
    }
    return result
  }

  // MARK: state and sweep

  /// Axes and all states, internal units.
  func states(of terminals: Terminals) throws(FileError) -> ([SweepAxis], OperatingPoints) {
    let names = terminals.names
    let frame = StateFrame(root: reader.root, units: reader.units, place: reader.place)
    // The states, and a current with its error per bath, written from a copy.
    let (evaluation, outputs) = try frame.evaluation(numbersPerState: 6 * names.count) { variables throws(FileError) in
      try expressions(of: terminals, frame, &variables)
    }
    return (evaluation.axes, outputs.points(try evaluation.columns(), count: evaluation.count))
  }

  /// Temperatures of all baths, and chemical potentials of any.
  private func expressions(
    of terminals: Terminals, _ frame: StateFrame, _ variables: inout StateVariables
  ) throws(FileError) -> StateOutputs {
    let names = terminals.names
    let state = try frame.stateSection(keys: ["chemical_potential", "temperature"], hint: "give every bath a temperature")
    var outputs = StateOutputs()
    let (hottest, farthest) = (TerminalMagnitude(.temperature, reader.units), TerminalMagnitude(.energy, reader.units))
    for value in try frame.perName(state.required("temperature"), names: names, what: "bath") {
      outputs.temperatures.append(try variables.add(value, .temperature, limit: hottest))
    }
    outputs.bathPotentials = names.map { _ in nil }
    guard let value = try state.optional("chemical_potential") else { return outputs }
    if !value.node.isScalar { _ = try frame.perName(value, names: [], others: names, what: "", othersWhat: "baths") }
    for (p, name) in names.enumerated() {
      guard let node = value.node.isScalar ? value.node : value.node[name] else { continue }
      let place = value.node.isScalar ? value : value.child(node, name)
      outputs.bathPotentials[p] = try variables.add(
        place, .energy, limit: TerminalPotentialLimit(name, terminals.bandBottom(ofBath: p), farthest) ?? farthest)
    }
    return outputs
  }

  // MARK: compute

  /// The settings of the section `compute`, internal units; `tolerance` replaces the file's.
  func settings(tolerance: Double?) throws(FileError) -> TerminalSettings {
    var settings = TerminalSettings()
    if let value = try reader.root.optional("compute") {
      let compute = try ModelSection(value, keys: ["observables", "tolerance", "frequencies", "rectification", "average"])
      if let list = try compute.optional("observables") { settings.observables = try observables(list) }
      if let number = try compute.optional("tolerance") {
        settings.tolerance = try number.number(.plain)
        guard settings.tolerance > 0 && settings.tolerance < 1 else {
          throw number.fail(
            .outOfRange, found: "\(settings.tolerance)", allowed: "a relative tolerance between 0 and 1, for example 1e-8")
        }
      }
      settings.frequencies = try compute.optional("frequencies")?.energyGrid() ?? []
      settings.rectifications = try compute.optional("rectification")?.rectifications() ?? []
      if settings.frequencies.isEmpty, let observable = settings.observables.first(where: \.needsFrequencies) {
        throw compute.missing("frequencies", hint: "\(observable.rawValue) is computed at the energies listed there")
      }
    }
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

  private func observables(_ value: ModelValue) throws(FileError) -> [TerminalSettings.Observable] {
    let words = TerminalSettings.Observable.allCases.map(\.rawValue)
    var result: [TerminalSettings.Observable] = []
    for item in try value.list(allowed: "a list of \(words.joined(separator: ", "))") {
      guard let observable: TerminalSettings.Observable = try item.choice() else { continue }
      guard !result.contains(observable) else {
        throw item.fail(.duplicateKey, found: "'\(observable.rawValue)' twice", allowed: "each observable once")
      }
      result.append(observable)
    }
    guard !result.isEmpty else {
      throw value.fail(.outOfRange, found: "an empty list", allowed: words.joined(separator: ", "))
    }
    return result
  }
}

/// What the chemical potential of bosons must stay below: the lowest energy at which their bath transmits.
struct TerminalPotentialLimit: StateLimit {
  private let bath: String
  private let bottom: Double
  private let magnitude: any StateLimit

  /// nil for fermions and for baths without transmission; `magnitude` is what any number obeys.
  init?(_ bath: String, _ bottom: Double, _ magnitude: any StateLimit) {
    guard bottom.isFinite else { return nil }
    (self.bath, self.bottom, self.magnitude) = (bath, bottom, magnitude)
  }

  func allows(_ number: Double) -> Bool {
    magnitude.allows(number) && (number < bottom || (number == 0 && bottom == 0))
  }

  func error(_ number: Double, at place: String, in value: ModelValue) -> FileError {
    guard magnitude.allows(number) else { return magnitude.error(number, at: place, in: value) }
    let unit = value.units == .electronVolt ? " eV" : ""
    return value.fail(
      .outOfRange,
      found: "the chemical potential \(number)\(unit) of the bosons of '\(bath)'\(place), not below \(bottom)\(unit), the lowest "
        + "energy it transmits at: their number n diverges there, they would condense (stimulated emission)",
      allowed: bottom == 0 ? "0, or negative energies" : "energies below \(bottom)\(unit)",
      hint: "lower it, or give the transmission a gap with 'from'")
  }
}

/// The largest temperatures and chemical potentials: 1e10 K and 1e6 eV, in natural units those of all numbers.
struct TerminalMagnitude: StateLimit {
  private let most: Double
  private let what: String
  private let unit: String

  init(_ kind: NumberKind, _ units: UnitSystem) {
    let isTemperature = kind == .temperature
    what = isTemperature ? "temperature" : "chemical potential"
    unit = units == .natural ? "" : isTemperature ? " K" : " eV"
    most = units == .natural ? MagnitudeLimits.energy.largest : isTemperature ? 1e10 : 1e6
  }

  func allows(_ number: Double) -> Bool { abs(number) <= most }

  func error(_ number: Double, at place: String, in value: ModelValue) -> FileError {
    value.fail(.outOfRange, found: "the \(what) \(number)\(unit)\(place)", allowed: "at most \(most)\(unit)")
  }
}
