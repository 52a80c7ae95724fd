import DenseMatrices
import JunctionModel
import TestKinds
import Testing
import TransportResults

@testable import BosonPropagators
@testable import ElectronSpectra
@testable import TransportCurrents

/// Errors that are a share of the value are too small where the value is a small rest of large numbers, or an exponential of one.
@Suite("Errors of rounding", .tags(.law))
struct RoundingErrorsTests {
  /// Heat between two baths and the population of one mode without electrons on it.
  private static func currents(energy: Double) throws -> StateCurrents {
    let junction = try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [energy]),
      baths: ["hot", "cold"].map { BosonBath($0, .ohmic(friction: 0.02), coordinates: [0]) },
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0], [0, 0]])]))
    let points = OperatingPoints(
      [OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.001, 0.001], bathTemperatures: [0.001, 0])], electrodes: 2,
      baths: 2)
    let prepared = try PreparedJunction(junction, points: points, tolerance: 1e-10)
    let solver = SharpSolver(
      prepared, environment: try BosonEnvironment(prepared.junction, highest: 10),
      kernels: [try prepared.pairKernel(at: energy, pairs: .diagonal([0]))], closedForms: false)
    let worker = SharpWorker(solver, integrator: StateIntegrator(), capacity: 4)
    let block = worker.block(points, 0..<1)
    var currents = StateCurrents(electrodes: 2, baths: 2, modes: 1)
    let state = OperatingState(points, state: 0, reference: prepared.referenceEnergy)
    block.evaluate(state, slot: 0, currents: true, into: &currents)
    return currents
  }

  @Test("heat and occupation of exp(-300) know the energy of the mode to its last digit only")
  func exponentials() throws {
    // The same number, written in two ways: their difference changes exp(-W/T) by 300 units in the last digit.
    let (a, b) = (try Self.currents(energy: 0.3), try Self.currents(energy: 0.1 + 0.2))
    for (x, y) in [(a.bathEnergy[1], b.bathEnergy[1]), (a.population[0], b.population[0])] {
      #expect(x.value > 0 && abs(x.value - y.value) > 2e-14 * x.value)
      #expect(abs(x.value - y.value) <= x.error + y.error, "\(x), \(y)")
      #expect(x.error < 1e-12 * x.value)
    }
  }

  @Test("the population of a nearly unstable mode knows the friction to its last digit only")
  func nearlyUnstable() {
    func population(_ friction: Double) -> Estimate {
      ModePopulation(
        energy: 1, emission: Estimate(0.5), absorption: Estimate(0.5), density: Estimate(-0.3 + 1e-12), friction: friction,
        supply: Estimate()
      ).population
    }
    let (a, b) = (population(0.3), population(0.1 + 0.2))
    #expect(abs(a.value - b.value) > 1e-6 * a.value)
    #expect(abs(a.value - b.value) <= a.error + b.error)
  }

  @Test("a quality factor has the errors of energy and damping, and is unbounded where the damping may vanish")
  func qualityFactor() {
    var currents = StateCurrents(electrodes: 1, baths: 1, modes: 1)
    currents.setPole(mode: 0, energy: Estimate(1, error: 0.1), damping: Estimate(0.5, error: 0))
    #expect(abs(currents.qualityFactor[0].error - 0.2) < 1e-12)
    currents.setPole(mode: 0, energy: Estimate(1), damping: Estimate(0.5, error: 0.25))
    // 1/(0.5 - 0.25) - 1/0.5.
    #expect(currents.qualityFactor[0].value == 2 && currents.qualityFactor[0].error >= 2)
    currents.setPole(mode: 0, energy: Estimate(1), damping: Estimate(0.5, error: 0.5))
    #expect(currents.qualityFactor[0].value == 2 && currents.qualityFactor[0].error == .infinity)
  }
}
