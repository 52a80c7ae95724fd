import JunctionModel
import TransportResults

/// Puts the results of single systems into one result over all axes of the sweep.
///
/// What a system has once (its transmission, for example) gets the axes that change the system; instabilities stand one after another.
struct SystemAssembly {
  let places: SystemPlaces
  /// By number of the system; nil where there is no result.
  let parts: [TransportResult?]
  /// Labels and axes of the whole.
  let empty: TransportResult

  var result: TransportResult {
    var result = empty
    result.shortfalls = []
    result.variables = names.filter { !isOfInstabilities($0) }.compactMap(assembled)
    addInstabilities(to: &result)
    addModeEnergies(to: &result)
    return result
  }

  private var some: [TransportResult] { parts.compactMap { $0 } }

  /// Names of all variables, in the order in which they appear.
  private var names: [String] {
    var seen = Set<String>()
    return some.flatMap(\.variables).map(\.name).filter { seen.insert($0).inserted }
  }

  private func first(_ name: String) -> ResultVariable? { some.lazy.compactMap { $0.variable(name) }.first }

  private func isOfInstabilities(_ name: String) -> Bool {
    first(name)?.dimensions.contains(StandardDimension.instability.name) == true
  }

  // MARK: Numbers of states and of systems

  /// A variable over all axes, or over those of systems where it does not depend on states; NaN where a system has none.
  private func assembled(_ name: String) -> ResultVariable? {
    guard let pattern = first(name), let layout = VariableLayout(pattern, places, lengths: empty.length(of:)) else { return nil }
    var values = [Double](repeating: .nan, count: layout.total)
    var errors = pattern.errors.map { _ in values }
    for (index, part) in parts.enumerated() {
      guard let variable = part?.variable(name), variable.values.count == layout.own else { continue }
      layout.spread(variable.values, ofSystem: index, into: &values)
      if let found = variable.errors { layout.spread(found, ofSystem: index, into: &errors!) }
    }
    return pattern.over(layout.dimensions, values: values, errors: errors)
  }

  // MARK: Instabilities

  private func addInstabilities(to result: inout TransportResult) {
    let counts = parts.map { $0?.instabilities ?? 0 }
    let total = counts.reduce(0, +)
    guard total > 0 else { return }
    result.instabilities = total
    for (position, axis) in places.systemAxes.enumerated() {
      let values = counts.enumerated().flatMap { system, count in
        [Double](repeating: places.values(ofSystem: system)[position], count: count)
      }
      let name = result.axes[axis].name
      result.variables.append(
        ResultVariable(
          name: ResultQuantity.criticalName(ofAxis: name), dimensions: [StandardDimension.instability.name], values: values,
          errors: nil, unit: result.axes[axis].unit, longName: "value of \(name) where the steady state is lost"))
    }
    for name in names where isOfInstabilities(name) {
      guard let variable = joined(name, counts) else { continue }
      result.variables.append(variable)
    }
  }

  /// A variable over instabilities, which is slowest or follows dimensions of its own.
  private func joined(_ name: String, _ counts: [Int]) -> ResultVariable? {
    guard let pattern = first(name), let at = pattern.dimensions.firstIndex(of: StandardDimension.instability.name) else {
      return nil
    }
    func product(_ names: ArraySlice<String>) -> Int { names.reduce(1) { $0 * (empty.length(of: $1) ?? 1) } }
    let (before, behind) = (product(pattern.dimensions[..<at]), product(pattern.dimensions[(at + 1)...]))
    func all(_ numbers: (ResultVariable) -> [Double]?) -> [Double] {
      (0..<before).flatMap { row in
        parts.indices.flatMap { system -> ArraySlice<Double> in
          let length = counts[system] * behind
          guard length > 0, let found = parts[system]?.variable(name).flatMap(numbers) else { return [] }
          return found[(row * length)..<((row + 1) * length)]
        }
      }
    }
    return pattern.over(pattern.dimensions, values: all(\.values), errors: pattern.errors == nil ? nil : all(\.errors))
  }

  // MARK: Modes

  /// Energies of modes that change with the system are a variable of their own, and no coordinate.
  private func addModeEnergies(to result: inout TransportResult) {
    let energies = parts.map { $0?.modeEnergies }
    let first = empty.modeEnergies
    guard energies.contains(where: { $0 != nil && $0 != first }) else {
      return
    }
    let axes = places.systemAxes.map { result.axes[$0].name }
    let values = first.indices.flatMap { mode in energies.map { $0?[mode] ?? .nan } }
    result.set(.mode, .labels(first.indices.map { "\($0)" }))
    result.variables.append(
      ResultVariable(.modeEnergy, units: result.units, sweep: axes, values: values, errors: nil))
  }
}

/// Where the numbers of a system's variable go in the variable of the whole sweep.
private struct VariableLayout {
  let dimensions: [String]
  /// Numbers of the variable of one system, and of all.
  let own: Int
  let total: Int
  private let behind: Int
  private let states: Int
  private let isOverStates: Bool
  private let places: SystemPlaces

  /// nil for a variable with a dimension of unknown length.
  init?(_ variable: ResultVariable, _ places: SystemPlaces, lengths: (String) -> Int?) {
    let stateNames = places.stateAxes.map { places.axes[$0].name }
    let names = variable.dimensions
    let overStates = !stateNames.isEmpty && stateNames.allSatisfy(names.contains)
    let isComplex = names.last == StandardDimension.complexPart.name
    let start = overStates ? names.firstIndex(of: stateNames[0]) ?? 0 : names.count - (isComplex ? 1 : 0)
    let end = overStates ? start + stateNames.count : start
    let axes = overStates ? Array(places.axes.indices) : places.systemAxes
    dimensions = names[..<start] + axes.map { places.axes[$0].name } + names[end...]
    var (before, behind) = (1, 1)
    for name in names[..<start] {
      guard let length = lengths(name) else { return nil }
      before *= length
    }
    for name in names[end...] {
      guard let length = lengths(name) else { return nil }
      behind *= length
    }
    isOverStates = overStates
    states = overStates ? places.statesPerSystem : 1
    self.behind = behind
    self.places = places
    own = before * states * behind
    total = before * axes.reduce(1) { $0 * places.axes[$1].values.count } * behind
  }

  /// Puts the numbers of a system into their places.
  func spread(_ numbers: [Double], ofSystem system: Int, into all: inout [Double]) {
    let block = all.count / max(own / (states * behind), 1)
    let targets = (0..<states).map { targetIndex($0, system) }
    for row in 0..<(own / (states * behind)) {
      for state in 0..<states {
        let (from, to) = ((row * states + state) * behind, row * block + targets[state] * behind)
        for k in 0..<behind { all[to + k] = numbers[from + k] }
      }
    }
  }

  /// Among all states, or among all systems for what does not depend on states.
  private func targetIndex(_ state: Int, _ system: Int) -> Int { isOverStates ? places.state(state, ofSystem: system) : system }
}
