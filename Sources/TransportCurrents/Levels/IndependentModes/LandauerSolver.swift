import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// Currents with the bosons dressed by their own baths (level `landauer`), Theory.md section 3:
/// R^{ab}_p(w) = A_p(w) [E^{ab} (1 + n_p) - B^{ab} n_p]/2pi, integrated over w > 0 with weights 1, w and e.
///
/// E and L are smooth in w up to resonances and Fermi steps and are interpolated on panels that every state refines for
/// itself; A_p and the Bose functions are integrated against the interpolant however sharp they are.
package final class LandauerSolver: Sendable {
  package let prepared: PreparedJunction
  package let mesh: FrequencyMesh
  package let dampings: [ModeDamping]
  package let spectra: [ModeSpectrum]
  package let tolerance: Double
  /// True to count the bosons emitted into every bath, too.
  package let wantsLight: Bool

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

  /// Temperatures beyond the highest bias at which nothing is emitted or absorbed any more.
  package static let reach = 45.0

  /// Beyond the highest bias plus 45 temperatures (or another `reach`) nothing is emitted or absorbed.
  package static func highestFrequency(_ points: OperatingPoints, reach: Double = LandauerSolver.reach) -> Double {
    let states = StateExtremes(points)
    var highest = 0.0
    for i in states.hottest.indices {
      let bias = max(states.highest[i] - states.lowest[i], 0)
      highest = max(highest, bias + reach * states.hottest[i], reach * states.hottestBath[i])
    }
    return highest
  }

  /// int dw/2pi w Gamma_p Gamma_q |D|^2 (n_q - n_p) into bath p, for every mode and pair of its baths.
  package func bookBosonHeat(_ state: OperatingState, into result: inout StateCurrents) {
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
package enum BosonHeat {
  /// int dw/2pi w (2w)^2 |D|^2 (n(w/T_hot) - n(w/T_cold)), and without the first w: multiply by eta_p eta_q.
  package static func integral(_ spectrum: ModeSpectrum, hot: Double, cold: Double) -> (energy: Estimate, particles: Estimate) {
    let highest = 45 * max(hot, cold)
    guard highest > 0, hot != cold else { return (Estimate(), Estimate()) }
    var features = spectrum.poles
    for t in [hot, cold] where t > 0 { features.append(KinkRule.boseStep(at: 0, temperature: t)) }
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
