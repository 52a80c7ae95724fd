import DataFiles
import DenseMatrices
import JunctionModel
import TransportResults

/// `conductor.spin: [up, down]`: channels of electrons that do not mix, each with its own H, electrodes and couplings.
///
/// Below `conductor`, `electrodes` and `coupling` a mapping from all channels to values, `{up: X, down: Y}`, stands for X in one and Y in the
/// other; everything else is the same in both.
extension ModelReader {
  /// Names of the channels; empty without the key.
  func spins() throws(FileError) -> [String] {
    guard !isWithoutElectrons, let value = try conductorSection().optional("spin") else { return [] }
    var names: [String] = []
    for item in try value.list(allowed: "a list of names, for example [up, down]") {
      let name = try item.text(allowed: "a name, for example up")
      try requireName(name, of: "spin channel", in: item, at: item.node.position)
      guard !names.contains(name) else { throw item.fail(.duplicateKey, found: "'\(name)' twice", allowed: "each channel once") }
      names.append(name)
    }
    guard names.count > 1 else {
      throw value.fail(.outOfRange, found: "\(names.count) channels", allowed: "two names at least, for example [up, down]")
    }
    return names
  }

  /// The model of each channel; of itself without channels.
  func channels(_ spins: [String]) throws(FileError) -> [ModelReader] {
    guard !spins.isEmpty else { return [self] }
    var readers: [ModelReader] = []
    for spin in spins { readers.append(try channel(spin, of: spins)) }
    return readers
  }

  private func channel(_ name: String, of spins: [String]) throws(FileError) -> ModelReader {
    guard case .mapping(var sections) = root.value.node.content else { return self }
    for index in sections.indices where ["conductor", "electrodes", "coupling"].contains(sections[index].key) {
      let section = root.value.child(sections[index].value, sections[index].key)
      guard case .mapping(var entries) = section.node.content else { continue }
      for i in entries.indices {
        entries[i].value = try section.child(entries[i].value, entries[i].key).resolved(name, of: spins)
      }
      sections[index].value.content = .mapping(entries)
    }
    var value = root.value
    value = ModelValue(
      node: ModelNode(content: .mapping(sections), position: value.node.position), path: value.path, file: value.file,
      units: value.units, scope: value.scope)
    return try with(ModelSection(value, keys: root.allowedKeys))
  }

  /// The electrons of all channels with their electrodes.
  func electrons(of channels: [ModelReader], _ spins: [String]) throws(FileError) -> ChannelParts {
    var parts = ChannelParts()
    for (index, reader) in channels.enumerated() {
      let electrons = try reader.electrons()
      let size = electrons.orbitals
      guard spins.isEmpty || size <= JunctionParts.largestDense / spins.count else {
        throw try conductorSection().value.fail(
          .invalidModel, found: "\(size) orbitals in each of \(spins.count) spin channels",
          allowed: "at most \(JunctionParts.largestDense) orbitals in all of them together")
      }
      let electrodes = try reader.electrodes(size: size)
      guard !spins.isEmpty else { return ChannelParts(electrons: [electrons], electrodes: electrodes) }
      if let known = parts.electrons.first, known.dense.spinDegeneracy != electrons.dense.spinDegeneracy {
        throw try conductorSection().value.fail(
          .invalidModel, found: "spin degeneracies that differ between spin channels", allowed: "one for all of them",
          key: "spin_degeneracy")
      }
      let first = parts.orbitals
      parts.electrons.append(electrons)
      parts.electrodes += electrodes.map { $0.moved(to: first, size: size, named: "\($0.name)_\(spins[index])") }
    }
    let names = parts.electrodes.map(\.name)
    if let twin = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw root.value.fail(
        .invalidModel, found: "two electrodes that are '\(twin)' with their spin", allowed: "names that differ", key: "electrodes"
      )
    }
    return parts
  }

  /// Adds the couplings of all channels to the bosons.
  func couple(
    _ parts: inout ChannelParts, of channels: [ModelReader], _ spins: [String], to bosons: BosonSystem
  ) throws(FileError) {
    var first = 0
    for (index, reader) in channels.enumerated() {
      let size = parts.electrons[index].orbitals
      let coupling = try reader.coupling(of: bosons, orbitals: size)
      guard !spins.isEmpty else {
        parts.coupling = coupling
        return
      }
      let moved = coupling.matrices.map { $0.map { $0.moved(to: first, size: size) } }
      first += size
      guard index > 0 else {
        parts.coupling = LocalCoupling(convention: coupling.convention, matrices: moved)
        continue
      }
      guard coupling.matrices.count == parts.coupling.matrices.count, coupling.convention == parts.coupling.convention else {
        throw root.value.fail(
          .invalidModel, found: "\(coupling.matrices.count) couplings of spin \(spins[index])",
          allowed: "\(parts.coupling.matrices.count) in the same convention, as of spin \(spins[0])", key: "coupling")
      }
      parts.coupling = LocalCoupling(
        convention: coupling.convention, matrices: zip(parts.coupling.matrices, moved).map { $0 + $1 })
    }
  }
}

/// Conductors, electrodes and couplings of all spin channels, one channel after another.
struct ChannelParts {
  var electrons: [JunctionParts.Electrons] = []
  var electrodes: [Electrode] = []
  var coupling = LocalCoupling(convention: .dimensionless, matrices: [])

  /// Orbitals of all channels.
  var orbitals: Int { electrons.reduce(0) { $0 + $1.orbitals } }
}

extension ModelValue {
  /// The node with every mapping from spin channels to values replaced by the value of one channel.
  fileprivate func resolved(_ name: String, of spins: [String]) throws(FileError) -> ModelNode {
    switch node.content {
    case .scalar: return node
    case .sequence(let items):
      guard items.contains(where: { !$0.isScalar }) else { return node }
      var resolved: [ModelNode] = []
      for (i, item) in items.enumerated() { resolved.append(try child(item, "\(i)").resolved(name, of: spins)) }
      return ModelNode(content: .sequence(resolved), position: node.position)
    case .mapping(var entries):
      guard let first = entries.first, spins.contains(first.key) else {
        for i in entries.indices { entries[i].value = try child(entries[i].value, entries[i].key).resolved(name, of: spins) }
        return ModelNode(content: .mapping(entries), position: node.position)
      }
      let allowed = "a value for each spin channel: \(spins.joined(separator: ", "))"
      if let other = entries.first(where: { !spins.contains($0.key) }) {
        throw fail(.unknownKey, found: "'\(other.key)' beside '\(first.key)'", allowed: allowed, at: other.position)
      }
      guard let entry = entries.first(where: { $0.key == name }) else {
        throw fail(.missingKey, found: "values for \(entries.map(\.key).joined(separator: ", "))", allowed: allowed)
      }
      return entry.value
    }
  }

  /// The value of a spin channel, where there is one for each.
  func ofSpin(_ name: String?, _ spins: [String]) throws(FileError) -> ModelValue {
    guard let name, node.isMapping else { return self }
    var value = ModelValue(node: try resolved(name, of: spins), path: path, file: file, units: units, scope: scope)
    if value.node.isMapping { value = self }
    return value
  }
}
