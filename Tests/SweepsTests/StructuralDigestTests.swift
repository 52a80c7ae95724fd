import JunctionModel
import Testing
import TransportResults

@testable import Sweeps

@Suite("Digests of models")
struct StructuralDigestTests {
  private static func digest(_ value: Any) -> String {
    var digest = StructuralDigest()
    digest.add(value)
    return digest.hexadecimal
  }

  @Test("equal values have equal digests, and whatever changes changes the digest")
  func changes() {
    #expect(Self.digest([1.0, 2.0]) == Self.digest([1.0, 2.0]))
    let different: [Any] = [
      [1.0, 2.0], [2.0, 1.0], [1.0], [[1.0], [2.0]], [1, 2], ["1", "2"], "12", 1.0, 1, true, Optional<Int>.none as Any,
      0.0, -0.0, Double.ulpOfOne, [Double](repeating: 1, count: 100_000), [Double](repeating: 1, count: 100_001),
    ]
    #expect(Set(different.map(Self.digest)).count == different.count)
  }

  @Test("long arrays differ in any element")
  func long() {
    let zeros = [Double](repeating: 0, count: 50_000)
    let first = Self.digest(zeros)
    for place in [0, 1, 77, 49_999] {
      var other = zeros
      other[place] = 1e-300
      #expect(Self.digest(other) != first)
    }
  }

  @Test("every part of settings and states counts")
  func parts() {
    let base = ComputeSettings()
    let changes: [(inout ComputeSettings) -> Void] = [
      { $0.level = .dressed }, { $0.tolerance = 1e-9 }, { $0.renormalization = .none }, { $0.frequencies = [] },
      { $0.energies = [0] }, { $0.observables = [] }, { $0.elasticCorrection = .none }, { $0.countingTime = 1 },
      { $0.quanta = 3 },
    ]
    let digests = changes.map { change in
      var settings = base
      change(&settings)
      return Self.digest(settings)
    }
    #expect(Set(digests + [Self.digest(base)]).count == changes.count + 1)
    let states = [[0.0, 1.0], [1.0, 0.0]].map {
      OperatingPoints(
        chemicalPotentials: [$0], temperatures: [[1, 1]], bathTemperatures: [], bathChemicalPotentials: [], count: 2)
    }
    #expect(Self.digest(states[0]) != Self.digest(states[1]))
  }
}
