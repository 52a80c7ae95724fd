import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Twin of general bosons: stability")
struct TwinBosonStabilityTests {
  @Test("a biased double dot loses stability where emission outgrows absorption and damping", .tags(.limit))
  func runaway() throws {
    // [07:10-11]: dN/dt = E (N + 1) - B N - eta (N - n), stable while eta > E - B at w = W.
    let junction = try doubleDot(friction: 0.01)
    let point = state([12, 8], [0.2, 0.2], bath: 0.2)
    let spectra = try TextbookTwin(junction).spectra(at: point, frequency: 1)
    let gain = -0.5 * spectra.reduce(0) { $0 + $1.pairDensity[0, 0].rawStorage.x }
    #expect(gain > 0.01)
    // Poles come in pairs, w and -w^*.
    for (friction, expected) in [(0.5 * gain, 2), (1.5 * gain, 0)] {
      let twin = try TwinBosons(
        try doubleDot(friction: friction), at: point, level: .dressedWithoutShift, tolerance: 1e-8)
      #expect(try twin.unstablePoles() == expected)
    }
  }

  @Test("random junctions are stable", arguments: UInt64(1)...6)
  func random(seed: UInt64) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let twin = try TwinBosons(random.junction, at: random.point, level: .dressed, tolerance: 1e-7)
    #expect(try twin.unstablePoles() == 0, "\(random)")
  }
}
