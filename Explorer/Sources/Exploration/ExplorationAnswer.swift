import DataFiles
import Pairbath
import PairbathCommandSupport

/// A result as a page reads it.
struct ExplorationAnswer {
  let result: TransportResult
  let revision: Int
  let seconds: Double
  let command: String
  let levels: [ElectronLevels.Level]?
  let notes: [String]
  /// The variables that are wanted; nil for all.
  let wanted: [String]?

  /// The variables that may change: what holds a variable at one value, files of a sweep for example, is no axis.
  let asked: Set<String>

  private var variables: [ResultVariable] {
    guard let wanted else { return result.variables }
    return result.variables.filter { wanted.contains($0.name) || $0.name == "status" }
  }

  private var heldAxes: Set<String> {
    Set(result.axes.filter { $0.values.count == 1 && !asked.contains($0.name) }.map(\.name))
  }

  var json: String {
    JSONObject([
      ("revision", "\(revision)"), ("seconds", JSONText.number(seconds)), ("command", JSONText.string(command)),
      ("level", JSONText.string(result.level)), ("exitCode", "\(StatusReport(result).exitCode())"),
      ("axes", JSONObject.list(result.axes.filter { !heldAxes.contains($0.name) }.map(axis))),
      ("dimensions", JSONObject.list(dimensions)),
      ("variables", JSONObject.list(variables.map(variable))),
      (
        "levels",
        levels.map { levels in
          JSONObject.list(
            levels.map { JSONObject([("energy", JSONText.number($0.energy)), ("width", JSONText.number($0.width))]).text })
        } ?? "null"
      ), ("notes", JSONText.strings(notes)),
    ]).text
  }

  private func axis(_ axis: SweepAxis) -> String {
    JSONObject([
      ("name", JSONText.string(axis.name)), ("unit", JSONText.string(axis.unit)), ("values", PackedNumbers.json(axis.values)),
      ("labels", axis.labels.map { JSONText.strings($0) } ?? "null"),
    ]).text
  }

  private var dimensions: [String] {
    let axes = Set(result.axes.map(\.name))
    var names: [String] = []
    for name in variables.flatMap(\.dimensions) where !axes.contains(name) && !names.contains(name) { names.append(name) }
    return names.compactMap { result.dimension($0) }.map { dimension in
      var (unit, values) = ("", [Double]?.none)
      if case .numbers(let numbers, let its) = dimension.coordinates { (unit, values) = (its, numbers) }
      return JSONObject([
        ("name", JSONText.string(dimension.name)), ("words", JSONText.string(dimension.longName)),
        ("unit", JSONText.string(unit)), ("labels", values == nil ? JSONText.strings(dimension.labels()) : "null"),
        ("values", PackedNumbers.json(values)), ("positions", PackedNumbers.json(dimension.positions)),
      ]).text
    }
  }

  private func variable(_ variable: ResultVariable) -> String {
    JSONObject([
      ("name", JSONText.string(variable.name)), ("title", JSONText.string(variable.title)),
      ("symbol", JSONText.string(variable.symbol)), ("words", JSONText.string(variable.longName)),
      ("sign", JSONText.string(variable.signConvention)), ("unit", JSONText.string(variable.unit)),
      ("dimensions", JSONText.strings(variable.dimensions.filter { !heldAxes.contains($0) })),
      ("values", PackedNumbers.json(variable.values)),
      ("errors", PackedNumbers.json(variable.errors)), ("flags", JSONText.strings(variable.flagMeanings)),
    ]).text
  }
}
