import BosonPropagators
import ElectronSpectra
import JunctionModel
import SpecialFunctions

/// Populations and currents with every mode a delta function at its energy (level `sharp`), Theory.md sections 3 and 5.
///
/// J = sum_k W_k [E_kk (1 + n) - B_kk n]/(2 W_k); with several baths on a mode, bath p takes its share of the friction.
package struct SharpSolver: Sendable {
  package let prepared: PreparedJunction
  /// X_kk at W_k, one kernel per mode.
  package let kernels: [PanelKernel]
  /// The same as sums of poles where that is possible and cheaper.
  package let poleSums: [PoleSumKernel?]
  package let dampings: [ModeDamping]

  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, kernels: [PanelKernel], closedForms: Bool = true
  ) {
    self.prepared = prepared
    self.kernels = kernels
    let junction = prepared.junction
    poleSums = kernels.indices.map { mode in
      closedForms
        ? PoleSumKernel(
          prepared, mode: mode, frequency: junction.bosons.modeEnergies[mode], vanishing: kernels[mode].vanishing) : nil
    }
    dampings = junction.bosons.modeEnergies.indices.map { ModeDamping(junction, environment, mode: $0) }
  }
}
