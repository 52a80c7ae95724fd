import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Modes bound outside all bands and motions of zero frequency: flows exist, populations may not.
@Suite("Bound modes and free translations")
struct BoundPhononTests {
  static let seed: UInt64 = 20_261_130

  /// `light` atoms of small masses between heavy chains: mass-weighted springs, the chains' masses 1 and springs `spring`.
  static func molecule(masses: [Double], springs: [Double], spring: Double) throws -> Junction {
    // Atoms: one of each chain, then the molecule's; springs between neighbours, outer ones to the leads.
    let all = [1.0] + masses + [1.0]
    let bonds = [spring] + springs + [spring]
    var k = Matrix(rows: all.count, columns: all.count)
    for i in all.indices {
      k[i, i] = Scalar((bonds[i] + bonds[i + 1]) / all[i], 0)
      if i > 0 {
        let off = Scalar(-bonds[i] / (all[i] * all[i - 1]).squareRoot(), 0)
        (k[i, i - 1], k[i - 1, i]) = (off, off)
      }
    }
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: spring))
    return try Junction(
      bosons: BosonSystem(dynamicalMatrix: k),
      baths: [BosonBath("a", lead, coordinates: [0]), BosonBath("b", lead, coordinates: [all.count - 1])])
  }

  /// Transmission of a chain with defects by transfer matrices of the displacements u_n, without masses in the amplitudes:
  /// a wave exp(ikn) comes from the left and leaves to the right.
  static func transmission(masses: [Double], springs: [Double], spring: Double, _ w: Double) -> Double {
    let square = w * w / spring
    guard square < 4 else { return 0 }
    let (cosine, sine) = (1 - 0.5 * square, (square * (1 - 0.25 * square)).squareRoot())
    let (all, bonds) = ([1.0] + masses + [1.0], [spring] + springs + [spring])
    // Beyond the last atom u_n = exp(ik(n - last)): backwards to the first two atoms of the left lead.
    var (ahead, here) = ((re: cosine, im: sine), (re: 1.0, im: 0.0))
    for i in all.indices.reversed() {
      let inside = bonds[i] + bonds[i + 1] - all[i] * w * w
      let before = (
        re: (inside * here.re - bonds[i + 1] * ahead.re) / bonds[i], im: (inside * here.im - bonds[i + 1] * ahead.im) / bonds[i]
      )
      (ahead, here) = (here, before)
    }
    // u_first = `ahead`, u_(first-1) = `here`: u_n = A exp(ikn) + B exp(-ikn) with n = 0 at the first: A = (u_0 e^{ik} - u_-1)/(2i sin k).
    let (re, im) = (ahead.re * cosine - ahead.im * sine - here.re, ahead.re * sine + ahead.im * cosine - here.im)
    return 4 * sine * sine / (re * re + im * im)
  }

  @Test("light molecules between heavy chains: what lies above the band carries nothing, the rest is as it is", .tags(.twin))
  func lightMolecules() throws {
    var random = SplitMix64(seed: Self.seed)
    for atoms in [2, 2, 2, 3, 4] {
      let masses = (0..<atoms).map { _ in random.uniform(0.01...0.1) }
      let springs = (0...atoms).map { _ in random.uniform(0.5...4) }
      let spring = random.uniform(0.5...2)
      let junction = try Self.molecule(masses: masses, springs: springs, spring: spring)
      let top = 2 * spring.squareRoot()
      #expect(junction.bosons.modeEnergies.contains { $0 > top })
      let (hot, cold) = (3.0, 2.5)
      let result = try HarmonicChainTests.run(
        junction, temperatures: [[hot, cold]], [.bathEnergyCurrent, .modePopulation, .phononTransmission],
        frequencies: [0.3 * top, 0.7 * top, 1.2 * top])
      func exact(_ w: Double) -> Double { Self.transmission(masses: masses, springs: springs, spring: spring, w) }
      for (w, t) in zip(result.frequencies, HarmonicChainTests.transmissions(result)) {
        #expect(abs(t - exact(w)) < 1e-12 * (1 + t), "\(masses), \(springs), \(w): \(t)")
      }
      // w = top sin x takes the edge out; 20,000 intervals of Simpson's rule.
      let (n, h) = (20_000, 0.5 * Double.pi / 20_000)
      var expected = 0.0
      for i in 0...n {
        let w = max(top * sin(h * Double(i)), 1e-7 * top)
        let flow = w * exact(min(w, top * (1 - 1e-15))) * (1 / expm1(w / hot) - 1 / expm1(w / cold)) / (2 * Double.pi)
        expected += (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2) * h / 3 * top * cos(h * Double(i)) * flow
      }
      let flow = result.reported("bath_energy_current")[1]
      #expect(abs(flow.value - expected) <= flow.error + 1e-7 * expected, "\(masses), \(springs): \(flow), \(expected)")
      #expect(flow.error <= 1e-7 * expected)
      // Nothing brings a bound mode to a steady state; the chain moves freely besides.
      #expect(result.reported("mode_population").allSatisfy { !$0.value.isFinite })
      #expect(result.reported("mode_population").contains { $0.value.isNaN })
      #expect(result.variable("stable")?.values == [1])
    }
  }

  @Test("a free mode between two Ohmic baths: heat in closed form, a population without limit", .tags(.limit))
  func freeMode() throws {
    let (one, two, hot, cold) = (0.02, 0.05, 0.7, 0.4)
    let junction = try Junction(
      bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[0]])),
      baths: [BosonBath("a", .ohmic(friction: one), coordinates: [0]), BosonBath("b", .ohmic(friction: two), coordinates: [0])])
    let flow = try HarmonicChainTests.run(junction, temperatures: [[hot, cold]], [.bathEnergyCurrent])
    let found = flow.reported("bath_energy_current")[1]
    // int dw/2pi w 4 a b/(w^2 + (a + b)^2) (n_hot - n_cold); w = eta sinh x, Simpson.
    let (eta, n) = (one + two, 40_000)
    let end = asinh(45 * hot / eta)
    let h = end / Double(n)
    var expected = 0.0
    for i in 0...n {
      let w = max(eta * sinh(h * Double(i)), 1e-12)
      let value = w * 4 * one * two / (w * w + eta * eta) * (1 / expm1(w / hot) - 1 / expm1(w / cold)) / (2 * Double.pi)
      expected += (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2) * h / 3 * eta * cosh(h * Double(i)) * value
    }
    #expect(abs(found.value - expected) <= found.error + 1e-9 * expected, "\(found), \(expected)")
  }

  /// One atom of an infinite free chain on a level between wide bands.
  static func electrons(_ level: ComputeSettings.Level, _ observables: [Observable], bias: Double) throws -> TransportResult {
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: 0.01))
    let junction = try Junction(
      conductor: .levels([0.3]),
      electrodes: [.wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [0], broadening: 0.5)],
      bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[0.02]])),
      baths: [BosonBath("a", lead, coordinates: [0]), BosonBath("b", lead, coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0.02]])]))
    let point = OperatingPoint(
      chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: [0.05, 0.05], bathTemperatures: [0.05, 0.05])
    var settings = ComputeSettings(level: level, observables: observables, tolerance: 1e-5)
    settings.renormalization = .none
    return try SweepRunner(workers: 1).run(FastPath.request(junction, [point], settings))
  }

  @Test("electrons heat a free chain: the energy current exists where rates of single processes do not", .tags(.limit))
  func heatedChain() throws {
    // int dw/2pi w (E - n L) 2/(w root(4 k - w^2)), and with |D|^2 of chain and electrons: Gauss rules of 200 frequencies times 4000
    // energies, good to 1e-12.
    for (level, expected) in [(ComputeSettings.Level.landauer, 1.0485147924854646e-05), (.dressed, 1.0385986250583342e-05)] {
      let found = try Self.electrons(level, [.energyCurrent], bias: 0.3)
      let (current, baths) = (found.reported("energy_current")[0], found.reported("bath_energy_current"))
      #expect(abs(current.value - expected) <= current.error + 1e-11 * expected, "\(level): \(current)")
      #expect(current.error <= 1e-5 * expected)
      #expect(abs(baths[0].value + baths[1].value - current.value) <= baths[0].error + baths[1].error + current.error)
      #expect(found.variable("stable")?.values == [1])
      // An electron from L to R and back: each alone heats without limit.
      #expect(found.reported("energy_current_channel").contains { $0.value.isInfinite })
      let rest = try Self.electrons(level, [.energyCurrent], bias: 0)
      #expect(rest.variable("stable")?.values == [1])
      #expect(abs(rest.reported("energy_current")[0].value) <= rest.reported("energy_current")[0].error + 1e-20)
    }
    #expect(try Self.electrons(.dressed, [.modePopulation], bias: 0.3).reported("mode_population")[0].value == .infinity)
    let infinite = try Self.electrons(.landauer, [.chargeCurrent], bias: 0.3)
    // Nothing bounds the free motion that electrons feel: no steady amplitude, and no number that is small by accident.
    #expect(infinite.variable("status")?.values == [1])
    #expect(infinite.reported("charge_current").allSatisfy { !$0.value.isFinite })
  }

  /// A light diatomic between heavy chains on two levels, eV: its stretch lies above the leads' band.
  static func diatomic(_ level: ComputeSettings.Level, bias: Double, tolerance: Double) throws -> TransportResult {
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: 4.244462608519064e-05))
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.5, -0.8], [-0.8, 0.3]]), spinDegeneracy: 2),
      electrodes: [.wideBand("L", orbitals: [0], broadening: 0.4), .wideBand("R", orbitals: [1], broadening: 0.4)],
      bosons: BosonSystem(
        dynamicalMatrix: Matrix(real: [
          [7.427809564908362e-05, -0.0001289123229792653, 0, 0],
          [-0.0001289123229792653, 0.02836424598284906, -0.024123859230753282, 0],
          [0, -0.024123859230753282, 0.02129401578223639, -0.00011169599434493295],
          [0, 0, -0.00011169599434493295, 7.427809564908362e-05],
        ])),
      baths: [BosonBath("a", lead, coordinates: [0]), BosonBath("b", lead, coordinates: [3])],
      coupling: Coupling(
        .massWeighted,
        [
          Matrix(rows: 2, columns: 2), Matrix(real: [[0, 0.01], [0.01, 0]]), Matrix(real: [[0, -0.01], [-0.01, 0]]),
          Matrix(rows: 2, columns: 2),
        ]))
    let t = 300 * 8.617333262145e-5
    let point = OperatingPoint(
      chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: [t, t], bathTemperatures: [t, t])
    var settings = ComputeSettings(
      level: level, observables: level == .dressed ? [.energyCurrent, .modePopulation, .dampingRate] : [.energyCurrent],
      tolerance: tolerance)
    settings.renormalization = .dynamic
    return try SweepRunner(workers: 1).run(FastPath.request(junction, [point], settings))
  }

  @Test("a stretch above the band of free chains, with electrons: stable in equilibrium, heated by a bias", .tags(.limit))
  func stretchAboveTheBand() throws {
    let rest = try Self.diatomic(.dressed, bias: 0, tolerance: 1e-6)
    #expect(rest.variable("stable")?.values == [1])
    #expect(abs(rest.reported("energy_current")[0].value) <= rest.reported("energy_current")[0].error + 1e-25)
    let heated = try Self.diatomic(.landauer, bias: 0.3, tolerance: 1e-8)
    // Gauss rules of 400 frequencies times 6000 energies with D as a 4 x 4 inverse, eV^2/hbar.
    let expected = 1.1561034605778726e-12 / 2.434134807e-4
    let found = heated.reported("energy_current")[0]
    #expect(abs(found.value - expected) <= found.error + 1e-9 * expected, "\(found), \(expected)")
    let ratio = heated.reported("bath_energy_current")[0].value / found.value
    #expect(abs(ratio - 4.91644605e-13 / 1.1561034605778726e-12) < 1e-7)
  }
}
