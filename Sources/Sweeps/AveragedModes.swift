import JunctionModel
import TransportCurrents
import TransportResults

/// Populations of modes from averaged rates: a mode that electrons of many wave vectors drive has one population, which is a ratio of the
/// averages (Theory.md section 5), no average of the ratios.
package struct AveragedModes: Sendable {
  /// What is wanted besides averages.
  package let observables: [Observable]

  private static let parts = ObservableDefinition.partsOfPopulations.quantities.map(\.name)

  /// True for a variable that populations are made of and that no result keeps.
  static func isPart(_ name: String) -> Bool { parts.contains(name) }

  /// Takes what is no average out of the settings of single values, whose rates are kept in its stead; nil for a junction whose modes have
  /// no rates of their own, and where nothing asks for a steady state.
  package init?(_ junction: Junction, _ settings: inout ComputeSettings) {
    guard settings.level.theory.hasModeRates(junction), Needs(junction, settings).populations else { return nil }
    observables = settings.observables.filter(Self.isOfPopulations)
    settings.observables.removeAll(where: Self.isOfPopulations)
    settings.keepsModeRates = true
  }

  private static func isOfPopulations(_ observable: Observable) -> Bool {
    observable == .qualityFactor || observable.definition.needs.contains(.populations)
  }

  /// Puts populations and what depends on them into averages, and says for every state whether it is steady. Cost: a few divisions per mode
  /// and state.
  func populate(_ result: inout TransportResult) -> [Bool]? {
    defer { result.variables.removeAll { Self.isPart($0.name) } }
    guard let rates = Rates(result) else { return nil }
    let readings = observables.flatMap(\.definition.stateReadings)
    let states = result.stateCount
    let lengths = readings.map { result.components(of: $0.quantity) }
    var values = lengths.map { [Double](repeating: .nan, count: $0 * states) }
    var errors = values
    var (stable, steady) = ([Double](repeating: .nan, count: states), [Bool](repeating: true, count: states))
    var currents = StateCurrents(
      electrodes: result.electrodeNames.count, baths: result.bathNames.count,
      modes: result.length(of: StandardDimension.mode.name) ?? 0,
      keepsModeRates: true)
    let factors = readings.map { result.units.outputFactor(of: $0.quantity.quantity) }
    for state in 0..<states where rates.load(state, into: &currents) {
      (stable[state], steady[state]) = (currents.isStable ? 1 : 0, currents.isStable && !currents.hasUnsteadyModes)
      for (r, reading) in readings.enumerated() {
        for i in 0..<lengths[r] {
          let number = reading.value(currents, i)
          (values[r][i * states + state], errors[r][i * states + state]) = (factors[r] * number.value, factors[r] * number.error)
        }
      }
    }
    let names = result.axes.map(\.name)
    for (r, reading) in readings.enumerated() {
      result.variables.append(
        ResultVariable(reading.quantity, units: result.units, sweep: names, values: values[r], errors: errors[r]))
    }
    if let i = result.variables.firstIndex(where: { $0.name == ResultQuantity.stable.name }) {
      result.variables[i] = result.variables[i].over(names, values: stable, errors: nil)
    }
    return steady
  }

  /// Averaged rates by state, internal units.
  private struct Rates {
    private let variables: [ResultVariable]
    private let electronTemperatures: [Double]
    private let energies: [[Double]]
    private let states: Int

    init?(_ result: TransportResult) {
      let found = parts.compactMap(result.variable)
      guard found.count == parts.count, let temperature = result.variable(ResultQuantity.temperature.name) else { return nil }
      (variables, states) = (found, result.stateCount)
      let kelvin = result.units.outputFactor(of: .temperature)
      let electrodes = result.electrodeNames.count
      electronTemperatures = (0..<result.stateCount).map { state in
        (0..<electrodes).reduce(0) { $0 + temperature.values[$1 * result.stateCount + state] / kelvin } / Double(electrodes)
      }
      let unit = result.units.outputFactor(of: .energy)
      energies = (0..<result.stateCount).map { state in result.modeEnergies(ofState: state).map { $0 / unit } }
    }

    /// Loads the rates of a state and finds its populations; false where they are not known.
    func load(_ state: Int, into currents: inout StateCurrents) -> Bool {
      currents.reset()
      func read(_ part: Int, _ count: Int) -> [Estimate] {
        (0..<count).map {
          Estimate(variables[part].values[$0 * states + state], error: variables[part].errors?[$0 * states + state] ?? 0)
        }
      }
      let pairs = currents.modePairDensity.count
      (currents.modeEmission, currents.modeAbsorption) = (read(0, pairs), read(1, pairs))
      (currents.modePairDensity, currents.modeFriction, currents.modeSupply) = (
        read(2, pairs), read(3, currents.modes), read(4, currents.modes)
      )
      guard currents.modePairDensity.allSatisfy({ !$0.value.isNaN }) else { return false }
      currents.populate(energies: energies[state], electronTemperature: electronTemperatures[state])
      return true
    }
  }
}

extension TransportResult {
  /// Energies of the modes in a state, user's units: they are a variable where the sweep changes them.
  fileprivate func modeEnergies(ofState state: Int) -> [Double] {
    guard let variable = variable(ResultQuantity.modeEnergy.name) else { return modeEnergies }
    let positions = axes.positions(of: state)
    let own = variable.dimensions.dropFirst()
    var (index, length) = (0, 1)
    for name in own.reversed() {
      guard let a = axes.firstIndex(where: { $0.name == name }) else { continue }
      index += positions[a] * length
      length *= axes[a].values.count
    }
    return (0..<(variable.values.count / length)).map { variable.values[$0 * length + index] }
  }
}
