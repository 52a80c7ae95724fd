import DenseMatrices
import JunctionModel
import TransportSolvers

/// Reads the parts of a model file that describe the junction and the computation.
struct ModelReader {
  static let keys = [
    "title", "units", "conductor", "electrodes", "bosons", "baths", "coupling", "parameters", "state", "sweep", "compute",
  ]

  let root: ModelSection
  let units: UnitSystem
  let data: DataFileCache

  /// The reader of a root node; `folder` is the model file's.
  init(_ node: ModelNode, file: String, folder: String) throws(FileError) {
    guard node.isMapping, !node.keys.isEmpty else {
      throw ModelValue(node: node, path: [], file: file, units: .electronVolt).fail(
        .syntax, found: node.isNull ? "an empty file" : node.summary,
        allowed: "a mapping with the keys \(Self.keys.joined(separator: ", "))")
    }
    var units = UnitSystem.electronVolt
    if let word = node["units"] {
      let value = ModelValue(node: word, path: ["units"], file: file, units: .electronVolt)
      let allowed = UnitSystem.allCases.map(\.rawValue)
      units = UnitSystem(rawValue: try value.word(of: allowed)) ?? .electronVolt
    }
    self.units = units
    root = try ModelSection(ModelValue(node: node, path: [], file: file, units: units), keys: Self.keys)
    data = DataFileCache(folder: folder, units: units)
  }

  /// The title, empty when absent.
  func title() throws(FileError) -> String { try root.optional("title")?.text() ?? "" }

  /// Names that data files define for expressions; user's units.
  func automaticNames() throws(FileError) -> [String: Double] {
    guard let conductor = try root.optional("conductor"), let node = conductor.node["file"] else { return [:] }
    let energy = try data.read(conductor.child(node, "file")) { (file) throws(FileError) in try file.fermiEnergy() }
    return energy.map { ["fermi_energy": $0] } ?? [:]
  }

  // MARK: Conductor

  func conductor() throws(FileError) -> Conductor {
    let forms = ["energies", "hamiltonian", "chain", "file"]
    let section = try ModelSection(root.required("conductor"), keys: forms + ["overlap", "spin_degeneracy"])
    let (form, value) = try section.exactlyOne(of: forms)
    if form != "hamiltonian" { try section.refuse(["overlap"], because: "overlap belongs to hamiltonian") }
    let spin = try section.optional("spin_degeneracy")?.number(.plain) ?? 1
    switch form {
    case "energies": return .levels(try levels(value), spinDegeneracy: spin)
    case "chain": return try chain(value, spinDegeneracy: spin)
    case "hamiltonian":
      let hamiltonian = try value.matrix(.energy)
      guard hamiltonian.isSquare else {
        throw value.fail(
          .invalidModel, found: "shape (\(hamiltonian.rows), \(hamiltonian.columns))", allowed: "a square matrix")
      }
      return Conductor(
        hamiltonian: hamiltonian, overlap: try section.optional("overlap")?.matrix(.plain), spinDegeneracy: spin)
    default:
      return try data.read(value) { (file) throws(FileError) in
        Conductor(hamiltonian: try file.hamiltonian(), overlap: try file.overlap(), spinDegeneracy: spin)
      }
    }
  }

  private func levels(_ value: ModelValue) throws(FileError) -> [Double] {
    let energies = try value.numbers(.energy)
    guard !energies.isEmpty else { throw value.fail(.outOfRange, found: "an empty list", allowed: "at least one energy") }
    return energies
  }

  private func chain(_ value: ModelValue, spinDegeneracy: Double) throws(FileError) -> Conductor {
    let section = try ModelSection(value, keys: ["sites", "energy", "hopping"])
    let count = try section.required("sites")
    let sites = try count.integer()
    guard (1...10_000).contains(sites) else {
      throw count.fail(.outOfRange, found: "\(sites) sites", allowed: "1 to 10000 sites")
    }
    return .chain(
      sites: sites, energy: try section.required("energy").number(.energy),
      hopping: try section.required("hopping").number(.energy), spinDegeneracy: spinDegeneracy)
  }

  // MARK: Bosons, baths, coupling

