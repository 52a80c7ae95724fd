import DenseMatrices
import Foundation
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

/// One mode between Ohmic baths, electrons among them, and the limits that join the three levels.
@Suite("Dressed modes")
struct DressedModeTests {
  static let mode = 1.0

  static func bose(_ w: Double, _ t: Double) -> Double { t > 0 ? 1 / expm1(w / t) : 0 }

  static func run(
    _ junction: Junction, _ points: [OperatingPoint], _ level: ComputeSettings.Level, tolerance: Double,
    renormalization: ComputeSettings.Renormalization = .full,
    _ observables: [Observable] = [.energyCurrent, .bathEnergyCurrent]
  ) throws -> TransportResult {
    var settings = ComputeSettings(level: level, observables: observables, tolerance: tolerance)
    settings.renormalization = renormalization
    return try SweepRunner(workers: 1).run(FastPath.request(junction, points, settings))
  }

  /// int dw/2pi w 4 g_1 g_2 w^2 |D|^2 (n_1 - n_2) by the trapezoidal rule in w = W + g sinh t: no shared code, 1e-9.
  static func landauer(_ first: Double, _ second: Double, _ t1: Double, _ t2: Double) -> Double {
    let g = 0.5 * (first + second)
    let top = 45 * max(t1, t2) + 3
    let (lower, upper) = (asinh(-mode / g), asinh((top - mode) / g))
    let n = 200_000
    let h = (upper - lower) / Double(n)
    var sum = 0.0
    for i in 1..<n {
      let t = lower + h * Double(i)
      let w = mode + g * sinh(t)
      let d = (w * w - mode * mode) * (w * w - mode * mode) + 4 * g * g * w * w
      sum += h * g * cosh(t) * w * 4 * first * second * w * w / d * (bose(w, t1) - bose(w, t2))
    }
    return sum / (2 * Double.pi)
  }

  static let temperatures: [(Double, Double)] = [(0.8, 0.3), (0.25, 0), (0.1, 2)]
  static let scales = [1e-1, 1e-2, 1e-3]

