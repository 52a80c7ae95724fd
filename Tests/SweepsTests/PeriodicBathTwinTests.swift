import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing

@testable import BosonPropagators

/// Junctions whose periodic leads bind vibrations to their surfaces, and tabulated baths, against the slow twin.
@Suite("Periodic and tabulated boson baths against the twin", .tags(.twin))
struct PeriodicBathTwinTests {
  /// Random junctions with a periodic lead that has surface states in gaps of its bands.
  static let periodic: [UInt64] = [7017, 7031, 7037, 7040, 7047]

  @Test("transmission of the bosons at random frequencies, and close to surface states", arguments: periodic)
  func transmission(seed: UInt64) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let twin = try TwinBosons(random.junction, at: random.point, level: .landauer)
    let environment = try BosonEnvironment(random.junction, highest: 5)
    var numbers = SplitMix64(seed: seed)
    var frequencies = (0..<30).map { _ in numbers.uniform(0.05...2.5) }
    for state in environment.surfaceStates { frequencies += [-1e-2, -1e-4, 1e-5, 1e-3].map { state.frequency * (1 + $0) } }
    #expect(!environment.surfaceStates.isEmpty, "\(random)")
    let count = random.junction.baths.count
    for w in frequencies {
      let found = try environment.transmission(at: w)
      for p in 0..<count {
        for q in 0..<count {
          let expected = try twin.transmission(from: q, to: p, frequency: w)
          let r = found[p * count + q]
          // The waves of the twin fulfil the equation of g to 1e-10 only, and |g|, |D| are a few units.
          #expect(abs(r.value - expected) <= r.error + 1e-9, "\(p) \(q) at \(w): \(r) against \(expected), \(random)")
          #expect(r.error < 1e-7, "at \(w), \(random)")
        }
      }
    }
  }

  @Test("level landauer: every flow of a junction with surface states, the errors cover the deviation", arguments: [7031])
  func landauer(seed: UInt64) throws {
    try BosonTwinTests.compare(RandomJunctions.makeBosons(seed: seed), .landauer)
  }

  /// The first of them has a periodic lead too.
  @Test("level landauer: tabulated baths, whose spline has a kink of its third derivative at every knot")
  func tabulated() throws {
    let seeds = (7000..<7040).map { UInt64($0) }.filter {
      RandomJunctions.makeBosons(seed: $0).junction.baths.contains { if case .table = $0.kind { true } else { false } }
    }
    for seed in seeds.prefix(2) { try BosonTwinTests.compare(RandomJunctions.makeBosons(seed: seed), .landauer) }
  }
}
