import JunctionModel
import TransportCurrents
import TransportResults

extension Rectification {
  /// Name of the variable in the result.
  var resultName: String { quantity.name }

  /// The ratio in the result; its dimensions are those of the variable.
  var quantity: ResultQuantity { .rectification(of: variable, over: axis) }

  /// Refuses a variable that is not computed and an axis that is missing or not symmetric about 0.
  static func check(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    let known = needs.variables.map(\.quantity).filter { !$0.isComplex && $0.flagMeanings.isEmpty }.map(\.name)
    try check(request.settings.rectifications, known: known, axes: request.axes)
  }

  /// The same for the variables and axes of a model of any kind.
  static func check(_ wanted: [Rectification], known: [String], axes: [SweepAxis]) throws(SolverError) {
    for (i, ratio) in wanted.enumerated() {
      guard known.contains(ratio.variable) else {
        throw SolverError(
          .unsuitableModel, at: .rectifiedVariable,
          "rectification of '\(ratio.variable)', which this model does not compute; allowed: \(known.joined(separator: ", "))",
          hint: "Add it to \(part: .observables), or take one of these")
      }
      guard !wanted[..<i].contains(where: { $0.variable == ratio.variable }) else {
        throw SolverError(
          .unsuitableModel, at: .rectification, "rectification of '\(ratio.variable)' twice", hint: "Name each variable once")
      }
      guard let axis = axes.first(where: { $0.name == ratio.axis }) else {
        let names = axes.map(\.name)
        throw SolverError(
          .unsuitableModel, at: .rectificationAxis,
          "rectification over '\(ratio.axis)', which is no sweep variable; allowed: "
            + (names.isEmpty ? "none, because nothing is swept" : names.joined(separator: ", ")),
          hint: "Sweep it over values symmetric about 0, for example \(ratio.axis): {from: -1, to: 1, points: 21}")
      }
      if let alone = axis.opposites().firstIndex(of: nil) {
        throw SolverError(
          .unsuitableModel, at: .sweep(ratio.axis),
          "rectification over \(ratio.axis) needs values symmetric about 0: \(axis.values[alone]) is there and "
            + "\(-axis.values[alone]) is not",
          hint: "Write for example \(ratio.axis): {from: -1, to: 1, points: 21}")
      }
    }
  }
}

extension SweepAxis {
  /// For every value x the index of the value -x within rounding, the nearest one; nil where there is none. Cost: one sorting.
  func opposites() -> [Int?] {
    let largest = values.reduce(0) { max($0, abs($1)) }
    let ascending = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var next = ascending.count - 1
    var result = [Int?](repeating: nil, count: values.count)
    // As x rises, -x falls: one pass over the sorted values from above.
    for index in ascending {
      let wanted = -values[index]
      while next > 0 && abs(values[ascending[next - 1]] - wanted) <= abs(values[ascending[next]] - wanted) { next -= 1 }
      guard ascending.indices.contains(next) else { continue }
      if abs(values[ascending[next]] + values[index]) <= 1e-9 * largest { result[index] = ascending[next] }
    }
    return result
  }
}

extension ResultAssembly {
  /// R(x) = (X(x) + X(-x))/(X(x) - X(-x)) of every variable asked for; R(-x) = -R(x), NaN at x = 0.
  mutating func addRectifications() { result.addRectifications(request.settings.rectifications) }
}

extension TransportResult {
  /// The same for a result of any kind.
  mutating func addRectifications(_ wanted: [Rectification]) {
    for ratio in wanted {
      guard let variable = variable(ratio.variable), let errors = variable.errors,
        let axis = axes.firstIndex(where: { $0.name == ratio.axis })
      else { continue }
      let length = axes[axis].values.count
      let opposite = axes[axis].opposites().enumerated().map { $1 ?? $0 }
      let stride = axes[(axis + 1)...].reduce(1) { $0 * $1.values.count }
      var (values, bounds) = (variable.values, errors)
      for i in values.indices {
        let here = i / stride % length
        let j = i + (opposite[here] - here) * stride
        let ratio = ResultAssembly.rectification(
          Estimate(variable.values[i], error: errors[i]), Estimate(variable.values[j], error: errors[j]))
        (values[i], bounds[i]) = (ratio.value, ratio.error)
      }
      variables.append(
        ResultVariable(ratio.quantity, units: units, sweep: variable.dimensions, values: values, errors: bounds))
    }
  }
}

extension ResultAssembly {
  /// (a + b)/(a - b); dR = 2(b da - a db)/(a - b)^2, with the smallest difference the errors allow; NaN where that is 0.
  static func rectification(_ a: Estimate, _ b: Estimate) -> Estimate {
    let difference = a.value - b.value
    let smallest = abs(difference) - a.error - b.error
    guard smallest > 0 else { return .notANumber }
    let spread = 2 * (abs(b.value) * a.error + abs(a.value) * b.error) / (smallest * abs(difference))
    let ratio = (a.value + b.value) / difference
    return Estimate(ratio, error: spread + 4e-16 * max(abs(ratio), 1))
  }
}
