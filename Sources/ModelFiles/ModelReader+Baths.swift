import DataFiles
import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The boson baths in the model's order.
  func baths(of bosons: BosonSystem) throws(FileError) -> [BosonBath] {
    guard let value = try root.optional("baths") else { return [] }
    var baths: [BosonBath] = []
    for (name, position, content) in try value.entries(allowed: "a mapping from names to baths") {
      try requireName(name, of: "bath", in: value, at: position)
      guard bosons.count > 0 else {
        throw value.fail(
          .missingKey, found: "the bath '\(name)' without bosons", allowed: "baths of existing modes",
          hint: "add the section 'bosons'", at: position, key: name)
      }
      baths.append(try bath(name, content, of: bosons))
    }
    return baths
  }

  private func bath(_ name: String, _ value: ModelValue, of bosons: BosonSystem) throws(FileError) -> BosonBath {
    guard value.node.isMapping else { throw value.wrongType(allowed: "a mapping with the key kind") }
    var keys = [
      "ohmic": ["friction"], "chain": ["spring", "onsite", "coupling"], "periodic": ["K00", "K01", "coupling", "file", "blocks"],
      "table": ["file"],
    ]
    for form in BathForm.all { keys[form.word] = form.parameters.map(\.key) }
    let kinds = ["ohmic"] + BathForm.all.map(\.word) + ["chain", "periodic", "table"]
    guard let node = value.node["kind"] else {
      throw value.fail(
        .missingKey, found: value.node.keys.isEmpty ? "no keys" : "the keys \(value.node.keys.joined(separator: ", "))",
        allowed: "the key 'kind', which is missing: \(kinds.joined(separator: ", "))")
    }
    let kind = try value.child(node, "kind").word(of: kinds)
    let section = try ModelSection(value, keys: ["kind", "coordinates"] + (keys[kind] ?? []))
    let count = isOfLayerBosons ? bosons.coordinates / 2 : bosons.coordinates
    let coordinates = try section.optional("coordinates")?.coordinates(count) ?? Array(0..<count)
    let bath = BosonBath(name, try self.kind(kind, of: name, section), coordinates: coordinates)
    return isOfLayerBosons ? doubled(bath, of: count) : bath
  }

  private func kind(_ word: String, of name: String, _ section: ModelSection) throws(FileError) -> BosonBathKind {
    if let form = BathForm.all.first(where: { $0.word == word }) {
      var numbers: [Double] = []
      for parameter in form.parameters { numbers.append(try section.required(parameter.key).number(.energy)) }
      return .closed(ClosedFormBath(form, numbers))
    }
    switch word {
    case "ohmic": return .ohmic(friction: try section.required("friction").number(.energy))
    case "chain":
      return .chain(
        HarmonicChainLead(
          spring: try section.required("spring").number(.energySquared),
          onsite: try section.optional("onsite")?.number(.energySquared) ?? 0,
          coupling: try section.optional("coupling")?.number(.energySquared)))
    case "periodic": return .periodic(try periodic(name, section))
    default: return .table(try table(name, section))
    }
  }

  private func periodic(_ name: String, _ section: ModelSection) throws(FileError) -> PeriodicBosonLead {
    if let blocks = try section.optional("blocks") {
      try section.refuse(["K00", "K01", "coupling", "file"], because: "the blocks hold the matrices")
      return try layerLead(blocks)
    }
    guard let path = try section.optional("file") else {
      return PeriodicBosonLead(
        k00: try section.required("K00").matrix(.energySquared), k01: try section.required("K01").matrix(.energySquared),
        coupling: try section.optional("coupling")?.matrix(.energySquared))
    }
    try section.refuse(["K00", "K01", "coupling"], because: "the file holds the matrices")
    return try data.read(path) { (file) throws(FileError) in
      guard let inner = try file.block("K00", ofBath: name, for: path), let outer = try file.block("K01", ofBath: name, for: path)
      else { throw try file.missingBlock(ofBath: name) }
      return PeriodicBosonLead(k00: inner, k01: outer, coupling: try file.block("coupling", ofBath: name, for: path))
    }
  }

  private func table(_ name: String, _ section: ModelSection) throws(FileError) -> TabulatedBosonSelfEnergy {
    let (frequencies, values, isImaginaryPart) = try data.read(section.required("file")) { (file) throws(FileError) in
      try file.selfEnergy(ofBath: name)
    }
    guard isImaginaryPart else { return TabulatedBosonSelfEnergy(frequencies: frequencies, values: values) }
    do {
      return try .causal(frequencies: frequencies, imaginary: values, at: ["baths", name])
    } catch { throw located(error) }
  }
}

extension ModelValue {
  /// Indices of coordinates, or the word `all`.
  func coordinates(_ count: Int) throws(FileError) -> [Int] {
    node.scalarText == "all" ? Array(0..<count) : try integers()
  }
}
