import JunctionModel

/// The registers a state is made of.
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
