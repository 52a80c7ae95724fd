import JunctionModel
import TransportResults

/// A computation whose results get averages over sweep variables: snapshots, for example.
package struct AveragedComputation<Base: Computation>: Computation {
  private let base: Base
  /// Names of the variables.
  private let names: [String]

  package init(_ base: Base, over names: [String]) { (self.base, self.names) = (base, names) }

  package var title: String { base.title }
  package var axes: [SweepAxis] { base.axes }
  package var tolerance: Double { base.tolerance }
  package var emptyResult: TransportResult { base.emptyResult }
  package var timing: SweepPlan.Timing { base.timing }
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan { try base.plan(for: runner) }
  package func reservations(about result: TransportResult) -> [String] { base.reservations(about: result) }

  package func thinned(to states: Int) -> AveragedComputation? {
    base.thinned(to: states).map { AveragedComputation($0, over: names) }
  }

  /// Throws `.unsuitableModel` for what is no sweep variable, or has one value only.
  package func check(for runner: SweepRunner) throws(SolverError) {
    try base.check(for: runner)
    for name in names where !axes.contains(where: { $0.name == name }) {
      throw SolverError(
        .unsuitableModel, at: .averages,
        "an average over '\(name)', which is no sweep variable; allowed: "
          + (axes.isEmpty ? "none, because nothing is swept" : axes.map(\.name).joined(separator: ", ")),
        hint: "Name sweep variables, or leave the key out")
    }
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = base.description(number)
    let row = ("averages", "mean, standard deviation and standard error over \(names.joined(separator: ", "))")
    return ComputationDescription(parts: words.parts, wanted: words.wanted + [row])
  }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    var outcome = try base.outcome(work)
    outcome.result.addAverages(over: names)
    return outcome
  }
}

extension Computation {
  /// The same computation with averages over some sweep variables.
  package func averaged(over names: [String]) -> any Computation { AveragedComputation(self, over: names) }

  /// The same computation with its averages over a sweep variable in place of its numbers.
  package func averagedOut(_ name: String) -> any Computation { AveragedOutComputation(self, over: name) }
}

extension TransportResult {
  /// X_mean, X_standard_deviation and X_standard_error of every computed number X over some of the axes it has, with the weights of the
  /// axes: m = sum w x / W, s^2 = sum w (x - m)^2 / (W - W2/W), and s sqrt(W2)/W, where W = sum w and W2 = sum w^2. NaN where any of the
  /// numbers is. Errors are bounds from those of the numbers: sum w e / W, and the weighted root mean square of e.
  mutating func addAverages(over names: [String]) {
    for variable in variables where variable.errors != nil {
      let averaged = variable.dimensions.filter { name in names.contains(name) && axes.contains { $0.name == name } }
      guard !averaged.isEmpty else { continue }
      variables += AverageLayout(variable, averaged, self).variables
    }
  }
}

/// Sums over some dimensions of a variable.
private struct AverageLayout {
  private let variable: ResultVariable
  private let names: [String]
  private let kept: [String]
  /// For every number its place among the averages, and its weight.
  private let places: [Int]
  private let weights: [Double]
  private let count: Int

  init(_ variable: ResultVariable, _ names: [String], _ result: TransportResult) {
    (self.variable, self.names) = (variable, names)
    kept = variable.dimensions.filter { !names.contains($0) }
    var places = [0]
    var weights = [1.0]
    for dimension in variable.dimensions {
      let length = result.length(of: dimension) ?? 1
      if names.contains(dimension) {
        let own = result.axes.first { $0.name == dimension }?.weights ?? [Double](repeating: 1, count: length)
        places = places.flatMap { [Int](repeating: $0, count: length) }
        weights = weights.flatMap { weight in own.map { weight * $0 } }
      } else {
        places = places.flatMap { place in (0..<length).map { place * length + $0 } }
        weights = weights.flatMap { [Double](repeating: $0, count: length) }
      }
    }
    (self.places, self.weights) = (places, weights)
    count = kept.reduce(1) { $0 * (result.length(of: $1) ?? 1) }
  }

  var variables: [ResultVariable] {
    let (values, errors) = (variable.values, variable.errors ?? [])
    var (w1, w2, mean, meanError) = (zeros, zeros, zeros, zeros)
    for (i, place) in places.enumerated() {
      w1[place] += weights[i]
      w2[place] += weights[i] * weights[i]
      // What has no weight has no part in the average, whether it is a number or not.
      guard weights[i] > 0 else { continue }
      mean[place] += weights[i] * values[i]
      meanError[place] += weights[i] * (errors[i] + 4e-16 * abs(values[i]))
    }
    for place in 0..<count { (mean[place], meanError[place]) = (mean[place] / w1[place], meanError[place] / w1[place]) }
    var (square, squareError) = (zeros, zeros)
    for (i, place) in places.enumerated() where weights[i] > 0 {
      let (deviation, error) = (values[i] - mean[place], errors[i] + 4e-16 * abs(values[i]))
      square[place] += weights[i] * deviation * deviation
      squareError[place] += weights[i] * error * error
    }
    var (spread, spreadError, standard, standardError) = (zeros, zeros, zeros, zeros)
    for place in 0..<count {
      // NaN for a single value, whose spread nobody knows.
      let freedom = w1[place] - w2[place] / w1[place]
      spread[place] = freedom > 1e-14 * w1[place] ? (square[place] / freedom).squareRoot() : .nan
      spreadError[place] = freedom > 1e-14 * w1[place] ? (squareError[place] / freedom).squareRoot() : .nan
      let factor = w2[place].squareRoot() / w1[place]
      (standard[place], standardError[place]) = (factor * spread[place], factor * spreadError[place])
    }
    return [
      made("mean", "Mean", mean, meanError), made("standard_deviation", "Standard deviation", spread, spreadError),
      made("standard_error", "Standard error of the mean", standard, standardError),
    ]
  }

  private var zeros: [Double] { [Double](repeating: 0, count: count) }

  private func made(_ suffix: String, _ words: String, _ values: [Double], _ errors: [Double]) -> ResultVariable {
    var made = ResultVariable(
      name: variable.name + "_" + suffix, dimensions: kept, values: values, errors: errors, unit: variable.unit,
      longName: "\(words.lowercased()) over \(names.joined(separator: ", ")) of: \(variable.longName)",
      signConvention: variable.signConvention)
    made.title = variable.title.isEmpty ? "" : "\(words) of \(variable.title.prefix(1).lowercased() + variable.title.dropFirst())"
    return made
  }
}
