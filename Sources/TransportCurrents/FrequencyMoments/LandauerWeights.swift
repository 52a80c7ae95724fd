import BosonPropagators
import ElectronSpectra
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// Integrals over one frequency panel with the weights 1 and w, and the interpolation error of the second and the first.
package struct FrequencyIntegrals {
  package var rate: Estimate
  package var energy: Estimate
  package var doubt: Double
  package var rateDoubt: Double
}

/// Pair spectra of one channel and mode at the nodes of a frequency panel, one row of numbers for each kind; reused from panel to panel.
package struct NodeSeries {
  package enum Row: Int {
    case emission, density, emissionEnergy, densityEnergy

    package var errors: Int { rawValue + 4 }
  }

  /// [row * order + node], the errors' rows behind the values'.
  private var numbers = [Double](repeating: 0, count: 8 * FrequencyWeights.order)

  /// Stores the integrals at a node.
  @inline(__always)
  package mutating func set(_ node: Int, _ r: ChannelIntegrals) {
    let n = FrequencyWeights.order
    numbers.withUnsafeMutableBufferPointer { x in
      x[node] = r.emission
      x[n + node] = r.density
      x[2 * n + node] = r.emissionEnergy
      x[3 * n + node] = r.densityEnergy
      x[4 * n + node] = r.emissionError
      x[5 * n + node] = r.densityError
      x[6 * n + node] = r.emissionEnergyError
      x[7 * n + node] = r.densityEnergyError
    }
  }

  /// Values and error bounds of a row.
  @inline(__always)
  package func with<Result>(_ row: Row, _ body: (UnsafePointer<Double>, UnsafePointer<Double>) -> Result) -> Result {
    numbers.withUnsafeBufferPointer { x in
      body(x.baseAddress! + row.rawValue * FrequencyWeights.order, x.baseAddress! + row.errors * FrequencyWeights.order)
    }
  }

  /// Bound of the interpolation error of values at the nodes: twice the last two Legendre coefficients.
  @inline(__always)
  package static func tail(_ values: UnsafePointer<Double>) -> Double {
    FrequencyWeights.rule.interpolationError(of: values)
  }
}

/// A mode and the temperature of a bath: what frequency weights depend on.
package struct BathKey: Hashable {
  package let mode: Int
  package let temperature: Double
}

/// Weights of |D|^2 w/pi, |D|^2 w^2/pi, and the same times n(w/T), at the nodes of a panel.
package struct BathWeights {
  private let weights: [Double]
  private let norms: [Double]

  package init(_ panel: Panel, _ spectrum: ModeSpectrum, _ temperature: Double) {
    var features = spectrum.poles
    if temperature > 0 { features.append((0, 2 * Double.pi * temperature)) }
    (weights, norms) = FrequencyWeights.integrate(panel: panel, features: features, densities: 4) { w, out in
      let d = spectrum.weight(w)
      let bose = BoseFunction.occupationTimesFrequency(w, temperature: temperature)
      out[0] = d * w
      out[1] = d * w * w
      out[2] = d * bose
      out[3] = d * bose * w
    }
  }

  /// Integrals of the interpolant through values at the nodes.
  package func integrate(_ series: borrowing NodeSeries, _ row: NodeSeries.Row, boseWeighted: Bool) -> FrequencyIntegrals {
    series.with(row) { FrequencyWeights.contract(weights, norms, boseWeighted ? 2 : 0, $0, $1) }
  }
}

extension FrequencyWeights {
  /// Contracts densities `first` (rate) and `first + 1` (energy) with values at the nodes.
  package static func contract(
    _ weights: [Double], _ norms: [Double], _ first: Int, _ values: UnsafePointer<Double>, _ errors: UnsafePointer<Double>
  ) -> FrequencyIntegrals {
    var (rate, energy, rateError, energyError) = (0.0, 0.0, 0.0, 0.0)
    for j in 0..<order {
      rate += weights[first * order + j] * values[j]
      energy += weights[(first + 1) * order + j] * values[j]
      rateError += abs(weights[first * order + j]) * errors[j]
      energyError += abs(weights[(first + 1) * order + j]) * errors[j]
    }
    let tail = NodeSeries.tail(values)
    let doubt = tail * norms[first + 1]
    return FrequencyIntegrals(
      rate: Estimate(rate, error: rateError + tail * norms[first]), energy: Estimate(energy, error: energyError + doubt),
      doubt: doubt, rateDoubt: tail * norms[first])
  }
}

