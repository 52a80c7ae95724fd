import DataFiles
import DenseMatrices
import JunctionModel
import TransportResults

/// Reads the sections of a model of given pair spectra.
struct PairSpectraReader {
  static let keys = ["file", "electrodes", "modes", "kernels", "renormalization", "berry", "baths"]

  private let reader: ModelReader
  private let electrodes: [String]
  private let modes: [Double]
  /// By channel, nil where it was not given.
  private let kernels: [Matrix?]
  private let renormalizations: [Matrix?]
  private let berryForces: [Matrix?]
  private let baths: [GivenPairSpectra.Bath]

  init(_ reader: ModelReader) throws(FileError) {
    self.reader = reader
    let section = try ModelSection(reader.root.required("pair_spectra"), keys: Self.keys)
    electrodes = try Self.names(section, reader)
    if let file = try section.optional("file") {
      try section.refuse(["modes", "kernels", "renormalization", "berry"], because: "they are in the file")
      let names = electrodes
      let found = try reader.data.read(file) { (data) throws(FileError) in try Contents(data, electrodes: names) }
      (modes, kernels, renormalizations, berryForces) = (found.modes, found.kernels, found.renormalizations, found.berryForces)
      guard kernels.contains(where: { $0 != nil }) else {
        throw file.fail(
          .invalidData, found: "no kernels of \(electrodes.joined(separator: ", "))",
          allowed: "variables such as pair_kernel_\(electrodes[0])_\(electrodes[electrodes.count - 1])",
          hint: "name the electrodes as in the file: electrodes: [L, R]")
      }
    } else {
      modes = try section.required("modes", hint: "energies of the modes, or a file").numbers(.energy)
      kernels = try Self.matrices(section.required("kernels", hint: "L>R: [[...]], or a file"), electrodes, .energy)
      renormalizations = try Self.optional(section, "renormalization", electrodes, .energy)
      berryForces = try Self.optional(section, "berry", electrodes, .plain)
    }
    baths = try Self.baths(section, reader, electrodes: electrodes, modes: modes.count)
  }

  /// What a data file has.
  private struct Contents: Sendable {
    let modes: [Double]
    let kernels: [Matrix?]
    let renormalizations: [Matrix?]
    let berryForces: [Matrix?]

    /// Refuses kernels and forces between electrodes that are not named, and electrodes without any.
    private static func requireKnown(_ data: JunctionFile, _ electrodes: [String]) throws(FileError) {
      let words = ["pair_kernel", "renormalization", "berry"]
      let pairs = electrodes.flatMap { x in electrodes.map { "\(x)_\($0)" } }
      let known = Set(words.flatMap { word in pairs.map { "\(word)_\($0)" } })
      let names = try data.file.variableNames()
      func isKnown(_ name: String) -> Bool {
        known.contains(name) || known.contains { name == $0 + "_real" || name == $0 + "_imag" }
      }
      if let stray = names.first(where: { name in words.contains { name.hasPrefix($0 + "_") } && !isKnown(name) }) {
        throw data.wrongShape(
          stray, found: "a pair of electrodes that the model does not name",
          allowed: "pairs of \(electrodes.joined(separator: ", ")), for example pair_kernel_\(pairs[0])")
      }
      for name in electrodes {
        let ends = pairs.filter { $0.hasPrefix(name + "_") || $0.hasSuffix("_" + name) }.map { "pair_kernel_\($0)" }
        guard names.contains(where: { found in ends.contains { found == $0 || found == $0 + "_real" } }) else {
          throw data.wrongShape(
            "pair_kernel", found: "no kernel of the electrode '\(name)'", allowed: ends.joined(separator: ", "))
        }
      }
    }

    init(_ data: JunctionFile, electrodes: [String]) throws(FileError) {
      modes = try data.array("mode_energy", .energy, rank: 1).values
      try Self.requireKnown(data, electrodes)
      var (k, r, b): ([Matrix?], [Matrix?], [Matrix?]) = ([], [], [])
      for x in electrodes {
        for y in electrodes {
          func matrix(_ word: String, _ kind: NumberKind) throws(FileError) -> Matrix? {
            let name = "\(word)_\(x)_\(y)"
            return data.has(name) ? try data.square(name, kind) : nil
          }
          k.append(try matrix("pair_kernel", .energy))
          r.append(try matrix("renormalization", .energy))
          b.append(try matrix("berry", .plain))
        }
      }
      (kernels, renormalizations, berryForces) = (k, r, b)
    }
  }

  private static func names(_ section: ModelSection, _ reader: ModelReader) throws(FileError) -> [String] {
    let value = try section.required("electrodes", hint: "names of the electrodes, for example [L, R]")
    var names: [String] = []
    for item in try value.list(allowed: "a list of names, for example [L, R]") {
      let name = try item.text(allowed: "a name")
      try reader.requireName(name, of: "electrode", in: item, at: item.node.position)
      guard !names.contains(name) else {
        throw item.fail(.duplicateKey, found: "the name '\(name)' twice", allowed: "one name per electrode")
      }
      names.append(name)
    }
    guard !names.isEmpty else { throw value.fail(.outOfRange, found: "an empty list", allowed: "one electrode or more") }
    return names
  }

  /// The matrices of a key that may be absent.
  private static func optional(
    _ section: ModelSection, _ key: String, _ names: [String], _ kind: NumberKind
  ) throws(FileError) -> [Matrix?] {
    guard let value = try section.optional(key) else { return [Matrix?](repeating: nil, count: names.count * names.count) }
    return try matrices(value, names, kind)
  }

