import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions

/// Currents with the bosons dressed by their own baths (level `landauer`), Theory.md section 3:
/// R^{ab}_p(w) = A_p(w) [E^{ab} (1 + n_p) - B^{ab} n_p]/2pi, integrated over w > 0 with weights 1, w and e.
///
/// E and L are smooth in w up to resonances and Fermi steps and are interpolated on panels that every state refines for
/// itself; A_p and the Bose functions are integrated against the interpolant however sharp they are.
package final class LandauerSolver: Sendable {
  let prepared: PreparedJunction
  let mesh: FrequencyMesh
  let dampings: [ModeDamping]
  let spectra: [ModeSpectrum]
  let tolerance: Double
  /// True to count the bosons emitted into every bath, too.
  private let wantsLight: Bool
  private static let panelLimit = 3000

  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, points: OperatingPoints, tolerance: Double,
    wantsLight: Bool = false
  ) throws(SolverError) {
    try prepared.junction.requireDamping(environment)
    self.wantsLight = wantsLight
    self.prepared = prepared
    self.tolerance = tolerance
    let energies = prepared.junction.bosons.modeEnergies
    let dampings = energies.indices.map { ModeDamping(prepared.junction, environment, mode: $0) }
    self.dampings = dampings
    spectra = energies.indices.map {
      ModeSpectrum(energy: energies[$0], friction: dampings[$0].total, isRotatingWave: environment.isRotatingWave)
    }
    mesh = FrequencyMesh(prepared, highest: Self.highestFrequency(points), modes: energies)
  }

  /// Beyond the highest bias plus 45 temperatures (or another `reach`) nothing is emitted or absorbed.
  package static func highestFrequency(_ points: OperatingPoints, reach: Double = 45) -> Double {
    let states = StateExtremes(points)
    var highest = 0.0
    for i in states.hottest.indices {
      let bias = max(states.highest[i] - states.lowest[i], 0)
      highest = max(highest, bias + reach * states.hottest[i], reach * states.hottestBath[i])
    }
    return highest
  }

  /// Adds the currents of a state. Throws when kernels cannot be computed.
  package func evaluate(_ state: OperatingState, integrator: StateIntegrator, into result: inout StateCurrents)
    throws(SolverError)
  {
    var panels: [PanelContribution] = []
    for panel in mesh.firstPanels { panels.append(try contribution(of: panel, state, integrator, result.electrodes)) }
    while panels.count < Self.panelLimit {
      let energy = panels.reduce(into: (doubt: 0.0, gross: 0.0)) { $0 = ($0.doubt + $1.doubt, $0.gross + $1.gross) }
      let rate = panels.reduce(into: (doubt: 0.0, gross: 0.0)) { $0 = ($0.doubt + $1.rateDoubt, $0.gross + $1.grossRate) }
      guard energy.doubt > 0.3 * tolerance * energy.gross || rate.doubt > 0.3 * tolerance * rate.gross else { break }
      let threshold = 0.1 * tolerance * energy.gross / Double(panels.count)
      let rateThreshold = 0.1 * tolerance * rate.gross / Double(panels.count)
      var next: [PanelContribution] = []
      var changed = false
      for p in panels {
        if p.doubt > threshold || p.rateDoubt > rateThreshold, let (left, right) = p.panel.bisected {
          next.append(try contribution(of: left, state, integrator, result.electrodes))
          next.append(try contribution(of: right, state, integrator, result.electrodes))
          changed = true
        } else {
          next.append(p)
        }
      }
      panels = next
      if !changed { break }
    }
    for p in panels { p.book(state, into: &result) }
    bookBosonHeat(state, into: &result)
  }

  /// Rates of one panel: for every channel, mode and bath of the mode (rate, boson energy, electron energy).
  private struct PanelContribution {
    struct Process {
      let from: Int
      let to: Int
      let bath: Int
      var rate: Estimate
      var bosonEnergy: Estimate
      var electronEnergy: Estimate
      /// E (1 + n_p), when wanted.
      var emission: Estimate
    }
    let panel: Panel
    var processes: [Process] = []
    /// Interpolation error in the energy current, and the gross energy current; the same for the particle current.
    var doubt = 0.0
    var gross = 0.0
    var rateDoubt = 0.0
    var grossRate = 0.0

    func book(_ state: OperatingState, into result: inout StateCurrents) {
      for p in processes {
        result.add(
          from: p.from, to: p.to, bath: p.bath, rate: p.rate, bosonEnergy: p.bosonEnergy, electronEnergy: p.electronEnergy,
          potentials: (state.chemicalPotentials[p.from], state.chemicalPotentials[p.to]))
        result.photonRate[p.bath] += p.emission
      }
      result.grossEnergy += gross
      result.grossRate += grossRate
    }
  }

  private func contribution(
    of panel: Panel, _ state: OperatingState, _ integrator: StateIntegrator, _ electrodes: Int
  ) throws(SolverError) -> PanelContribution {
    var result = PanelContribution(panel: panel)
    let kernels = try mesh.kernels(of: panel)
    // Densities |D|^2/pi times w, w n_p w, w^2, w^2 n_p for every mode and bath temperature in use.
    var bathWeights: [BathKey: BathWeights] = [:]
    for a in 0..<electrodes {
      for b in 0..<electrodes where !kernels.allSatisfy({ $0.vanishing[a * electrodes + b] }) {
        let nodes = kernels.map { integrator.integrate($0, from: a, to: b, electrodes: electrodes, point: state) }
        let step = IsothermalStep(panel, state.channel(from: a, to: b, frequency: 0))
        for mode in spectra.indices {
          let series = NodeSeries(nodes, mode: mode)
          for (p, friction) in zip(dampings[mode].baths, dampings[mode].frictions) where friction > 0 {
            let temperature = state.bathTemperatures[p]
            let key = BathKey(mode: mode, temperature: temperature)
            let weights = bathWeights[key] ?? BathWeights(panel, spectra[mode], temperature)
            bathWeights[key] = weights
            add(
              series, weights, step, spectrum: spectra[mode], friction: friction, from: a, to: b, bath: p,
              bathTemperature: temperature, to: &result)
          }
        }
      }
    }
    return result
  }

  private func add(
    _ s: NodeSeries, _ weights: BathWeights, _ step: IsothermalStep?, spectrum: ModeSpectrum, friction: Double, from a: Int,
    to b: Int, bath: Int, bathTemperature: Double, to result: inout PanelContribution
  ) {
    // rate = int eta |D|^2 w/pi [E - n L]; boson energy with one more w.
    let absorbed = weights.integrate(s.density, s.densityError, boseWeighted: true)
    let absorbedElectron = weights.integrate(s.densityEnergy, s.densityEnergyError, boseWeighted: true)
    let emitted: FrequencyIntegrals
    let emittedElectron: FrequencyIntegrals
    if let step, let kink = step.emission(s, spectrum: spectrum) {
      (emitted, emittedElectron) = kink
    } else {
      emitted = weights.integrate(s.emission, s.emissionError, boseWeighted: false)
      emittedElectron = weights.integrate(s.emissionEnergy, s.emissionEnergyError, boseWeighted: false)
    }
    let rate = friction * (emitted.rate - absorbed.rate)
    let boson = friction * (emitted.energy - absorbed.energy)
    let electron = friction * (emittedElectron.rate - absorbedElectron.rate)
    var emission = Estimate()
    if wantsLight {
      let induced =
        step?.inducedEmission(s, spectrum: spectrum, bathTemperature: bathTemperature)
        ?? weights.integrate(s.emission, s.emissionError, boseWeighted: true)
      emission = friction * (emitted.rate + induced.rate)
    }
    result.processes.append(
      .init(
        from: a, to: b, bath: bath, rate: rate, bosonEnergy: boson, electronEnergy: electron, emission: emission))
    result.doubt += friction * (emitted.doubt + absorbed.doubt)
    result.rateDoubt += friction * (emitted.rateDoubt + absorbed.rateDoubt)
    result.gross += friction * (abs(emitted.energy.value) + abs(absorbed.energy.value))
    result.grossRate += friction * (abs(emitted.rate.value) + abs(absorbed.rate.value))
  }

  /// int dw/2pi w Gamma_p Gamma_q |D|^2 (n_q - n_p) into bath p, for every mode and pair of its baths.
  private func bookBosonHeat(_ state: OperatingState, into result: inout StateCurrents) {
    for (spectrum, damping) in zip(spectra, dampings) where damping.baths.count > 1 {
      for i in damping.baths.indices {
        for j in damping.baths.indices where j != i {
          let (p, q) = (damping.baths[i], damping.baths[j])
          let factor = damping.frictions[i] * damping.frictions[j]
          guard factor > 0 else { continue }
          let flow = BosonHeat.integral(
            spectrum, hot: state.bathTemperatures[q], cold: state.bathTemperatures[p])
          result.bathEnergy[p] += factor * flow.energy
          result.bathParticles[p] += factor * flow.particles
        }
      }
    }
  }
}