/// The emission of an isothermal channel near w = mu_ab, where E = n((w - mu_ab)/T) L has a kink of width T.
///
/// With L = (w - mu_ab) Lambda the density (w - mu_ab) n is finite for every T, T = 0 included, and Lambda is smooth.
package struct IsothermalStep {
  private let panel: Panel
  private let bias: Double
  private let temperature: Double

  /// nil when the channel is not isothermal or its kink is smooth on the panel.
  package init?(_ panel: Panel, _ channel: ChannelState) {
    guard channel.isIsothermal else { return nil }
    let bias = channel.initialPotential - channel.finalPotential
    let temperature = channel.initialTemperature
    // A kink at the panel's end or just outside counts: E vanishes there, where the mode's peak may magnify its error.
    if panel.resolves(position: bias, width: 2 * Double.pi * temperature, rho: 4) { return nil }
    self.panel = panel
    self.bias = bias
    self.temperature = temperature
  }

  /// Emission integrals (particles, electron energy) from the pair density at the nodes; nil when a node hits the kink.
  package func emission(_ s: borrowing NodeSeries, spectrum: ModeSpectrum) -> (FrequencyIntegrals, FrequencyIntegrals)? {
    guard let (lambda, errors) = slopes(s, .density),
      let (lambdaEnergy, energyErrors) = slopes(s, .densityEnergy)
    else { return nil }
    var features = spectrum.poles
    features.append((bias, 2 * Double.pi * temperature))
    let (weights, norms) = FrequencyWeights.integrate(panel: panel, features: features, densities: 2) { w, out in
      let kink = BoseFunction.occupationTimesFrequency(w - bias, temperature: temperature)
      let d = spectrum.weight(w) * kink
      out[0] = d * w
      out[1] = d * w * w
    }
    return (
      FrequencyWeights.contract(weights, norms, 0, lambda, errors),
      FrequencyWeights.contract(weights, norms, 0, lambdaEnergy, energyErrors)
    )
  }

  /// Emission integrals with the factor n(w/T_p) of a bath; nil when a node hits the kink.
  package func inducedEmission(_ s: borrowing NodeSeries, spectrum: ModeSpectrum, bathTemperature: Double) -> FrequencyIntegrals?
  {
    guard let (lambda, errors) = slopes(s, .density) else { return nil }
    var features = spectrum.poles
    features.append((bias, 2 * Double.pi * temperature))
    if bathTemperature > 0 { features.append((0, 2 * Double.pi * bathTemperature)) }
    let (weights, norms) = FrequencyWeights.integrate(panel: panel, features: features, densities: 2) { w, out in
      let kink = BoseFunction.occupationTimesFrequency(w - bias, temperature: temperature)
      let bose = BoseFunction.occupationTimesFrequency(w, temperature: bathTemperature)
      out[0] = spectrum.weight(w) * kink * bose
      out[1] = out[0] * w
    }
    return FrequencyWeights.contract(weights, norms, 0, lambda, errors)
  }

  /// L/(w - mu_ab) at the nodes with its errors; nil when a node hits the kink.
  private func slopes(_ series: borrowing NodeSeries, _ row: NodeSeries.Row) -> ([Double], [Double])? {
    series.with(row) { density, errors in
      var (values, bounds) = ([Double](), [Double]())
      for (j, x) in FrequencyWeights.rule.nodes.enumerated() {
        let distance = panel.position(x).0 - bias
        guard abs(distance) > 1e-12 * panel.length else { return nil }
        values.append(density[j] / distance)
        bounds.append(errors[j] / abs(distance))
      }
      return (values, bounds)
    }
  }
}
