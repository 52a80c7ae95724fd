import JunctionModel
import Synchronization
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
  private let owners: [ResultColumns]
  private let pairDensity: ResultColumns.Unowned?
  private let pairDensityFactor: Double
  private let stable: ResultColumns.Unowned
  /// Relative errors of the currents of all states against their gross flows: energy, rate, elastic, correction; then cumulants.
  private let convergence: Mutex<Convergence>

  private init(_ request: SweepRequest, _ needs: Needs, _ columns: [ResultColumns]) {
    owners = columns
    entries = zip(needs.variables, columns).map { variable, columns in
      Entry(
        columns: columns.unowned, factor: request.units.outputFactor(of: variable.quantity.quantity), value: variable.value,
        isComplex: variable.quantity.isComplex)
    }
    let rest = columns.dropFirst(needs.variables.count)
    stable = rest.first!.unowned
    pairDensity = rest.dropFirst().first?.unowned
    pairDensityFactor = request.units.outputFactor(of: .spectrum)
    emptyConvergence = Convergence(tolerance: request.settings.tolerance)
    convergence = Mutex(emptyConvergence)
  }

  /// Columns of all variables, which `body` fills for every state, in the memory of the result.
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
      let all = StateColumns(request, needs, columns)
      try body(all)
      try all.checkConvergence(request, needs)
    }
    let rest = numbers.dropFirst(needs.variables.count)
    return FilledStateColumns(
      numbers: Array(numbers.prefix(needs.variables.count)), stable: rest.first!.values, pairDensity: rest.dropFirst().first)
  }

  /// To be filled by a worker for a block of states.
  let emptyConvergence: Convergence

  /// Adds what a worker found about a block of states.
  func merge(_ found: Convergence) { convergence.withLock { $0.merge(found) } }

  func store(_ currents: borrowing StateCurrents, state: Int) {
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
    stable.set(0, state, Estimate(currents.isStable ? 1 : 0), factor: 1)
  }

  /// Throws `.notConverged` with a report when an error bound exceeds the tolerance.
  private func checkConvergence(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    guard needs.bosonCurrents || needs.elastic || needs.fluctuations else { return }
    let states = request.points.count
    let found = convergence.withLock { $0 }
    for (component, name) in Convergence.names.enumerated() where found.failed[component] > 0 {
      let (worst, state) = (found.worst[component], found.worstState[component])
      throw SolverError(
        .notConverged, at: .tolerance,
        "the \(name) reached the relative tolerance \(request.settings.tolerance) in \(states - found.failed[component]) of "
          + "\(states) states; worst error \(worst) at \(request.describe(state: state))",
        hint: "Ask for a tolerance above \(worst), or look for levels narrower than rounding allows"
          + (component == 3 ? "; \(part: .elasticCorrection): none leaves the correction out" : ""))
    }
  }
}

/// The numbers of all states in result order.
struct FilledStateColumns {
  /// As `Needs.variables`.
  let numbers: [ResultColumns.Numbers]
  let stable: [Double]
  let pairDensity: ResultColumns.Numbers?
}

/// How many states missed the tolerance, by how much at worst and where first: the same whatever the order of merging.
struct Convergence: Sendable {
  static let names = [
    "energy currents", "particle currents", "elastic currents", "second-order elastic corrections", "cumulants",
  ]
  let tolerance: Double
  private(set) var failed = SIMD8<Int>.zero
  private(set) var worst = SIMD8<Double>.zero
  private(set) var worstState = SIMD8<Int>.zero

  init(tolerance: Double) { self.tolerance = tolerance }

  /// Counts a state.
  mutating func add(_ currents: borrowing StateCurrents, state: Int) {
    let (energy, rate, elastic, correction) = currents.relativeErrors
    add(0, energy, state)
    add(1, rate, state)
    add(2, elastic, state)
    add(3, correction, state)
  }

  /// Counts the cumulants of a stable state.
  mutating func add(cumulants error: Double, state: Int) { add(4, error, state) }

  mutating func add(_ component: Int, _ error: Double, _ state: Int) {
    guard !(error <= tolerance) else { return }
    failed[component] += 1
    raise(component, error.isNaN ? .infinity : error, state)
  }

  private mutating func raise(_ component: Int, _ error: Double, _ state: Int) {
    let isFirst = error == worst[component] && state < worstState[component]
    if error > worst[component] || isFirst { (worst[component], worstState[component]) = (error, state) }
  }

  mutating func merge(_ other: Convergence) {
    for component in Self.names.indices where other.failed[component] > 0 {
      failed[component] += other.failed[component]
      raise(component, other.worst[component], other.worstState[component])
    }
  }
}

extension TransportResult {
  /// Numbers of a quantity per state, complex ones counted once: the product of its dimensions' lengths.
  func components(of quantity: ResultQuantity) -> Int {
    quantity.dimensions.reduce(1) { $0 * (length(of: $1.name) ?? 0) }
  }
}
