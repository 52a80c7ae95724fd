import BosonPropagators
import ElectronSpectra
import JunctionModel
import RealModule
import SpecialFunctions
import TransportResults

/// The Onsager matrix of an equilibrium from the kernels of the currents, without finite differences; Theory.md section
/// 7.
///
/// A process with the equilibrium one-way rate r that takes v_x from reservoir x answers to forces F with the net rate
/// r v.F; hence L = sum r v v^T, symmetric and positive semidefinite.
package final class LinearResponseSolver: Sendable {
  private let prepared: PreparedJunction
  private let elastic: PanelKernel?
  private let inelastic: (any LevelResponse)?
  private let electrodes: Int
  private let baths: Int

  /// `elastic` is the elastic kernel, nil without electrons; `inelastic` what the level answers, nil without bosons.
  package init(_ prepared: PreparedJunction, elastic: PanelKernel?, inelastic: (any LevelResponse)?) {
    self.prepared = prepared
    (electrodes, baths) = (prepared.junction.electrodes.count, prepared.junction.baths.count)
    (self.elastic, self.inelastic) = (elastic, inelastic)
  }

  /// Beyond this boson energy nothing answers to forces at temperatures up to `hottest`.
  package static func highestFrequency(hottest: Double) -> Double { LandauerResponse.reach * hottest }

  /// The parts of the matrix at chemical potential mu (the user's zero, internal units) and temperature T > 0.
  /// Throws when kernels cannot be computed.
  package func evaluate(
    chemicalPotential: Double, temperature t: Double, integrator: ResponseIntegrator
  ) throws(SolverError) -> OnsagerParts {
    precondition(t > 0, "linear response at T = \(t)")
    let mu = chemicalPotential - prepared.referenceEnergy
    var parts = OnsagerParts(electrodes: electrodes, baths: baths)
    if let elastic { addElastic(elastic, mu, t, integrator, to: &parts.elastic) }
    try inelastic?.add(potential: mu, temperature: t, integrator: integrator, to: &parts.inelastic)
    return parts
  }

  /// I_a = g_s int de/2pi sum_b T_ab (f_a - f_b) with df = f (1 - f) [dmu/T + e dT/T^2]. In a magnetic field T_ab is not
  /// T_ba, and the matrix of more than two electrodes not symmetric.
  private func addElastic(
    _ kernel: PanelKernel, _ mu: Double, _ t: Double, _ integrator: ResponseIntegrator, to matrix: inout OnsagerMatrix
  ) {
    let moments = integrator.equilibrium(kernel, potential: mu, temperature: t)
    for a in 0..<electrodes {
      for b in 0..<electrodes where a != b {
        guard let m = moments[a * electrodes + b].first else { continue }
        for (to, sign) in [(a, 1.0), (b, -1.0)] {
          matrix[matrix.charge(a), matrix.charge(to)] += sign * m[0]
          matrix[matrix.charge(a), matrix.heat(to)] += sign * m[1]
          matrix[matrix.heat(a), matrix.charge(to)] += sign * m[1]
          matrix[matrix.heat(a), matrix.heat(to)] += sign * m[2]
        }
      }
    }
  }
}

/// Inelastic part with every mode a delta function at its energy (level `sharp`): r = n B (eta_p/eta)/2W. Modes outside the bands of all
/// their baths are left out, as in the flows.
package struct SharpResponse: Sendable {
  private let kernels: [PanelKernel]
  private let dampings: [ModeDamping]
  private let electrodes: Int

  package init(_ junction: Junction, environment: BosonEnvironment, kernels: [PanelKernel]) {
    self.kernels = kernels
    dampings = kernels.indices.map { ModeDamping(junction, environment, mode: $0) }
    electrodes = junction.electrodes.count
  }

  package func add(potential mu: Double, temperature t: Double, integrator: ResponseIntegrator, to matrix: inout OnsagerMatrix) {
    for (kernel, damping) in zip(kernels, dampings) where !damping.isOutsideBands {
      let w = kernel.frequency
      let occupation = BoseFunction.occupation(w, temperature: t)
      let n = Estimate(
        occupation, error: BoseFunction.rounding(of: occupation, frequency: w, potential: 0, temperature: t))
      let channels = integrator.equilibrium(kernel, potential: mu, temperature: t)
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          guard let m = channels[a * electrodes + b].first else { continue }
          for (p, share) in zip(damping.baths, damping.shares) {
            func r(_ k: Int) -> Estimate { (share / (2 * w)) * (n * m[k]) }
            let moments = RateMoments(
              one: r(0), e: r(1), w: w * r(0), ee: r(2), ew: w * r(1), ww: (w * w) * r(0))
            matrix.add(matrix.shares(from: a, to: b, bath: p), moments)
          }
        }
      }
      addBosonHeat(damping, w, t, to: &matrix)
    }
  }

  /// T^2 dJ/dT of W eta_p eta_q/eta (n_q - n_p) at w = W.
  private func addBosonHeat(_ damping: ModeDamping, _ w: Double, _ t: Double, to matrix: inout OnsagerMatrix) {
    guard damping.total > 0 else { return }
    for i in damping.baths.indices {
      for j in damping.baths.indices.dropFirst(i + 1) {
        let factor = damping.frictions[i] * damping.frictions[j] / damping.total
        matrix.addBosonHeat(damping.baths[i], damping.baths[j], factor * BoseResponse.estimate(w, temperature: t))
      }
    }
  }
}
