import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

/// Laws that hold at every frequency by itself, on random bosons, baths and states.
@Suite("Twin of general bosons: laws at one frequency", .tags(.law))
struct TwinBosonLawTests {
  static let seeds = Array(UInt64(1)...20)
  static let dressed = TwinBosons.Level.allCases.filter { $0 != .landauer }
  static let frequencies = [0.21, 0.9, 1.7]

  @Test("flows add up to what the Keldysh formula says, and nothing is lost", arguments: seeds, dressed)
  func conservation(seed: UInt64, level: TwinBosons.Level) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let twin = try TwinBosons(random.junction, at: random.point, level: level, tolerance: 1e-11)
    for w in Self.frequencies {
      let spectra = try twin.spectra(frequency: w)
      let all = spectra.emissions.indices
      let supplies = all.map { spectra.supply(from: $0) }
      let scale = all.map { x in all.reduce(0) { max($0, abs(spectra.flow(from: x, to: $1))) } }.max() ?? 0
      #expect(abs(supplies.reduce(0, +)) < 1e-9 * scale, "\(random)")
      for x in all {
        let total = all.reduce(0) { $0 + spectra.flow(from: x, to: $1) }
        #expect(abs(total - supplies[x]) < 1e-9 * scale, "\(random), bath \(x)")
        for y in all { #expect(spectra.flow(from: x, to: y) == -spectra.flow(from: y, to: x)) }
      }
    }
  }

  @Test("bosons undressed: the Keldysh formula for every pair channel", arguments: seeds)
  func undressed(seed: UInt64) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let twin = try TwinBosons(random.junction, at: random.point, level: .landauer, tolerance: 1e-11)
    for w in Self.frequencies {
      let spectra = try twin.spectra(frequency: w)
      let all = spectra.emissions.indices
      let scale = all.map { x in all.reduce(0) { max($0, abs(spectra.flow(from: x, to: $1))) } }.max() ?? 0
      for x in spectra.pairs.indices {
        let total = all.reduce(0) { $0 + spectra.flow(from: x, to: $1) }
        #expect(abs(total - spectra.supply(from: x)) < 1e-9 * scale, "\(random)")
      }
      // iD^> - iD^< = i(D - D^+).
      let gap = spectra.spectral - Scalar(0, 1) * (spectra.green - spectra.green.adjoint)
      #expect(gap.norm < 1e-11 * spectra.green.norm)
      // The lesser function for the double integral is the same one.
      #expect((try twin.undressedLesser(frequency: w) - spectra.lesser).norm < 1e-12 * spectra.lesser.norm)
    }
  }

  @Test("in equilibrium no bath gives anything", arguments: seeds, TwinBosons.Level.allCases)
  func equilibrium(seed: UInt64, level: TwinBosons.Level) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let temperature = 0.2 + 0.1 * Double(seed % 7)
    let baths = random.junction.baths.count
    let point = OperatingPoint(
      chemicalPotentials: [0.3, 0.3], temperatures: [temperature, temperature],
      bathTemperatures: [Double](repeating: temperature, count: baths))
    let twin = try TwinBosons(random.junction, at: point, level: level, tolerance: 1e-11)
    for w in Self.frequencies {
      let spectra = try twin.spectra(frequency: w)
      let all = spectra.emissions.indices
      // What a bath emits alone, as the scale of the cancellation.
      let scale = spectra.densities.reduce(0) { max($0, $1.norm) } * spectra.lesser.norm
      for x in all { #expect(abs(spectra.supply(from: x)) < 1e-9 * scale, "\(random), bath \(x)") }
    }
  }

  @Test("subtracting the static self-energy leaves the static response alone in equilibrium", arguments: seeds.prefix(4))
  func staticResponse(seed: UInt64) throws {
    let random = RandomJunctions.makeBosons(seed: seed)
    let point = OperatingPoint(
      chemicalPotentials: [0.3, 0.3], temperatures: [0.4, 0.4],
      bathTemperatures: random.junction.baths.map { _ in 0.4 })
    let bare = try TwinBosons(random.junction, at: point, level: .landauer).greensFunction(frequency: 0)
    let dressed = try TwinBosons(random.junction, at: point, level: .dressedDynamically).greensFunction(frequency: 0)
    #expect((bare - dressed).norm < 1e-9 * bare.norm)
  }
}
