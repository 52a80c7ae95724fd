import JunctionModel
import Quadrature
import SpecialFunctions

/// How accurately a transmission must be known on a panel: relative to all that the occupations of the states carry through it.
///
/// Every occupation n_r of the states (a temperature, a chemical potential, a step) counts by itself: an interpolation error
/// dtau on a panel of length l matters to it as l n_r dtau beside G_r = int dw tau n_r, and with an energy as l n_r |w - c| dtau
/// beside int dw tau n_r |w - c|. Far down a Gaussian nothing needs resolving, above a deep gap everything does.
package struct TransmissionRelevance: Sendable {
  /// One bath at one state.
  private struct Occupation: Hashable {
    let bath: Int
    let temperature: Double
    let potential: Double
    /// Energies are measured from here; see `OccupationQuadrature`.
    let step: Double
  }

  /// The occupations one function meets and what each carries.
  private struct Carried: Sendable {
    let temperature: Double
    let potential: Double
    let step: Double
    let particles: Double
    let energy: Double
  }

  private let carried: [[Carried]]
  private let isBosonic: Bool
  private static let order = TransmissionMesh.order
  private static let rule = TransmissionMesh.rule
  /// States looked at, and different occupations kept of each bath: what lies between them in temperature is between them here.
  private static let (mostStates, mostOccupations) = (4096, 24)
  /// Some hundred panels may each have this much of the tolerance.
  private static let share = 1e-2
  /// Flows below this are zero, as in `TerminalCurrents.relativeErrors`.
  private static let nothing = 1e-290

  /// Weighs the functions on a first set of panels; what those miss makes the demands higher, never lower.
  package init(_ terminals: Terminals, _ points: OperatingPoints, panels: [Panel]) {
    isBosonic = terminals.particles == .bosons
    let occupations = terminals.names.indices.map {
      Self.occupations(ofBath: $0, points, isBosonic: terminals.particles == .bosons)
    }
    let isBosonic = isBosonic
    carried = terminals.functions.indices.map { index in
      let function = terminals.functions[index]
      var baths: Set<Int> = []
      for link in terminals.links where link.function == index { baths.formUnion([link.from, link.to]) }
      var samples: [(w: Double, tau: Double)] = []
      for panel in panels {
        for (x, weight) in zip(Self.rule.nodes, Self.rule.weights) {
          let (w, jacobian) = panel.position(x)
          let tau = function.value(w)
          if tau.isFinite && tau > 0 { samples.append((w, tau * jacobian * weight)) }
        }
      }
      return baths.sorted().flatMap { occupations[$0] }.map { o in
        var (particles, energy) = (0.0, 0.0)
        for (w, tau) in samples {
          let flow = tau * Self.weight(w, temperature: o.temperature, potential: o.potential, step: o.step, isBosonic: isBosonic)
          particles += flow
          energy += flow * abs(w - o.step)
        }
        if !isBosonic {
          let near = Self.nearby(function, o)
          (particles, energy) = (max(particles, near.particles), max(energy, near.energy))
        }
        return Carried(
          temperature: o.temperature, potential: o.potential, step: o.step, particles: particles, energy: energy)
      }
    }
  }

  /// The interpolation error of a function that harms no occupation more than a share of `tolerance`.
  package func enough(_ index: Int, on panel: Panel, tolerance: Double) -> Double {
    let isAtBottom = isBosonic && panel.start <= 0
    let first = isAtBottom ? panel.position(Self.rule.nodes[0]).0 : panel.start
    var bound = Double.infinity
    for c in carried[index] {
      let weight = { w in
        Self.weight(w, temperature: c.temperature, potential: c.potential, step: c.step, isBosonic: isBosonic)
      }
      // |h| rises towards the step and the chemical potential, n towards the bottom.
      var most = max(weight(first), weight(panel.end))
      if !isBosonic {
        for place in [c.potential, c.step] where place > panel.start && place < panel.end { most = max(most, 1) }
      }
      let flow = most * panel.length
      // With an energy: w n(w) <= T at the bottom.
      let power =
        isAtBottom && c.potential == 0
        ? c.temperature * panel.length : flow * max(abs(panel.start - c.step), abs(panel.end - c.step))
      if flow > 0 && c.particles > Self.nothing { bound = min(bound, c.particles / flow) }
      if power > 0 && c.energy > Self.nothing { bound = min(bound, c.energy / power) }
    }
    return bound.isFinite ? max(Self.share * tolerance * bound, Self.nothing) : Self.nothing
  }

  /// n(w - nu), or |f(w - mu) - theta(c - w)|.
  private static func weight(
    _ w: Double, temperature t: Double, potential nu: Double, step: Double, isBosonic: Bool
  ) -> Double {
    if isBosonic { return w > nu ? BoseFunction.occupation(w - nu, temperature: t) : 0 }
    // 1 - f(x) = f(-x), without cancellation.
    return FermiFunction.occupation(w < step ? nu - w : w - nu, chemicalPotential: 0, temperature: t)
  }

  /// What is carried between the step and the chemical potential and within 20 T of it, where wide panels may have no node.
  private static func nearby(_ function: TransmissionFunction, _ o: Occupation) -> (particles: Double, energy: Double) {
    var (particles, energy) = (0.0, 0.0)
    func add(_ a: Double, _ b: Double) {
      for k in 0..<64 where b > a {
        let w = a + (b - a) * (Double(k) + 0.5) / 64
        let tau = function.value(w)
        guard tau.isFinite, tau > 0 else { continue }
        let weight = weight(w, temperature: o.temperature, potential: o.potential, step: o.step, isBosonic: false)
        let flow = tau * (b - a) / 64 * weight
        particles += flow
        energy += flow * abs(w - o.step)
      }
    }
    let reach = 20 * o.temperature
    let (low, high) = (min(o.potential, o.step), max(o.potential, o.step))
    add(low - reach, low)
    add(low, high)
    add(high, high + reach)
    return (particles, energy)
  }

  /// Different occupations of a bath, thinned out evenly in the order of temperature and potential, ends included.
  private static func occupations(ofBath p: Int, _ points: OperatingPoints, isBosonic: Bool) -> [Occupation] {
    var all: Set<Occupation> = []
    let stride = max(points.count / mostStates, 1)
    for state in Swift.stride(from: 0, to: points.count, by: stride) {
      all.insert(
        Occupation(
          bath: p, temperature: points.bathTemperatures[p][state], potential: TerminalSolver.potential(points, p, state),
          step: isBosonic ? 0 : TerminalSolver.potential(points, 0, state)))
    }
    let sorted = all.sorted { ($0.temperature, $0.potential, $0.step) < ($1.temperature, $1.potential, $1.step) }
    guard sorted.count > mostOccupations else { return sorted }
    return (0..<mostOccupations).map { sorted[$0 * (sorted.count - 1) / (mostOccupations - 1)] }
  }
}
