import Foundation
import Pairbath

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  let d = (ContinuousClock.now - start).components
  return Double(d.seconds) + 1e-18 * Double(d.attoseconds)
}

/// The double-dot map of the NumPy rival: 201 temperatures x 201 biases, sharp mode, J, I and population.
func doubleDotMap(_ tolerance: Double) throws {
  let junction = try Junction(
    conductor: .levels([10.5, 9.5]),
    electrodes: [
      .wideBand("L", orbitals: [0], broadening: 0.5, of: 2), .wideBand("R", orbitals: [1], broadening: 0.5, of: 2),
    ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 2), coordinates: [0])],
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
    settings: ComputeSettings(
      level: .sharp, observables: [.energyCurrent, .chargeCurrent, .modePopulation], tolerance: tolerance))
  for workers in [1, 2] {
    var best = Double.infinity
    for _ in 0..<5 {
      var result: TransportResult?
      best = min(best, try seconds { result = try SweepRunner(workers: workers).run(request) })
      if workers == 1 {
        print(result!.variable("energy_current")!.values.last!, result!.variable("energy_current")!.errors!.max()!)
      }
    }
    print("workers", workers, "best", best, "s,", best / Double(n * n) * 1e6, "us per state")
  }
}
func molecule(_ path: String) throws {
  let document = try ModelDocument.read(file: path)
  let request = SweepRequest(
    title: "", units: document.units, junction: document.junction, axes: document.axes, points: document.points,
    settings: document.settings)
  var result: TransportResult?
  let t = try seconds { result = try SweepRunner().run(request) }
  let e = result!.variable("emission")!
  print("molecule", t, "s", e.values.reduce(0, +), e.errors!.max()! / e.values.max()!)
}
if CommandLine.arguments.count > 1 { try molecule(CommandLine.arguments[1]) } else { try doubleDotMap(3e-9) }
