import JunctionModel
import RealModule

/// The slow twin of Landauer by itself: every current of a state of `Terminals` as its integral, by adaptive quadrature between
/// breakpoints at supports, kinks, resonances and chemical potentials. No panels, no weights, no reference step.
package struct TwinTerminals {
  package let terminals: Terminals
  package let temperatures: [Double]
  package let potentials: [Double]

  /// Currents INTO each bath and the errors of the quadrature.
  package struct Currents: Sendable {
    package var energy: [Double]
    package var particles: [Double]
    package var heat: [Double]
    /// Errors of energy, particles, heat.
    package var errors: (energy: Double, particles: Double, heat: Double)
  }

  /// The twin at one state.
  package init(_ terminals: Terminals, temperatures: [Double], potentials: [Double]) {
    (self.terminals, self.temperatures, self.potentials) = (terminals, temperatures, potentials)
  }

  /// n_q(w) - n_p(w), or f_q - f_p.
  func difference(_ q: Int, _ p: Int, _ w: Double) -> Double {
    if temperatures[q] == temperatures[p] && potentials[q] == potentials[p] { return 0 }
    switch terminals.particles {
    case .bosons:
      return FermiFactors.bose(w - potentials[q], temperature: temperatures[q])
        - FermiFactors.bose(w - potentials[p], temperature: temperatures[p])
    case .fermions:
      let x = FermiFactors.reduced(w, from: potentials[q], temperature: temperatures[q])
      let y = FermiFactors.reduced(w, from: potentials[p], temperature: temperatures[p])
      return FermiFactors.difference(x, minus: y, delta: x - y)
    }
  }

  private var breakpoints: [Double] {
    let reach = TextbookTwin.thermalReach
    var (low, high) = (Double.infinity, -Double.infinity)
    for (t, mu) in zip(temperatures, potentials) { (low, high) = (min(low, mu - reach * t), max(high, mu + reach * t)) }
    if terminals.particles == .bosons { low = 0 }
    var points = TwinBreakpoints(from: low, to: max(high, low))
    if terminals.particles == .bosons {
      for t in temperatures where t > 0 { points.add(0, gradedFrom: 1e-6 * t) }
    }
    for function in terminals.functions {
      for end in [function.support.lower, function.support.upper] where end.isFinite {
        points.add(end, gradedFrom: 1e-4 * (high - low))
      }
      for kink in function.breakpoints { points.add(kink) }
      if case .lorentzian(let energy, let width, _) = function.shape { points.add(energy, gradedFrom: width) }
    }
    for (t, mu) in zip(temperatures, potentials) { points.add(mu, gradedFrom: 0.3 * t) }
    return points.sorted
  }

  /// I_p = g sum_q int dw/2 pi tau_{q -> p} (n_q - n_p), with weights 1, w, w - nu_p.
  package func currents(tolerance: Double = 1e-12) -> Currents {
    let count = terminals.names.count
    let factor = terminals.degeneracy / (2 * Double.pi)
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: [0..<count, count..<(2 * count), (2 * count)..<(3 * count)])
    let outcome = quadrature.integrate(breakpoints, components: 3 * count) { w in
      var values = [Double](repeating: 0, count: 3 * count)
      for p in 0..<count {
        for q in 0..<count where q != p {
          let rate = factor * terminals.transmission(from: q, to: p, at: w) * difference(q, p, w)
          values[p] += w * rate
          values[count + p] += rate
          values[2 * count + p] += (w - potentials[p]) * rate
        }
      }
      return values
    }
    func block(_ i: Int) -> Range<Int> { (i * count)..<((i + 1) * count) }
    func error(_ i: Int) -> Double { outcome.errors[block(i)].max() ?? 0 }
    return Currents(
      energy: Array(outcome.values[block(0)]), particles: Array(outcome.values[block(1)]), heat: Array(outcome.values[block(2)]),
      errors: (error(0), error(1), error(2)))
  }
}
