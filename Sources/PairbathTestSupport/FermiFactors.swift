import RealModule

/// Occupations that neither cancel nor overflow, with T = 0 meaning a step, Theory.md section 2.
enum FermiFactors {
  /// (e - mu)/T; at T = 0 plus or minus infinity, and 0 exactly at the step.
  static func reduced(_ energy: Double, from mu: Double, temperature: Double) -> Double {
    let distance = energy - mu
    if distance == 0 { return 0 }
    return temperature > 0 ? distance / temperature : (distance > 0 ? .infinity : -.infinity)
  }

  /// f(x) = 1/(exp(x) + 1) to full relative accuracy for every x; the hole factor 1 - f(x) is `occupation(-x)`.
  static func occupation(_ x: Double) -> Double {
    if x <= 0 { return 1 / (1 + Double.exp(x)) }
    let t = Double.exp(-x)
    return t / (1 + t)
  }

  /// f(y) - f(x) without cancellation, given delta = y - x (used only when x and y are finite).
  static func difference(_ y: Double, minus x: Double, delta: Double) -> Double {
    let absorption = occupation(-x) * occupation(y)
    let emission = occupation(x) * occupation(-y)
    guard x.isFinite && y.isFinite else { return absorption - emission }
    // f(x)[1 - f(y)] = exp(y - x) f(y)[1 - f(x)].
    return delta <= 0 ? -absorption * Double.expMinusOne(delta) : emission * Double.expMinusOne(-delta)
  }

  /// n(w) = 1/(exp(w/T) - 1) for either sign of w; at T = 0 it is 0 or -1.
  static func bose(_ frequency: Double, temperature: Double) -> Double {
    guard temperature > 0 else { return frequency > 0 ? 0 : -1 }
    return 1 / Double.expMinusOne(frequency / temperature)
  }
}

/// The three state-dependent weights of a pair channel at one energy, [11:5], [11:7].
struct PairWeights {
  /// f_a(e) [1 - f_b(e - w)].
  let emission: Double
  /// [1 - f_a(e)] f_b(e - w).
  let absorption: Double
  /// f_b(e - w) - f_a(e).
  let pair: Double

  /// Weights for an electron at `energy` in a and at `energy` - `frequency` in b.
  init(energy: Double, frequency: Double, from a: Occupancy, to b: Occupancy) {
    let x = FermiFactors.reduced(energy, from: a.mu, temperature: a.temperature)
    let y = FermiFactors.reduced(energy - frequency, from: b.mu, temperature: b.temperature)
    emission = FermiFactors.occupation(x) * FermiFactors.occupation(-y)
    absorption = FermiFactors.occupation(-x) * FermiFactors.occupation(y)
    let equal = a.temperature == b.temperature && a.temperature > 0
    let delta = equal ? (a.mu - b.mu - frequency) / a.temperature : y - x
    pair = FermiFactors.difference(y, minus: x, delta: delta)
  }
}

/// Chemical potential and temperature of one electrode.
struct Occupancy {
  let mu: Double
  let temperature: Double
}
