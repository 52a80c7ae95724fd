import DenseMatrices
import JunctionModel
import Testing
import TransportResults

@testable import Sweeps

/// A mode without a spring between Ohmic baths, on two levels.
@Suite("A free particle on a conductor")
struct FreeParticleTests {
  private static func result(spring: Double, level: ComputeSettings.Level, tolerance: Double) throws -> TransportResult {
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.2, -0.3], [-0.3, -0.1]])),
      electrodes: [.wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.4)],
      bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[spring]])),
      baths: [
        BosonBath("a", .ohmic(friction: 0.02), coordinates: [0]), BosonBath("b", .ohmic(friction: 0.03), coordinates: [0]),
      ], coupling: Coupling(.massWeighted, [Matrix(real: [[0.05, 0.02], [0.02, -0.04]])]))
    let point = OperatingPoint(chemicalPotentials: [0.3, -0.3], temperatures: [0.1, 0.1], bathTemperatures: [0.11, 0.1])
    var settings = ComputeSettings(level: level, observables: [.energyCurrent, .bathEnergyCurrent], tolerance: tolerance)
    (settings.renormalization, settings.elasticCorrection) = (.none, .none)
    return try SweepRunner(workers: 1).run(SweepRunnerTests.request(junction, [point], settings))
  }

  @Test("the energy current is that of a spring whose strength goes to zero", .tags(.limit), arguments: [1e-8, 1e-10])
  func limit(spring: Double) throws {
    for level in [ComputeSettings.Level.landauer, .dressed] {
      let free = try Self.result(spring: 0, level: level, tolerance: 1e-6)
      let held = try Self.result(spring: spring, level: level, tolerance: 1e-6)
      #expect(free.states(.done) == 1, "\(level): \(free.shortfalls)")
      let (a, b) = (free.reported("energy_current")[0], held.reported("energy_current")[0])
      // A spring K moves energies of the order of root K, flows by K over the squares of all scales.
      #expect(abs(a.value - b.value) <= a.error + b.error + 100 * spring * abs(a.value), "\(level): \(a), \(b)")
      let baths = free.reported("bath_energy_current")
      #expect(abs(baths[0].value + baths[1].value - a.value) <= baths[0].error + baths[1].error + a.error)
      // An electron that crosses and one that comes back: each alone scatters without limit.
      #expect(free.reported("energy_current_channel").contains { $0.value.isInfinite })
    }
  }
}
