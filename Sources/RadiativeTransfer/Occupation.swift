import RealModule
import SpecialFunctions

/// A Bose occupation n((w - nu)/T).
struct Occupation: Sendable, Equatable, Hashable {
  let temperature: Double
  let chemicalPotential: Double

  /// n at w > nu.
  @inline(__always) func callAsFunction(_ w: Double) -> Double {
    BoseFunction.occupation(w - chemicalPotential, temperature: temperature)
  }

  /// The occupations a quadrature must resolve so that those of all bodies are: a few temperatures from the coldest to the hottest
  /// (above 0), each with its extreme chemical potentials.
  static func distinct(_ bodies: [BodyState], temperatures limit: Int = 5) -> [Occupation] {
    let warm = Set(bodies.map(\.temperature).filter { $0 > 0 }).sorted()
    let count = min(limit, warm.count)
    let chosen = (0..<count).map { warm[count == 1 ? 0 : $0 * (warm.count - 1) / (count - 1)] }
    var result: [Occupation] = []
    for temperature in Set(chosen).sorted() {
      let potentials = bodies.filter { $0.temperature == temperature }.map(\.chemicalPotential)
      for nu in Set([0, potentials.min() ?? 0, potentials.max() ?? 0]).sorted() {
        result.append(Occupation(temperature: temperature, chemicalPotential: nu))
      }
    }
    return result
  }
}

/// Fractions of Planck's spectrum.
enum PlanckFraction {
  /// The fraction of the energy of black-body radiation at T below `low` and, when the window was cut (`high` < `wanted`), above `high`.
  static func outside(_ low: Double, _ high: Double, wanted: Double, _ temperature: Double) -> Double {
    let below = low > 0 ? 1 - above(low / temperature) : 0
    return below + (high < wanted ? above(high / temperature) : 0)
  }

  /// int_x^inf t^3/(e^t - 1) dt over the integral from 0, pi^4/15.
  static func above(_ x: Double) -> Double {
    let all = Double.pi * Double.pi * Double.pi * Double.pi / 15
    guard x > 0.7 else {
      // Bernoulli series of t^3/(e^t - 1); the next term is below 1e-9 at x = 0.7.
      let square = x * x
      let below = x * square * (1.0 / 3 - x / 8 + square / 60 - square * square / 5040 + square * square * square / 272_160)
      return 1 - below / all
    }
    var sum = 0.0
    for k in 1...60 {
      let n = Double(k)
      sum += Double.exp(-n * x) * (x * x * x / n + 3 * x * x / (n * n) + 6 * x / (n * n * n) + 6 / (n * n * n * n))
    }
    return sum / all
  }
}
