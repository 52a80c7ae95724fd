import DataFiles
import JunctionModel
import Quadrature

/// The expressions a state of a junction is made of.
struct StateOutputs: Sendable {
  /// mu of each electrode.
  var chemicalPotentials: [StateExpression] = []
  /// T of each electrode, then of each boson bath.
  var temperatures: [StateExpression] = []
  /// nu of each boson bath; nil for 0.
  var bathPotentials: [StateExpression?] = []

  /// States from columns, one number per state.
  func points(_ columns: StateNumbers<[Double]>, count: Int) -> OperatingPoints {
    let temperatures = temperatures.map { columns[$0] }
    let isSupplied = bathPotentials.contains { $0 != nil }
    return OperatingPoints(
      chemicalPotentials: chemicalPotentials.map { columns[$0] },
      temperatures: Array(temperatures.prefix(chemicalPotentials.count)),
      bathTemperatures: Array(temperatures.dropFirst(chemicalPotentials.count)),
      bathChemicalPotentials: isSupplied ? bathPotentials.map { columns.column($0, count: count) } : [], count: count)
  }
}

extension StateNumbers<[Double]> {
  /// The column of an expression, zeros without one.
  func column(_ expression: StateExpression?, count: Int) -> [Double] {
    expression.map { self[$0] } ?? [Double](repeating: 0, count: count)
  }
}

/// The states of a junction: its sweep and, for every state, chemical potentials and temperatures, internal units.
struct JunctionStates: Sendable {
  let evaluation: StateEvaluation
  let outputs: StateOutputs

  /// All states of the sweep.
  func points() throws(FileError) -> OperatingPoints {
    outputs.points(try evaluation.columns(), count: evaluation.count)
  }

  /// The state at other values of the axes, user's units.
  func point(at axisValues: [Double]) throws(FileError) -> OperatingPoint {
    outputs.points(try evaluation.at(axisValues).columns(), count: 1)[0]
  }

  /// First and second derivatives of all states of the sweep along a sweep variable or parameter; nil when nothing depends on it.
  func derivatives(along name: String) -> (first: OperatingPoints, second: OperatingPoints)? {
    guard let columns = evaluation.derivativeColumns(along: name) else { return nil }
    return (
      outputs.points(columns.first, count: evaluation.count), outputs.points(columns.second, count: evaluation.count)
    )
  }

  /// The state at given values of the axes with its first and second derivatives along a sweep variable or parameter.
  func line(at axisValues: [Double], along name: String) -> (
    point: OperatingPoint, first: OperatingPoint, second: OperatingPoint
  )? {
    guard let values = evaluation.line(at: axisValues, along: name) else { return nil }
    func state(_ part: (Jet) -> Double) -> OperatingPoint { outputs.points(values.mapped { [part($0)] }, count: 1)[0] }
    return (state { $0.value }, state { $0.first }, state { $0.second })
  }
}
