import JunctionModel
import TransportResults

/// The last look at a result: no NaN and no infinity leaves unmarked that the freedom of its quantity does not allow.
///
/// Cost: one pass over all numbers, some 0.3 ns each.
struct ResultGate {
  /// States in words.
  let describe: (Int) -> String
  /// True for states at which linear response exists.
  var isEquilibrium: (Int) -> Bool = { _ in true }

  /// The result with the ledger of its states. States with a number that should be there and is not, though the ledger does not say
  /// so, are noted as not computed; throws `.notConverged` where such a number belongs to no state.
  /// Results that lack on purpose what others compute are not looked at.
  func checked(
    _ result: TransportResult, _ ledger: StateLedger, _ work: ParallelWork
  ) throws(SolverError) -> ComputationOutcome {
    guard work.isWhole else { return ComputationOutcome(result: result, ledger: ledger) }
    let found = try gaps(in: result, ledger.codes)
    if !found.isEmpty {
      try ledger.stage { stage throws(SolverError) in
        stage.note { notes in
          notes.finish(0..<result.stateCount)
          for (state, error) in found { notes.fail([state], error) }
        }
      }
    }
    return ComputationOutcome(result: result, ledger: ledger)
  }

  /// States in which something is missing that should be there, and the first such number of each. Throws where one belongs to no state.
  private func gaps(in result: TransportResult, _ codes: [StateStatus]) throws(SolverError) -> [Int: SolverError] {
    var found: [Int: SolverError] = [:]
    for variable in result.variables where variable.errors != nil {
      let freedom = ResultCatalogue.freedom(of: variable.name)
      for values in [variable.values, variable.errors ?? []] where !Self.allFinite(values) {
        for (index, value) in values.enumerated() where !value.isFinite {
          let state = Self.state(of: index, variable, result)
          if let state, codes[state] == .noSteadyState || codes[state] == .notComputed || found[state] != nil { continue }
          switch freedom {
          case .ratio: continue
          case .unbounded where !value.isNaN: continue
          case .equilibrium where state.map(isEquilibrium) == false: continue
          default: break
          }
          let error = missing(variable, value, state)
          guard let state else { throw error }
          found[state] = error
        }
      }
    }
    return found
  }

  private func missing(_ variable: ResultVariable, _ value: Double, _ state: Int?) -> SolverError {
    let place = state.map { " at " + describe($0) } ?? ""
    return SolverError(
      .notConverged,
      "\(variable.name)\(place) is \(value.isNaN ? "not a number" : "beyond the largest number"): the numbers of the model differ by too "
        + "many orders of magnitude",
      hint: "Look at the smallest and the largest numbers of the model and of this state; use 0 for what is negligible")
  }

  /// True when no number is NaN or infinite: their products with zero are not zero then.
  private static func allFinite(_ values: [Double]) -> Bool {
    // Four sums, so that additions need not wait for each other.
    var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
    values.withUnsafeBufferPointer { v in
      let whole = v.count & ~3
      for i in stride(from: 0, to: whole, by: 4) {
        a += 0 * v[i]
        b += 0 * v[i + 1]
        c += 0 * v[i + 2]
        d += 0 * v[i + 3]
      }
      for i in whole..<v.count { a += 0 * v[i] }
    }
    let sum = (a + b) + (c + d)
    return sum == 0
  }

  /// The state an element of a variable belongs to; nil for variables without states.
  private static func state(of index: Int, _ variable: ResultVariable, _ result: TransportResult) -> Int? {
    let names = result.axes.map(\.name)
    guard let last = variable.dimensions.lastIndex(where: { names.contains($0) }) else { return names.isEmpty ? 0 : nil }
    let behind = variable.dimensions[(last + 1)...].reduce(1) { $0 * (result.length(of: $1) ?? 1) }
    return index / max(behind, 1) % max(result.stateCount, 1)
  }
}
