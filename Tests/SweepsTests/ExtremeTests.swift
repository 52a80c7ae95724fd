import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Where numbers go wrong first: narrow and broad resonances, hot and cold states, resonant bias (Theory.md section 16).
@Suite("Extreme junctions and states", .tags(.law))
struct ExtremeTests {
  static let tolerance = 1e-8

  /// Uncovered or wrong numbers of the fast path against the twin at every state.
  static func violations(_ junction: Junction, _ points: [OperatingPoint], tolerance: Double = tolerance) throws -> [String] {
    let twin = try TextbookTwin(junction)
    let result: TransportResult
    do {
      result = try FastPath.currents(junction, points, tolerance: tolerance)
    } catch {
      return ["\(error)"]
    }
    var violations: [String] = []
    for (state, point) in points.enumerated() {
      guard result.isStable(state: state) else { continue }
      let reference = try twin.sharpCurrents(at: point)
      func check(_ name: String, _ values: [Double], _ twinError: Double, _ scale: Double) {
        for (r, value) in zip(result.reported(name, state: state), values) {
          let deviation = abs(r.value - value)
          // The twin works with user energies: the rounding of e - mu at its nodes is its own (4e-16 x 10 terms).
          if !(deviation <= r.error + twinError + 4e-15 * scale) {
            violations.append("\(name): \(r) against \(value), twin \(twinError), scale \(scale), \(point)")
          } else if !(deviation <= tolerance * scale + twinError + 1e-290) {
            violations.append("\(name): \(r.value) against \(value) is \(deviation / scale) off, \(point)")
          }
        }
      }
      let energy = reference.channelEnergyCurrents.reduce(0) { $0 + abs($1) }
      let gross = energy + reference.errors.energy / 1e-11
      check("energy_current", [reference.energyCurrent], reference.errors.energy, gross)
      check("energy_current_channel", reference.channelEnergyCurrents, reference.errors.energy, gross)
      let particles = reference.errors.particle / 1e-11
      check("charge_current_inelastic", reference.inelasticParticleCurrents, reference.errors.particle, particles)
      let heat = reference.errors.heat / 1e-11
      check("electrode_heat_current_inelastic", reference.inelasticHeatCurrents, reference.errors.heat, heat)
      let elastic = reference.elasticErrors.particle / 1e-11
      check("charge_current_elastic", reference.elasticParticleCurrents, reference.elasticErrors.particle, elastic)
    }
    return violations
  }

