import BosonPropagators
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// Moments over one frequency panel: int g(w) S(w) w^m dw, m = 0 ... order, of pair spectra S known at the nodes and of densities g
/// that may be far sharper than the panel: a mode's spectral function with the occupations of a bath; Theory.md section 3.
///
/// S is interpolated, g is integrated against the interpolant (`FrequencyWeights`). Order 1 serves currents, order 2 linear
/// response, order 4 noise and cumulants. Independent of the electrons' state. Cost: some 10^4 flops per subinterval.
package struct FrequencyMoments {
  /// What multiplies the spectra.
  package enum Density: Int {
    /// |D|^2 w/pi, or the only one there is.
    case spontaneous
    /// |D|^2 w n(w/T)/pi.
    case stimulated
  }

  private let powers: Int
  /// [(density * powers + m) * nodes + node].
  private let weights: [Double]
  /// int |g| w^m dw, [density * powers + m].
  private let norms: [Double]

  /// The mode's spectral function, alone and with the occupation of a bath at `temperature` (nil: alone); with a kink both times
  /// (w - mu_ab) n((w - mu_ab)/T_ab).
  package init(order: Int, _ panel: Panel, _ spectrum: ModeSpectrum, temperature: Double?, kink: IsothermalKink? = nil) {
    let powers = order + 1
    self.powers = powers
    var features = spectrum.poles
    if let kink { features.append(kink.feature) }
    if let temperature, temperature > 0 { features.append(KinkRule.boseStep(at: 0, temperature: temperature)) }
    (weights, norms) = FrequencyWeights.integrate(
      panel: panel, features: features, densities: (temperature == nil ? 1 : 2) * powers
    ) { w, out in
      var weight = spectrum.weight(w)
      if let kink { weight *= kink.occupation(w) }
      Self.fill(weight * w, powers: powers, w, out)
      guard let temperature else { return }
      let bose = BoseFunction.occupationTimesFrequency(w, temperature: temperature)
      Self.fill(weight * bose, powers: powers, w, out + powers)
    }
  }

  /// The density of linear response at temperature T > 0: (|D|^2/pi) w^2 n (1 + n), up to the second power.
  package init(responseOf spectrum: ModeSpectrum, _ panel: Panel, temperature t: Double) {
    powers = 3
    (weights, norms) = FrequencyWeights.integrate(
      panel: panel, features: spectrum.poles + [KinkRule.boseStep(at: 0, temperature: t)], densities: 3
    ) { w, out in Self.fill(spectrum.weight(w) * BoseResponse.value(w, temperature: t), powers: 3, w, out) }
  }

  /// first, first w, first w^2, ...
  @inline(__always)
  private static func fill(_ first: Double, powers: Int, _ w: Double, _ out: UnsafeMutablePointer<Double>) {
    var d = first
    for m in 0..<powers {
      out[m] = d
      d *= w
    }
  }

  /// The powers 0 and 1 of a row of spectra: what every panel of every state asks for.
  @inline(__always)
  package func currents(_ series: borrowing NodeSeries, _ row: NodeSeries.Row, _ density: Density) -> FrequencyIntegrals {
    series.with(row) { currents($0, errors: $1, density) }
  }

  /// The same of values at the nodes with their errors.
  package func currents(
    _ values: UnsafePointer<Double>, errors: UnsafePointer<Double>, _ density: Density
  ) -> FrequencyIntegrals {
    let (n, first) = (FrequencyWeights.order, density.rawValue * powers)
    var (rate, energy, rateError, energyError) = (0.0, 0.0, 0.0, 0.0)
    for j in 0..<n {
      rate += weights[first * n + j] * values[j]
      energy += weights[(first + 1) * n + j] * values[j]
      rateError += abs(weights[first * n + j]) * errors[j]
      energyError += abs(weights[(first + 1) * n + j]) * errors[j]
    }
    let tail = NodeSeries.tail(values)
    let (rateDoubt, doubt) = (tail * norms[first], tail * norms[first + 1])
    return FrequencyIntegrals(
      rate: Estimate(rate, error: rateError + rateDoubt), energy: Estimate(energy, error: energyError + doubt), doubt: doubt,
      rateDoubt: rateDoubt)
  }

  /// Moment w^m of the electrons' moment k, and the part of its error that smaller panels would remove.
  package func integrate(
    _ series: MomentSeries, electron k: Int, boson m: Int, _ density: Density = .spontaneous
  ) -> (moment: Estimate, doubt: Double) {
    let (n, row) = (FrequencyWeights.order, density.rawValue * powers + m)
    var (value, error, peak) = (0.0, 0.0, 0.0)
    for j in 0..<n {
      let w = weights[row * n + j]
      value += w * series.values[k][j]
      error += abs(w) * (series.errors[k][j] + 1e-15 * abs(series.values[k][j]))
      peak = max(peak, abs(series.values[k][j]))
    }
    // The subintervals with rho = 2.5 leave 2e-13.
    error += 2e-13 * peak * norms[row]
    let doubt = series.tails[k] * norms[row]
    return (Estimate(value, error: error + doubt), doubt)
  }
}

/// Integrals over one frequency panel with the weights 1 and w, and the interpolation error of the second and the first.
package struct FrequencyIntegrals {
  package var rate: Estimate
  package var energy: Estimate
  package var doubt: Double
  package var rateDoubt: Double
}

/// A mode and the temperature of a bath: what frequency weights depend on.
package struct BathKey: Hashable {
  package let mode: Int
  package let temperature: Double
}

/// w^2 n (1 + n) at temperature T > 0, T^2 at w = 0.
package enum BoseResponse {
  package static func value(_ w: Double, temperature t: Double) -> Double {
    let x = BoseFunction.occupationTimesFrequency(w, temperature: t)
    return x * x * Double.exp(min(w / t, 700))
  }

  /// The same with what rounding makes of it: as many units in the last digit as the exponential's argument is long, and one for each
  /// of the eight operations.
  package static func estimate(_ w: Double, temperature t: Double) -> Estimate {
    let value = value(w, temperature: t)
    return Estimate(value, error: (4 + 2 * w / t) * .ulpOfOne * value)
  }
}
