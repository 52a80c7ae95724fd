import DataFiles
import Foundation
import JunctionModel
import TerminalTransport
import TransportResults

/// A sweep axis before its values are made, so that absurd sizes are refused without allocating them.
struct SweepAxisPlan {
  let name: String
  let value: ModelValue
  let position: ModelNode.Position
  let dimension: Dimension
  let spacing: Spacing
  /// The files of an axis of files, by which its values are called; their paths are relative to the model's folder.
  var files: [String]?
  /// Wave vectors of an axis of them.
  var wavevectors: WavevectorPoints?
  /// Weights in averages.
  var weights: [Double]?

  enum Spacing {
    case list([Double])
    case linear(from: Double, to: Double, points: Int)
    case logarithmic(from: Double, to: Double, points: Int)
  }

  /// Number of values.
  var count: Int {
    switch spacing {
    case .list(let values): return values.count
    case .linear(_, _, let points), .logarithmic(_, _, let points): return points
    }
  }

  /// The values; end points are exact, and a linear axis is symmetric when its ends are.
  var values: [Double] {
    switch spacing {
    case .list(let values): return values
    case .linear(let from, let to, let points):
      let scale = Self.scale(from, to)
      return (0..<points).map { Self.linear(from, to, points, scale, at: $0) }
    case .logarithmic(_, _, let points): return (0..<points).map { value(at: $0) }
    }
  }

  /// The value at an index.
  func value(at i: Int) -> Double {
    switch spacing {
    case .list(let values): return values[i]
    case .linear(let from, let to, let points): return Self.linear(from, to, points, Self.scale(from, to), at: i)
    case .logarithmic(let from, let to, let points):
      if i == 0 { return from }
      if i == points - 1 { return to }
      return from * Foundation.exp(Foundation.log(to / from) / Double(points - 1) * Double(i))
    }
  }
}

extension SweepAxisPlan {
  /// A power of ten that leaves 14 digits of the larger end: -0.525 and not -0.5249999999999999.
  private static func scale(_ from: Double, _ to: Double) -> Double {
    let largest = max(abs(from), abs(to))
    let digits = 13 - (largest > 0 ? Foundation.log10(largest).rounded(.down) : 0)
    return Foundation.pow(10, min(max(digits, 0), 300))
  }

  private static func linear(_ from: Double, _ to: Double, _ points: Int, _ scale: Double, at i: Int) -> Double {
    if i == 0 { return from }
    if i == points - 1 { return to }
    let last = Double(points - 1)
    let value = from * ((last - Double(i)) / last) + to * (Double(i) / last)
    // Minus zero becomes zero.
    return (value * scale).rounded() / scale + 0
  }
}

extension ModelValue {
  /// The word for a gap without end, the far field.
  static let infinite = "infinite"

  /// The largest number of states, and of values of an axis.
  static let mostStates = 2_000_000_000

  /// Values for an axis: a list, `{from, to, points, spacing}`, or with arrays in memory `{array: NAME}`. `quantity` reads one number with its
  /// dimension.
  func spacing(
    _ arrays: ArraysInMemory?, _ quantity: (ModelValue) throws(FileError) -> (Double, Dimension)
  ) throws(FileError) -> (SweepAxisPlan.Spacing, Dimension) {
    switch node.content {
    case .sequence: return try listedValues(quantity)
    case .mapping:
      if let arrays, node["array"] != nil { return (try arraySpacing(arrays), .free) }
      return try range(quantity)
    case .scalar:
      throw wrongType(
        allowed: "a list such as [0.0, 0.5], or {from: 0.0, to: 1.0, points: 11}", hint: "a single value is [\(node.scalarText)]")
    }
  }

  private func listedValues(
    _ quantity: (ModelValue) throws(FileError) -> (Double, Dimension)
  ) throws(FileError) -> (SweepAxisPlan.Spacing, Dimension) {
    let items = try list(allowed: "a list")
    guard !items.isEmpty else {
      throw fail(.outOfRange, found: "an empty list", allowed: "at least one value", hint: "leave the key out")
    }
    var values: [Double] = []
    var dimension = Dimension.free
    for item in items {
      let (value, kind) = try quantity(item)
      dimension = try item.common(dimension, kind)
      values.append(value)
    }
    return (.list(values), dimension)
  }

  private func range(
    _ quantity: (ModelValue) throws(FileError) -> (Double, Dimension)
  ) throws(FileError) -> (SweepAxisPlan.Spacing, Dimension) {
    let section = try ModelSection(self, keys: ["from", "to", "points", "spacing"])
    let fromValue = try section.required("from")
    let toValue = try section.required("to")
    let (from, kind) = try quantity(fromValue)
    let (to, toKind) = try quantity(toValue)
    guard from.isFinite && to.isFinite else {
      throw (from.isFinite ? toValue : fromValue).fail(
        .outOfRange, found: "'\(Self.infinite)'", allowed: "a finite end",
        hint: "list the values, for example [10 nm, 1 um, infinite]")
    }
    let dimension = try toValue.common(kind, toKind)
    let pointsValue = try section.required("points")
    let points = try pointsValue.integer()
    guard points >= 1 else {
      throw pointsValue.fail(.outOfRange, found: "\(points)", allowed: "at least one point")
    }
    guard points <= Self.mostStates else {
      throw pointsValue.fail(.tooManyStates, found: "\(points) points", allowed: "at most \(Self.mostStates)")
    }
    guard points > 1 || from == to else {
      throw pointsValue.fail(
        .outOfRange, found: "one point between \(from) and \(to)", allowed: "at least two points",
        hint: "a single value is [\(from)]")
    }
    guard try section.optional("spacing")?.word(of: ["linear", "logarithmic"]) == "logarithmic" else {
      return (.linear(from: from, to: to, points: points), dimension)
    }
    guard from * to > 0 else {
      throw (from == 0 ? fromValue : toValue).fail(
        .outOfRange, found: "the range \(from) to \(to)", allowed: "ends of one sign and not zero for logarithmic spacing")
    }
    return (.logarithmic(from: from, to: to, points: points), dimension)
  }

