import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import SpecialFunctions
import TransportResults

/// Fluctuations of the inelastic processes with modes broadened by their own Ohmic baths (level `landauer`), and of the
/// heat between the baths; Theory.md section "Fluctuations". Same frequency panels as `LandauerSolver`.
package final class LandauerFluctuations {
  private let solver: LandauerSolver
  private let integrator = MomentIntegrator()
  private static let panelLimit = 3000
  private static let powers = EventMoments.powers

  /// One worker's buffers.
  package init(_ solver: LandauerSolver) { self.solver = solver }

  private struct Event {
    let from: Int
    let to: Int
    let bath: Int
    let mode: Int
    var moments: EventMoments
  }

  private struct Contribution: WatchedContribution {
    let panel: Panel
    var events: [Event] = []
    /// Interpolation error and gross value of the moments 1, w^2, w^4, (e - mu_a)^2, (e - mu_a)^4.
    var doubts = SIMD8<Double>()
    var sizes = SIMD8<Double>()
  }

  private static let judged: [(k: Int, m: Int)] = [(0, 0), (0, 2), (0, 4), (2, 0), (4, 0)]

  /// Adds the cumulants of a state. Throws when kernels cannot be computed.
  package func evaluate(_ state: OperatingState, into result: inout StateFluctuations) throws(SolverError) {
    let (tolerance, electrodes) = (solver.tolerance, result.electrodes)
    var refinement = PanelRefinement<Contribution>(limit: Self.panelLimit)
    for panel in solver.mesh.firstPanels { refinement.parts.append(try contribution(panel, state, electrodes)) }
    _ = try refinement.refine(to: RefinementRule(tolerance: tolerance)) { whole throws(SolverError) in
      guard let (left, right) = whole.panel.bisected else { return nil }
      return (try contribution(left, state, electrodes), try contribution(right, state, electrodes))
    }
    try SolverError.checkInterruption("integrating over frequencies")
    for event in refinement.parts.flatMap(\.events) {
      result.add(event.moments, from: event.from, to: event.to, bath: event.bath, state: state)
      result.emissionRates[event.mode] += event.moments.forward[0]
      result.absorptionRates[event.mode] += event.moments.backward[0]
    }
    for (spectrum, damping) in zip(solver.spectra, solver.dampings) {
      BosonExchange.addBroadened(
        spectrum, baths: damping.baths, frictions: damping.frictions, state: state, tolerance: tolerance, to: &result)
    }
  }

  private func contribution(_ panel: Panel, _ state: OperatingState, _ electrodes: Int) throws(SolverError) -> Contribution {
    var result = Contribution(panel: panel)
    let kernels = try solver.mesh.kernels(of: panel)
    var weights: [BathKey: MomentFrequencyWeights] = [:]
    for a in 0..<electrodes {
      for b in 0..<electrodes where !kernels.allSatisfy({ $0.vanishing[a * electrodes + b] }) {
        let nodes = kernels.map { integrator.integrate($0, from: a, to: b, electrodes: electrodes, point: state) }
        let channel = state.channel(from: a, to: b, frequency: 0)
        let kink = FrequencyKink(panel, channel)
        for mode in solver.spectra.indices {
          let spectrum = solver.spectra[mode]
          let (baths, frictions) = (solver.dampings[mode].baths, solver.dampings[mode].frictions)
          for (p, friction) in zip(baths, frictions) where friction > 0 {
            let temperature = state.bathTemperatures[p]
            let key = BathKey(mode: mode, temperature: temperature)
            let plain = weights[key] ?? MomentFrequencyWeights(panel, spectrum, temperature, kink: nil)
            weights[key] = plain
            var event = Event(from: a, to: b, bath: p, mode: mode, moments: EventMoments())
            if let kink, let series = kink.reduced(nodes.map { $0[mode] }) {
              // f_a(1 - f_b) has a kink at w = mu_ab: emission = (w - mu_ab) n x Lambda, absorption = emission + density.
              let kinked = MomentFrequencyWeights(panel, spectrum, temperature, kink: kink)
              add(kinked, series, friction, forward: true, backward: true, to: &event, &result)
              add(
                plain, FrequencySeries(nodes.map { ($0[mode].density, $0[mode].densityError) }), friction,
                forward: false, backward: true, to: &event, &result)
            } else {
              add(
                plain, FrequencySeries(nodes.map { ($0[mode].emission, $0[mode].emissionError) }), friction,
                forward: true, backward: false, to: &event, &result)
              add(
                plain, FrequencySeries(nodes.map { ($0[mode].absorption, $0[mode].absorptionError) }), friction,
                forward: false, backward: true, to: &event, &result)
            }
            result.events.append(event)
          }
        }
      }
    }
    return result
  }

  private func add(
    _ weights: MomentFrequencyWeights, _ series: FrequencySeries, _ friction: Double, forward: Bool, backward: Bool,
    to event: inout Event, _ result: inout Contribution
  ) {
    for k in 0..<Self.powers {
      for m in 0..<(Self.powers - k) {
        let (spontaneous, doubt1) = weights.integrate(series, k, density: m)
        let (stimulated, doubt2) = weights.integrate(series, k, density: Self.powers + m)
        let index = k * Self.powers + m
        if forward { event.moments.forward[index] += friction * (spontaneous + stimulated) }
        if backward { event.moments.backward[index] += friction * stimulated }
        guard let lane = Self.judged.firstIndex(where: { $0.k == k && $0.m == m }) else { continue }
        result.doubts[lane] += friction * (forward ? doubt1 + doubt2 : 0) + friction * (backward ? doubt2 : 0)
        if forward { result.sizes[lane] += friction * abs(spontaneous.value + stimulated.value) }
        if backward { result.sizes[lane] += friction * abs(stimulated.value) }
      }
    }
  }
}

