import TransportCurrents
import TransportResults

/// How the states of a block kept the tolerance.
struct Convergence {
  private let tolerance: Double
  private(set) var misses: [ToleranceMiss] = []

  init(tolerance: Double) { self.tolerance = tolerance }

  /// Looks at the currents of a state.
  mutating func add(_ errors: RelativeErrors, state: Int) {
    check("energy currents", errors.energy, state)
    check("particle currents", errors.rate, state)
    check("elastic currents", errors.elastic, state)
    check(
      "second-order elastic corrections", errors.correction, state,
      advice: "; \(part: .elasticCorrection): none leaves the correction out")
  }

  /// Looks at the cumulants of a state.
  mutating func add(cumulants error: Double, state: Int) { check("cumulants", error, state) }

  private mutating func check(
    _ name: @autoclosure () -> String, _ error: Double, _ state: Int, advice: @autoclosure () -> SolverText = ""
  ) {
    // Not `>`: NaN is a miss.
    guard !(error <= tolerance) else { return }
    let miss = ToleranceMiss(name(), error: error, state: state, advice: advice())
    if let i = misses.firstIndex(where: { $0.name == miss.name }) { misses[i].merge(miss) } else { misses.append(miss) }
  }
}
