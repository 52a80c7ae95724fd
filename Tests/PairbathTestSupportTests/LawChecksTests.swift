import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Testing

@Suite("LawChecks")
struct LawChecksTests {
  /// A random junction with two modes and equal finite temperatures, and its spectra at both signs of one frequency.
  struct Sample {
    let random: RandomJunction
    let forward: [TwinSpectra]
    let backward: [TwinSpectra]

    init() throws {
      let all = RandomJunctions.make(count: 200, from: 1, limits: .small)
      random = try #require(
        all.first {
          $0.junction.bosons.count == 2 && $0.junction.conductor.orbitals > 1 && $0.point.temperatures[0] > 0.1
            && $0.point.temperatures[0] == $0.point.temperatures[1]
        })
      let twin = try TextbookTwin(random.junction, tolerance: 1e-10)
      forward = try twin.spectra(at: random.point, frequency: 1)
      backward = try twin.spectra(at: random.point, frequency: -1)
    }
  }

  @Test("finds spectra that break a law, and only those")
  func spectra() throws {
    let sample = try Sample()
    let (emission, absorption) = (sample.forward.map(\.emission), sample.forward.map(\.absorption))
    let pair = sample.forward.map(\.pairDensity)
    let point = sample.random.point
    func balance(_ e: [Matrix]) -> [String] {
      LawChecks.detailedBalance(
        emission: e, absorption: absorption, frequency: 1, chemicalPotentials: point.chemicalPotentials,
        temperatures: point.temperatures, tolerance: 1e-8)
    }
    #expect(balance(emission) == [])
    #expect(balance(emission.map { Scalar(1.00001, 0) * $0 }).count == emission.count)
    #expect(try LawChecks.positive(emission, tolerance: 1e-9, name: "E") == [])
    #expect(try LawChecks.positive(emission.map { Scalar(-1, 0) * $0 }, tolerance: 1e-9, name: "E").count == emission.count)
    #expect(try LawChecks.positive(emission.map { Scalar(1, 1e-3) * $0 }, tolerance: 1e-9, name: "E").count == emission.count)
    #expect(LawChecks.pairDensity(pair, emission: emission, absorption: absorption, tolerance: 1e-8) == [])
    #expect(!LawChecks.pairDensity(pair, emission: absorption, absorption: emission, tolerance: 1e-8).isEmpty)
    func reversed(_ positive: [Matrix]) -> [String] {
      LawChecks.reversal(
        atNegative: sample.backward.map(\.emission), reversedAtPositive: positive, electrodes: 2, antisymmetric: false,
        tolerance: 1e-8, name: "E")
    }
    #expect(reversed(absorption) == [])
    #expect(!reversed(emission).isEmpty)
    // The modes exchanged: E_nm instead of E_mn, which is the complex conjugate.
    let conjugate = absorption.map { b in
      Matrix(rows: b.rows, columns: b.columns, elements: b.elements.map(\.conjugate))
    }
    #expect(!reversed(conjugate).isEmpty)
    var wrong = absorption
    wrong.swapAt(1, 2)
    #expect(!reversed(wrong).isEmpty)
  }

  @Test("finds currents that break a law, NaN included")
  func currents() {
    #expect(LawChecks.particleConservation([1, -0.4, -0.6], tolerance: 1e-12) == [])
    #expect(LawChecks.particleConservation([1, -0.4, -0.59], tolerance: 1e-12).count == 1)
    #expect(LawChecks.particleConservation([.nan, 0], tolerance: 1e-12).count == 1)
    #expect(LawChecks.energyConservation(electrodes: [1, 2], intoBosons: 3, tolerance: 1e-12) == [])
    #expect(LawChecks.energyConservation(electrodes: [1, 2], intoBosons: -3, tolerance: 1e-12).count == 1)
    func law(_ heats: [Double], _ temperatures: [Double], _ bath: Double) -> [String] {
      LawChecks.secondLaw(
        electrodeHeats: heats, temperatures: temperatures, bathEnergies: [bath], bathTemperatures: [1], tolerance: 1e-12)
    }
    #expect(law([1, 0], [2, 2], 1) == [])
    #expect(law([-1, 0], [2, 2], -1).count == 1)
    #expect(law([-1, 0], [0, 2], -100) == [])
    #expect(law([1, 0], [0, 2], 100).count == 1)
    #expect(law([.nan, 0], [1, 2], 1).count == 1)
  }

  @Test("finds a spectral function of the wrong sign")
  func spectralSum() throws {
    let twin = try TextbookTwin(doubleDot())
    let green = try twin.greensFunction(energy: 9.9)
    let spectral = try twin.spectralFunctions(energy: 9.9, electrodes: [0, 1])
    #expect(LawChecks.spectralSum(green: green, spectral: spectral, tolerance: 1e-13) == [])
    #expect(LawChecks.spectralSum(green: green, spectral: [spectral[0]], tolerance: 1e-13).count == 1)
    #expect(LawChecks.spectralSum(green: green.adjoint, spectral: spectral, tolerance: 1e-13).count == 1)
  }
}

@Suite("RandomJunctions")
struct RandomJunctionsTests {
  @Test("SplitMix64 gives the published sequence")
  func published() {
    // First outputs for seed 1234567, as printed with the reference implementation (Vigna, splitmix64.c).
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
  }

  @Test("a seed is one junction, and the kinds wanted all occur")
  func coverage() {
    let all = RandomJunctions.make(count: 200, from: 1)
    #expect(all[41].junction == RandomJunctions.make(seed: 42).junction)
    #expect(all[41].point == RandomJunctions.make(seed: 42).point)
    let zero = all.filter { $0.point.temperatures[0] == 0 }.count
    let equal = all.filter { Set($0.point.temperatures).count == 1 && $0.point.temperatures[0] > 0 }.count
    #expect(zero > 20 && equal > 20 && zero + equal < 160)
    #expect(all.contains { $0.junction.conductor.overlap != nil } && all.contains { $0.junction.conductor.overlap == nil })
    #expect(Set(all.map { $0.junction.electrodes.count }) == [2, 3, 4])
    #expect(Set(all.map { $0.junction.conductor.orbitals }) == [1, 2, 3, 4, 5, 6])
    #expect(Set(all.map { $0.junction.bosons.count }) == [1, 2, 3])
    #expect(Set(all.map { $0.junction.conductor.spinDegeneracy }) == [1, 2])
    let biases = all.map { abs($0.point.chemicalPotentials[1] - $0.point.chemicalPotentials[0]) }
    #expect(biases.contains { abs($0 - 1) < 1e-15 } && biases.allSatisfy { $0 <= 4 })
    let chains = all.flatMap { $0.junction.electrodes }.filter { if case .chain = $0.kind { true } else { false } }
    #expect(!chains.isEmpty)
  }
}
