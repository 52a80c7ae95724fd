import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Elastic part of the fluctuations: cumulants of the Levitov-Lesovik function g_s int de/2pi ln det[1 + f(s^+ Z^-1 s Z - 1)],
/// Theory.md section 6, by adaptive quadrature of its derivatives at zero fields.
///
/// Cost per state: about 1000 evaluations of s(e) and 5 c^3 products per electrode (c channels of all electrodes).
package struct ElasticFluctuations: Sendable {
  private let prepared: PreparedJunction
  private let tolerance: Double

  package init(_ prepared: PreparedJunction, tolerance: Double) {
    self.prepared = prepared
    self.tolerance = tolerance
  }

  /// Temperatures around the chemical potentials beyond which f(1 - f) times a fourth power is below rounding.
  private static let reach = 60.0

  /// Adds the elastic cumulants. Throws when s cannot be computed.
  package func evaluate(_ state: OperatingState, into result: inout StateFluctuations) throws(SolverError) {
    let n = result.electrodes
    guard n > 1 else { return }
    let mesh = prepared.scatteringMesh(state, reach: Self.reach)
    var sampler = ScatteringSampler(prepared.factors)
    var determinant = CountingDeterminant(.fermions, owners: sampler.owners, reservoirs: n)
    var noise = [Double](repeating: 0, count: n * n)
    var (noiseGross, cumulants, cumulantGross) = (
      noise, [Double](repeating: 0, count: 4 * n), [Double](repeating: 0, count: 4 * n)
    )
    var (occupied, empty) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    let blurring = mesh.nodeNoise
    let scale = prepared.junction.conductor.spinDegeneracy / (2 * Double.pi)
    let quadrature = AdaptivePanelQuadrature(tolerance: 0.2 * tolerance)
    let outcome = try quadrature.integrate(mesh.panels, count: 2 * n * n + 8 * n) {
      (e: Double, sample: inout AdaptivePanelQuadrature.Sample) throws(SolverError) in
      for a in 0..<n {
        let (mu, t) = (state.chemicalPotentials[a], state.temperatures[a])
        occupied[a] = Occupation.fermi(e - mu, temperature: t)
        empty[a] = Occupation.fermi(mu - e, temperature: t)
      }
      do { try sampler.evaluate(at: e) } catch {
        throw SolverError(.linearAlgebra, "the scattering matrix could not be computed at energy \(e): \(error)")
      }
      determinant.derivatives(
        sampler.s, occupied: occupied, empty: empty, noise: &noise, noiseGross: &noiseGross, cumulants: &cumulants,
        cumulantGross: &cumulantGross)
      let t = max(sampler.largestTransmission, 1e-140)
      sample.rounding = 4e-15 + min(1e-15 / t, 1) + blurring(e)
      var index = 0
      func put(_ value: Double, _ gross: Double, _ factor: Double) {
        sample.values[index] = scale * value * factor
        sample.gross[index] = scale * gross * abs(factor)
        index += 1
      }
      for a in 0..<n {
        for b in 0..<n { put(noise[a * n + b], noiseGross[a * n + b], 1) }
      }
      for a in 0..<n {
        let x = e - state.chemicalPotentials[a]
        for b in 0..<n { put(noise[a * n + b], noiseGross[a * n + b], x * (e - state.chemicalPotentials[b])) }
      }
      for order in 0..<4 {
        for a in 0..<n { put(cumulants[order * n + a], cumulantGross[order * n + a], 1) }
      }
      for order in 0..<4 {
        for a in 0..<n {
          let x = e - state.chemicalPotentials[a]
          let factor = (0..<order).reduce(x) { power, _ in power * x }
          put(cumulants[order * n + a], cumulantGross[order * n + a], factor)
        }
      }
    }
    book(outcome, into: &result)
  }

  private func book(_ outcome: AdaptivePanelQuadrature.Outcome, into result: inout StateFluctuations) {
    let (n, terminals) = (result.electrodes, result.terminals)
    func entry(_ i: Int) -> GrossEstimate {
      GrossEstimate(estimate: Estimate(outcome.values[i], error: outcome.errors[i]), gross: outcome.gross[i])
    }
    for i in 0..<(n * n) { result.charge[i] += entry(i) }
    for a in 0..<n {
      for b in 0..<n { result.heat[a * terminals + b] += entry(n * n + a * n + b) }
    }
    for i in 0..<(4 * n) { result.chargeCumulants[i] += entry(2 * n * n + i) }
    for order in 0..<4 {
      for a in 0..<n { result.heatCumulants[order * terminals + a] += entry(2 * n * n + 4 * n + order * n + a) }
    }
  }
}

/// Occupations at a distance from the chemical potential.
package enum Occupation {
  /// f(d/T); T = 0 is the step, 1/2 on it.
  @inline(__always)
  package static func fermi(_ distance: Double, temperature: Double) -> Double {
    if temperature == 0 { return distance < 0 ? 1 : distance > 0 ? 0 : 0.5 }
    let small = Double.exp(-abs(distance) / temperature)
    return distance > 0 ? small / (1 + small) : 1 / (1 + small)
  }
}

/// Panels on which the elastic flows of one state live.
package struct ScatteringMesh {
  package let panels: [Panel]
  /// Relative error of the integrand at an energy from the rounding of the energy itself.
  package let nodeNoise: (Double) -> Double
}

extension PreparedJunction {
  /// Panels between the lowest mu - reach T and the highest mu + reach T of a state, broken at resonances, edges and Fermi steps,
  /// and graded towards the poles of the Fermi functions.
  package func scatteringMesh(_ state: OperatingState, reach: Double, shifted frequency: Double = 0) -> ScatteringMesh {
    var (low, high) = (Double.infinity, -Double.infinity)
    var steps: [PanelFeature] = []
    for (mu, t) in zip(state.chemicalPotentials, state.temperatures) {
      for step in frequency == 0 ? [mu] : [mu, mu + frequency] {
        (low, high) = (min(low, step - reach * t), max(high, step + reach * t))
        steps.append(KinkRule.fermiStep(at: step, temperature: t))
      }
    }
    guard high > low else { return ScatteringMesh(panels: [], nodeNoise: { _ in 0 }) }
    let mesh = KernelMesh(features, shiftedBy: frequency, window: low...high)
    var panels: [Panel] = []
    for panel in mesh.panels() {
      panels += panel.cut(at: steps.map(\.position)).flatMap { $0.split(resolving: steps.filter { $0.width > 0 }, rho: 2) }
    }
    let resonances = mesh.features.resonances
    return ScatteringMesh(panels: panels) { e in
      var nearest = Double.infinity
      for r in resonances { nearest = min(nearest, (e - r.position) * (e - r.position) + r.width * r.width) }
      return nearest < .infinity ? 9e-16 * (abs(e) + abs(frequency)) / max(nearest.squareRoot(), 1e-300) : 0
    }
  }
}

extension Panel {
  /// The panel cut at positions inside it. A square-root map stays with the piece at its singular end.
  package func cut(at positions: [Double]) -> [Panel] {
    let inside = Set(positions.filter { $0 > start && $0 < end }).sorted()
    guard !inside.isEmpty else { return [self] }
    let points = [start] + inside + [end]
    return zip(points, points.dropFirst()).map { a, b in
      switch grading {
      case .towardStart where a == start: return Panel(a, b, grading: .towardStart)
      case .towardEnd where b == end: return Panel(a, b, grading: .towardEnd)
      default: return Panel(a, b)
      }
    }
  }
}
