import Foundation
import Pairbath

/// The double-dot map of the NumPy rival: 201 temperatures x 201 biases, sharp mode, J, I and population.
func doubleDotMap(_ tolerance: Double) throws {
  let junction = try Junction(
    conductor: .levels([10.5, 9.5]),
    electrodes: [
      .wideBand("L", orbitals: [0], broadening: 0.5, of: 2), .wideBand("R", orbitals: [1], broadening: 0.5, of: 2),
    ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
    coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
  let n = 201
  var points: [OperatingPoint] = []
  let ts = (0..<n).map { 0.05 + 0.95 * Double($0) / Double(n - 1) }
  let vs = (0..<n).map { -3 + 6 * Double($0) / Double(n - 1) }
  for t in ts {
    for v in vs {
      points.append(OperatingPoint(chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [t, t], bathTemperatures: [t]))
    }
  }
  let request = SweepRequest(
    title: "", units: .natural, junction: junction, axes: [SweepAxis("T", ts), SweepAxis("V", vs)],
    points: OperatingPoints(points, electrodes: 2, baths: 1),
    settings: ComputeSettings(level: .sharp, observables: [.energyCurrent, .chargeCurrent, .modePopulation], tolerance: tolerance))
  for workers in [1, 2] {
    var best = Double.infinity
    for _ in 0..<5 {
      let start = ContinuousClock.now
      let result = try SweepRunner(workers: workers).run(request)
      let seconds = Double((ContinuousClock.now - start).components.attoseconds) * 1e-18 + Double((ContinuousClock.now - start).components.seconds)
      best = min(best, seconds)
      if workers == 1 { print(result.variable("energy_current")!.values.last!, result.variable("energy_current")!.errors!.max()!) }
    }
    print("workers", workers, "best", best, "s,", best / Double(n * n) * 1e6, "us per state")
  }
}
try doubleDotMap(3e-9)
