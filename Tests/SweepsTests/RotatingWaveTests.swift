import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Rotating-wave modes: couplings that are not Hermitian, D with positive frequencies only.
@Suite("Rotating-wave modes")
struct RotatingWaveTests {
  /// More with PAIRBATH_VALIDATE, as the other twins.
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"].flatMap { Int($0) }.map { $0 / 5 } ?? 3
    return (0..<UInt64(count)).map { 9100 + $0 }
  }()

  @Test(
    "level landauer: every flow of random junctions equals the twin's, the errors cover the deviation", .tags(.twin),
    arguments: seeds)
  func landauer(seed: UInt64) throws { try BosonTwinTests.compare(RandomJunctions.makeRotatingWave(seed: seed), .landauer) }

  @Test("level dressed: every flow and population of random junctions equals the twin's", .tags(.twin), arguments: seeds)
  func dressed(seed: UInt64) throws { try BosonTwinTests.compare(RandomJunctions.makeRotatingWave(seed: seed), .dressed) }

  @Test("level dressed without the static part, and with damping alone", .tags(.twin), arguments: seeds.prefix(1))
  func renormalization(seed: UInt64) throws {
    try BosonTwinTests.compare(RandomJunctions.makeRotatingWave(seed: seed), .dressedDynamically)
    try BosonTwinTests.compare(RandomJunctions.makeRotatingWave(seed: seed), .dressedWithoutShift)
  }

  @Test("bosons pass from bath to bath as the twin's Green's function has it", .tags(.twin), arguments: seeds)
  func transmission(seed: UInt64) throws {
    let random = RandomJunctions.makeRotatingWave(seed: seed)
    let frequencies = (1...150).map { 0.04 * Double($0) }
    let settings = ComputeSettings(
      level: .landauer, observables: [.phononTransmission], tolerance: 1e-7, frequencies: frequencies)
    let result = try SweepRunner(workers: 1).run(FastPath.request(random.junction, [random.point], settings))
    let values = try #require(result.variable("phonon_transmission")).values
    let twin = try TwinBosons(random.junction, at: random.point, level: .landauer)
    let count = random.junction.baths.count
    var worst = 0.0
    for pair in 0..<(count * count) {
      for (f, w) in frequencies.enumerated() {
        let expected = try twin.transmission(from: pair % count, to: pair / count, frequency: w)
        worst = max(worst, abs(values[pair * frequencies.count + f] - expected) / max(expected, 1e-6))
      }
    }
    // Rounding of two orders of operations.
    #expect(worst < 1e-12, "\(random)")
  }

  @Test("level sharp: currents and populations of random junctions equal the textbook twin's", .tags(.twin), arguments: seeds)
  func sharp(seed: UInt64) throws {
    let random = RandomJunctions.makeRotatingWave(seed: seed, ohmic: true)
    var point = random.point
    point.bathChemicalPotentials = []
    let result = try FastPath.currents(random.junction, [point])
    let twin = try TextbookTwin(random.junction).sharpCurrents(at: point)
    guard result.isStable() else { return }
    let scale = twin.channelEnergyCurrents.reduce(0) { $0 + abs($1) }
    func check(_ name: String, _ values: [Double], _ error: Double) {
      for (r, value) in zip(result.reported(name), values) {
        // The twin's error; 1e-13 for the last digits of sums.
        #expect(abs(r.value - value) <= r.error + error + 1e-13 * scale, "\(name): \(r) against \(value), \(random)")
      }
    }
    check("energy_current", [twin.energyCurrent], twin.errors.energy)
    check("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy)
    check("charge_current_inelastic", twin.inelasticParticleCurrents, twin.errors.particle)
    check("electrode_heat_current_inelastic", twin.inelasticHeatCurrents, twin.errors.heat)
    check("mode_population", twin.populations.map { $0 ?? .nan }, 1e-9)
  }

  @Test(
    "the fast route of independent modes and the matrix route give the same currents", .tags(.twin), arguments: seeds.prefix(2))
  func routes(seed: UInt64) throws {
    let random = RandomJunctions.makeRotatingWave(seed: seed, ohmic: true)
    var point = random.point
    point.bathChemicalPotentials = []
    func run(_ more: [Observable]) throws -> TransportResult {
      let settings = ComputeSettings(level: .landauer, observables: FastPath.everyCurrent + more, tolerance: 1e-7)
      return try SweepRunner(workers: 1).run(FastPath.request(random.junction, [point], settings))
    }
    var agreement = Agreement()
    // The tolerance of both, relative to gross flows that may exceed the currents.
    let names = Agreement.names + ["photon_rate"]
    agreement.compare(
      try run([.photonRate]), try run([.photonRate, .reservoirEnergyCurrent]), tolerance: 1e-5, only: names, "\(random)")
    #expect(agreement.violations == [])
  }

  @Test("the energy current equals the double integral over e and w with explicit matrices", .tags(.twin))
  func doubleIntegral() throws {
    var limits = RandomJunctions.BosonLimits()
    (limits.modes, limits.orbitals, limits.baths, limits.coldProbability) = (2...2, 2...2, 2...2, 0)
    limits.temperatures = 0.3...1
    let random = RandomJunctions.makeRotatingWave(seed: 9203, limits: limits, ohmic: true)
    let (value, error) = try TwinRotatingWave(random.junction, at: random.point).energyCurrent(tolerance: 1e-5)
    let result = try FastPath.currents(random.junction, [random.point], level: .landauer, tolerance: 1e-7)
    let fast = result.reported("energy_current")[0]
    #expect(abs(fast.value - value) <= fast.error + error, "\(fast) against \(value) +- \(error), \(random)")
    #expect(error < 1e-3 * abs(value))
  }

  @Test("the cross check without pair baths agrees", .tags(.twin))
  func crossCheck() throws {
    var limits = RandomJunctions.BosonLimits()
    (limits.modes, limits.orbitals, limits.coldProbability) = (1...1, 2...2, 0)
    let random = RandomJunctions.makeRotatingWave(seed: 9104, limits: limits, ohmic: true)
    var settings = ComputeSettings(level: .landauer, observables: [.energyCurrent], tolerance: 1e-5)
    settings.crossCheck = true
    let result = try SweepRunner(workers: 1).run(FastPath.request(random.junction, [random.point], settings))
    let deviation = result.reported("cross_check_deviation")[0]
    #expect(abs(deviation.value) <= deviation.error, "\(deviation), \(random)")
    #expect(abs(result.numbers("energy_current")[0]) > 100 * deviation.error)
  }

  @Test("where the counter-rotating terms find no electrons, coupling by m + m^+ and by m are the same", .tags(.limit))
  func counterRotating() throws {
    // LUMO and HOMO in bands of their own, 2 apart: an electron can fall by about 2, it cannot rise by 2 from above.
    let electrodes = [
      Electrode("upper", .chain(ChainLead(orbital: 0, energy: 1, hopping: 0.1, coupling: 0.1))),
      Electrode("lower", .chain(ChainLead(orbital: 1, energy: -1, hopping: 0.1, coupling: 0.1))),
    ]
    func junction(_ coupling: Coupling) throws -> Junction {
      try Junction(
        conductor: Conductor(hamiltonian: Matrix(diagonal: [1, -1])), electrodes: electrodes, bosons: BosonSystem(modes: [1.95]),
        baths: [BosonBath("light", .ohmic(friction: 0.01), coordinates: [0])], coupling: coupling)
    }
    let m = Matrix([[.zero, .zero], [Scalar(0.01, 0.02), .zero]])
    let point = OperatingPoint(chemicalPotentials: [1.05, -1.05], temperatures: [0.03, 0.03], bathTemperatures: [0.5])
    let rotating = try FastPath.currents(try junction(Coupling(.rotatingWave, [m])), [point])
    let hermitian = try FastPath.currents(try junction(Coupling(.dimensionless, [m + m.adjoint])), [point])
    var agreement = Agreement()
    agreement.compare(rotating, hermitian, tolerance: 1e-9, "rotating-wave against Hermitian")
    #expect(agreement.violations == [])
    #expect(rotating.numbers("energy_current")[0] > 0)
  }

  @Test(
    "charge and energy are conserved, entropy is produced, baths with a chemical potential included", .tags(.law),
    arguments: seeds)
  func laws(seed: UInt64) throws {
    let random = RandomJunctions.makeRotatingWave(seed: seed)
    let (junction, point) = (random.junction, random.point)
    let settings = ComputeSettings(level: .landauer, observables: FastPath.everyCurrent, tolerance: 1e-7)
    let result: TransportResult
    do { result = try SweepRunner(workers: 1).run(FastPath.request(junction, [point], settings)) } catch {
      Issue.record("\(error), \(random), baths \(junction.baths.map(\.kind))")
      return
    }
    guard result.isStable() else { return }
    let charge = zip(result.numbers("charge_current_elastic"), result.numbers("charge_current_inelastic")).map(+)
    let heat = result.reported("electrode_heat_current")
    let slack = heat.reduce(0) { $0 + $1.error }
    // Conserved point by point in the integrals: rounding only.
    #expect(LawChecks.particleConservation(charge, tolerance: 1e-11, slack: 1e-3 * slack) == [])
    let energies = heat.indices.map { heat[$0].value + point.chemicalPotentials[$0] * charge[$0] }
    let total = result.numbers("energy_current")[0]
    #expect(LawChecks.energyConservation(electrodes: energies, intoBosons: total, tolerance: 1e-11, slack: slack) == [])
    let entropy = result.reported("entropy_production")[0]
    #expect(entropy.value >= -entropy.error, "\(random)")
  }

  @Test(
    "detailed balance of every channel, and E(-w) of m is B(w) of m^+ with the electrodes exchanged", .tags(.law),
    arguments: seeds)
  func spectra(seed: UInt64) throws {
    let random = RandomJunctions.makeRotatingWave(seed: seed)
    let (j, point) = (random.junction, random.point)
    let adjoint = try Junction(
      conductor: j.conductor, electrodes: j.electrodes, bosons: j.bosons, baths: j.baths,
      coupling: Coupling(.rotatingWave, j.coupling.matrices.map(\.adjoint)))
    let here = try FastPath.spectra(j, point, frequencies: [0.7, -0.7], tolerance: 1e-10)
    let there = try FastPath.spectra(adjoint, point, frequencies: [0.7], tolerance: 1e-10)
    let (e, b) = (here.matrices("emission", frequency: 0), here.matrices("absorption", frequency: 0))
    #expect(
      LawChecks.detailedBalance(
        emission: e, absorption: b, frequency: 0.7, chemicalPotentials: point.chemicalPotentials,
        temperatures: point.temperatures, tolerance: 1e-10) == [])
    #expect(
      LawChecks.reversal(
        atNegative: here.matrices("emission", frequency: 1), reversedAtPositive: there.matrices("absorption", frequency: 0),
        electrodes: j.electrodes.count, antisymmetric: false, tolerance: 1e-9, name: "E") == [])
    // Without M = M^+ emission and absorption of one junction are not related this way.
    #expect(try LawChecks.positive(e, tolerance: 1e-10, name: "E") == [])
  }

  @Test("the elastic correction at level sharp equals the textbook twin's", .tags(.twin), arguments: seeds.prefix(2))
  func correction(seed: UInt64) throws {
    var limits = RandomJunctions.BosonLimits()
    (limits.orbitals, limits.modes, limits.coldProbability) = (2...3, 1...2, 0)
    let random = RandomJunctions.makeRotatingWave(seed: seed, limits: limits, ohmic: true)
    var point = random.point
    point.bathChemicalPotentials = []
    let settings = ComputeSettings(observables: [.chargeCurrent, .electrodeHeatCurrent], tolerance: 1e-8)
    var request = FastPath.request(random.junction, [point], settings)
    request.settings.elasticCorrection = .full
    let result = try SweepRunner(workers: 1).run(request)
    guard result.isStable() else { return }
    let twin = try TwinSecondOrder(random.junction, at: point, level: .sharp).currents()
    let scale = twin.reduce(0) { max($0, abs($1.correction.value), abs($1.inelastic.value)) }
    for (a, t) in twin.enumerated() {
      let charge = result.reported("charge_current_correction")[a]
      #expect(
        abs(charge.value - t.correction.value) <= charge.error + t.correction.error + 1e-9 * scale,
        "electrode \(a): \(charge) against \(t.correction), \(random)")
      let heat = result.reported("electrode_heat_current_correction")[a]
      let energy = t.correctionEnergy.value - point.chemicalPotentials[a] * t.correction.value
      let error = t.correctionEnergy.error + abs(point.chemicalPotentials[a]) * t.correction.error
      #expect(abs(heat.value - energy) <= heat.error + error + 1e-9 * scale, "electrode \(a): heat \(heat) against \(energy)")
    }
    #expect(scale > 0)
  }

  @Test(
    "charge noise in equilibrium is 4 T G, at levels sharp and landauer", .tags(.law),
    arguments: [ComputeSettings.Level.sharp, .landauer])
  func fluctuationDissipation(level: ComputeSettings.Level) throws {
    var limits = RandomJunctions.BosonLimits()
    (limits.orbitals, limits.modes) = (2...3, 2...2)
    let random = RandomJunctions.makeRotatingWave(seed: 9301, limits: limits, ohmic: true)
    let (electrodes, baths) = (random.junction.electrodes.count, random.junction.baths.count)
    let point = OperatingPoint(
      chemicalPotentials: [Double](repeating: 0.2, count: electrodes), temperatures: [Double](repeating: 0.4, count: electrodes),
      bathTemperatures: [Double](repeating: 0.4, count: baths))
    let settings = ComputeSettings(level: level, observables: [.chargeNoise, .linearConductance], tolerance: 1e-7)
    let result = try SweepRunner(workers: 1).run(FastPath.request(random.junction, [point], settings))
    let (noise, conductance) = (result.reported("charge_noise"), result.reported("linear_conductance"))
    let scale = noise.reduce(0) { max($0, abs($1.value)) }
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        // Complex Hamiltonians are not reciprocal: noise sees the symmetric part, 2 T (G_ab + G_ba).
        let (s, g, h) = (noise[a * electrodes + b], conductance[a * electrodes + b], conductance[b * electrodes + a])
        let deviation = abs(s.value - 2 * 0.4 * (g.value + h.value))
        #expect(deviation <= s.error + 0.8 * (g.error + h.error) + 1e-12 * scale, "\(s) against \(g), \(h), \(random)")
      }
    }
    #expect(scale > 0)
  }

  @Test("what rotating-wave modes cannot have is refused with the key and a way out")
  func refusals() throws {
    let random = RandomJunctions.makeRotatingWave(seed: 9100, ohmic: true)
    func failure(_ settings: ComputeSettings, correction: ComputeSettings.ElasticCorrection = .none) -> SolverError? {
      var request = FastPath.request(random.junction, [random.point], settings)
      request.settings.elasticCorrection = correction
      do {
        _ = try SweepRunner(workers: 1).plan(request)
        return nil
      } catch { return error }
    }
    let landauer = ComputeSettings(level: .landauer, observables: [.chargeCurrent])
    #expect(failure(landauer) == nil)
    #expect(failure(landauer, correction: .full)?.subject == .elasticCorrection)
    #expect(failure(landauer, correction: .full)?.advice.parts == [.elasticCorrection])
    let forces = failure(ComputeSettings(level: .landauer, observables: [.friction], frequencies: [0.5]))
    #expect(forces?.code == .unsuitableModel && forces?.subject == .observables)
    let sharp = failure(ComputeSettings(observables: [.emissionSpectrum], frequencies: [0.5]))
    #expect(sharp?.subject == .level && sharp?.hint.contains("landauer") == true)
    let zero = failure(ComputeSettings(level: .landauer, observables: [.energyCurrentSpectrum], frequencies: [0.5, 0]))
    #expect(zero?.subject == .frequencies)
    let dressed = failure(ComputeSettings(level: .dressed, observables: [.photonRate]))
    #expect(dressed?.subject == .level)
  }
}
