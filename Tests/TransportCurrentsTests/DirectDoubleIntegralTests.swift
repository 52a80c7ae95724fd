import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing
import TransportCurrents
import TransportResults

@Suite("The double integral without pair baths", .tags(.twin))
struct DirectDoubleIntegralTests {
  /// J of the double integral with the twin's bosons.
  private func direct(_ junction: Junction, _ point: OperatingPoint, tolerance: Double) throws -> Estimate {
    let twin = try TwinBosons(junction, at: point, level: .landauer)
    let integral = try DirectDoubleIntegral(
      junction: junction,
      bosonLesser: { w throws(SolverError) in
        do { return try twin.undressedLesser(frequency: w) } catch {
          throw SolverError(.linearAlgebra, "\(error)")
        }
      }, breakpoints: try twin.resonances(), tolerance: tolerance)
    return try integral.energyCurrent(at: point)
  }

  @Test("agrees with pair baths on random junctions", arguments: [UInt64(1), 3, 4, 5, 7, 11, 12])
  func random(seed: UInt64) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let found = try direct(random.junction, random.point, tolerance: 1e-6)
    let expected = try TwinBosons(random.junction, at: random.point, level: .landauer, tolerance: 1e-10)
      .currents(tolerance: 1e-9)
    #expect(abs(found.value - expected.energyCurrent) <= found.error + 2 * expected.errors.energy, "\(random)")
    // It is a difference of what is absorbed and emitted. Seed 4 tells the order of the indices of D^< (8.8e-8).
    #expect(found.error < 1e-4 * abs(found.value) + 2e-9, "\(random)")
  }
}
