import DenseMatrices
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

@Suite("Engine with a boson chemical potential, [07:13]", .tags(.limit))
struct BosonEngineTests {
  private static let observables: [Observable] = [.bosonEngineEfficiency, .effectiveChemicalPotential, .effectiveTemperature]

  /// Resonant narrow levels: the reaction e_L + h_R -> boson is faster than everything else.
  private static func oneReaction(width: Double) throws -> Junction {
    try Junction(
      conductor: .levels([0.5, -0.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: width), .wideBand("R", orbitals: [1], broadening: width),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 1e-12), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.01], [0.01, 0]])]))
  }

  @Test("in the extreme case the efficiency is that of the text")
  func extremeCase() throws {
    let (hot, cold) = (0.5, 0.2)
    let junction = try Self.oneReaction(width: 1e-3)
    for v in [-0.6, -0.2, 0.2, 0.5] {
      let point = OperatingPoint(chemicalPotentials: [v / 2, -v / 2], temperatures: [hot, hot], bathTemperatures: [cold])
      let result = try SweepRunner(workers: 1).run(
        FastPath.request(junction, [point], ComputeSettings(observables: Self.observables)))
      let expected = 1 - cold / hot * (1 - v)
      // The reverse reaction is off resonance by two quanta, (width/2)^2/(2^2 + ...) of the rate, times e^{|V|/T}.
      #expect(abs(result.reported("boson_engine_efficiency")[0].value - expected) < 1e-4, "V = \(v)")
      #expect(abs(result.reported("boson_engine_carnot")[0].value - 0.6) < 1e-14)
    }
  }

  @Test("the efficiency exceeds Carnot's exactly where the mode has a positive chemical potential")
  func exceedsCarnot() throws {
    let junction = try SweepRunnerTests.doubleDot(friction: 0.5)
    var points: [OperatingPoint] = []
    for i in 0..<41 {
      let v = -2 + 0.1 * Double(i)
      for (hot, cold) in [(0.5, 0.2), (1.0, 0.9), (0.3, 0.3)] {
        points.append(
          OperatingPoint(chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [hot, hot], bathTemperatures: [cold]))
      }
    }
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(junction, points, ComputeSettings(observables: Self.observables)))
    var (above, below) = (0, 0)
    for state in points.indices {
      let efficiency = result.reported("boson_engine_efficiency", state: state)[0]
      guard !efficiency.value.isNaN else { continue }
      let carnot = result.reported("boson_engine_carnot", state: state)[0].value
      let potential = result.reported("effective_chemical_potential", state: state)[0].value
      let share = result.reported("boson_engine_chemical_share", state: state)[0].value
      #expect((efficiency.value > carnot) == (potential > 0))
      // The mode has energy 1: per quantum, chemical energy is all work, heat is work up to Carnot.
      #expect(abs(share - potential) < 1e-12)
      #expect(abs(efficiency.value - (share + (1 - share) * carnot)) < 1e-12)
      if potential > 0 { above += 1 } else { below += 1 }
    }
    #expect(above > 5 && below > 5)
  }
}