  func bosons() throws(FileError) -> BosonSystem {
    guard let value = try root.optional("bosons") else { return BosonSystem(modes: []) }
    let later = ["dynamical_matrix", "chain"]
    let section = try ModelSection(value, keys: ["modes", "file"] + later)
    for key in later where value.node[key] != nil {
      throw value.fail(
        .notSupported, found: "'\(key)', which is not supported yet", allowed: "modes, file",
        hint: "diagonalise it and give the mode energies", at: section.position(of: key), key: key)
    }
    let (form, content) = try section.exactlyOne(of: ["modes", "file"])
    if form == "modes" { return BosonSystem(modes: try content.numbers(.energy)) }
    return BosonSystem(modes: try data.read(content) { (file) throws(FileError) in try file.modeEnergies() })
  }

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
    if let kind = value.node["kind"] {
      _ = try value.child(kind, "kind").word(of: ["ohmic"], unsupported: ["drude", "chain", "periodic", "table"])
    }
    let section = try ModelSection(value, keys: ["kind", "coordinates", "friction"])
    _ = try section.required("kind")
    let coordinates = try section.optional("coordinates")?.coordinates(bosons.count) ?? Array(0..<bosons.count)
    return BosonBath(name, .ohmic(friction: try section.required("friction").number(.energy)), coordinates: coordinates)
  }

  func coupling(of bosons: BosonSystem) throws(FileError) -> Coupling {
    guard let value = try root.optional("coupling") else {
      guard bosons.count == 0 else {
        throw root.missing("coupling", hint: "give one matrix per mode, \(bosons.count)")
      }
      return Coupling(.dimensionless, [])
    }
    let section = try ModelSection(value, keys: ["convention", "matrices", "file"])
    let words = Coupling.Convention.allCases.map(\.rawValue)
    let word = try section.optional("convention")?.word(of: words, unsupported: ["rotating-wave"])
    let (form, content) = try section.exactlyOne(of: ["matrices", "file"])
    if form == "file" { return try coupling(file: content, convention: word, section: section) }
    guard let convention = Coupling.Convention(rawValue: word ?? "") else { throw section.missing("convention") }
    return Coupling(convention, try matrices(content, convention == .dimensionless ? .energy : .plain))
  }

  private func matrices(_ value: ModelValue, _ kind: NumberKind) throws(FileError) -> [Matrix] {
    let words = "a list of matrices, one per mode: [[[0.0, 0.1], [0.1, 0.0]]]"
    var matrices: [Matrix] = []
    for item in try value.list(allowed: words) {
      if case .sequence(let rows) = item.node.content, rows.first?.isScalar == true {
        throw value.fail(.wrongType, found: "one matrix", allowed: words, hint: "put the matrix into another pair of brackets")
      }
      matrices.append(try item.matrix(kind))
    }
    return matrices
  }

  private func coupling(
    file value: ModelValue, convention word: String?, section: ModelSection
  ) throws(FileError) -> Coupling {
    let (inFile, matrices) = try data.read(value) { (file) throws(FileError) in try file.coupling() }
    if let word, let inFile, word != inFile {
      throw section.value.fail(
        .invalidModel, found: "'\(word)', and '\(inFile)' in the data file", allowed: "the convention of the data file",
        hint: "leave the key out", at: section.position(of: "convention"), key: "convention")
    }
    guard let name = word ?? inFile else {
      throw section.missing("convention", hint: "the data file's coupling has no attribute 'convention'")
    }
    guard let convention = Coupling.Convention(rawValue: name) else {
      throw value.fail(
        .invalidData, found: "the convention '\(name)' in the data file",
        allowed: Coupling.Convention.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return Coupling(convention, matrices)
  }

  /// Names of electrodes and baths are identifiers: they appear in expressions, labels and variable names.
  func requireName(_ name: String, of what: String, in value: ModelValue, at position: ModelNode.Position) throws(FileError) {
    guard Spelling.isIdentifier(name) && !ResultNames.dimensions.contains(name) else {
      throw value.fail(
        .outOfRange, found: "the \(what) name '\(name)'",
        allowed: "letters, digits and underscores, not starting with a digit, and none of "
          + ResultNames.dimensions.joined(separator: ", "), at: position, key: name)
    }
  }
}

extension ModelValue {
  /// Mode indices, or the word `all`.
  func coordinates(_ count: Int) throws(FileError) -> [Int] {
    node.scalarText == "all" ? Array(0..<count) : try integers()
  }
}
