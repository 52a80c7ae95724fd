import BosonPropagators
import ElectronSpectra
import Quadrature
import RealModule
import SpecialFunctions

/// The emission of an isothermal channel near w = mu_ab, where E = n((w - mu_ab)/T) L has a kink of width T.
///
/// With L = (w - mu_ab) Lambda the density (w - mu_ab) n is finite for every T, T = 0 included, and Lambda is smooth.
package struct IsothermalKink {
  private let bias: Double
  private let temperature: Double
  private let panel: Panel

  /// nil when the channel is not isothermal or its kink is smooth on the panel. A kink at the panel's end or just outside counts: E
  /// vanishes there, where the mode's peak may magnify its error.
  package init?(_ panel: Panel, _ channel: ChannelState) {
    guard channel.isIsothermal else { return nil }
    bias = channel.initialPotential - channel.finalPotential
    temperature = channel.initialTemperature
    self.panel = panel
    if panel.resolves(position: feature.position, width: feature.width, rho: 4) { return nil }
  }

  /// Where (w - mu_ab) n varies fast.
  package var feature: PanelFeature { KinkRule.boseStep(at: bias, temperature: temperature) }

  /// (w - mu_ab) n((w - mu_ab)/T).
  @inline(__always)
  package func occupation(_ w: Double) -> Double {
    BoseFunction.occupationTimesFrequency(w - bias, temperature: temperature)
  }

  /// w - mu_ab at the nodes; nil when a node hits the kink.
  private var distances: [Double]? {
    var result: [Double] = []
    for x in FrequencyWeights.rule.nodes {
      let distance = panel.position(x).0 - bias
      guard abs(distance) > 1e-12 * panel.length else { return nil }
      result.append(distance)
    }
    return result
  }

  /// Lambda at the nodes with its errors, for the moments of every power; nil when a node hits the kink.
  package func reduced<Lanes: SIMD<Double>>(_ density: [WeightedSums<Lanes>]) -> [WeightedSums<Lanes>]? {
    distances.map { zip($0, density).map { (1 / $0) * $1 } }
  }

  /// Emission integrals (particles, electron energy) from the pair density at the nodes; nil when a node hits the kink.
  package func emission(_ series: borrowing NodeSeries, spectrum: ModeSpectrum) -> (FrequencyIntegrals, FrequencyIntegrals)? {
    guard let distances else { return nil }
    let moments = FrequencyMoments(order: 1, panel, spectrum, temperature: nil, kink: self)
    return (
      integral(series, .density, distances, moments, density: .spontaneous),
      integral(series, .densityEnergy, distances, moments, density: .spontaneous)
    )
  }

  /// Emission integrals with the factor n(w/T_p) of a bath; nil when a node hits the kink.
  package func inducedEmission(_ series: borrowing NodeSeries, spectrum: ModeSpectrum, bathTemperature: Double)
    -> FrequencyIntegrals?
  {
    guard let distances else { return nil }
    let moments = FrequencyMoments(order: 1, panel, spectrum, temperature: bathTemperature, kink: self)
    return integral(series, .density, distances, moments, density: .stimulated)
  }

  private func integral(
    _ series: borrowing NodeSeries, _ row: NodeSeries.Row, _ distances: [Double], _ moments: FrequencyMoments,
    density: FrequencyMoments.Density
  ) -> FrequencyIntegrals {
    series.with(row) { values, errors in
      let lambda = distances.indices.map { values[$0] / distances[$0] }
      let bounds = distances.indices.map { errors[$0] / abs(distances[$0]) }
      return moments.currents(lambda, errors: bounds, density)
    }
  }
}
