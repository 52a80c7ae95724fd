import DataFiles
import JunctionModel
import Quadrature

/// The registers a state of a junction is made of.
struct StateOutputs: Sendable {
  /// mu of each electrode.
  var chemicalPotentials: [Int] = []
  /// T of each electrode, then of each boson bath.
  var temperatures: [Int] = []
  /// nu of each boson bath; nil for 0.
  var bathPotentials: [Int?] = []

  /// All registers, in the order of the columns.
  var registers: [Int] { chemicalPotentials + temperatures + bathPotentials.compactMap(\.self) }

  /// States from columns [register][state].
  func points(_ columns: [[Double]], count: Int) -> OperatingPoints {
    let electrodes = chemicalPotentials.count
    let supplied = electrodes + temperatures.count
    return OperatingPoints(
      chemicalPotentials: Array(columns[..<electrodes]), temperatures: Array(columns[electrodes..<2 * electrodes]),
      bathTemperatures: Array(columns[2 * electrodes..<supplied]),
      bathChemicalPotentials: potentials(Array(columns[supplied...]), count: count), count: count)
  }

  /// nu of every bath, zeros where none was given; empty when no bath has one.
  private func potentials(_ columns: [[Double]], count: Int) -> [[Double]] {
    guard !columns.isEmpty else { return [] }
    var next = 0
    return bathPotentials.map { register in
      guard register != nil else { return [Double](repeating: 0, count: count) }
      next += 1
      return columns[next - 1]
    }
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

  /// The state at given values of the axes with its first and second derivatives along a sweep variable or parameter.
  func line(at axisValues: [Double], along name: String) -> (
    point: OperatingPoint, first: OperatingPoint, second: OperatingPoint
  )? {
    guard let values = evaluation.line(at: axisValues, along: name) else { return nil }
    func state(_ part: (Jet) -> Double) -> OperatingPoint {
      outputs.points(values.map { [part($0)] }, count: 1)[0]
    }
    return (state { $0.value }, state { $0.first }, state { $0.second })
  }
}
