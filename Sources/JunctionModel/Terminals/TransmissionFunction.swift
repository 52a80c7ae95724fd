import RealModule

/// A transmission tau(w) >= 0 given by the user, on part of the energy axis; Theory.md section 11.
///
/// Energies are internal units. Outside the support `from` ... `to` the transmission is zero.
package struct TransmissionFunction: Sendable {
  /// The forms of tau(w) on its support.
  package enum Shape: Sendable {
    /// tau = height; on a support with two ends, a box.
    case constant(height: Double)
    /// tau = height (g/2)^2/((w - energy)^2 + (g/2)^2) with the full width g at half maximum.
    case lorentzian(energy: Double, width: Double, height: Double)
    /// tau = height (w/energy)^exponent exp(-w/cutoff), w >= 0; without the exponential when `cutoff` is nil.
    case power(energy: Double, exponent: Double, height: Double, cutoff: Double?)
    /// Straight lines between (energies, values), ascending.
    case table(energies: [Double], values: [Double])
    /// Any function, smooth between the breakpoints; `text` is what the user wrote. It is called from several threads.
    case expression(text: String, breakpoints: [Double], value: @Sendable (Double) -> Double)
  }

  /// tau on its support.
  package let shape: Shape
  /// The lower end of the support; nil for none.
  package let from: Double?
  /// The upper end of the support; nil for none.
  package let to: Double?

  /// A transmission on a support; `nil` ends are infinite (bosons: the lower end is 0).
  package init(_ shape: Shape, from: Double? = nil, to: Double? = nil) {
    self.shape = shape
    self.from = from
    self.to = to
  }

  /// tau at an energy on the closed support, where the shape's formula holds; 0 outside.
  package func value(_ w: Double) -> Double {
    if let from, w < from { return 0 }
    if let to, w > to { return 0 }
    switch shape {
    case .constant(let height): return height
    case .lorentzian(let energy, let width, let height):
      let x = 2 * (w - energy) / width
      return height / (1 + x * x)
    case .power(let energy, let exponent, let height, let cutoff):
      guard w > 0 else { return w == 0 && exponent == 0 ? height : 0 }
      return height * Double.pow(w / energy, exponent) * (cutoff.map { Double.exp(-w / $0) } ?? 1)
    case .table(let energies, let values): return Self.interpolate(energies, values, at: w)
    case .expression(_, _, let value): return value(w)
    }
  }

  /// The support, the ends of a table included.
  package var support: (lower: Double, upper: Double) {
    var (lower, upper) = (from ?? -.infinity, to ?? .infinity)
    if case .table(let energies, _) = shape, let first = energies.first, let last = energies.last {
      (lower, upper) = (max(lower, first), min(upper, last))
    }
    if case .power = shape { lower = max(lower, 0) }
    return (lower, upper)
  }

  /// Energies inside the support where tau has a kink.
  package var breakpoints: [Double] {
    switch shape {
    case .table(let energies, _): return energies
    case .expression(_, let breakpoints, _): return breakpoints
    default: return []
    }
  }

  /// The number of the piece of a table, inside, that an energy lies on.
  static func interval(_ x: [Double], of w: Double) -> Int {
    var (low, high) = (0, x.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= w { low = middle } else { high = middle }
    }
    return low
  }

  private static func interpolate(_ x: [Double], _ y: [Double], at w: Double) -> Double {
    guard let first = x.first, let last = x.last, w >= first, w <= last else { return 0 }
    let low = interval(x, of: w)
    let t = (w - x[low]) / (x[low + 1] - x[low])
    return y[low] * (1 - t) + y[low + 1] * t
  }
}
