import DataFiles
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// A model as it was read at some time, ready to be computed anywhere near.
struct ExploredModel: Sendable {
  let parsed: ParsedModel
  let model: ModelFile
  /// Changes that the command line made.
  let overrides: [String]
  let tolerance: Double?
  let variables: [ExploredVariable]
  /// The files it was read from, with what tells whether they have changed.
  private let stamps: [FileStamp]

  /// Reads a model file. Throws `FileError`.
  init(file path: String, overrides: [String], tolerance: Double?) throws(FileError) {
    // What compares states of a sweep makes no sense without that sweep.
    parsed = try ParsedModel(file: path).leavingOut(["rectification", "average"], of: "compute")
    model = try parsed.model(overrides: overrides, tolerance: tolerance)
    (self.overrides, self.tolerance) = (overrides, tolerance)
    let averages = Set(model.hiddenAxes.map(\.name))
    let axes = model.content.axes.filter { !averages.contains($0.name) && !$0.values.isEmpty }
    let swept = Set(axes.map(\.name))
    variables =
      axes.map { ExploredVariable($0) }
      + ModelParameter.parameters(of: model.header).filter { !swept.contains($0.parameter.name) }
      .map { ExploredVariable($0.parameter, value: $0.value) }
    stamps = Array(Set(model.inputs.paths + [path])).sorted().map(FileStamp.init)
  }

  /// True when a file is not what it was.
  var hasChanged: Bool { stamps.contains { FileStamp($0.path) != $0 } }

  /// The changes that a question makes, as behind `--set`. Throws status 400 for names that the model does not have.
  func changes(for question: ExplorationQuestion) throws(ExplorationFailure) -> [String] {
    var changes: [String] = []
    let axes = question.axes ?? []
    for name in Array((question.values ?? [:]).keys) + axes.map(\.name) where !variables.contains(where: { $0.name == name }) {
      throw .bad(name, found: "an unknown variable", allowed: variables.map(\.name).joined(separator: ", "))
    }
    for variable in variables {
      if let axis = axes.first(where: { $0.name == variable.name }) {
        changes.append(variable.override(axis))
      } else if let value = question.values?[variable.name] {
        if variable.isSwept || value != variable.value { changes.append(variable.override(value)) }
      } else if variable.isSwept {
        changes.append(variable.override(variable.value))
      }
    }
    if let observables = question.observables, !observables.isEmpty {
      let known = Set(SearchedModel(model).catalogue.map(\.wanted.word))
      if let unknown = observables.first(where: { !known.contains($0) }) {
        throw .bad("observables", found: "'\(unknown)'", allowed: known.sorted().joined(separator: ", "))
      }
      changes.append("compute.observables=[\(observables.joined(separator: ", "))]")
    }
    if let level = question.level {
      guard ModelDescription.levels(of: model).contains(level) else {
        throw .bad("level", found: "'\(level)'", allowed: ModelDescription.levels(of: model).joined(separator: ", "))
      }
      changes.append("compute.level=\(level)")
    }
    for (key, grid) in [("frequencies", question.frequencies), ("energies", question.energies)] {
      guard let grid else { continue }
      changes.append(
        grid.points == 1 || grid.from == grid.to
          ? "compute.\(key)=[\(grid.from)]" : "compute.\(key)={from: \(grid.from), to: \(grid.to), points: \(grid.points)}")
    }
    return changes
  }

  /// The model with changes. Throws status 422 with what the model refuses.
  func changed(_ changes: [String], tolerance: Double?) throws(ExplorationFailure) -> ModelFile {
    do throws(FileError) {
      return try parsed.model(overrides: overrides + changes, tolerance: tolerance ?? self.tolerance)
    } catch { throw .refused(FailureReport(error)) }
  }

  /// The command that computes the same.
  func command(_ changes: [String], tolerance: Double?) -> String {
    var words = ["pairbath", "run", parsed.file]
    for change in overrides + changes { words += ["--set", change] }
    if let tolerance = tolerance ?? self.tolerance { words += ["--tolerance", "\(tolerance)"] }
    return words.map(ShellWord.quoted).joined(separator: " ")
  }
}
