import JunctionModel
import TransportResults

/// Junctions that differ by a common shift of all electron energies (a gate that moves all levels alike) are one junction at other chemical
/// potentials: I(H + c S, mu) = I(H, mu - c). What does not depend on the state is computed once for all of them.
extension SweepRequest {
  /// The axis of the joined junctions; no expression can name it.
  private static let joinedAxis = "joined system"

  /// The states of all junctions as those of the first; nil where they differ by more than a shift, or where something is wanted that is no
  /// number of a state: transmissions at given energies, instabilities between states (level `dressed`), derivatives of the junction.
  package static func joined(_ systems: [SweepRequest]) -> SweepRequest? {
    guard let first = systems.first, systems.count > 1, first.level.abilities.contains(.secondOrder), !first.needs.transmission,
      !first.settings.crossCheck
    else { return nil }
    var shifts: [Double] = []
    for system in systems {
      guard system.conductorChange == nil, system.points.count == first.points.count, system.settings == first.settings,
        let shift = system.junction.commonShift(from: first.junction)
      else { return nil }
      shifts.append(shift)
    }
    var joined = first
    joined.axes = [SweepAxis(joinedAxis, systems.indices.map { Double($0) })] + first.axes
    joined.points = OperatingPoints(
      chemicalPotentials: first.points.chemicalPotentials.indices.map { a in
        zip(systems, shifts).flatMap { system, shift in system.points.chemicalPotentials[a].map { $0 - shift } }
      },
      temperatures: columns(systems, \.temperatures), bathTemperatures: columns(systems, \.bathTemperatures),
      bathChemicalPotentials: columns(systems, \.bathChemicalPotentials), count: systems.count * first.points.count)
    let lines = systems.map(\.lineAt)
    joined.pointAt = nil
    let derivatives = systems.map(\.derivativesAlong)
    joined.derivativesAlong = { name in
      var (first, second): ([OperatingPoints], [OperatingPoints]) = ([], [])
      for derivative in derivatives {
        guard let columns = derivative?(name) else { return nil }
        first.append(columns.first)
        second.append(columns.second)
      }
      return (OperatingPoints(joining: first), OperatingPoints(joining: second))
    }
    joined.lineAt = { values, name in lines[Int(values[0])]?(Array(values.dropFirst()), name) }
    return joined
  }

  private static func columns(_ systems: [SweepRequest], _ path: KeyPath<OperatingPoints, [[Double]]>) -> [[Double]] {
    systems[0].points[keyPath: path].indices.map { p in systems.flatMap { $0.points[keyPath: path][p] } }
  }

  /// The result of one of the junctions: its own labels and states, and its part of every variable.
  package func part(_ index: Int, of joined: TransportResult) -> TransportResult {
    var result = joined
    result.axes = axes
    let own = ResultAssembly.inputs(self)
    result.variables = joined.variables.map { variable in
      if let mine = own.first(where: { $0.name == variable.name }) { return mine }
      guard let at = variable.dimensions.firstIndex(of: Self.joinedAxis) else { return variable }
      let lengths = variable.dimensions.map { joined.length(of: $0) ?? 1 }
      let behind = lengths[(at + 1)...].reduce(1, *)
      func slice(_ numbers: [Double]) -> [Double] {
        stride(from: index * behind, to: numbers.count, by: lengths[at] * behind).flatMap { numbers[$0..<($0 + behind)] }
      }
      return variable.over(
        variable.dimensions.filter { $0 != Self.joinedAxis }, values: slice(variable.values), errors: variable.errors.map(slice))
    }
    return result
  }
}

extension OperatingPoints {
  /// All states of some lists with equally many electrodes and baths, one list after the other.
  fileprivate init(joining lists: [OperatingPoints]) {
    func columns(_ path: KeyPath<OperatingPoints, [[Double]]>) -> [[Double]] {
      lists[0][keyPath: path].indices.map { c in lists.flatMap { $0[keyPath: path][c] } }
    }
    self.init(
      chemicalPotentials: columns(\.chemicalPotentials), temperatures: columns(\.temperatures),
      bathTemperatures: columns(\.bathTemperatures), bathChemicalPotentials: columns(\.bathChemicalPotentials),
      count: lists.reduce(0) { $0 + $1.count })
  }
}
