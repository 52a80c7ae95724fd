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

}

/// An occupation a quadrature must resolve, from a photon energy upwards.
struct WatchedOccupation: Sendable, Equatable, Hashable {
  let occupation: Occupation
  /// Below this photon energy nothing has this occupation: the gap energy, or 0 without chemical potential.
  let floor: Double

  @inline(__always) func callAsFunction(_ w: Double) -> Double { w > floor ? occupation(w) : 0 }

  /// The occupations to resolve so that those of all states are: a few temperatures from the coldest to the hottest (above 0), each with
  /// its extreme chemical potentials in each body.
  static func distinct(_ states: [RadiationState], of pair: RadiatingPair) -> [WatchedOccupation] {
    let temperatures = states.flatMap { [$0.first.temperature, $0.second.temperature] }.filter { $0 > 0 }
    let chosen = thinned(Set(temperatures).sorted())
    var result = chosen.map { WatchedOccupation(occupation: Occupation(temperature: $0, chemicalPotential: 0), floor: 0) }
    for (body, bodyStates) in [(pair.first, states.map(\.first)), (pair.second, states.map(\.second))] {
      guard let gap = body.interbandGap else { continue }
      let biased = bodyStates.filter { $0.chemicalPotential != 0 && $0.temperature > 0 }
      for temperature in thinned(Set(biased.map(\.temperature)).sorted()) {
        let potentials = biased.filter { $0.temperature == temperature }.map(\.chemicalPotential)
        for nu in Set([potentials.min() ?? 0, potentials.max() ?? 0]).sorted() {
          result.append(WatchedOccupation(occupation: Occupation(temperature: temperature, chemicalPotential: nu), floor: gap))
        }
      }
    }
    return Set(result).sorted {
      ($0.occupation.temperature, $0.occupation.chemicalPotential, $0.floor)
        < ($1.occupation.temperature, $1.occupation.chemicalPotential, $1.floor)
    }
  }

  /// At most five values, the first and the last among them.
  private static func thinned(_ values: [Double]) -> [Double] {
    let count = min(5, values.count)
    return (0..<count).map { values[count == 1 ? 0 : $0 * (values.count - 1) / (count - 1)] }
  }
}

/// How much a photon energy can matter, from 1 down: the square root of the thermal weight of the hottest body relative to its maximum, or to
/// that at a gap energy for interband fluxes. The root leaves room for spectra that grow.
struct ThermalImportance: Sendable {
  private let temperature: Double
  private let gaps: [Double]

  init(_ window: RadiationWindow, of pair: RadiatingPair) {
    temperature = window.temperatures.upperBound
    gaps = [pair.first.interbandGap, pair.second.interbandGap].compactMap { $0 }
  }

  func callAsFunction(_ w: Double) -> Double {
    let x = w / temperature
    // x^3/(e^x - 1) has its maximum 1.42 at 2.82.
    var weight = x < 2.82 ? 1 : x * x * x / Double.expMinusOne(x) / 1.42
    for gap in gaps where w > gap {
      let ratio = w / gap
      weight = max(weight, min(1, ratio * ratio * ratio * Double.exp((gap - w) / temperature)))
    }
    return weight.squareRoot()
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
