import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions

/// Chemical potential and temperature of one reservoir along a line of states.
package struct ReservoirLine: Sendable, Equatable {
  package var potential: Jet
  package var temperature: Jet

  package init(_ potential: Jet, _ temperature: Jet) { (self.potential, self.temperature) = (potential, temperature) }

  /// x = (e - mu)/T with its derivatives; T > 0.
  private func argument(_ energy: Double) -> Jet {
    let t = temperature.value
    let x = (energy - potential.value) / t
    let first = -(potential.first + x * temperature.first) / t
    let second = -(potential.second + x * temperature.second + 2 * first * temperature.first) / t
    return Jet(x, first, second)
  }

  /// f and 1 - f, each without cancellation; derivatives vanish at T = 0, where they do not exist as functions.
  package func fermi(_ energy: Double) -> (occupied: Jet, empty: Jet) {
    guard temperature.value > 0 else {
      let f = FermiFunction.occupation(energy, chemicalPotential: potential.value, temperature: 0)
      return (Jet(f), Jet(1 - f))
    }
    let x = argument(energy)
    let small = Double.exp(-abs(x.value))
    let (low, high) = (small / (1 + small), 1 / (1 + small))
    let (f, g) = x.value > 0 ? (low, high) : (high, low)
    // f' = -f g, f'' = f g (g - f).
    let slope = -f * g
    let first = slope * x.first
    let second = -slope * (g - f) * x.first * x.first + slope * x.second
    return (Jet(f, first, second), Jet(g, -first, -second))
  }

  /// What the rounding of e, mu and T, and of the function itself, makes of f and its derivatives, given `fermi(energy)`.
  package func fermiRounding(_ energy: Double, _ f: (occupied: Jet, empty: Jet)) -> Jet {
    guard temperature.value > 0 else { return .zero }
    let x = argument(energy)
    let shift = Double.ulpOfOne * (abs(energy) + abs(potential.value)) / temperature.value
    let slope = f.occupied.value * f.empty.value
    // f'' changes with x as f' does, and every derivative is a product of some six numbers.
    let moved = 2 * slope * (shift + 4 * .ulpOfOne)
    return Jet(
      slope * shift + .ulpOfOne * f.occupied.value, moved * abs(x.first), moved * (x.first * x.first + abs(x.second)))
  }

  /// n((w - nu)/T) and its derivatives.
  package func bose(_ frequency: Double) -> Jet {
    let n = BoseFunction.occupation(frequency - potential.value, temperature: temperature.value)
    guard temperature.value > 0, n > 0 else { return Jet(n) }
    let x = argument(frequency)
    // n' = -n (1 + n), n'' = n (1 + n)(1 + 2 n).
    let slope = -n * (1 + n)
    return Jet(n, slope * x.first, -slope * (1 + 2 * n) * x.first * x.first + slope * x.second)
  }
}

/// A state and its first two derivatives along a line: what second-order currents and their derivatives depend on.
package struct StateLine: Sendable, Equatable {
  package var electrodes: [ReservoirLine]
  package var baths: [ReservoirLine]
  /// Highest derivative wanted: 0, 1 or 2.
  package var order: Int
  /// True when the conductor's Hamiltonian moves too, as the tables of traces know.
  package var movesConductor = false

  /// A state that does not move.
  package init(_ state: OperatingState) {
    electrodes = zip(state.chemicalPotentials, state.temperatures).map { ReservoirLine(Jet($0), Jet($1)) }
    baths = zip(state.bathPotentials, state.bathTemperatures).map { ReservoirLine(Jet($0), Jet($1)) }
    order = 0
  }

  /// The same line with derivatives up to a lower order.
  package func limited(to order: Int) -> StateLine {
    var result = self
    result.order = min(self.order, order)
    return result
  }

  /// False where a derivative does not exist.
  package var isFinite: Bool {
    (electrodes + baths).allSatisfy { $0.potential.isFinite && $0.temperature.isFinite }
  }

  /// A state with its first and second derivatives, given as states too.
  package init(_ state: OperatingState, first: OperatingState, second: OperatingState? = nil) {
    func lines(_ mu: (OperatingState) -> [Double], _ t: (OperatingState) -> [Double]) -> [ReservoirLine] {
      let (mu0, t0, mu1, t1) = (mu(state), t(state), mu(first), t(first))
      let (mu2, t2) = (second.map(mu), second.map(t))
      return mu0.indices.map {
        ReservoirLine(Jet(mu0[$0], mu1[$0], mu2?[$0] ?? 0), Jet(t0[$0], t1[$0], t2?[$0] ?? 0))
      }
    }
    electrodes = lines({ $0.chemicalPotentials }, { $0.temperatures })
    baths = lines({ $0.bathPotentials }, { $0.bathTemperatures })
    order = second == nil ? 1 : 2
  }
}
