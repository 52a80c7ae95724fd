import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The bosons, given by their modes, a dynamical matrix, or a chain; none without the section.
  func bosons() throws(FileError) -> BosonSystem {
    guard let value = try root.optional("bosons") else { return BosonSystem(modes: []) }
    let forms = ["modes", "dynamical_matrix", "chain", "file"]
    let section = try ModelSection(value, keys: forms + ["project_out"])
    let (form, content) = try section.exactlyOne(of: forms)
    let projected = try section.optional("project_out")?.integers() ?? []
    switch form {
    case "modes":
      try section.refuse(["project_out"], because: "leave the modes out of the list")
      return BosonSystem(modes: try content.numbers(.energy))
    case "dynamical_matrix": return try system(try content.matrix(.energySquared), projected)
    case "chain": return try chain(content, projected)
    default: return try bosons(file: content, section, projected)
    }
  }

  private func system(_ matrix: Matrix, _ projected: [Int]) throws(FileError) -> BosonSystem {
    do { return try BosonSystem(dynamicalMatrix: matrix, projectingOut: projected) } catch { throw located(error) }
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
      try section.refuse(["project_out"], because: "the file holds mode energies, not a dynamical matrix")
      return BosonSystem(modes: try data.read(value) { (file) throws(FileError) in try file.modeEnergies() })
    }
    let matrix = try data.read(value) { (file) throws(FileError) in try file.dynamicalMatrix() }
    do {
      return try system(matrix, projected)
    } catch { throw error.adding(hint: "the matrix was read because of " + value.place) }
  }

  /// A fault of a part of the model, with its place in the file.
  func located(_ error: ModelError) -> FileError { root.value.node.located(error, file: root.value.file) }
}