  /// The dimension of numbers used side by side.
  private func common(_ a: Dimension, _ b: Dimension) throws(FileError) -> Dimension {
    guard a == .free || b == .free || a == b else {
      throw fail(.wrongType, found: "\(b.words) beside \(a.words)", allowed: "values of one kind")
    }
    return a == .free ? b : a
  }

  /// A number that may carry any unit: energies in eV, temperatures in K.
  func anyQuantity() throws(FileError) -> (Double, Dimension) {
    guard units == .electronVolt else { return (try number(.plain), .free) }
    let text = node.scalarText
    if text == Self.infinite { return (.infinity, .length) }
    guard let (value, unit) = NumberText.quantity(text) else {
      throw fail(
        .wrongType, found: node.summary, allowed: "a number, or one with a unit such as '50 meV', '300 K' or '10 nm'")
    }
    guard let suffix = UnitSuffix.named(unit) else { return (try number(.energy), .free) }
    let converted = value * suffix.factor
    guard converted.isFinite else { throw fail(.outOfRange, found: "'\(text)'", allowed: "a finite number") }
    return (try within(.number, converted), suffix.dimension)
  }

  /// The axes of the section `sweep`, in the model's order; files are looked for in `folder`, arrays in memory among `arrays`.
  func sweepAxes(in folder: String, _ arrays: ArraysInMemory?) throws(FileError) -> [SweepAxisPlan] {
    var plans: [SweepAxisPlan] = []
    var section = self
    section.scope = nil  // values of a sweep are numbers
    for (name, position, value) in try section.entries(allowed: "a mapping from variables to their values") {
      try requireAxisName(name, at: position)
      if value.node["files"] != nil {
        plans.append(try value.fileAxis(name, at: position, in: folder))
        guard node[name + "_label"] == nil else {
          throw fail(
            .duplicateKey,
            found: "the sweep variable '\(name)_label' beside the files of '\(name)', whose names are called so in results",
            allowed: "another name", at: position, key: name + "_label")
        }
        continue
      }
      let (spacing, dimension) = try value.spacing(arrays) { (item) throws(FileError) in try item.anyQuantity() }
      plans.append(SweepAxisPlan(name: name, value: value, position: position, dimension: dimension, spacing: spacing))
    }
    return plans
  }

  /// `{array: NAME}`: the numbers of an array in memory, of one dimension.
  private func arraySpacing(_ arrays: ArraysInMemory) throws(FileError) -> SweepAxisPlan.Spacing {
    let key = try ModelSection(self, keys: ["array"]).required("array")
    let (values, shape) = try arrays.doubles(try key.text(allowed: "the name of an array in memory"))
    guard shape.count == 1, shape[0] >= 1 else {
      throw fail(.outOfRange, found: "an array of shape \(shape)", allowed: "one dimension and at least one value")
    }
    for (index, value) in values.enumerated() {
      guard value.isFinite else {
        throw fail(.outOfRange, found: "\(value) at index \(index)", allowed: "finite numbers")
      }
      _ = try within(.number, value)
    }
    return .list(values)
  }

  private func requireAxisName(_ name: String, at position: ModelNode.Position) throws(FileError) {
    guard Spelling.isIdentifier(name) else {
      throw fail(
        .outOfRange, found: "the name '\(name)'", allowed: "letters, digits and underscores, not starting with a digit",
        at: position, key: name)
    }
    let observables = Observable.allCases.map(\.rawValue)
    let taken =
      ResultNames.reserved.contains(name) || ReservedNames.all.contains(name)
    guard !taken && !observables.contains(where: { name == $0 || name.hasPrefix($0 + "_") }) else {
      throw fail(
        .outOfRange, found: "the name '\(name)', which results or expressions use",
        allowed: "any name but \((ResultNames.reserved + ReservedNames.all + observables).joined(separator: ", "))",
        hint: "rename the sweep variable, for example to '\(name)_'", at: position, key: name)
    }
  }
}

extension ModelNode {
  /// The text of a scalar, empty for anything else.
  var scalarText: String {
    if case .scalar(let text, _, _) = content { return text }
    return ""
  }
}

/// Names the result file keeps for itself.
enum ResultNames {
  /// Dimensions and variables that are no observables.
  static let reserved =
    StandardDimension.names + [ResultQuantity.stable, .status, .modeEnergy].map(\.name) + ["mode_energies"]
    + [Observable.energyCurrentSpectrum, .emissionSpectrum].map(\.rawValue) + TerminalSettings.Observable.allCases.map(\.rawValue)
}
