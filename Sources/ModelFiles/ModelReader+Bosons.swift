import DataFiles
import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The bosons, given by their modes, a dynamical matrix, or a chain; none without the section.
  func bosons() throws(FileError) -> BosonSystem {
    guard let value = try root.optional("bosons") else { return BosonSystem(modes: []) }
    let section = try ModelSection(value, keys: Self.bosonKeys)
    let system = try bosons(section)
    guard let gyration = try section.optional("gyration") else { return system }
    let matrix = try gyration.matrix(.energy)
    do { return try system.gyrated(by: matrix) } catch { throw located(error) }
  }

  private static let bosonForms = ["modes", "dynamical_matrix", "chain", "file", "blocks"]
  /// The keys of the section.
  static let bosonKeys = bosonForms + ["unit", "sum_rule", "project_out", "above", "gyration"]

  private func bosons(_ section: ModelSection) throws(FileError) -> BosonSystem {
    guard !isOfLayerBosons else { return try layerBosons(section) }
    let forms = Self.bosonForms
    let (form, content) = try section.exactlyOne(of: forms)
    let projected = try section.optional("project_out")?.integers() ?? []
    if form != "file" { try section.refuse(["above"], because: "it selects modes of a data file") }
    if form != "dynamical_matrix" {
      try section.refuse(
        ["unit"], because: "it is the unit of dynamical_matrix; other springs carry theirs, data files have an attribute")
    }
    switch form {
    case "modes":
      try section.refuse(["project_out"], because: "leave the modes out of the list")
      try section.refuse(["sum_rule"], because: "it mends a dynamical matrix")
      return BosonSystem(modes: try content.numbers(.energy))
    case "dynamical_matrix":
      return try system(try springUnit(section) * (try content.matrix(.energySquared)), section, projected)
    case "blocks": return try layerBosons(section)  // which says that wave vectors are missing
    case "chain":
      try section.refuse(["sum_rule"], because: "the ends of a chain are held by springs")
      return try chain(content, projected)
    default: return try bosons(file: content, section, projected)
    }
  }

  private func system(_ matrix: Matrix, _ section: ModelSection, _ projected: [Int]) throws(FileError) -> BosonSystem {
    let rule = try sumRule(section, coordinates: matrix.rows)
    do {
      return try BosonSystem(dynamicalMatrix: matrix, sumRule: rule, projectingOut: projected)
    } catch { throw located(error) }
  }

  private func chain(_ value: ModelValue, _ projected: [Int]) throws(FileError) -> BosonSystem {
    let section = try ModelSection(value, keys: ["sites", "spring", "onsite"])
    let count = try section.required("sites")
    let sites = try count.integer()
    guard (1...10_000).contains(sites) else {
      throw count.fail(.outOfRange, found: "\(sites) sites", allowed: "1 to 10000 sites")
    }
    let spring = try section.required("spring").number(.energySquared)
    let onsite = try section.optional("onsite")?.number(.energySquared) ?? 0
    do {
      return try .chain(sites: sites, spring: spring, onsite: onsite, projectingOut: projected)
    } catch { throw located(error) }
  }

  private func bosons(
    file value: ModelValue, _ section: ModelSection, _ projected: [Int]
  ) throws(FileError) -> BosonSystem {
    let isMatrix = try data.read(value) { (file) throws(FileError) in file.describesBosonsByMatrix }
    guard isMatrix else {
      try section.refuse(["project_out", "sum_rule"], because: "the file holds mode energies, not a dynamical matrix")
      let energies = try data.read(value) { (file) throws(FileError) in try file.modeEnergies() }
      return BosonSystem(modes: try selected(energies, section).map { energies[$0] })
    }
    try section.refuse(["above"], because: "the file holds a dynamical matrix; name what is to be left out with project_out")
    let matrix = try data.read(value) { (file) throws(FileError) in try file.dynamicalMatrix() }
    do {
      return try system(matrix, section, projected)
    } catch { throw error.adding(hint: "the matrix was read because of " + value.place) }
  }

  /// The modes of a data file that lie above `bosons.above`, all of them without that key.
  private func selected(_ energies: [Double], _ section: ModelSection) throws(FileError) -> [Int] {
    guard let value = try section.optional("above") else { return Array(energies.indices) }
    let lowest = try value.number(.energy)
    let kept = energies.indices.filter { energies[$0] > lowest }
    guard !kept.isEmpty else {
      throw value.fail(
        .outOfRange, found: "\(lowest), above which the file has no mode", allowed: "an energy below \(energies.max() ?? 0)")
    }
    return kept
  }

  /// Indices in the data file of the modes in use; nil when the bosons do not come as modes of a file.
  func modesOfFile() throws(FileError) -> [Int]? {
    guard let value = try root.optional("bosons"), value.node["file"] != nil, value.node["above"] != nil else { return nil }
    let section = try ModelSection(value, keys: Self.bosonKeys)
    let content = try section.required("file")
    return try selected(try data.read(content) { (file) throws(FileError) in try file.modeEnergies() }, section)
  }

  /// A fault of a part of the model, with its place in the file.
  func located(_ error: ModelError) -> FileError { root.value.node.located(error, file: root.value.file) }
}