/// Moments at the nodes of a frequency panel: [k][node] values, errors, and the last Legendre coefficients.
package struct FrequencySeries {
  package private(set) var values: [[Double]] = []
  package private(set) var errors: [[Double]] = []
  package private(set) var tails: [Double] = []

  package init(_ nodes: [(ChannelMoments.Lanes, ChannelMoments.Lanes)]) {
    for k in 0..<MomentWeights.orders {
      values.append(nodes.map { $0.0[k] })
      errors.append(nodes.map { $0.1[k] })
      tails.append(NodeSeries.tail(values[k]))
    }
  }
}

/// The kink of width T of an isothermal channel at w = mu_ab.
package struct FrequencyKink {
  package let bias: Double
  package let temperature: Double
  private let panel: Panel

  /// nil when the channel is not isothermal or its kink is smooth on the panel.
  package init?(_ panel: Panel, _ channel: ChannelState) {
    guard channel.isIsothermal else { return nil }
    bias = channel.initialPotential - channel.finalPotential
    temperature = channel.initialTemperature
    self.panel = panel
    if panel.resolves(position: bias, width: 2 * Double.pi * temperature, rho: 4) { return nil }
  }

  /// Lambda = density/(w - mu_ab) at the nodes; nil when a node hits the kink.
  package func reduced(_ moments: [ChannelMoments]) -> FrequencySeries? {
    var result: [(ChannelMoments.Lanes, ChannelMoments.Lanes)] = []
    for (x, m) in zip(FrequencyWeights.rule.nodes, moments) {
      let distance = panel.position(x).0 - bias
      guard abs(distance) > 1e-12 * panel.length else { return nil }
      result.append((m.density / distance, m.densityError / abs(distance)))
    }
    return FrequencySeries(result)
  }
}

/// Weights of |D|^2 w^(m+1)/pi (density m) and of |D|^2 w^(m+1) n(w/T)/pi (density 5 + m), m = 0 ... 4, at the nodes of a panel;
/// with a kink, times (w - mu_ab) n((w - mu_ab)/T).
package struct MomentFrequencyWeights {
  private let weights: [Double]
  private let norms: [Double]

  package init(_ panel: Panel, _ spectrum: ModeSpectrum, _ temperature: Double, kink: FrequencyKink?) {
    var features = spectrum.poles
    if temperature > 0 { features.append((0, 2 * Double.pi * temperature)) }
    if let kink { features.append((kink.bias, 2 * Double.pi * kink.temperature)) }
    (weights, norms) = FrequencyWeights.integrate(panel: panel, features: features, densities: 2 * EventMoments.powers) {
      w, out in
      var d = spectrum.weight(w)
      if let kink { d *= BoseFunction.occupationTimesFrequency(w - kink.bias, temperature: kink.temperature) }
      let bose = BoseFunction.occupationTimesFrequency(w, temperature: temperature)
      for m in 0..<EventMoments.powers {
        out[EventMoments.powers + m] = d * bose
        d *= w
        out[m] = d
      }
    }
  }

  /// Integral of the interpolant of moment k, and the part of its error that smaller panels would remove.
  package func integrate(_ series: FrequencySeries, _ k: Int, density: Int) -> (Estimate, Double) {
    let n = FrequencyWeights.order
    var (value, error, peak) = (0.0, 0.0, 0.0)
    for j in 0..<n {
      let w = weights[density * n + j]
      value += w * series.values[k][j]
      error += abs(w) * (series.errors[k][j] + 1e-15 * abs(series.values[k][j]))
      peak = max(peak, abs(series.values[k][j]))
    }
    // The subintervals with rho = 2.5 leave 2e-13.
    error += 2e-13 * peak * norms[density]
    let doubt = series.tails[k] * norms[density]
    return (Estimate(value, error: error + doubt), doubt)
  }
}