/// Heat through one damped mode between two boson baths.
enum BosonHeat {
  /// int dw/2pi w (2w)^2 |D|^2 (n(w/T_hot) - n(w/T_cold)), and without the first w: multiply by eta_p eta_q.
  static func integral(_ spectrum: ModeSpectrum, hot: Double, cold: Double) -> (energy: Estimate, particles: Estimate) {
    let highest = 45 * max(hot, cold)
    guard highest > 0, hot != cold else { return (Estimate(), Estimate()) }
    var features = spectrum.poles
    for t in [hot, cold] where t > 0 { features.append((0, 2 * Double.pi * t)) }
    func density(_ w: Double, _ out: UnsafeMutablePointer<Double>) {
      let difference =
        BoseFunction.occupationTimesFrequency(w, temperature: hot) - BoseFunction.occupationTimesFrequency(w, temperature: cold)
      out[1] = 2 * w * spectrum.weight(w) * difference
      out[0] = w * out[1]
    }
    let (weights, norms) = FrequencyWeights.integrate(
      panel: Panel(0, highest), features: features, densities: 2, density)
    // The weights of all nodes add up to the integral of the density; subintervals with rho = 2.5 leave 2e-13.
    let order = FrequencyWeights.order
    return (
      Estimate(weights[..<order].reduce(0, +), error: 1e-12 * norms[0]),
      Estimate(weights[order...].reduce(0, +), error: 1e-12 * norms[1])
    )
  }
}
