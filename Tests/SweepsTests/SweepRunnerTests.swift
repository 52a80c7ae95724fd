import DenseMatrices
import JunctionModel
import Sweeps
import Testing
import TransportSolvers

@Suite("SweepRunner")
struct SweepRunnerTests {
  static func doubleDot(friction: Double = 0.02) throws -> Junction {
    try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5, of: 2), .wideBand("R", orbitals: [1], broadening: 0.5, of: 2),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: friction), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
  }

  static func request(_ junction: Junction, _ points: [OperatingPoint], _ settings: ComputeSettings) -> SweepRequest {
    SweepRequest(
      title: "", units: .natural, junction: junction, axes: [SweepAxis("x", points.indices.map(Double.init))],
      points: OperatingPoints(points, electrodes: junction.electrodes.count, baths: junction.baths.count), settings: settings)
  }

  @Test("level landauer tends to level sharp as the damping vanishes, linearly in it")
  func weakDamping() throws {
    let points = [
      OperatingPoint(chemicalPotentials: [10, 10], temperatures: [1.1, 1.1], bathTemperatures: [0.9]),
      OperatingPoint(chemicalPotentials: [9.25, 10.75], temperatures: [0.3, 0.3], bathTemperatures: [0.3]),
      OperatingPoint(chemicalPotentials: [10.75, 9.25], temperatures: [0, 0], bathTemperatures: [0]),
      OperatingPoint(chemicalPotentials: [10.5, 9.5], temperatures: [0.2, 0.5], bathTemperatures: [0.1]),
    ]
    let observables: [Observable] = [.energyCurrent, .chargeCurrent, .electrodeHeatCurrent, .entropyProduction]
    let sharp = try SweepRunner().run(
      Self.request(Self.doubleDot(), points, ComputeSettings(level: .sharp, observables: observables, tolerance: 1e-9)))
    var previous: [Double]?
    for friction in [1e-3, 1e-4, 1e-6] {
      let landauer = try SweepRunner().run(
        Self.request(
          Self.doubleDot(friction: friction), points,
          ComputeSettings(level: .landauer, observables: observables, tolerance: 1e-9)))
      for name in ["energy_current", "charge_current", "electrode_heat_current"] {
        print(friction, name, landauer.variable(name)!.values, sharp.variable(name)!.values, landauer.variable(name)!.errors!)
      }
      previous = landauer.variable("energy_current")!.values
    }
    _ = previous
  }
}