  /// Deviations of J from W g1 g2/(g1 + g2)(n1 - n2), relative, must fall linearly: the tails of |D|^2 far from the mode,
  /// g1 g2 int dw 2 w^3 (n1 - n2)/pi(w^2 - W^2)^2 (finite part), are of second order in the frictions, the limit of first.
  static func checkWeakDamping(_ heat: (Double) throws -> [(heat: Double, first: Double, second: Double)]) rethrows {
    var deviations: [[Double]] = []
    for scale in scales {
      let flows = try heat(scale)
      deviations.append(
        zip(flows, temperatures).map { flow, t in
          let (g1, g2) = (flow.first, flow.second)
          let limit = mode * g1 * g2 / (g1 + g2) * (bose(mode, t.0) - bose(mode, t.1))
          return flow.heat / limit - 1
        })
    }
    for state in temperatures.indices {
      for i in 1..<scales.count {
        let ratio = deviations[i - 1][state] / deviations[i][state]
        // Next order: some times the larger friction, scale.
        #expect(
          abs(ratio / 10 - 1) < (i == 1 ? 0.7 : 0.08), "state \(state): deviations \(deviations.map { $0[state] })")
      }
    }
    print("DressedModes: deviations from the weak-damping limit \(deviations)")
  }

  @Test("a dressed mode carries W g_e g_ph/(g_e + g_ph) (n_e - n_ph), with a correction linear in the dampings", .tags(.limit))
  func electronsAndPhonons() throws {
    try Self.checkWeakDamping { scale in
      // Finite bands: corrections of the square of energies over 1e7, and their product with the detuning, below 1e-11.
      let band = try FlatBandJunction.generic(friction: 0.2 * scale, modes: 1, scale: 1e7, spinDegeneracy: 2)
      let gph = 0.07 * scale
      let ge = band.forces(modeEnergies: [Self.mode]).friction[0, 0].rawStorage.x
      let junction = try band.junction(modes: [Self.mode], baths: [BosonBath("ph", .ohmic(friction: gph), coordinates: [0])])
      let points = Self.temperatures.map {
        OperatingPoint(chemicalPotentials: [0, 0], temperatures: [$0.0, $0.0], bathTemperatures: [$0.1])
      }
      let result = try Self.run(junction, points, .dressed, tolerance: 1e-9, renormalization: .none)
      return Self.temperatures.enumerated().map { state, t in
        #expect(result.isStable(state: state))
        let j = result.reported("energy_current", state: state)[0]
        let exact = Self.landauer(ge, gph, t.0, t.1)
        #expect(abs(j.value / exact - 1) < 1e-8, "friction \(scale), \(t): \(j) against \(exact)")
        #expect(abs(j.value - result.numbers("bath_energy_current", state: state)[0]) <= 1e-13 * abs(j.value))
        return (j.value, ge, gph)
      }
    }
  }

  @Test(
    "two Ohmic baths without electrons exchange W g_1 g_2/(g_1 + g_2) (n_1 - n_2), with a correction linear in the dampings",
    .tags(.limit))
  func phononsAlone() throws {
    try Self.checkWeakDamping { scale in
      let (g1, g2) = (0.11 * scale, 0.07 * scale)
      let junction = try Junction(
        bosons: BosonSystem(modes: [Self.mode]),
        baths: [
          BosonBath("1", .ohmic(friction: g1), coordinates: [0]), BosonBath("2", .ohmic(friction: g2), coordinates: [0]),
        ])
      let points = Self.temperatures.map {
        OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: [$0.0, $0.1])
      }
      let result = try Self.run(junction, points, .landauer, tolerance: 1e-9)
      return Self.temperatures.enumerated().map { state, t in
        let flows = result.reported("bath_energy_current", state: state)
        let exact = Self.landauer(g1, g2, t.0, t.1)
        #expect(abs(flows[1].value / exact - 1) < 1e-8, "frictions \(g1) \(g2), \(t): \(flows[1]) against \(exact)")
        return (flows[1].value, g1, g2)
      }
    }
  }

  /// Two coordinates, complex levels of ordinary width, two kinds of bath.
  static func coupled(
    _ strength: Double, friction: Double = 0.1, spring: Double = 0.3, complex: Bool = true
  ) throws -> Junction {
    let i = complex ? 1.0 : 0
    return try Junction(
      conductor: Conductor(
        hamiltonian: Matrix([[Scalar(0.4, 0), Scalar(0.2, 0.1 * i)], [Scalar(0.2, -0.1 * i), Scalar(-0.5, 0)]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.8),
      ], bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[1, -spring], [-spring, 1.5]])),
      baths: [
        BosonBath("ph", .ohmic(friction: friction), coordinates: [0, 1]),
        BosonBath("surface", .drude(friction: 0.6 * friction, cutoff: 3), coordinates: [1]),
      ],
      coupling: Coupling(
        .massWeighted,
        [
          strength * Matrix(real: [[0.6, 0.9], [0.9, -0.2]]),
          strength * Matrix([[Scalar(0.3, 0), Scalar(0.2, 0.5 * i)], [Scalar(0.2, -0.5 * i), Scalar(0.7, 0)]]),
        ]))
  }

  @Test("level dressed tends to landauer as M vanishes: energy_current/M^2 deviates by M^2", .tags(.limit))
  func weakCoupling() throws {
    let points = [
      OperatingPoint(chemicalPotentials: [0.4, -0.4], temperatures: [0.5, 0.2], bathTemperatures: [0.3, 0.3]),
      OperatingPoint(chemicalPotentials: [0.9, -0.6], temperatures: [0, 0], bathTemperatures: [0.2, 0]),
    ]
    let reference = try Self.run(Self.coupled(1e-3), points, .landauer, tolerance: 1e-8)
    let strengths = [0.1, 0.01]
    var deviations: [[Double]] = []
    for strength in strengths {
      let dressed = try Self.run(Self.coupled(strength), points, .dressed, tolerance: 1e-8)
      deviations.append(
        points.indices.map { state in
          let limit = 1e6 * reference.numbers("energy_current", state: state)[0]
          return dressed.numbers("energy_current", state: state)[0] / (strength * strength) / limit - 1
        })
    }
    for state in points.indices {
      let ratio = deviations[0][state] / deviations[1][state]
      // Next order: M^4 beside M^2, a few times the first deviation; errors 1e-8 of 1e-4.
      #expect(abs(ratio / 100 - 1) < 0.05, "deviations \(deviations.map { $0[state] }), ratio \(ratio)")
    }
    print("DressedModes: deviations from landauer at M = 0.1 and 0.01 \(deviations)")
  }

  @Test("with matrices too the currents tend to the sharp limit, linearly in the friction", .tags(.limit))
  func sharpLimit() throws {
    let points = [
      OperatingPoint(chemicalPotentials: [0.4, -0.4], temperatures: [0.5, 0.2], bathTemperatures: [0.3, 0.3]),
      OperatingPoint(chemicalPotentials: [0.9, -0.6], temperatures: [0.1, 0.1], bathTemperatures: [0.2, 0.2]),
    ]
    func junction(_ friction: Double) throws -> Junction {
      let j = try Self.coupled(1e-3, friction: friction, spring: 0.3)
      return try Junction(
        conductor: j.conductor, electrodes: j.electrodes, bosons: j.bosons, baths: [j.baths[0]], coupling: j.coupling)
    }
    let cold = points.map {
      OperatingPoint(
        chemicalPotentials: $0.chemicalPotentials, temperatures: $0.temperatures, bathTemperatures: [$0.bathTemperatures[0]])
    }
    let sharp = try Self.run(junction(1), cold, .sharp, tolerance: 1e-10)
    let frictions = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
    var deviations: [[Double]] = []
    for friction in frictions {
      let result = try Self.run(junction(friction), cold, .landauer, tolerance: 1e-10)
      deviations.append(
        cold.indices.map { state in
          result.numbers("energy_current", state: state)[0] / sharp.numbers("energy_current", state: state)[0] - 1
        })
    }
    print("DressedModes: deviations from sharp at frictions 1e-3...1e-7 \(deviations)")
    for state in cold.indices {
      for i in 1..<frictions.count {
        let ratio = deviations[i - 1][state] / deviations[i][state]
        // A factor of ten up to terms of order eta log eta; 1e-10 of 1e-7 or larger at the last step.
        #expect(ratio > 9 && ratio < 11, "state \(state), friction \(frictions[i]): \(deviations.map { $0[state] })")
      }
    }
  }

  @Test(
    "dampings from 1e-7 to 1 of the mode energy: the errors cover the difference to a run a hundred times finer", .tags(.law),
    arguments: [1e-7, 1e-4, 0.1, 1])
  func dampings(friction: Double) throws {
    let points = [
      OperatingPoint(chemicalPotentials: [0.4, -0.4], temperatures: [0.5, 0.2], bathTemperatures: [0.3, 0.1]),
      OperatingPoint(chemicalPotentials: [0.5, -0.5], temperatures: [0, 0], bathTemperatures: [0.2, 0]),
      OperatingPoint(chemicalPotentials: [0.3, -0.3], temperatures: [0.02, 0.02], bathTemperatures: [0, 0.02]),
    ]
    let names = [
      "energy_current", "energy_current_channel", "bath_energy_current", "charge_current_inelastic",
      "electrode_heat_current_inelastic",
    ]
    let observables: [Observable] = [.energyCurrent, .bathEnergyCurrent, .chargeCurrent, .electrodeHeatCurrent]
    let strength = 0.3 * friction.squareRoot()
    for level in [ComputeSettings.Level.landauer, .dressed] {
      let junction = try Self.coupled(strength, friction: friction)
      let loose = try Self.run(junction, points, level, tolerance: 1e-5, observables)
      let tight = try Self.run(junction, points, level, tolerance: 1e-7, observables)
      var agreement = Agreement()
      agreement.compare(tight, loose, tolerance: 1, only: names, "\(level), friction \(friction)")
      #expect(agreement.violations == [])
      #expect((0..<points.count).contains { loose.isStable(state: $0) }, "\(level), friction \(friction): nothing compared")
    }
  }
}