  /// Matrices by channel, "L>R".
  private static func matrices(_ value: ModelValue, _ names: [String], _ kind: NumberKind) throws(FileError) -> [Matrix?] {
    var result = [Matrix?](repeating: nil, count: names.count * names.count)
    let allowed = "channels such as \(names[0])>\(names[names.count - 1])"
    for (key, position, entry) in try value.entries(allowed: allowed) {
      let ends = key.split(separator: ">", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
      guard ends.count == 2, let a = names.firstIndex(of: ends[0]), let b = names.firstIndex(of: ends[1]) else {
        throw value.fail(
          .unknownKey, found: "the key '\(key)'", allowed: allowed + " of \(names.joined(separator: ", "))", at: position,
          key: key)
      }
      result[a * names.count + b] = try entry.matrix(kind)
    }
    return result
  }

  private static func baths(
    _ section: ModelSection, _ reader: ModelReader, electrodes: [String], modes: Int
  ) throws(FileError) -> [GivenPairSpectra.Bath] {
    guard let value = try section.optional("baths") else { return [] }
    var baths: [GivenPairSpectra.Bath] = []
    for (name, position, content) in try value.entries(allowed: "a mapping from names to baths") {
      try reader.requireName(name, of: "bath", in: value, at: position)
      guard !electrodes.contains(name) else {
        throw value.fail(
          .duplicateKey, found: "the bath '\(name)', which is called like an electrode", allowed: "a name of its own",
          at: position,
          key: name)
      }
      let bath = try ModelSection(content, keys: ["friction", "modes"])
      let friction = try bath.required("friction").number(.energy)
      let attached = try bath.optional("modes")
      let places = try attached?.coordinates(modes) ?? Array(0..<modes)
      guard !places.isEmpty, places.allSatisfy({ (0..<modes).contains($0) }), Set(places).count == places.count else {
        throw (attached ?? content).fail(
          .outOfRange, found: places.isEmpty ? "an empty list" : "the modes \(places)",
          allowed: "different modes from 0 to \(modes - 1), or all")
      }
      var frictions = [Double](repeating: 0, count: modes)
      for place in places { frictions[place] = friction }
      baths.append(GivenPairSpectra.Bath(name: name, frictions: frictions))
    }
    return baths
  }

  /// The spectra; the kernel of a channel that is not given is the transpose of the reverse one, or zero.
  func spectra() throws(ModelError) -> GivenPairSpectra {
    let (n, size) = (electrodes.count, modes.count)
    let all = (0..<(n * n)).map { channel -> Matrix in
      kernels[channel] ?? kernels[channel % n * n + channel / n]?.transpose ?? Matrix(rows: size, columns: size)
    }
    return try GivenPairSpectra(
      electrodes: electrodes, modes: modes, kernels: all, renormalizations: renormalizations, berryForces: berryForces,
      baths: baths)
  }

  /// Axes and all states, internal units.
  func states(of spectra: GivenPairSpectra) throws(FileError) -> ([SweepAxis], OperatingPoints) {
    let frame = StateFrame(root: reader.root, units: reader.units, place: reader.place)
    let (electrodes, baths) = (spectra.electrodes, spectra.baths.map(\.name))
    let (evaluation, outputs) = try frame.evaluation(numbersPerState: 4 * spectra.modes.count) {
      (variables) throws(FileError) in
      let state = try frame.stateSection(
        keys: ["chemical_potential", "temperature"], hint: "give every electrode a chemical potential and a temperature")
      var outputs = StateOutputs()
      for value in try frame.perName(state.required("chemical_potential"), names: electrodes, what: "electrode") {
        outputs.chemicalPotentials.append(try variables.add(value, .energy))
      }
      for value in try frame.perName(state.required("temperature"), names: electrodes + baths, what: "electrode and bath") {
        outputs.temperatures.append(try variables.add(value, .temperature))
      }
      outputs.bathPotentials = baths.map { _ in nil }
      return outputs
    }
    return (evaluation.axes, outputs.points(try evaluation.columns(), count: evaluation.count))
  }

  /// The settings of the section `compute`; `tolerance` replaces the file's.
  func settings(tolerance: Double?) throws(FileError) -> PairSpectraSettings {
    let allowed = "a relative tolerance between 0 and 1, for example 1e-8"
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw FileError(.outOfRange, in: "--tolerance", found: "\(tolerance)", allowed: allowed)
    }
    var settings = PairSpectraSettings()
    if let tolerance { settings.tolerance = tolerance }
    guard let value = try reader.root.optional("compute") else { return settings }
    let compute = try ModelSection(value, keys: ["observables", "tolerance", "average"])
    if let list = try compute.optional("observables") { settings.observables = try observables(list) }
    guard tolerance == nil, let text = try compute.optional("tolerance") else { return settings }
    settings.tolerance = try text.number(.plain)
    guard settings.tolerance > 0 && settings.tolerance < 1 else {
      throw text.fail(.outOfRange, found: "\(settings.tolerance)", allowed: allowed)
    }
    return settings
  }

  private func observables(_ value: ModelValue) throws(FileError) -> [PairSpectraSettings.Observable] {
    let words = PairSpectraSettings.Observable.allCases.map(\.rawValue).joined(separator: ", ")
    var result: [PairSpectraSettings.Observable] = []
    for item in try value.list(allowed: "a list of \(words)") {
      guard let observable: PairSpectraSettings.Observable = try item.choice() else { continue }
      guard !result.contains(observable) else {
        throw item.fail(.duplicateKey, found: "'\(observable.rawValue)' twice", allowed: "each observable once")
      }
      result.append(observable)
    }
    guard !result.isEmpty else { throw value.fail(.outOfRange, found: "an empty list", allowed: words) }
    return result
  }
}
