import DataFiles
import Pairbath
import PairbathCommandSupport

/// A number of the model that a page may change: a sweep variable, or a parameter that is one number.
struct ExploredVariable: Sendable, Equatable {
  let name: String
  /// The unit of its numbers, as it stands behind them in a model; empty for none.
  let unit: String
  let isSwept: Bool
  /// Where it stands when nobody says anything.
  let value: Double
  let from: Double
  let to: Double
  let isLogarithmic: Bool
  /// Words at the values 0, 1, ...; nil for numbers.
  let words: [String]?

  /// A variable of the model's sweep: it starts at two thirds of its values, where more happens than in the middle.
  init(_ axis: SweepAxis) {
    (name, unit, isSwept, words) = (axis.name, axis.unit, true, axis.labels)
    let values = axis.values.sorted()
    value = axis.values[2 * axis.values.count / 3]
    (from, to) = (values.first ?? 0, values.last ?? 0)
    isLogarithmic = axis.labels == nil && Self.growsByFactors(values)
  }

  /// A parameter: from nothing to twice its value.
  init(_ parameter: ModelParameter, value: Double) {
    (name, unit, isSwept, words) = (parameter.name, parameter.unit, false, nil)
    self.value = value
    (from, to) = value == 0 ? (-1, 1) : (min(0, 2 * value), max(0, 2 * value))
    isLogarithmic = false
  }

  /// Values that differ more in their factors than in their differences.
  private static func growsByFactors(_ values: [Double]) -> Bool {
    guard values.count > 2, values[0] > 0 else { return false }
    let last = values.count - 1
    let (arithmetic, geometric) = (0.5 * (values[0] + values[last]), (values[0] * values[last]).squareRoot())
    let middle = values[last / 2]
    return values[last] / values[0] > 4 && abs(middle - geometric) < abs(middle - arithmetic)
  }

  /// What holds it at a value, as behind `--set`.
  func override(_ value: Double) -> String {
    // Names of files are chosen by their place; a JSON string is a word of YAML.
    if let words { return "\(name)=\(JSONText.string(words[min(max(Int(value.rounded()), 0), words.count - 1)]))" }
    return "\(name)=\(text(value))"
  }

  /// What lets it go along an axis, as behind `--set`.
  func override(_ axis: ExplorationQuestion.Axis) -> String {
    let path = isSwept ? name : "sweep.\(name)"
    guard axis.points > 1, axis.from != axis.to else { return "\(path)=[\(text(axis.from))]" }
    let spacing = axis.logarithmic == true ? ", spacing: logarithmic" : ""
    return "\(path)={from: \(text(axis.from)), to: \(text(axis.to)), points: \(axis.points)\(spacing)}"
  }

  private func text(_ value: Double) -> String { unit.isEmpty ? "\(value)" : "\(value) \(unit)" }

  var json: String {
    JSONObject([
      ("name", JSONText.string(name)), ("unit", JSONText.string(unit)), ("isSwept", "\(isSwept)"),
      ("value", JSONText.number(value)), ("from", JSONText.number(from)), ("to", JSONText.number(to)),
      ("logarithmic", "\(isLogarithmic)"), ("words", words.map { JSONText.strings($0) } ?? "null"),
    ]).text
  }
}
