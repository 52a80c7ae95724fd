import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Laws on random junctions", .tags(.law))
struct RandomLawTests {
  /// Tolerance of the twin's integrals here; the laws are tested a little above it.
  static let tolerance = 1e-9
  static let junctions =
    RandomJunctions.make(count: 14, from: 1, limits: .small) + RandomJunctions.make(count: 6, from: 1001)

  @Test("the spectral functions add up to i(G - G^+)", arguments: junctions)
  func spectralSum(_ random: RandomJunction) throws {
    let twin = try TextbookTwin(random.junction)
    for energy in [-2.7, -0.31, 0.05, 0.9, 4.2] {
      let violations = LawChecks.spectralSum(
        green: try twin.greensFunction(energy: energy),
        spectral: try twin.spectralFunctions(energy: energy, electrodes: Array(random.junction.electrodes.indices)),
        tolerance: 1e-11)  // rounding of the inverse, condition numbers up to 1e4
      #expect(violations == [], "\(random)")
    }
  }

  @Test("spectra are positive, balanced and reversible", arguments: junctions)
  func spectra(_ random: RandomJunction) throws {
    let twin = try TextbookTwin(random.junction, tolerance: Self.tolerance)
    let w = 0.8
    let forward = try twin.spectra(at: random.point, frequency: w)
    let emission = forward.map(\.emission)
    let absorption = forward.map(\.absorption)
    let pair = forward.map(\.pairDensity)
    #expect(forward.allSatisfy { $0.converged }, "\(random)")
    let allowed = 20 * Self.tolerance
    var violations = try LawChecks.positive(emission, tolerance: allowed, name: "E")
    violations += try LawChecks.positive(absorption, tolerance: allowed, name: "B")
    violations += LawChecks.pairDensity(pair, emission: emission, absorption: absorption, tolerance: allowed)
    violations += LawChecks.detailedBalance(
      emission: emission, absorption: absorption, frequency: w, chemicalPotentials: random.point.chemicalPotentials,
      temperatures: random.point.temperatures, tolerance: allowed)
    // One reversed frequency on the first and the last channel pair is enough for a check of all formulas.
    let backward = try twin.spectra(at: random.point, frequency: -w)
    let n = random.junction.electrodes.count
    violations += LawChecks.reversal(
      atNegative: backward.map(\.emission), reversedAtPositive: absorption, electrodes: n, antisymmetric: false,
      tolerance: allowed, name: "E")
    violations += LawChecks.reversal(
      atNegative: backward.map(\.pairDensity), reversedAtPositive: pair, electrodes: n, antisymmetric: true,
      tolerance: allowed, name: "L")
    #expect(violations == [], "\(random)")
  }

  @Test("currents are conserved and produce entropy", arguments: junctions)
  func currents(_ random: RandomJunction) throws {
    let twin = try TextbookTwin(random.junction, tolerance: Self.tolerance)
    let currents = try twin.sharpCurrents(at: random.point)
    #expect(currents.converged, "\(random)")
    // The error bounds of all channels add up in a sum over electrodes.
    let channels = Double(random.junction.channels.count)
    var violations = LawChecks.particleConservation(
      currents.inelasticParticleCurrents, tolerance: 1e-12, slack: 2 * channels * currents.errors.particle)
    violations += LawChecks.particleConservation(
      currents.elasticParticleCurrents, tolerance: 1e-8, slack: channels * currents.elasticErrors.particle)
    violations += LawChecks.energyConservation(
      electrodes: currents.electrodeEnergyCurrents, intoBosons: currents.energyCurrent, tolerance: 1e-8,
      slack: channels * (currents.errors.energy + currents.errors.heat))
    violations += LawChecks.secondLaw(
      electrodeHeats: currents.inelasticHeatCurrents, temperatures: random.point.temperatures,
      bathEnergies: currents.bathEnergyCurrents, bathTemperatures: random.point.bathTemperatures, tolerance: 1e-8,
      slack: currents.errors.heat)
    violations += LawChecks.secondLaw(
      electrodeHeats: currents.elasticHeatCurrents, temperatures: random.point.temperatures, bathEnergies: [],
      bathTemperatures: [], tolerance: 1e-8, slack: currents.elasticErrors.heat)
    #expect(violations == [], "\(random)")
  }
}
