import Quadrature
import RealModule
import SpecialFunctions

/// Integrals over one frequency panel with the weights 1 and w, and the interpolation error of the second and the first.
struct FrequencyIntegrals {
  var rate: Estimate
  var energy: Estimate
  var doubt: Double
  var rateDoubt: Double
}

/// Pair spectra of one channel and mode at the nodes of a frequency panel.
struct NodeSeries {
  var emission: [Double] = []
  var density: [Double] = []
  var emissionEnergy: [Double] = []
  var densityEnergy: [Double] = []
  var emissionError: [Double] = []
  var densityError: [Double] = []
  var emissionEnergyError: [Double] = []
  var densityEnergyError: [Double] = []

  init(_ nodes: [[ChannelIntegrals]], mode: Int) {
    emission = nodes.map { $0[mode].emission }
    density = nodes.map { $0[mode].density }
    emissionEnergy = nodes.map { $0[mode].emissionEnergy }
    densityEnergy = nodes.map { $0[mode].densityEnergy }
    emissionError = nodes.map { $0[mode].emissionError }
    densityError = nodes.map { $0[mode].densityError }
    emissionEnergyError = nodes.map { $0[mode].emissionEnergyError }
    densityEnergyError = nodes.map { $0[mode].densityEnergyError }
  }

  /// Bound of the interpolation error of values at the nodes: twice the last two Legendre coefficients.
  static func tail(_ values: [Double]) -> Double {
    let n = FrequencyWeights.order
    return values.withUnsafeBufferPointer { v in
      2
        * (abs(FrequencyWeights.rule.coefficient(n - 1, of: v.baseAddress!))
          + abs(FrequencyWeights.rule.coefficient(n - 2, of: v.baseAddress!)))
    }
  }
}

/// A mode and the temperature of a bath: what frequency weights depend on.
struct BathKey: Hashable {
  let mode: Int
  let temperature: Double
}

/// Weights of |D|^2 w/pi, |D|^2 w^2/pi, and the same times n(w/T), at the nodes of a panel.
struct BathWeights {
  private let weights: [Double]
  private let norms: [Double]

  init(_ panel: Panel, _ spectrum: ModeSpectrum, _ temperature: Double) {
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
  func integrate(_ values: [Double], _ errors: [Double], boseWeighted: Bool) -> FrequencyIntegrals {
    let first = boseWeighted ? 2 : 0
    return FrequencyWeights.contract(weights, norms, first, values, errors)
  }
}

extension FrequencyWeights {
  /// Contracts densities `first` (rate) and `first + 1` (energy) with values at the nodes.
  static func contract(
    _ weights: [Double], _ norms: [Double], _ first: Int, _ values: [Double], _ errors: [Double]
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
struct IsothermalStep {
  private let panel: Panel
  private let bias: Double
  private let temperature: Double

  /// nil when the channel is not isothermal or its kink is smooth on the panel.
  init?(_ panel: Panel, _ channel: ChannelState) {
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
  func emission(_ s: NodeSeries, spectrum: ModeSpectrum) -> (FrequencyIntegrals, FrequencyIntegrals)? {
    guard let (lambda, errors) = slopes(s.density, s.densityError),
      let (lambdaEnergy, energyErrors) = slopes(s.densityEnergy, s.densityEnergyError)
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
  func inducedEmission(_ s: NodeSeries, spectrum: ModeSpectrum, bathTemperature: Double) -> FrequencyIntegrals? {
    guard let (lambda, errors) = slopes(s.density, s.densityError) else { return nil }
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
  private func slopes(_ density: [Double], _ errors: [Double]) -> ([Double], [Double])? {
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
