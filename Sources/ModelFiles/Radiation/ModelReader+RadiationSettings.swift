import DataFiles
import JunctionModel
import RadiativeTransfer

extension ModelReader {
  /// The section `compute` of a model of bodies; `tolerance` replaces the file's.
  func radiationSettings(tolerance: Double?) throws(FileError) -> RadiationSettings {
    var settings = RadiationSettings()
    if let value = try root.optional("compute") {
      let section = try ModelSection(value, keys: ["observables", "tolerance", "frequencies", "missing_spectrum", "average"])
      if let list = try section.optional("observables") { settings.observables = try list.words() }
      if let tolerance = try section.optional("tolerance") { settings.tolerance = try tolerance.relativeTolerance() }
      if let missing = try section.optional("missing_spectrum") {
        settings.allowedMissingFraction = try missing.relativeTolerance(0...1)
      }
      if let frequencies = try section.optional("frequencies") {
        settings.frequencies = try frequencies.energyGrid()
        guard settings.frequencies.allSatisfy({ $0 > 0 }) else {
          throw frequencies.fail(
            .outOfRange, found: "the photon energy \(settings.frequencies.min() ?? 0) eV", allowed: "positive energies")
        }
      }
      if settings.observables.contains(where: \.isSpectrum), settings.frequencies.isEmpty {
        throw section.missing("frequencies", hint: "spectra are computed at the photon energies listed there")
      }
    }
    if let tolerance { settings.tolerance = tolerance }
    guard (1e-12...0.1).contains(settings.tolerance) else {
      throw root.value.fail(
        .outOfRange, found: "a relative tolerance of \(settings.tolerance)", allowed: "1e-12 to 0.1", key: "compute.tolerance")
    }
    return settings
  }
}

extension ModelValue {
  /// A list of words of an enumeration, each once.
  func words<Choice: RawRepresentable & CaseIterable & Equatable>() throws(FileError) -> [Choice]
  where Choice.RawValue == String {
    let allowed = Choice.allCases.map(\.rawValue)
    var found: [Choice] = []
    for item in try list(allowed: "a list of \(allowed.joined(separator: ", "))") {
      guard let choice = Choice(rawValue: try item.word(of: allowed)) else { continue }
      guard !found.contains(choice) else {
        throw item.fail(.duplicateKey, found: "'\(choice.rawValue)' twice", allowed: "each observable once")
      }
      found.append(choice)
    }
    guard !found.isEmpty else { throw fail(.outOfRange, found: "an empty list", allowed: allowed.joined(separator: ", ")) }
    return found
  }

  /// A relative tolerance or share.
  func relativeTolerance(_ range: ClosedRange<Double> = 1e-12...0.1) throws(FileError) -> Double {
    let value = try number(.plain)
    guard range.contains(value) else {
      throw fail(.outOfRange, found: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
