import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import SpecialFunctions
import TransportResults

/// Fluctuations of the inelastic processes with modes broadened by their own Ohmic baths (level `landauer`), and of the
/// heat between the baths; Theory.md section 6. Same frequency panels as `LandauerSolver`.
package final class LandauerFluctuations {
  private let solver: LandauerSolver
  private let integrator = EnergyMoments<FourthOrder>()
  private static let panelLimit = 3000
  private static let powers = EventMoments.powers
  private static let order = powers - 1

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
    var weights: [BathKey: FrequencyMoments] = [:]
    for a in 0..<electrodes {
      for b in 0..<electrodes where !kernels.allSatisfy({ $0.vanishing[a * electrodes + b] }) {
        let nodes = kernels.map { integrator.spectra($0, from: a, to: b, electrodes: electrodes, point: state) }
        let channel = state.channel(from: a, to: b, frequency: 0)
        let kink = IsothermalKink(panel, channel)
        for mode in solver.spectra.indices {
          let spectrum = solver.spectra[mode]
          let (baths, frictions) = (solver.dampings[mode].baths, solver.dampings[mode].frictions)
          for (p, friction) in zip(baths, frictions) where friction > 0 {
            let temperature = state.bathTemperatures[p]
            let key = BathKey(mode: mode, temperature: temperature)
            let plain = weights[key] ?? FrequencyMoments(order: Self.order, panel, spectrum, temperature: temperature)
            weights[key] = plain
            var event = Event(from: a, to: b, bath: p, mode: mode, moments: EventMoments())
            if let kink, let series = kink.reduced(nodes.map { $0[mode].density }) {
              // f_a(1 - f_b) has a kink at w = mu_ab: emission = (w - mu_ab) n x Lambda, absorption = emission + density.
              let kinked = FrequencyMoments(order: Self.order, panel, spectrum, temperature: temperature, kink: kink)
              let density = nodes.map { $0[mode].density }
              add(Term(kinked, series, [.forward, .backward]), friction, to: &event, &result)
              add(Term(plain, density, .backward), friction, to: &event, &result)
            } else {
              add(Term(plain, nodes.map { $0[mode].emission }, .forward), friction, to: &event, &result)
              add(Term(plain, nodes.map { $0[mode].absorption }, .backward), friction, to: &event, &result)
            }
            result.events.append(event)
          }
        }
      }
    }
    return result
  }

  /// Which way the events of a term run.
  private struct Directions: OptionSet {
    let rawValue: Int
    static let forward = Directions(rawValue: 1)
    static let backward = Directions(rawValue: 2)
  }

  /// A part of the rates: forward events are spontaneous and stimulated, backward ones stimulated.
  private struct Term {
    let weights: FrequencyMoments
    let series: MomentSeries
    let directions: Directions

    init(_ weights: FrequencyMoments, _ nodes: [WeightedSums<SIMD8<Double>>], _ directions: Directions) {
      self.weights = weights
      series = MomentSeries(nodes, highest: LandauerFluctuations.order)
      self.directions = directions
    }
  }

  private func add(_ term: Term, _ friction: Double, to event: inout Event, _ result: inout Contribution) {
    let isForward = term.directions.contains(.forward)
    let isBackward = term.directions.contains(.backward)
    for k in 0..<Self.powers {
      for m in 0..<(Self.powers - k) {
        let (spontaneous, doubt1) = term.weights.integrate(term.series, electron: k, boson: m, .spontaneous)
        let (stimulated, doubt2) = term.weights.integrate(term.series, electron: k, boson: m, .stimulated)
        let index = k * Self.powers + m
        if isForward { event.moments.forward[index] += friction * (spontaneous + stimulated) }
        if isBackward { event.moments.backward[index] += friction * stimulated }
        guard let lane = Self.judged.firstIndex(where: { $0.k == k && $0.m == m }) else { continue }
        result.doubts[lane] += friction * (isForward ? doubt1 + doubt2 : 0) + friction * (isBackward ? doubt2 : 0)
        if isForward { result.sizes[lane] += friction * abs(spontaneous.value + stimulated.value) }
        if isBackward { result.sizes[lane] += friction * abs(stimulated.value) }
      }
    }
  }
}
