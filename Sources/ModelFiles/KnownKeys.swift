import DataFiles

/// The keys of a model's sections by their key paths, for somebody who names one without its section.
enum KnownKeys {
  /// Key paths that end with `name`: those the model has, first, then those a model of its kind may have; at most three.
  static func paths(endingWith name: String, in root: ModelNode) -> [String] {
    var found: [String] = []
    collect(name, root, [], &found)
    for (section, keys) in sections(of: ModelKind(of: root)) where keys.contains(name) {
      let path = "\(section).\(name)"
      if !found.contains(path) { found.append(path) }
    }
    return Array(found.prefix(3))
  }

  /// Every key that stands below a section.
  static func names(in root: ModelNode) -> [String] {
    var seen = Set<String>()
    return sections(of: ModelKind(of: root)).flatMap(\.keys).filter { seen.insert($0).inserted }
  }

  /// What to say about a name that stands where it does not belong: the key paths that end with it, or with a name that means the same.
  static func advice(for name: String, in root: ModelNode, besides names: [String] = []) -> String {
    let exact = paths(endingWith: name, in: root)
    if !exact.isEmpty { return Spelling.question(exact) }
    let near = Spelling.suggestions(for: name, among: names)
    if !near.isEmpty { return Spelling.question(near) }
    let meant = Spelling.suggestions(for: name, among: Self.names(in: root))
    return Spelling.question(Array(meant.flatMap { paths(endingWith: $0, in: root) }.prefix(3)))
  }

  private static func sections(of kind: ModelKind) -> [(section: String, keys: [String])] {
    switch kind {
    case .junction:
      return [
        ("compute", ModelReader.computeKeys), ("state", ["chemical_potential", "temperature"]),
        (
          "conductor",
          ["energies", "hamiltonian", "overlap", "chain", "periodic", "file", "blocks", "potentials", "spin", "spin_degeneracy"]
        ),
        ("k_points", ModelValue.wavevectorKeys), ("q_points", ModelValue.wavevectorKeys),
        ("bosons", ModelReader.bosonKeys), ("coupling", ["convention", "matrices", "file"]),
      ]
    case .terminals:
      return [
        ("compute", ["observables", "tolerance", "frequencies", "rectification", "average"]),
        ("state", ["chemical_potential", "temperature"]),
        ("terminals", ["particles", "degeneracy", "baths", "transmission", "breakpoints"]),
      ]
    case .pairSpectra:
      return [
        ("compute", ["observables", "tolerance", "average"]), ("state", ["chemical_potential", "temperature"]),
        ("pair_spectra", PairSpectraReader.keys),
      ]
    case .bodies:
      return [
        ("compute", ["observables", "tolerance", "frequencies", "missing_spectrum", "average"]),
        ("state", ["temperature", "bias", "gap"]),
      ]
    }
  }

  private static func collect(_ name: String, _ node: ModelNode, _ path: [String], _ found: inout [String]) {
    guard case .mapping(let entries) = node.content, path.count < 4 else { return }
    for entry in entries {
      let here = path + [entry.key]
      if entry.key == name && !path.isEmpty { found.append(here.joined(separator: ".")) }
      collect(name, entry.value, here, &found)
    }
  }
}