  static func twoLevels(_ width: Double, chain: Bool, overlap: Double = 0) throws -> Junction {
    let right =
      chain
      ? Electrode("R", .chain(ChainLead(orbital: 1, energy: 0.1, hopping: 0.8, coupling: (0.4 * width).squareRoot())))
      : .wideBand("R", orbitals: [1], broadening: 0.7 * width)
    let s = overlap == 0 ? nil : Matrix(real: [[1, overlap], [overlap, 1]])
    return try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.4, 0.15], [0.15, -0.45]]), overlap: s),
      electrodes: [.wideBand("L", orbitals: [0], broadening: width), right], bosons: BosonSystem(modes: [1]),
      baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0.01, 0.03], [0.03, -0.02]])]))
  }

  static func states(_ temperatures: [[Double]]) -> [OperatingPoint] {
    temperatures.flatMap { t in
      [0.0, 1, -1, 0.4, 3].map {
        OperatingPoint(chemicalPotentials: [0.5 * $0, -0.5 * $0], temperatures: t, bathTemperatures: [0.5])
      }
    }
  }

  @Test("resonances from 1e-6 to 10 mode energies, T from 0 to 10", arguments: [1e-6, 1e-4, 0.01, 1, 10], [false, true])
  func widths(width: Double, chain: Bool) throws {
    let temperatures = [[0, 0], [1e-3, 1e-3], [0.3, 0.3], [10, 10], [0.01, 2], [0, 1]]
    // Levels of width 1e-6 near 0.5 are known to 1e-10 relative; twin and fast path round differently.
    let tolerance = width < 1e-5 ? 1e-7 : Self.tolerance
    let violations = try Self.violations(
      Self.twoLevels(width, chain: chain), Self.states(temperatures), tolerance: tolerance)
    #expect(violations.isEmpty, "\(violations.count) violations, first: \(violations.prefix(3))")
  }

  @Test("temperatures of 1e-8 and of 1e-6 against 1e-8", arguments: [false, true])
  func frozen(chain: Bool) throws {
    let temperatures = [[1e-8, 1e-8], [1e-6, 1e-8], [1e-8, 0]]
    let violations = try Self.violations(Self.twoLevels(0.3, chain: chain), Self.states(temperatures))
    #expect(violations.isEmpty, "\(violations.count) violations, first: \(violations.prefix(3))")
  }

  @Test("a bias within rounding of the mode's energy at T = 1e-8: E follows n((w - mu_ab)/T), covered by its error")
  func resonantBias() throws {
    // Only channel L > R emits at this bias. E = int de/2pi X f(1-f) = (w - mu_ab) n((w - mu_ab)/T) X(mu)/2pi
    // up to (T/width)^2 = 1e-15, with X constant on the scale of T.
    let junction = try SweepRunnerTests.doubleDot()
    for t in [1e-4, 1e-6, 1e-8] {
      for distance in [0, 1e-9, -1e-9, 1e-12, -1e-12] {
        let bias = 1 + distance
        let point = OperatingPoint(
          chemicalPotentials: [10 + 0.5 * bias, 10 - 0.5 * bias], temperatures: [t, t], bathTemperatures: [0.3])
        let spectra = try FastPath.spectra(junction, point, frequencies: [1], tolerance: 1e-7)
        let mu = (point.chemicalPotentials[0], point.chemicalPotentials[1])
        let detuning = 1 - (mu.0 - mu.1)
        let x = detuning / t
        let bose = x == 0 ? t : detuning / expm1(x)
        // X^{LR}(e) = m^2 A_L(e) A_R(e - w), A = Gamma/((e - e_i)^2 + Gamma^2/4), at the mean of the two steps.
        let e = 0.5 * (mu.0 + mu.1 + 1)
        func a(_ d: Double) -> Double { 0.5 / (d * d + 0.0625) }
        let expected = 0.25 * a(e - 10.5) * a(e - 1 - 9.5) * bose / (2 * Double.pi)
        let r = spectra.matrices("emission", frequency: 0)[1][0, 0].rawStorage.x
        let error = spectra.error("emission", channel: 1, mode: 0, frequency: 0)
        // mu = 10.5 is stored to 1.8e-15: what that does to x = detuning/T no program can know.
        let input = (t < 1e-7 ? 4e-16 : 2e-15) / t + 10 * (t + abs(distance)) * (t + abs(distance)) / 0.0625
        #expect(
          abs(r / expected - 1) <= error / expected + input,
          "T = \(t), bias 1 + \(distance): \(r / expected - 1), error \(error / expected)")
        #expect(error <= 1e-6 * expected)
      }
    }
  }

  @Test("a run at tolerance 1e-5 is within its errors of a run at 1e-11 on random junctions")
  func toleranceIsHonest() throws {
    var agreement = Agreement()
    for random in RandomJunctions.make(count: 40, from: 60_001) {
      let loose = try FastPath.currents(random.junction, [random.point], tolerance: 1e-5)
      let tight = try FastPath.currents(random.junction, [random.point], tolerance: 1e-11)
      agreement.compare(tight, loose, tolerance: 1, "\(random)")
    }
    print("tolerance: worst \(agreement.worst) \(agreement.worstWhere)")
    #expect(agreement.violations.prefix(5) == [])
  }

  @Test("a band that only thermal tails reach: the error bound covers", arguments: [43, 150] as [UInt64])
  func thermalTails(seed: UInt64) throws {
    let random = RandomJunctions.make(seed: seed)
    let spectra = try FastPath.spectra(random.junction, random.point, frequencies: [1])
    let twin = try TextbookTwin(random.junction).spectra(at: random.point, frequency: 1)
    let unit = random.junction.coupling.convention == .dimensionless ? 0.5 : 1
    for (c, reference) in twin.enumerated() {
      for (name, matrix, twinError) in [
        ("emission", reference.emission, reference.errors.emission),
        ("absorption", reference.absorption, reference.errors.absorption),
      ] {
        let r = spectra.matrices(name, frequency: 0)[c][0, 0].rawStorage.x
        let exact = unit * matrix[0, 0].rawStorage.x
        let error = spectra.error(name, channel: c, mode: 0, frequency: 0) + unit * twinError + 1e-14 * exact
        #expect(abs(r - exact) <= error, "\(name) \(c): \(r), \(exact)")
      }
    }
  }
}
