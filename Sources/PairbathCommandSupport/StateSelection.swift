import JunctionModel
import TransportResults

/// Which states of a sweep somebody wants to see: "V=0.5" takes the nearest grid value.
package enum StateSelection {
  /// "NAME=VALUE" taken apart; throws for anything else. A gap may be `infinite`.
  package static func parse(_ text: String) throws(CommandFailure) -> (name: String, value: Double) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let value = parts[1] == "infinite" ? .infinity : Double(parts[1]), !value.isNaN else {
      throw .usage("--at: found '\(text)'; allowed: NAME=NUMBER, for example --at V=0.5")
    }
    return (parts[0], value)
  }

  /// States (row-major, the first axis slowest) at the nearest values of the axes named; all states for an empty list.
  package static func states(_ requests: [String], of result: TransportResult) throws(CommandFailure) -> [Int] {
    let fixed = try indices(requests, of: result)
    var states = [0]
    for axis in result.axes {
      let count = axis.values.count
      let wanted = fixed[axis.name].map { [$0] } ?? Array(0..<count)
      states = states.flatMap { state in wanted.map { state * count + $0 } }
    }
    return states
  }

  /// The part of a result at the nearest values of the axes named: these axes keep one value.
  package static func part(_ requests: [String], of result: TransportResult) throws(CommandFailure) -> TransportResult {
    let fixed = try indices(requests, of: result)
    guard !fixed.isEmpty else { return result }
    var part = result
    part.axes = result.axes.map { axis in
      fixed[axis.name].map { axis.chosen([$0]) } ?? axis
    }
    part.variables = result.variables.map { variable in
      let places = places(of: variable, in: result, fixed)
      var copy = ResultVariable(
        name: variable.name, dimensions: variable.dimensions, values: places.map { variable.values[$0] },
        errors: variable.errors.map { errors in places.map { errors[$0] } }, unit: variable.unit, longName: variable.longName,
        signConvention: variable.signConvention)
      (copy.title, copy.symbol, copy.flagMeanings) = (variable.title, variable.symbol, variable.flagMeanings)
      return copy
    }
    return part
  }

  /// Where the numbers of a variable stand at fixed indices of some axes.
  private static func places(
    of variable: ResultVariable, in result: TransportResult, _ fixed: [String: Int]
  ) -> [Int] {
    var places = [0]
    for dimension in variable.dimensions {
      let count = result.length(of: dimension) ?? 1
      let wanted = fixed[dimension].map { [$0] } ?? Array(0..<count)
      places = places.flatMap { place in wanted.map { place * count + $0 } }
    }
    return places
  }

  /// The nearest index on every axis named.
  private static func indices(_ requests: [String], of result: TransportResult) throws(CommandFailure) -> [String: Int] {
    var fixed: [String: Int] = [:]
    for request in requests {
      if let (name, index) = try labelled(request, in: result) {
        fixed[name] = index
        continue
      }
      let (name, value) = try parse(request)
      guard let axis = result.axes.first(where: { $0.name == name }) else {
        throw .usage("--at: " + NameComplaint.words("axis", name, among: result.axes.map(\.name)))
      }
      let exact = axis.values.firstIndex(of: value)
      guard exact != nil || value.isFinite else {
        throw .usage("--at: found '\(request)'; allowed: a number; next: the values of \(name) are all finite")
      }
      fixed[name] = exact ?? axis.values.indices.min { abs(axis.values[$0] - value) < abs(axis.values[$1] - value) }
    }
    return fixed
  }

  /// "NAME=LABEL" of an axis with words at its values; the last part of a path will do.
  private static func labelled(_ request: String, in result: TransportResult) throws(CommandFailure) -> (
    name: String, index: Int
  )? {
    let parts = request.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let axis = result.axes.first(where: { $0.name == parts[0] }), let labels = axis.labels else {
      return nil
    }
    let exact = labels.indices.filter { labels[$0] == parts[1] }
    let found = exact.isEmpty ? labels.indices.filter { labels[$0].hasSuffix("/" + parts[1]) } : exact
    if found.count == 1 { return (parts[0], found[0]) }
    // A number counts.
    if found.isEmpty, Double(parts[1]) != nil { return nil }
    let some = labels.prefix(8).joined(separator: ", ") + (labels.count > 8 ? ", ..." : "")
    throw .usage(
      "--at: found '\(request)', \(found.isEmpty ? "which none" : "which several") of \(axis.name) are called; allowed: \(some)")
  }

  /// Index of every axis at a state.
  package static func position(of state: Int, in result: TransportResult) -> [String: Int] {
    var rest = state
    var position: [String: Int] = [:]
    for axis in result.axes.reversed() {
      position[axis.name] = rest % max(axis.values.count, 1)
      rest /= max(axis.values.count, 1)
    }
    return position
  }

  /// "V = 0.5, dT = 100"; "single state" without axes.
  package static func description(of state: Int, in result: TransportResult) -> String {
    guard !result.axes.isEmpty else { return "single state" }
    let position = position(of: state, in: result)
    return result.axes.map { axis in
      "\(axis.name) = \(axis.words(at: position[axis.name] ?? 0) { NumberFormatting.short($0) })"
    }.joined(separator: ", ")
  }
}
