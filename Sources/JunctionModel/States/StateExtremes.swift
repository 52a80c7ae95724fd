/// Lowest and highest chemical potential and highest temperatures of every state: what windows of energy are made of.
package struct StateExtremes {
  /// min_a mu_a and max_a mu_a by state, model's energies.
  package private(set) var lowest: [Double]
  package private(set) var highest: [Double]
  /// max_a T_a by state.
  package private(set) var hottest: [Double]
  /// max over electrodes and boson baths by state.
  package private(set) var hottestBath: [Double]

  /// Cost: one pass over every column.
  package init(_ points: OperatingPoints) {
    let count = points.count
    lowest = [Double](repeating: .infinity, count: count)
    highest = [Double](repeating: -.infinity, count: count)
    hottest = [Double](repeating: 0, count: count)
    for column in points.chemicalPotentials {
      for i in 0..<count {
        lowest[i] = min(lowest[i], column[i])
        highest[i] = max(highest[i], column[i])
      }
    }
    for column in points.temperatures {
      for i in 0..<count { hottest[i] = max(hottest[i], column[i]) }
    }
    hottestBath = hottest
    for column in points.bathTemperatures {
      for i in 0..<count { hottestBath[i] = max(hottestBath[i], column[i]) }
    }
  }

  /// From the lowest mu - reach T to the highest mu + reach T over all states, measured from `reference`; 0...0 without states.
  package func window(reference: Double, reach: Double) -> ClosedRange<Double> {
    var (low, high) = (Double.infinity, -Double.infinity)
    for i in lowest.indices where lowest[i] <= highest[i] {
      low = min(low, (lowest[i] - reference) - reach * hottest[i])
      high = max(high, (highest[i] - reference) + reach * hottest[i])
    }
    return low > high ? 0...0 : low...high
  }
}
