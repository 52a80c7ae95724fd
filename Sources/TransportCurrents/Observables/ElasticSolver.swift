import ElectronSpectra
import JunctionModel
import TransportResults

/// Elastic (Landauer) currents, Theory.md section 3: I_a = g_s int de/2pi sum_b T_ab (f_a - f_b), heat weight e - mu_a.
///
/// A class, because workers ask it once per state: a value would be copied each time.
package final class ElasticSolver: Sendable {
  package let kernel: PanelKernel
  /// The transmissions as sums of poles where that is possible and cheaper.
  package let poleSum: PoleSumKernel?
  let referenceEnergy: Double
  /// Relative error up to which a closed form serves.
  let tolerance: Double

  package init(_ prepared: PreparedJunction, kernel: PanelKernel) {
    self.kernel = kernel
    poleSum = kernel.transmits ? PoleSumKernel(transmissionsOf: prepared, vanishing: kernel.vanishing) : nil
    (referenceEnergy, tolerance) = (prepared.referenceEnergy, prepared.kernelTolerance)
  }
}

/// Evaluates elastic currents with one worker's buffers: closed forms of a block of states first, quadrature where they fall short. Nothing
/// is allocated per state.
package final class ElasticWorker {
  private let solver: ElasticSolver
  private let integrator: StateIntegrator
  private let sums = PoleSumIntegrator()
  private let electrodes: Int
  private let capacity: Int
  private var block: StateBlock
  /// [channel * capacity + state]
  private var integrals: [ChannelIntegrals]
  private var resolved: [Bool]

  /// Buffers for blocks of up to `capacity` states.
  package init(_ solver: ElasticSolver, integrator: StateIntegrator, electrodes: Int, capacity: Int) {
    (self.solver, self.integrator, self.electrodes, self.capacity) = (solver, integrator, electrodes, capacity)
    block = StateBlock(electrodes: electrodes, capacity: capacity)
    integrals = [ChannelIntegrals](repeating: ChannelIntegrals(), count: electrodes * electrodes * capacity)
    resolved = [Bool](repeating: false, count: integrals.count)
  }

  /// Computes the closed forms of a block of states.
  package func load(_ points: OperatingPoints, _ states: Range<Int>) {
    guard let kernel = solver.poleSum else { return }
    for a in 0..<electrodes {
      block.load(
        a, potentials: points.chemicalPotentials[a], temperatures: points.temperatures[a], states,
        reference: solver.referenceEnergy)
    }
    integrals.withUnsafeMutableBufferPointer { integrals in
      resolved.withUnsafeMutableBufferPointer { resolved in
        for first in stride(from: 0, to: states.count, by: 4) {
          sums.integrate(
            kernel, electrodes: electrodes, states: block, first: first, tolerance: solver.tolerance,
            into: integrals.baseAddress!, resolved: resolved.baseAddress!)
        }
      }
    }
  }

  /// Adds particle and heat currents leaving every electrode, for the state in a slot of the block.
  package func evaluate(_ state: OperatingState, slot: Int, into result: inout StateCurrents) {
    for a in 0..<electrodes {
      for b in 0..<electrodes where a != b && !solver.kernel.vanishing[a * electrodes + b] {
        let place = (a * electrodes + b) * capacity + slot
        let r =
          resolved[place] && isAccurate(integrals[place], state.chemicalPotentials[a], state.chemicalPotentials[b])
          ? integrals[place]
          : integrator.integrate(solver.kernel, from: a, to: b, electrodes: electrodes, point: state)[0]
        // f_a - f_b = f_a (1 - f_b) - (1 - f_a) f_b = -(pair density at w = 0).
        let particles = Estimate(-r.density, error: r.densityError)
        let energy = Estimate(-r.densityEnergy, error: r.densityEnergyError)
        result.elasticCharge[a] += particles
        result.elasticHeat[a] += energy - state.chemicalPotentials[a] * particles
        result.grossElastic += r.emission + r.absorption
      }
    }
  }

  /// True when a closed form serves heats, too.
  private func isAccurate(_ r: ChannelIntegrals, _ muA: Double, _ muB: Double) -> Bool {
    r.densityEnergyError
      <= solver.tolerance * max(abs(r.densityEnergy - muA * r.density), abs(r.densityEnergy - muB * r.density))
  }
}
