import BosonPropagators
import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// Fluctuations of the heat that bosons carry from bath to bath through one mode, the electrons left out; Theory.md
/// section 6. Particles and heat *into* a bath count positive.
package enum BosonExchange {
  /// One bath on the mode.
  package struct Link {
    package let bath: Int
    package let friction: Double
    package let occupation: Double
    /// Heat of a quantum that enters the bath, w - nu_p.
    package let quantum: Double
  }

  /// Sharp limit: S = eta/2 - sqrt(eta^2/4 - x), x = sum_pq eta_p eta_q n_q (1 + n_p) (exp(h_p - h_q) - 1).
  package static func addSharp(_ links: [Link], total: Double, to result: inout StateFluctuations) {
    guard total > 0, links.count > 1 else { return }
    let g = [1 / total, 2 / (total * total * total), 12 / .pow(total, 5), 120 / .pow(total, 7)]
    var first = [Double](repeating: 0, count: links.count)
    for (i, p) in links.enumerated() {
      var (up, down) = (0.0, 0.0)
      for (j, q) in links.enumerated() where j != i {
        up += p.friction * q.friction * q.occupation * (1 + p.occupation)
        down += p.friction * q.friction * p.occupation * (1 + q.occupation)
      }
      let h = p.quantum
      let x = (1...4).map { Double.pow(h, $0) * (up + ($0 % 2 == 0 ? 1 : -1) * down) }
      let gross = (1...4).map { Double.pow(abs(h), $0) * (up + down) }
      first[i] = x[0]
      let values = [
        g[0] * x[0], g[0] * x[1] + g[1] * x[0] * x[0],
        g[0] * x[2] + 3 * g[1] * x[0] * x[1] + g[2] * x[0] * x[0] * x[0],
        g[0] * x[3] + g[1] * (4 * x[0] * x[2] + 3 * x[1] * x[1]) + 6 * g[2] * x[0] * x[0] * x[1]
          + g[3] * x[0] * x[0] * x[0] * x[0],
      ]
      let moduli = [
        g[0] * gross[0], g[0] * gross[1] + g[1] * gross[0] * gross[0],
        g[0] * gross[2] + 3 * g[1] * gross[0] * gross[1] + g[2] * .pow(gross[0], 3),
        g[0] * gross[3] + g[1] * (4 * gross[0] * gross[2] + 3 * gross[1] * gross[1])
          + 6 * g[2] * gross[0] * gross[0] * gross[1] + g[3] * .pow(gross[0], 4),
      ]
      let x0 = result.electrodes + p.bath
      for order in 0..<4 {
        result.heatCumulants[order * result.terminals + x0] += entry(values[order], moduli[order])
      }
      result.heat[x0 * result.terminals + x0] += entry(values[1], moduli[1])
    }
    for (i, p) in links.enumerated() {
      for (j, q) in links.enumerated() where j != i {
        let both = q.occupation * (1 + p.occupation) + p.occupation * (1 + q.occupation)
        let direct = -p.quantum * q.quantum * p.friction * q.friction * both
        let value = g[0] * direct + g[1] * first[i] * first[j]
        let index = (result.electrodes + p.bath) * result.terminals + result.electrodes + q.bath
        result.heat[index] += entry(value, g[0] * abs(direct) + abs(g[1] * first[i] * first[j]))
      }
    }
  }

  private static func entry(_ value: Double, _ gross: Double) -> GrossEstimate {
    GrossEstimate(estimate: Estimate(value, error: 2e-14 * gross), gross: gross)
  }

  /// Broadened mode: -int dw/2pi ln det[1 - n (s^+ Z^-1 s Z - 1)], s_pq = -delta_pq + 2 i w sqrt(eta_p eta_q) D.
  package static func addBroadened(
    _ spectrum: ModeSpectrum, baths: [Int], frictions: [Double], state: OperatingState, tolerance: Double,
    to result: inout StateFluctuations
  ) {
    let n = baths.count
    let temperatures = baths.map { state.bathTemperatures[$0] }
    let highest = 60 * (temperatures.max() ?? 0)
    guard n > 1, highest > 0 else { return }
    var rule = KinkRule(breaks: [spectrum.energy])
    rule.addPoles(spectrum.poles + temperatures.map { KinkRule.boseStep(at: 0, temperature: $0) })
    let panels = rule.panels(from: 0, to: highest, rho: 2)
    var determinant = CountingDeterminant(.bosons, owners: Array(0..<n), reservoirs: n)
    var (noise, noiseGross) = ([Double](repeating: 0, count: n * n), [Double](repeating: 0, count: n * n))
    var (cumulants, cumulantGross) = ([Double](repeating: 0, count: 4 * n), [Double](repeating: 0, count: 4 * n))
    var s = [Scalar](repeating: .zero, count: n * n)
    let empty = [Double](repeating: 0, count: n)
    let outcome = AdaptivePanelQuadrature(tolerance: 0.2 * tolerance).integrate(panels, count: n * n + 4 * n) {
      (w: Double, sample: inout AdaptivePanelQuadrature.Sample) in
      let d = spectrum.propagator(w)
      for q in 0..<n {
        for p in 0..<n {
          let size = 2 * w * (frictions[p] * frictions[q]).squareRoot()
          s[q * n + p] = Scalar(0, size) * d - (p == q ? Scalar.one : .zero)
        }
      }
      let occupations = temperatures.map { BoseFunction.occupation(w, temperature: $0) }
      determinant.derivatives(
        s, occupied: occupations, empty: empty, noise: &noise, noiseGross: &noiseGross, cumulants: &cumulants,
        cumulantGross: &cumulantGross)
      sample.rounding = 1e-14 + 9e-16 * w / max(abs(w - spectrum.energy), 0.5 * spectrum.friction)
      let measure = 1 / (2 * Double.pi)
      for i in 0..<(n * n) {
        sample.values[i] = measure * noise[i] * w * w
        sample.gross[i] = measure * noiseGross[i] * w * w
      }
      for order in 0..<4 {
        // Heat into the bath is minus what leaves it.
        let factor = (order % 2 == 0 ? -1 : 1) * measure * Double.pow(w, order + 1)
        for p in 0..<n {
          sample.values[n * n + order * n + p] = factor * cumulants[order * n + p]
          sample.gross[n * n + order * n + p] = abs(factor) * cumulantGross[order * n + p]
        }
      }
    }
    func entry(_ i: Int) -> GrossEstimate {
      GrossEstimate(estimate: Estimate(outcome.values[i], error: outcome.errors[i]), gross: outcome.gross[i])
    }
    for (i, p) in baths.enumerated() {
      for (j, q) in baths.enumerated() {
        result.heat[(result.electrodes + p) * result.terminals + result.electrodes + q] += entry(i * n + j)
      }
      for order in 0..<4 {
        result.heatCumulants[order * result.terminals + result.electrodes + p] += entry(n * n + order * n + i)
      }
    }
  }
}
