import ElectronSpectra
import JunctionModel
import TransportResults

/// Elastic (Landauer) currents, Theory.md section 3: I_a = g_s int de/2pi sum_b T_ab (f_a - f_b), heat weight e - mu_a.
///
/// A class, because workers ask it once per state: a value would be copied each time.
package final class ElasticSolver: Sendable {
  package let kernel: PanelKernel

  package init(kernel: PanelKernel) { self.kernel = kernel }

  /// Adds particle and heat currents leaving every electrode.
  package func evaluate(_ state: OperatingState, integrator: StateIntegrator, into result: inout StateCurrents) {
    let electrodes = result.electrodes
    for a in 0..<electrodes {
      for b in 0..<electrodes where a != b && !kernel.vanishing[a * electrodes + b] {
        let r = integrator.integrate(kernel, from: a, to: b, electrodes: electrodes, point: state)[0]
        // f_a - f_b = f_a (1 - f_b) - (1 - f_a) f_b = -(pair density at w = 0).
        let particles = Estimate(-r.density, error: r.densityError)
        let energy = Estimate(-r.densityEnergy, error: r.densityEnergyError)
        result.elasticCharge[a] += particles
        result.elasticHeat[a] += energy - state.chemicalPotentials[a] * particles
        result.grossElastic += r.emission + r.absorption
      }
    }
  }
}
