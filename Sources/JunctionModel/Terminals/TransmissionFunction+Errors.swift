import RealModule

extension TransmissionFunction {
  /// tau at an energy with a bound of what the rounding of the numbers given (the energy, the parameters of the shape) and of the formula
  /// makes of it: every number read is known to half a unit in its last digit, and so is every product and quotient.
  ///
  /// An expression is evaluated at six neighbours as well, up to four units in the last digit away: its spread measures how the rounding
  /// inside grows. Cost: that of `value`, seven times for an expression.
  package func valueWithError(_ w: Double) -> (value: Double, error: Double) {
    let value = value(w)
    guard value.isFinite else { return (value, .infinity) }
    guard value != 0 else { return (0, errorAtZero(w)) }
    return (value, Self.unit * abs(value) + roundingError(w, value))
  }

  /// Half a unit in the last digit.
  private static let unit = 0.5 * Double.ulpOfOne

  private func roundingError(_ w: Double, _ value: Double) -> Double {
    let u = Self.unit
    switch shape {
    case .constant: return 0
    case .lorentzian(let energy, let width, _):
      // 1/(1 + x^2) - 1/(1 + (x + d)^2) = (2 x d + d^2)/((1 + x^2) (1 + (x + d)^2)).
      let x = abs(2 * (w - energy) / width)
      let d = 2 * u * (abs(w) + abs(energy)) / width + 3 * u * x
      let nearest = max(x - d, 0)
      return abs(value) * ((2 * x * d + d * d) / (1 + nearest * nearest) + 4 * u)
    case .power(_, let exponent, _, let cutoff):
      return abs(value) * u * (5 + 3 * exponent + (cutoff.map { 3 * w / $0 } ?? 0))
    case .table(let energies, let values):
      let low = Self.interval(energies, of: w)
      let (step, rise) = (energies[low + 1] - energies[low], abs(values[low + 1] - values[low]))
      let place = u * (abs(w) + abs(energies[low]) + abs(energies[low + 1]))
      return rise * min(2 * place / step, 1) + 4 * u * max(abs(values[low]), abs(values[low + 1]))
    case .expression: return spread(w, value)
    }
  }

  /// A zero of a formula may be the rounding of something else; that of a support or a table is exact.
  private func errorAtZero(_ w: Double) -> Double {
    guard case .expression = shape, w >= support.lower, w <= support.upper else { return 0 }
    return spread(w, 0)
  }

  /// Largest difference to the values at neighbouring numbers on the support.
  private func spread(_ w: Double, _ value: Double) -> Double {
    let (lower, upper) = support
    var largest = 0.0
    for step in [-4.0, -2, -1, 1, 2, 4] {
      let neighbour = w + step * w.ulp
      guard neighbour >= lower, neighbour <= upper else { continue }
      let difference = abs(self.value(neighbour) - value)
      if difference.isFinite { largest = max(largest, difference) }
    }
    return largest
  }
}

extension Terminals {
  /// tau from one bath to another at an energy with a bound of its rounding, `TransmissionFunction.valueWithError`.
  package func transmissionWithError(from: Int, to: Int, at w: Double) -> (value: Double, error: Double) {
    if particles == .bosons && w < 0 { return (0, 0) }
    return function(from: from, to: to).map { functions[$0].valueWithError(w) } ?? (0, 0)
  }
}
