import TransportResults

/// Sums over some dimensions of a variable.
struct AverageLayout {
  private let variable: ResultVariable
  private let names: [String]
  let kept: [String]
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

  /// The means and their errors.
  var mean: (values: [Double], errors: [Double]) {
    let (values, errors, total) = (variable.values, variable.errors ?? [], sums { $0 })
    var (mean, error) = (zeros, zeros)
    // What has no weight has no part in the average, whether it is a number or not.
    for (i, place) in places.enumerated() where weights[i] > 0 {
      mean[place] += weights[i] * values[i]
      error[place] += weights[i] * (errors[i] + rounding * abs(values[i]))
    }
    for place in 0..<count { (mean[place], error[place]) = (mean[place] / total[place], error[place] / total[place]) }
    return (mean, error)
  }

  /// A product, the additions and a division: half a unit each at most.
  private var rounding: Double { 0.5 * .ulpOfOne * Double(places.count / max(count, 1) + 2) }

  private func sums(_ term: (Double) -> Double) -> [Double] {
    var sums = zeros
    for (i, place) in places.enumerated() { sums[place] += term(weights[i]) }
    return sums
  }

  /// The first of the numbers that become one, NaN where one of them is.
  var shared: [Double] {
    var found = [Double?](repeating: nil, count: count)
    for (i, place) in places.enumerated() {
      if found[place] == nil || variable.values[i].isNaN { found[place] = variable.values[i] }
    }
    return found.map { $0 ?? .nan }
  }

  /// Mean, standard deviation and standard error.
  var variables: [ResultVariable] {
    let (values, errors) = (variable.values, variable.errors ?? [])
    let (w1, w2) = (sums { $0 }, sums { $0 * $0 })
    let (mean, meanError) = mean
    var (square, squareError) = (zeros, zeros)
    for (i, place) in places.enumerated() where weights[i] > 0 {
      let (deviation, error) = (values[i] - mean[place], errors[i] + rounding * abs(values[i]))
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
