import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// Inelastic part of the Onsager matrix with independent modes dressed by their own Ohmic baths (level `landauer`):
/// r(w) = n(w) B(w) A_p(w)/2 pi integrated over w > 0 with the weights e^i w^j, i + j <= 2.
///
/// With B = (1 + n) L the smooth function L/w is interpolated on panels that every state refines for itself, and
/// |D|^2 w^2 n (1 + n) is integrated against the interpolant however sharp it is.
package final class LandauerResponse: Sendable {
  private let mesh: FrequencyMesh
  private let dampings: [ModeDamping]
  private let spectra: [ModeSpectrum]
  private let tolerance: Double
  private static let panelLimit = 3000
  /// Temperatures beyond which w^4 n (1 + n) is negligible.
  package static let reach = 60.0

  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, hottest: Double, tolerance: Double
  ) throws(SolverError) {
    try prepared.junction.requireDamping(environment)
    let energies = prepared.junction.bosons.modeEnergies
    let dampings = energies.indices.map { ModeDamping(prepared.junction, environment, mode: $0) }
    self.dampings = dampings
    self.tolerance = tolerance
    spectra = energies.indices.map {
      ModeSpectrum(energy: energies[$0], friction: dampings[$0].total, isRotatingWave: environment.isRotatingWave)
    }
    mesh = FrequencyMesh(prepared, highest: Self.reach * hottest, modes: energies)
  }

  /// Adds the response of an equilibrium; `mu` is measured from the reference energy.
  package func add(potential mu: Double, temperature t: Double, integrator: ResponseIntegrator, to matrix: inout OnsagerMatrix)
    throws(SolverError)
  {
    let (equilibrium, electrodes) = ((mu: mu, t: t), matrix.electrodes)
    var refinement = PanelRefinement<Contribution>(limit: Self.panelLimit)
    for panel in mesh.firstPanels where panel.start < Self.reach * t {
      refinement.parts.append(try contribution(panel, equilibrium, integrator, electrodes))
    }
    _ = try refinement.refine(to: RefinementRule(tolerance: tolerance)) { whole throws(SolverError) in
      guard let (left, right) = whole.panel.bisected else { return nil }
      return (
        try contribution(left, equilibrium, integrator, electrodes), try contribution(right, equilibrium, integrator, electrodes)
      )
    }
    try SolverError.checkInterruption("integrating over frequencies")
    for p in refinement.parts {
      for process in p.processes {
        matrix.add(matrix.shares(from: process.from, to: process.to, bath: process.bath), process.moments)
      }
    }
    addBosonHeat(t, to: &matrix)
  }

  private struct Contribution: WatchedContribution {
    let panel: Panel
    var processes: [(from: Int, to: Int, bath: Int, moments: RateMoments)] = []
    /// Interpolation errors and sizes of the moments behind charges, electrode heats and boson heats.
    var doubts = SIMD4<Double>.zero
    var sizes = SIMD4<Double>.zero
  }

  private func contribution(
    _ panel: Panel, _ equilibrium: (mu: Double, t: Double), _ integrator: ResponseIntegrator, _ electrodes: Int
  ) throws(SolverError) -> Contribution {
    let (mu, t) = equilibrium
    var result = Contribution(panel: panel)
    let kernels = try mesh.kernels(of: panel)
    let frequencies = FrequencyWeights.rule.nodes.map { panel.position($0).0 }
    let nodes = zip(kernels, frequencies).map { kernel, w in
      // L/w = B (1 - exp(-w/T))/w
      (factor: -Double.expMinusOne(-w / t) / w, moments: integrator.equilibrium(kernel, potential: mu, temperature: t))
    }
    for mode in spectra.indices {
      let weights = FrequencyMoments(responseOf: spectra[mode], panel, temperature: t)
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          let series = nodes.compactMap { node in
            node.moments[a * electrodes + b].isEmpty ? nil : node.factor * node.moments[a * electrodes + b][mode]
          }
          guard series.count == FrequencyWeights.order else { continue }
          let (moments, doubts) = RateMoments.integrals(weights, MomentSeries(series, highest: 2))
          for (p, friction) in zip(dampings[mode].baths, dampings[mode].frictions) where friction > 0 {
            result.processes.append((a, b, p, friction * moments))
          }
          let friction = dampings[mode].total
          result.doubts += friction * doubts.watched(isInternal: a == b) { $0.error }
          result.sizes += friction * moments.watched(isInternal: a == b) { abs($0.value) }
        }
      }
    }
    return result
  }

  /// T^2 dJ_{q -> p}/dT_q = eta_p eta_q int dw 2 w^2 (|D|^2/pi) w^2 n (1 + n).
  private func addBosonHeat(_ t: Double, to matrix: inout OnsagerMatrix) {
    for (spectrum, damping) in zip(spectra, dampings) where damping.baths.count > 1 {
      var features = spectrum.poles
      features.append(KinkRule.boseStep(at: 0, temperature: t))
      let (weights, norms) = FrequencyWeights.integrate(
        panel: Panel(0, Self.reach * t), features: features, densities: 1
      ) { w, out in out[0] = 2 * w * w * spectrum.weight(w) * BoseResponse.value(w, temperature: t) }
      // The weights of all nodes add up to the integral of the density; subintervals with rho = 2.5 leave 2e-13.
      let integral = Estimate(weights.reduce(0, +), error: 1e-12 * norms[0])
      for i in damping.baths.indices {
        for j in damping.baths.indices.dropFirst(i + 1) {
          matrix.addBosonHeat(damping.baths[i], damping.baths[j], (damping.frictions[i] * damping.frictions[j]) * integral)
        }
      }
    }
  }
}

extension RateMoments {
  /// Rate moments over friction from L/w at the nodes, and the part of their errors that smaller panels would remove.
  static func integrals(_ weights: FrequencyMoments, _ series: MomentSeries) -> (RateMoments, doubts: RateMoments) {
    let all = powers.map { weights.integrate(series, electron: $0.e, boson: $0.w) }
    return (RateMoments(all.map(\.moment)), doubts: RateMoments(all.map { Estimate(0, error: $0.doubt) }))
  }

  /// The powers of e and w of 1, e, w, ee, ew, ww.
  package static let powers: [(e: Int, w: Int)] = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]

  /// In the order of `powers`.
  package init(_ m: [Estimate]) { self.init(one: m[0], e: m[1], w: m[2], ee: m[3], ew: m[4], ww: m[5]) }

  /// What charges, electrode heats and boson heats are made of, by a size of each moment; electrons within one electrode carry
  /// no charge and, themselves, no heat.
  package func watched(isInternal: Bool, _ size: (Estimate) -> Double) -> SIMD4<Double> {
    let electron = isInternal ? 0.0 : 1.0
    return SIMD4(electron * size(one), electron * size(ee) + size(ww), size(ww), 0)
  }

  package static func * (factor: Double, m: RateMoments) -> RateMoments {
    RateMoments(
      one: factor * m.one, e: factor * m.e, w: factor * m.w, ee: factor * m.ee, ew: factor * m.ew, ww: factor * m.ww)
  }
}
