import JunctionModel
import TransportResults

/// A computation of several spin channels, each with electrodes of its own in the junction, whose results are those of the electrodes of the
/// model: sums over the channels, and what each contributes.
///
/// A flow leaving L is the sum of those leaving L_up and L_down; what goes from channel to channel of pairs, transmissions and correlations add
/// up likewise. What is no such sum (a cumulant, a Seebeck coefficient) is refused.
package struct SpinSummedComputation<Base: Computation>: Computation {
  private let base: Base
  private let spins: [String]
  private let observables: [Observable]
  private let rectifications: [Rectification]
  private let checked: any Computation

  /// `base` has the electrodes of all channels, one channel after another, and no rectifications, which are of the sums; `checked` is the same
  /// with rectifications.
  package init(
    _ base: Base, spins: [String], observables: [Observable], rectifications: [Rectification], checked: any Computation
  ) {
    (self.base, self.spins, self.observables, self.rectifications) = (base, spins, observables, rectifications)
    self.checked = checked
  }

  /// What the sums over channels are not.
  private static var refused: [Observable] {
    [
      .onsagerMatrix, .linearConductance, .seebeck, .peltier, .linearThermalConductance, .figureOfMerit, .chargeCumulants,
      .heatCumulants, .fanoFactor, .machine,
    ]
  }

  package var title: String { base.title }
  package var axes: [SweepAxis] { base.axes }
  package var tolerance: Double { base.tolerance }
  package var timing: SweepPlan.Timing { base.timing }
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan { try base.plan(for: runner) }
  package func checkNumbers() throws(SolverError) { try base.checkNumbers() }
  package func reservations(about result: TransportResult) -> [String] { base.reservations(about: result) }

  package func thinned(to states: Int) -> Self? {
    base.thinned(to: states).map { Self($0, spins: spins, observables: observables, rectifications: [], checked: $0) }
  }

  package func check(for runner: SweepRunner) throws(SolverError) {
    if let observable = observables.first(where: Self.refused.contains) {
      throw SolverError(
        .unsuitableModel, at: .observables, "\(observable.rawValue) is no sum over spin channels, and is not computed from them",
        hint: "Describe both spins in one matrix of twice the size, with electrodes that touch both")
    }
    try checked.check(for: runner)
  }

  package var emptyResult: TransportResult { SpinSums(base.emptyResult, spins).empty }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = base.description(number)
    let row = ("spin channels", "\(spins.joined(separator: ", ")); orbitals and electrodes are those of all of them")
    return ComputationDescription(parts: [row] + words.parts, wanted: words.wanted)
  }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    var outcome = try base.outcome(work)
    outcome.result = SpinSums(outcome.result, spins).result
    outcome.result.addRectifications(rectifications)
    return outcome
  }
}

extension Computation {
  /// The computation with sums over spin channels.
  package func summed(
    over spins: [String], observables: [Observable], rectifications: [Rectification], checked: any Computation
  ) -> any Computation {
    SpinSummedComputation(self, spins: spins, observables: observables, rectifications: rectifications, checked: checked)
  }
}

/// The sums over spin channels of a result whose electrodes stand one channel after another.
struct SpinSums {
  private let whole: TransportResult
  private let spins: [String]
  /// Electrodes of one channel.
  private let electrodes: Int

  static let dimension = "spin"

  init(_ whole: TransportResult, _ spins: [String]) {
    (self.whole, self.spins) = (whole, spins)
    electrodes = whole.electrodeNames.count / spins.count
  }

  /// Labels of the sums, no numbers.
  var empty: TransportResult {
    var result = whole
    let names = whole.electrodeNames.prefix(electrodes).map { String($0.dropLast((spins.first?.count ?? 0) + 1)) }
    result.electrodeNames = Array(names)
    if !whole.channelLabels.isEmpty { result.channelLabels = names.flatMap { a in names.map { "\(a)>\($0)" } } }
    result.dimensions.append(ResultDimension(Self.dimension, labels: spins, longName: "spin channel"))
    result.variables = []
    return result
  }

