import DataFiles
import JunctionModel
import TransportResults

/// Reads the parts of a model file; extensions read those of a junction.
struct ModelReader: Sendable {
  let root: ModelSection
  let units: UnitSystem
  let data: DataFileCache
  /// Where in the sweep numbers outside the states are read.
  let place: SweepPlace

  /// The reader of a root node; `folder` is the model file's.
  init(_ node: ModelNode, file: String, folder: String, arrays: ArraysInMemory? = nil) throws(FileError) {
    guard node.isMapping, !node.keys.isEmpty else {
      throw ModelValue(node: node, path: [], file: file, units: .electronVolt).fail(
        .syntax, found: node.isNull ? "an empty file" : node.summary,
        allowed: "a mapping with the keys \(ModelKind.junction.keys.joined(separator: ", "))")
    }
    var units = UnitSystem.electronVolt
    if let word = node["units"] {
      let value = ModelValue(node: word, path: ["units"], file: file, units: .electronVolt)
      let allowed = UnitSystem.allCases.map(\.rawValue)
      units = UnitSystem(rawValue: try value.word(of: allowed)) ?? .electronVolt
    }
    self.units = units
    let scope = ParameterScope(node, file: file, folder: folder, arrays: arrays, units: units)
    let kind = ModelKind(of: node)
    let value = ModelValue(node: node, path: [], file: file, units: units, scope: scope)
    try kind.requireOwnKeys(value)
    root = try ModelSection(value, keys: kind.keys)
    data = DataFileCache(folder: folder, units: units, arrays: arrays)
    place = scope.place
  }

  private init(_ reader: ModelReader, at place: SweepPlace) throws(FileError) {
    var value = reader.root.value
    value.scope?.place = place
    root = try ModelSection(value, keys: reader.root.allowedKeys)
    (units, data, self.place) = (reader.units, reader.data, place)
  }

  /// The same model with sweep variables held at positions on their axes.
  func holding(_ positions: [String: Int]) throws(FileError) -> ModelReader {
    try ModelReader(self, at: place.moved(to: positions))
  }

  /// The same model with numbers read as derivatives, and whole numbers as themselves.
  func differentiating(by name: String, order: Int) throws(FileError) -> ModelReader {
    var value = root.value
    value.scope?.derivative = (name, order)
    return try with(ModelSection(value, keys: root.allowedKeys))
  }

  /// The same with other content.
  func with(_ root: ModelSection) -> ModelReader { ModelReader(root: root, units: units, data: data, place: place) }

  private init(root: ModelSection, units: UnitSystem, data: DataFileCache, place: SweepPlace) {
    (self.root, self.units, self.data, self.place) = (root, units, data, place)
  }

  /// The same model at a wave vector that need not be one of the sweep.
  func probing(_ wavevector: [Double]) throws(FileError) -> ModelReader {
    try ModelReader(self, at: place.moved(to: [:], probe: wavevector))
  }

  /// All files of axes count as read, so that results know what they came from and nothing is written over them.
  func noteFilesOfAxes() {
    // Once, and not for every system.
    guard place.isWhole else { return }
    for file in place.files { _ = data.path(file) }
  }

  /// The title, empty when absent.
  func title() throws(FileError) -> String { try root.optional("title")?.text() ?? "" }

  /// `compute.average`: the names of sweep variables.
  func averages() throws(FileError) -> [String] {
    guard let compute = try root.optional("compute"), let node = compute.node["average"] else { return [] }
    let value = compute.child(node, "average")
    var names: [String] = []
    for item in try value.list(allowed: "a list of sweep variables, for example [snapshot]") {
      let name = try item.text(allowed: "a sweep variable")
      guard !names.contains(name) else { throw item.fail(.duplicateKey, found: "'\(name)' twice", allowed: "each variable once") }
      names.append(name)
    }
    return names
  }

  /// Names that data files define for expressions; user's units.
  func automaticNames() throws(FileError) -> [String: Double] {
    guard let conductor = try root.optional("conductor"), let node = conductor.node["file"] else { return [:] }
    let energy = try data.read(conductor.child(node, "file")) { (file) throws(FileError) in try file.fermiEnergy() }
    return energy.map { ["fermi_energy": $0] } ?? [:]
  }

  /// True for a model of bosons alone: neither a conductor nor electrodes, but bosons and baths.
  var isWithoutElectrons: Bool {
    func has(_ key: String) -> Bool { root.value.node[key] != nil }
    return !has("conductor") && !has("electrodes") && has("bosons") && has("baths")
  }

  /// What a model without conductor lacks.
  var withoutElectrons: String {
    root.value.node["electrodes"] == nil ? "a model without electrons needs bosons and baths" : ""
  }

  /// Names of electrodes and baths are identifiers: they appear in expressions, labels and variable names.
  func requireName(_ name: String, of what: String, in value: ModelValue, at position: ModelNode.Position) throws(FileError) {
    guard Spelling.isIdentifier(name) && !StandardDimension.names.contains(name) else {
      throw value.fail(
        .outOfRange, found: "the \(what) name '\(name)'",
        allowed: "letters, digits and underscores, not starting with a digit, and none of "
          + StandardDimension.names.joined(separator: ", "), at: position, key: name)
    }
  }
}
