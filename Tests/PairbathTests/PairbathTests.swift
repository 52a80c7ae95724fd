import Pairbath
import TestKinds
import Testing

@Suite("Pairbath", .tags(.golden))
struct PairbathTests {
  @Test("one import is enough to describe a junction and compute its currents")
  func umbrella() throws {
    let junction = try Junction(
      conductor: .levels([0.5, -0.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
    let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [1.1, 1.1], bathTemperatures: [0.9])
    let result = try SweepRunner(workers: 1).run(
      SweepRequest(
        title: "double dot", units: .natural, junction: junction, axes: [],
        points: OperatingPoints([point], electrodes: 2, baths: 1), settings: ComputeSettings()))
    let j = try #require(result.variable("energy_current"))
    // Reference from scipy, twelve digits given; the default tolerance is 1e-8.
    #expect(abs(j.values[0] - 0.0427276154941) < 1e-8 * 0.0427)
    #expect(result.channelLabels == ["L>L", "L>R", "R>L", "R>R"])
  }
}
