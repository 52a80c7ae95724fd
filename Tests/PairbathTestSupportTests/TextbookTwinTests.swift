import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@Suite("TextbookTwin")
struct TextbookTwinTests {
  @Test("gives the double dot of the paper", .tags(.golden))
  func doubleDotReference() throws {
    let twin = try TextbookTwin(doubleDot())
    let point = state([10, 10], [1.1, 1.1], bath: 0.9)
    let pair = try twin.spectra(of: PairChannel(from: 0, to: 1), at: point, frequency: 1)
    // References from scipy, twelve digits given.
    #expect(deviation(pair.emission[0, 0].rawStorage.x / 2, 0.149213392505) < 5e-12)
    #expect(deviation(pair.absorption[0, 0].rawStorage.x / 2, 0.370357351695) < 5e-12)
    #expect(pair.converged)
    let currents = try twin.sharpCurrents(at: point)
    #expect(deviation(currents.energyCurrent, 0.0427276154941) < 5e-12)
  }

  @Test("flat band: L = w g_s tr[M A M A]/2pi", .tags(.limit))
  func flatBand() throws {
    let (gamma, m, w) = (1e4, 0.3, 0.8)
    let junction = try Junction(
      conductor: .levels([0.4], spinDegeneracy: 2),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: gamma), .wideBand("R", orbitals: [0], broadening: gamma),
      ], bosons: BosonSystem(modes: [1]), coupling: Coupling(.massWeighted, [Matrix(diagonal: [m])]))
    let twin = try TextbookTwin(junction)
    // A_a = Gamma_a/Gamma^2 at the band's middle; equal chemical potentials, so mu_ab = 0 in every channel.
    let a = gamma / (4 * gamma * gamma / 4)
    for (temperatures, tolerance) in [([0.7, 0.7], 1e-7), ([0.0, 0.0], 1e-7), ([0.01, 3], 2e-6)] {
      let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: temperatures, bathTemperatures: [])
      for spectra in try twin.spectra(at: point, frequency: w) {
        let expected = 2 * w * m * a * m * a / (2 * Double.pi)
        // Corrections are of order (energies/gamma)^2: 1e-8 when cold, pi^2 T^2/gamma^2 = 1e-6 when hot.
        #expect(deviation(spectra.pairDensity[0, 0].rawStorage.x, expected) < tolerance)
      }
    }
  }

  @Test("the full frequency integral gives the double dot's J, with and without the pair picture", .tags(.golden))
  func fullFrequencyIntegral() throws {
    // Golden number F: residues and digamma functions, 36 digits, tanh-sinh over w; the tolerance is ten times the twin's.
    let reference = 0.11811854747815207
    let junction = try doubleDot(friction: 0.05)
    let twin = try TextbookTwin(junction)
    let point = state([10.3, 9.7], [0.4, 0.4], bath: 0.3)
    let currents = try twin.landauerCurrents(at: point, tolerance: 1e-8)
    #expect(currents.converged)
    #expect(deviation(currents.energyCurrent, reference) < 1e-9)
    let direct = try twin.doubleIntegralEnergyCurrent(at: point, tolerance: 1e-8)
    #expect(deviation(direct.value, reference) < 1e-9)
    let violations =
      LawChecks.particleConservation(currents.inelasticParticleCurrents, tolerance: 1e-12)
      + LawChecks.energyConservation(
        electrodes: currents.electrodeEnergyCurrents, intoBosons: currents.energyCurrent, tolerance: 1e-8)
      + LawChecks.secondLaw(
        electrodeHeats: currents.inelasticHeatCurrents, temperatures: point.temperatures,
        bathEnergies: currents.bathEnergyCurrents, bathTemperatures: point.bathTemperatures, tolerance: 0)
    #expect(violations == [])
  }

  @Test("weak damping reaches the sharp limit, also with two baths", .tags(.limit))
  func sharpLimit() throws {
    let junction = try Junction(
      conductor: .levels([0.2]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.7), .wideBand("R", orbitals: [0], broadening: 1.3),
      ], bosons: BosonSystem(modes: [1]),
      baths: [1e-5, 3e-5].enumerated().map { BosonBath("ph\($0)", .ohmic(friction: $1), coordinates: [0]) },
      coupling: Coupling(.massWeighted, [Matrix(diagonal: [0.2])]))
    let twin = try TextbookTwin(junction)
    let point = OperatingPoint(chemicalPotentials: [0.3, -0.3], temperatures: [0.4, 0.6], bathTemperatures: [0.3, 0.9])
    let full = try twin.landauerCurrents(at: point, tolerance: 1e-6)
    let sharp = try twin.sharpCurrents(at: point)
    func check(_ values: [Double], _ references: [Double]) {
      let scale = references.map { abs($0) }.max()!
      // The tails of D carry a part of a few eta/W, 4e-5 each, of the largest current.
      for (a, b) in zip(values, references) { #expect(abs(a - b) < 1e-3 * scale) }
    }
    check(full.bathEnergyCurrents, sharp.bathEnergyCurrents)
    check(full.bosonHeatCurrents, sharp.bosonHeatCurrents)
    check(full.inelasticParticleCurrents, sharp.inelasticParticleCurrents)
    check(full.inelasticHeatCurrents, sharp.inelasticHeatCurrents)
  }

  @Test("equilibrium: every current vanishes", .tags(.law))
  func equilibrium() throws {
    let twin = try TextbookTwin(doubleDot())
    let currents = try twin.sharpCurrents(at: state([10, 10], [0.7, 0.7], bath: 0.7))
    // The gross rates are 0.05; what is left is the twin's tolerance of them.
    let all = currents.channelEnergyCurrents + currents.inelasticHeatCurrents + currents.elasticHeatCurrents
    #expect(LawChecks.vanishing(all, slack: 1e-11, name: "currents") == [])
    #expect(abs(currents.populations[0]! - 1 / (Double.exp(1 / 0.7) - 1)) < 1e-10)
  }

  @Test("an inverted channel has no steady population")
  func instability() throws {
    let twin = try TextbookTwin(doubleDot(friction: 1e-3))
    #expect(try twin.sharpCurrents(at: state([11, 9], [0.1, 0.1])).populations == [nil])
  }

  @Test("a perfect chain transmits exactly one channel", .tags(.limit))
  func perfectChain() throws {
    let ends = ["L", "R"].map {
      Electrode($0, .chain(ChainLead(orbital: $0 == "L" ? 0 : 2, energy: 0.1, hopping: -1, coupling: -1)))
    }
    let junction = try Junction(conductor: .chain(sites: 3, energy: 0.1, hopping: -1), electrodes: ends)
    let twin = try TextbookTwin(junction)
    for energy in [-1.8, -0.3, 0.1, 1.2, 2.05] {
      #expect(abs(try twin.transmission(from: 0, to: 1, energy: energy) - 1) < 1e-13)
    }
    #expect(try twin.transmission(from: 0, to: 1, energy: 2.2) == 0)
    // Quantum of thermal conductance pi^2 T/3h: heat current pi T dT/6 with hbar = 1, odd orders in dT/T cancel.
    let (t, dt) = (0.02, 1e-4)
    let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [t + dt / 2, t - dt / 2], bathTemperatures: [])
    let heat = try twin.sharpCurrents(at: point).elasticHeatCurrents
    #expect(deviation(heat[0], Double.pi * t * dt / 6) < 1e-9)
  }

  @Test("a periodic lead of one-orbital cells is the analytic chain, also in larger cells", .tags(.limit))
  func periodicLead() throws {
    let chain = Electrode("C", .chain(ChainLead(orbital: 0, energy: 0.2, hopping: 0.7, coupling: 0.4)))
    var h01 = Matrix(rows: 2, columns: 2)
    h01[1, 0] = Scalar(0.7, 0)
    let cell = Matrix(real: [[0.2, 0.7], [0.7, 0.2]])
    let double = Electrode(
      "D",
      .periodic(
        PeriodicLead(orbitals: [0], h00: cell, h01: h01, couplingHamiltonian: Matrix(real: [[0.4, 0]]))))
    let single = Electrode(
      "S",
      .periodic(
        PeriodicLead(
          orbitals: [0], h00: Matrix(diagonal: [0.2]), h01: Matrix(diagonal: [0.7]),
          couplingHamiltonian: Matrix(diagonal: [0.4]))))
    let twin = try TextbookTwin(Junction(conductor: .levels([0]), electrodes: [chain, single, double]))
    for energy in [-3.0, -1.21, -1.0, -0.2, 0.2, 0.93, 1.59, 1.7] {
      let exact = try twin.selfEnergy(electrode: 0, energy: energy)
      for lead in 1...2 {
        let sigma = try twin.selfEnergy(electrode: lead, energy: energy)
        // At 0.2 the folded bands of the two-orbital cell cross: the imaginary part of 1e-6 remains there.
        #expect((sigma - exact).norm < (lead == 2 && energy == 0.2 ? 1e-6 : 1e-14), "lead \(lead) at \(energy)")
      }
    }
  }
}