  var result: TransportResult {
    var result = empty
    for variable in whole.variables {
      guard variable.dimensions.contains(where: { contraction(of: $0) != nil }) else {
        result.variables.append(variable)
        continue
      }
      let sum = summed(variable)
      result.variables.append(sum)
      // What is given, and the same in all channels, need not be told for each.
      let isTold = variable.errors == nil && !sum.values.contains { $0.isNaN }
      if !isTold, variable.dimensions.contains(where: Self.electrodes.contains) { result.variables.append(resolved(variable)) }
    }
    return result
  }

  private static let electrodes = [StandardDimension.electrode.name, StandardDimension.electrode2.name]

  /// For every index of a dimension its place among the electrodes (channels, ...) of the model; nil for dimensions without electrodes.
  private func contraction(of dimension: String) -> [Int]? {
    let all = electrodes * spins.count
    let channels = (0..<(all * all)).map { $0 / all % electrodes * electrodes + $0 % all % electrodes }
    func followed(_ own: [Int], upTo count: Int) -> [Int] {
      own + (0..<((whole.length(of: dimension) ?? own.count) - own.count)).map { count + $0 }
    }
    let single = (0..<all).map { $0 % electrodes }
    switch StandardDimension(rawValue: dimension)?.base {
    case .electrode: return single
    case .channel: return channels
    case .terminal: return followed(single, upTo: electrodes)
    case .reservoir: return followed(channels, upTo: electrodes * electrodes)
    default: return nil
    }
  }

  /// For every number of a variable its place in an array over the dimensions of the model; nil where `chosen` has none for an index.
  private func places(_ variable: ResultVariable, _ chosen: (String) -> [Int?]?) -> (places: [Int?], count: Int) {
    var (places, count) = ([0 as Int?], 1)
    for dimension in variable.dimensions {
      let length = whole.length(of: dimension) ?? 1
      let own = chosen(dimension) ?? (0..<length).map { $0 }
      let new = (own.compactMap { $0 }.max() ?? 0) + 1
      places = places.flatMap { place in own.map { index in place.flatMap { p in index.map { p * new + $0 } } } }
      count *= new
    }
    return (places, count)
  }

  private func summed(_ variable: ResultVariable) -> ResultVariable {
    let (places, count) = places(variable) { contraction(of: $0) }
    guard let errors = variable.errors else {
      // What is given, and the same in all channels or unknown.
      var shared = [Double?](repeating: nil, count: count)
      for (i, place) in places.enumerated() {
        guard let place else { continue }
        shared[place] = shared[place].map { $0 == variable.values[i] ? $0 : .nan } ?? variable.values[i]
      }
      return variable.over(variable.dimensions, values: shared.map { $0 ?? .nan }, errors: nil)
    }
    var (sums, bounds) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for (i, place) in places.enumerated() {
      guard let place else { continue }
      sums[place] += variable.values[i]
      bounds[place] += errors[i] + .ulpOfOne * abs(variable.values[i])
    }
    return variable.over(variable.dimensions, values: sums, errors: bounds)
  }

  /// What every channel contributes: numbers whose electrodes all have its spin.
  private func resolved(_ variable: ResultVariable) -> ResultVariable {
    let own = electrodes
    var (values, errors) = ([Double](), [Double]())
    for spin in spins.indices {
      let (places, count) = places(variable) { dimension in
        guard Self.electrodes.contains(dimension) else { return contraction(of: dimension) }
        return (0..<(own * spins.count)).map { $0 / own == spin ? $0 % own : nil }
      }
      var (part, bound) = ([Double](repeating: .nan, count: count), [Double](repeating: 0, count: count))
      for (i, place) in places.enumerated() {
        guard let place else { continue }
        part[place] = variable.values[i]
        bound[place] = variable.errors?[i] ?? 0
      }
      values += part
      errors += bound
    }
    var resolved = ResultVariable(
      name: variable.name + "_spin", dimensions: [Self.dimension] + variable.dimensions, values: values,
      errors: variable.errors == nil ? nil : errors, unit: variable.unit, longName: "by spin channel: \(variable.longName)",
      signConvention: variable.signConvention)
    (resolved.symbol, resolved.title) = (variable.symbol, variable.title.isEmpty ? "" : "\(variable.title) by spin")
    return resolved
  }
}
