import JunctionModel
import TransportSolvers

/// The numbers of all states of a sweep, one column set per variable.
final class StateColumns: Sendable {
  struct Entry: Sendable {
    let name: String
    let columns: ResultColumns
    let factor: Double
    let field: StateField
    let isComplex: Bool
  }

  let entries: [Entry]
  let pairDensity: ResultColumns?
  private let pairDensityFactor: Double
  let stable: ResultColumns
  /// Relative error of the currents of each state against their gross flows: energy, rate, elastic, correction; then cumulants.
  private let convergence: ResultColumns

  init(_ request: SweepRequest, _ needs: Needs) {
    let states = request.points.count
    let junction = request.junction
    let electrodes = junction.electrodes.count
    entries = needs.variables.map { variable in
      let components = variable.components(of: junction, quanta: request.settings.quanta)
      return Entry(
        name: variable.name, columns: ResultColumns(components: components, states: variable.isComplex ? 2 * states : states),
        factor: request.units.outputFactor(of: variable.quantity), field: variable.field, isComplex: variable.isComplex)
    }
    pairDensity =
      needs.bosonCurrents && request.route.usesSharp
      ? ResultColumns(components: electrodes * electrodes * junction.bosons.count, states: states) : nil
    pairDensityFactor = request.units.outputFactor(of: .spectrum)
    stable = ResultColumns(components: 1, states: states)
    convergence = ResultColumns(components: 5, states: states)
  }

  func store(_ currents: borrowing StateCurrents, state: Int) {
    for entry in entries {
      if entry.isComplex {
        for i in 0..<(2 * entry.columns.components) {
          entry.columns.set(i / 2, 2 * state + i % 2, currents.component(i, of: entry.field), factor: entry.factor)
        }
        continue
      }
      for i in 0..<entry.columns.components {
        entry.columns.set(i, state, currents.component(i, of: entry.field), factor: entry.factor)
      }
    }
    if let pairDensity {
      for i in 0..<pairDensity.components {
        pairDensity.set(i, state, currents.modePairDensity[i], factor: pairDensityFactor)
      }
    }
    stable.set(0, state, Estimate(currents.isStable ? 1 : 0), factor: 1)
    let (energy, rate, elastic, correction) = currents.relativeErrors
    convergence.set(0, state, Estimate(energy), factor: 1)
    convergence.set(1, state, Estimate(rate), factor: 1)
    convergence.set(2, state, Estimate(elastic), factor: 1)
    convergence.set(3, state, Estimate(correction), factor: 1)
    if currents.isStable, let fluctuations = currents.fluctuations {
      convergence.set(4, state, Estimate(fluctuations.relativeError), factor: 1)
    }
  }

  /// Throws `.notConverged` with a report when an error bound exceeds the tolerance.
  func checkConvergence(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    guard needs.bosonCurrents || needs.elastic || needs.fluctuations else { return }
    let names = ["energy currents", "particle currents", "elastic currents", "second-order elastic corrections", "cumulants"]
    let values = convergence.allValues
    let states = request.points.count
    for (component, name) in names.enumerated() {
      let column = values[(component * states)..<((component + 1) * states)]
      let failed = column.count { $0 > request.settings.tolerance }
      guard failed > 0, let worst = column.max() else { continue }
      let state = column.firstIndex(of: worst)! - component * states
      throw SolverError(
        .notConverged, at: ["compute", "tolerance"],
        "the \(name) reached the relative tolerance \(request.settings.tolerance) in \(states - failed) of \(states) states; worst "
          + "error \(worst) at \(request.describe(state: state))",
        hint: "Ask for a tolerance above \(worst), or look for levels narrower than rounding allows"
          + (component == 3 ? "; compute.elastic_correction: none leaves the correction out" : ""))
    }
  }
}

extension StateVariable {
  /// Numbers per state, complex ones counted once.
  func components(of junction: Junction, quanta: Int) -> Int {
    let electrodes = junction.electrodes.count
    return dimensions.reduce(1) { product, dimension in
      switch dimension {
      case "electrode", "electrode2": return product * electrodes
      case "bath", "bath2": return product * junction.baths.count
      case "channel": return product * electrodes * electrodes
      case "reservoir", "reservoir2": return product * (electrodes * electrodes + junction.baths.count)
      case "mode", "mode2": return product * junction.bosons.count
      case "terminal", "terminal2": return product * (electrodes + junction.baths.count)
      case "cumulant": return product * 4
      case "quanta": return product * (2 * quanta + 1)
      default: return product
      }
    }
  }
}

extension SweepRequest {
  /// The swept variables of a state in words.
  func describe(state: Int) -> String { axes.describe(state: state) }
}
