import JunctionModel
import TransportCurrents
import TransportResults

/// The numbers of all states of a sweep, one column set per variable.
final class StateColumns: Sendable {
  /// Without references: nothing is counted per state.
  struct Entry: @unchecked Sendable {
    let columns: ResultColumns.Unowned
    let factor: Double
    let value: @Sendable (borrowing StateCurrents, Int) -> Estimate
    let isComplex: Bool
  }

  let entries: [Entry]
  /// Whose memory the entries write to.
  let all: [ResultColumns]
  private let pairDensity: ResultColumns.Unowned?
  private let pairDensityFactor: Double
  private let stable: ResultColumns.Unowned

  private init(_ request: SweepRequest, _ needs: Needs, _ columns: [ResultColumns]) {
    all = columns
    entries = zip(needs.variables, columns).map { variable, columns in
      Entry(
        columns: columns.unowned, factor: request.units.outputFactor(of: variable.quantity.quantity), value: variable.value,
        isComplex: variable.quantity.isComplex)
    }
    let rest = columns.dropFirst(needs.variables.count)
    stable = rest.first!.unowned
    pairDensity = rest.dropFirst().first?.unowned
    pairDensityFactor = request.units.outputFactor(of: .spectrum)
  }

  /// Columns of all variables in the memory of the result; NaN where `body` fills in nothing.
  static func filled(
    _ request: SweepRequest, _ needs: Needs, _ body: (StateColumns) throws(SolverError) -> Void
  ) throws(SolverError) -> FilledStateColumns {
    let states = request.points.count
    let junction = request.junction
    let electrodes = junction.electrodes.count
    let empty = ResultAssembly.empty(request)
    var shapes = needs.variables.map { variable in
      ResultColumns.Shape(
        components: empty.components(of: variable.quantity), states: variable.quantity.isComplex ? 2 * states : states)
    }
    shapes.append(ResultColumns.Shape(components: 1, states: states))
    if request.hasModePairDensity {
      shapes.append(ResultColumns.Shape(components: electrodes * electrodes * junction.bosons.count, states: states))
    }
    let numbers = try ResultColumns.filled(shapes) { columns throws(SolverError) in
      for column in columns { column.forget() }
      try body(StateColumns(request, needs, columns))
    }
    let rest = numbers.dropFirst(needs.variables.count)
    return FilledStateColumns(
      numbers: Array(numbers.prefix(needs.variables.count)), stable: rest.first!.values, pairDensity: rest.dropFirst().first)
  }

  /// Stores the numbers of a state; `isStable` is nil where nobody knows.
  func store(_ currents: borrowing StateCurrents, isStable: Bool?, state: Int) {
    for e in 0..<entries.count {
      // In place: a copy of an entry would count references.
      let (columns, factor, value) = (entries[e].columns, entries[e].factor, entries[e].value)
      if entries[e].isComplex {
        for i in 0..<(2 * columns.components) {
          columns.set(i / 2, 2 * state + i % 2, value(currents, i), factor: factor)
        }
      } else {
        columns.set(state, factor: factor) { value(currents, $0) }
      }
    }
    if let pairDensity {
      for i in 0..<pairDensity.components {
        pairDensity.set(i, state, currents.modePairDensity[i], factor: pairDensityFactor)
      }
    }
    stable.set(0, state, isStable.map { Estimate($0 ? 1 : 0) } ?? .notANumber, factor: 1)
  }
}

/// The numbers of all states in result order.
struct FilledStateColumns {
  /// As `Needs.variables`.
  let numbers: [ResultColumns.Numbers]
  let stable: [Double]
  let pairDensity: ResultColumns.Numbers?
}

extension TransportResult {
  /// Numbers of a quantity per state, complex ones counted once: the product of its dimensions' lengths.
  func components(of quantity: ResultQuantity) -> Int {
    quantity.dimensions.reduce(1) { $0 * (length(of: $1.name) ?? 0) }
  }
}
