import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing

/// The full frequency integral against the twin's nested quadrature and against limits.
@Suite("Level landauer")
struct LandauerTests {
  static let tolerance = 1e-6

  static func singleLevel(_ frictions: [Double] = [0.1], coupling: Double = 0.2) throws -> Junction {
    try Junction(
      conductor: .levels([0.2]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.7), .wideBand("R", orbitals: [0], broadening: 1.3),
      ], bosons: BosonSystem(modes: [1]),
      baths: frictions.enumerated().map { BosonBath("ph\($0)", .ohmic(friction: $1), coordinates: [0]) },
      coupling: Coupling(.massWeighted, [Matrix(diagonal: [coupling])]))
  }

  static func compare(_ junction: Junction, _ point: OperatingPoint) throws {
    let result = try FastPath.currents(junction, [point], level: .landauer, tolerance: tolerance)
    let twin = try TextbookTwin(junction).landauerCurrents(at: point, tolerance: 0.1 * tolerance)
    #expect(twin.converged && result.isStable())
    func check(_ name: String, _ values: [Double], _ twinError: Double, _ gross: Double) {
      for (i, (r, value)) in zip(result.reported(name), values).enumerated() {
        let deviation = abs(r.value - value)
        #expect(deviation <= r.error + twinError, "\(name)[\(i)]: \(r) against \(value) +- \(twinError), \(point)")
        #expect(deviation <= tolerance * gross + twinError, "\(name)[\(i)]: \(r.value) against \(value), \(point)")
      }
    }
    // The twin's bounds are relative to integrals of moduli: its tolerance gives the gross flow back.
    let energy = twin.errors.energy / (0.1 * tolerance)
    check("energy_current", [twin.energyCurrent], twin.errors.energy, energy)
    check("energy_current_channel", twin.channelEnergyCurrents, twin.errors.energy, energy)
    let bosons = twin.bosonHeatCurrents.reduce(0) { $0 + abs($1) }
    check("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy + 1e-9 * bosons, energy + bosons)
    check(
      "charge_current_inelastic", twin.inelasticParticleCurrents, twin.errors.particle, twin.errors.particle / (0.1 * tolerance))
    check(
      "electrode_heat_current_inelastic", twin.inelasticHeatCurrents, twin.errors.heat, twin.errors.heat / (0.1 * tolerance))
  }

  @Test(
    "currents agree with the twin's double quadrature, the errors cover the deviation", .tags(.twin),
    arguments: [[0.4, 0.4], [0.2, 0.7], [0, 0], [0, 0.5]])
  func twin(temperatures: [Double]) throws {
    for mus in [[0.3, -0.3], [0.9, -0.4]] {
      try Self.compare(
        Self.singleLevel([0.1, 0.05]),
        OperatingPoint(chemicalPotentials: mus, temperatures: temperatures, bathTemperatures: [0.3, 0.6]))
    }
  }

  @Test("J agrees with the double integral over all frequencies that knows no pair picture", .tags(.twin))
  func doubleIntegral() throws {
    let junction = try Self.singleLevel()
    for temperatures in [[0.4, 0.4], [0.2, 0.7]] {
      let point = OperatingPoint(chemicalPotentials: [0.5, -0.3], temperatures: temperatures, bathTemperatures: [0.3])
      let result = try FastPath.currents(junction, [point], level: .landauer, tolerance: Self.tolerance)
      let direct = try TextbookTwin(junction).doubleIntegralEnergyCurrent(at: point, tolerance: 1e-7)
      let r = result.reported("energy_current")[0]
      #expect(abs(r.value - direct.value) <= r.error + direct.error, "\(r) against \(direct)")
    }
  }

  @Test("with vanishing damping the currents tend to the sharp limit linearly in the friction", .tags(.limit))
  func weakDamping() throws {
    let points = [
      OperatingPoint(chemicalPotentials: [10, 10], temperatures: [1.1, 1.1], bathTemperatures: [0.9]),
      OperatingPoint(chemicalPotentials: [9.25, 10.75], temperatures: [0.3, 0.3], bathTemperatures: [0.3]),
      OperatingPoint(chemicalPotentials: [10.5, 9.5], temperatures: [0.2, 0.5], bathTemperatures: [0.1]),
    ]
    let sharp = try FastPath.currents(SweepRunnerTests.doubleDot(friction: 1), points)
    var deviations: [[Double]] = []
    for friction in [1e-3, 1e-4, 1e-5] {
      let landauer = try FastPath.currents(
        SweepRunnerTests.doubleDot(friction: friction), points, level: .landauer, tolerance: 1e-9)
      deviations.append(
        points.indices.map { state in
          guard landauer.isStable(state: state) else { return .nan }
          let j = sharp.reported("energy_current", state: state)[0].value
          return abs(landauer.reported("energy_current", state: state)[0].value - j) / abs(j)
        })
    }
    for state in points.indices where !deviations.contains(where: { $0[state].isNaN }) {
      // Tails of a Lorentzian carry eta/W times numbers of order ten.
      #expect(deviations[2][state] < 1e-3, "state \(state): \(deviations[2][state])")
      for i in 0..<2 {
        let ratio = deviations[i][state] / deviations[i + 1][state]
        // A factor of ten, up to corrections of order eta and eta log eta.
        #expect(ratio > 7 && ratio < 13, "state \(state): deviations fall by \(ratio)")
      }
    }
    #expect(deviations[0].contains { !$0.isNaN })
  }

  @Test("two baths on one mode exchange heat by the harmonic Landauer formula when the electrons are decoupled", .tags(.limit))
  func bosonHeat() throws {
    for (frictions, temperatures) in [
      ([0.1, 0.05], [0.3, 0.6]), ([1e-5, 3e-5], [1, 0.2]), ([3, 0.5], [0, 0.4]), ([0.2, 0.2], [5, 8]),
    ] {
      let junction = try Self.singleLevel(frictions, coupling: 0)
      let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [0.3, 0.3], bathTemperatures: temperatures)
      let result = try FastPath.currents(junction, [point], level: .landauer, tolerance: 1e-8)
      let flows = result.reported("bath_energy_current")
      // int dw/2pi w (2 eta_1 w)(2 eta_2 w)|D|^2 (n_2 - n_1) by the trapezoidal rule in t, w = 1 + g sinh t: no shared code.
      let g = 0.5 * (frictions[0] + frictions[1])
      let (h, n) = (1e-3, 40_000)
      var sum = 0.0
      for i in -n...n {
        let t = h * Double(i)
        let w = 1 + g * sinh(t)
        guard w > 0, w < 60 * temperatures.max()! + 2 else { continue }
        func bose(_ temperature: Double) -> Double { temperature > 0 ? 1 / expm1(w / temperature) : 0 }
        let d = (w * w - 1) * (w * w - 1) + 4 * g * g * w * w
        sum += h * g * cosh(t) * w * 4 * frictions[0] * frictions[1] * w * w / d * (bose(temperatures[1]) - bose(temperatures[0]))
      }
      sum /= 2 * Double.pi
      // The rule converges but for its end at w = 0, where the integrand vanishes as w^2: h^2-small steps, 1e-7.
      #expect(abs(flows[0].value - sum) < 2e-6 * abs(sum), "\(frictions) \(temperatures): \(flows[0].value), \(sum)")
      #expect(flows[0].value == -flows[1].value)
      // Sharp limit W eta_1 eta_2/(eta_1 + eta_2) (n_2 - n_1).
      let sharp = try FastPath.currents(junction, [point]).numbers("bath_energy_current")[0]
      func bose(_ temperature: Double) -> Double { temperature > 0 ? 1 / expm1(1 / temperature) : 0 }
      let closed = frictions[0] * frictions[1] / (2 * g) * (bose(temperatures[1]) - bose(temperatures[0]))
      #expect(abs(sharp - closed) <= 1e-14 * abs(closed))
      if g < 1e-4 { #expect(abs(flows[0].value / closed - 1) < 1e-3) }
    }
  }

  static let seed: UInt64 = 70_001

  @Test(
    "a run at tolerance 1e-3 is within its errors of a run at 1e-6 on random junctions, chains and narrow levels included",
    .tags(.law))
  func toleranceIsHonest() throws {
    print("LandauerTests seed \(Self.seed)")
    var limits = RandomJunctions.Limits.small
    limits.broadening = 1e-3...3
    limits.chainProbability = 0.4
    var agreement = Agreement()
    for random in RandomJunctions.make(count: 7, from: Self.seed, limits: limits) {
      do {
        let loose = try FastPath.currents(random.junction, [random.point], level: .landauer, tolerance: 1e-3)
        let tight = try FastPath.currents(random.junction, [random.point], level: .landauer, tolerance: 1e-6)
        agreement.compare(tight, loose, tolerance: 1, "\(random)")
      } catch { Issue.record("\(error), \(random)") }
    }
    #expect(agreement.violations == [])
  }

  @Test("strange dampings and cold states agree with a tighter run", .tags(.law), arguments: [1e-7, 1e-3, 4])
  func dampings(friction: Double) throws {
    var agreement = Agreement()
    let points = [[0.0, 0.0], [1e-3, 0.02], [1e-6, 1e-6]].flatMap { t in
      [0.7, 1].map { bias in
        OperatingPoint(
          chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: t, bathTemperatures: [t[0] == 0 ? 0 : 0.3])
      }
    }
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.4, 0.1], [0.1, -0.45]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.01), .wideBand("R", orbitals: [1], broadening: 0.2),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: friction), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0.001, 0.003], [0.003, -0.002]])]))
    for point in points {
      do {
        let loose = try FastPath.currents(junction, [point], level: .landauer, tolerance: 1e-5)
        let tight = try FastPath.currents(junction, [point], level: .landauer, tolerance: 1e-7)
        agreement.compare(tight, loose, tolerance: 1, "friction \(friction), \(point)")
      } catch { Issue.record("\(error), \(point)") }
    }
    #expect(agreement.violations.isEmpty, "\(agreement.violations.count): \(agreement.violations.prefix(4))")
  }
}
