import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// The golden numbers (where they come from: GoldenNumberTests) from the fast path, with its own error bound covering the rest.
@Suite("Golden numbers of the fast path", .tags(.golden))
struct GoldenFastPathTests {
  static let tolerance = 1e-9

  static func state(_ mus: [Double], _ temperatures: [Double], bath: Double) -> OperatingPoint {
    OperatingPoint(chemicalPotentials: mus, temperatures: temperatures, bathTemperatures: [bath])
  }

  /// A number against its reference; `known` is the relative accuracy of the reference itself.
  static func check(_ r: Reported, _ reference: Double, scale: Double, known: Double = 1e-15, _ what: String) {
    let deviation = abs(r.value - reference)
    #expect(deviation <= tolerance * scale, "\(what): \(r.value), reference \(reference)")
    // The bound has to cover the deviation, but for the digits the reference has.
    #expect(deviation <= r.error + known * scale, "\(what): off by \(deviation), error bound \(r.error)")
  }

  static func check(
    _ junction: Junction, _ point: OperatingPoint, level: ComputeSettings.Level = .sharp, energy: Double, particles: [Double],
    heats: [Double], known: Double = 1e-15
  ) throws {
    let result = try FastPath.currents(junction, [point], level: level, tolerance: tolerance)
    check(result.reported("energy_current")[0], energy, scale: abs(energy), known: known, "J")
    for (name, references) in [("charge_current_inelastic", particles), ("electrode_heat_current_inelastic", heats)] {
      let scale = references.map { abs($0) }.max() ?? 0
      for (r, reference) in zip(result.reported(name), references) { check(r, reference, scale: scale, known: known, name) }
    }
  }

  @Test("A: T = 0 and a bias of exactly the mode's energy")
  func zeroTemperatureResonantBias() throws {
    let junction = try GoldenJunctions.complexJunction()
    let point = Self.state([0.5, -0.5], [0, 0], bath: 0.3)
    let spectra = try FastPath.spectra(junction, point, frequencies: [1])
    #expect(spectra.matrices("emission", frequency: 0).allSatisfy { $0[0, 0] == .zero })
    let expected = [0.02706115129660606, 0, 0.034036503234469447, 0.08136813727164146]
    for (c, m) in spectra.matrices("absorption", frequency: 0).enumerated() {
      let error = spectra.error("absorption", channel: c, mode: 0, frequency: 0)
      Self.check(Reported(value: m[0, 0].rawStorage.x, error: error), expected[c], scale: expected[c], "B \(c)")
    }
    try Self.check(
      junction, point, energy: -0.0026351688505334004, particles: [0.00062956820700337905, -0.00062956820700337905],
      heats: [-0.0010580183304436752, -0.0022067187270931042])
  }

  @Test("B: levels of width 1e-6 half a width off resonance, and beside a broad level")
  func narrowLevels() throws {
    for (gamma, mus, emission, absorption, known) in [
      (1e-6, [0.1, 0.1], 4522.64253554737058, 671219.666192272371, 2e-9),
      (0.5, [0.15, 0.05], 0.0355825618559684418, 3.20304014259765038, 1e-9),
    ] {
      let junction = try Junction(
        conductor: .levels([0.7, -0.3000005]),
        electrodes: [
          .wideBand("L", orbitals: [0], broadening: 1e-6), .wideBand("R", orbitals: [1], broadening: gamma),
        ], bosons: BosonSystem(modes: [1]), baths: [],
        coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
      let point = OperatingPoint(chemicalPotentials: mus, temperatures: [0.2, 0.2], bathTemperatures: [])
      let spectra = try FastPath.spectra(junction, point, frequencies: [1], tolerance: 1e-8)
      // The dimensionless convention gives E/(2W); a detuning of 5e-7 is known to 1e-9 in double precision.
      for (name, reference) in [("emission", emission / 2), ("absorption", absorption / 2)] {
        let r = spectra.matrices(name, frequency: 0)[1][0, 0].rawStorage.x
        #expect(abs(r - reference) < known * reference)
        #expect(abs(r - reference) <= spectra.error(name, channel: 1, mode: 0, frequency: 0) + 1e-15 * reference)
      }
    }
  }

  @Test("C: temperatures 0.01 and 2")
  func unequalTemperatures() throws {
    let junction = try GoldenJunctions.complexJunction()
    let point = Self.state([0.3, -0.4], [0.01, 2], bath: 0.5)
    let spectra = try FastPath.spectra(junction, point, frequencies: [1])
    let references = [
      (1.1732906464664736e-45, 0.03153942699099063), (0.02187883216669749, 0.052609875952108709),
      (0.0022204729681552685, 0.019554182613935097), (0.02124283468590043, 0.035023513396610515),
    ]
    for (c, (emission, absorption)) in references.enumerated() {
      for (name, reference) in [("emission", emission), ("absorption", absorption)] {
        let r = Reported(
          value: spectra.matrices(name, frequency: 0)[c][0, 0].rawStorage.x,
          error: spectra.error(name, channel: c, mode: 0, frequency: 0))
        Self.check(r, reference, scale: reference, known: 2e-15, "\(name) \(c)")
      }
    }
    try Self.check(
      junction, point, energy: 0.015362880900381692, particles: [0.0087807200199387484, -0.0087807200199387484],
      heats: [-0.0079805760353043398, 0.017196952921728908])
  }

  @Test("D: temperatures of ten mode energies")
  func hot() throws {
    try Self.check(
      GoldenJunctions.complexJunction(), Self.state([2, -2], [10, 10], bath: 8), energy: 0.054640229199387872,
      particles: [0.081126018348439381, -0.081126018348439381], heats: [-0.14129514410879324, -0.12856870008557641])
  }

  @Test("E: three electrodes, overlap, two modes, spin, three temperatures")
  func threeTerminals() throws {
    try Self.check(
      GoldenJunctions.threeTerminals(), Self.state([0.7, -0.6, 0.1], [0.1, 0.5, 1], bath: 0.4),
      energy: 0.076016130233588221, particles: [0.099022578394973114, -0.098053361008441354, -0.00096921738653175963],
      heats: [-0.04592542764611134, -0.0079957634524132791, 0.0018864215892200238])
  }

  @Test("F: the full frequency integral of the double dot")
  func fullFrequencyIntegral() throws {
    let junction = try SweepRunnerTests.doubleDot(friction: 0.05)
    let result = try FastPath.currents(
      junction, [Self.state([10.3, 9.7], [0.4, 0.4], bath: 0.3)], level: .landauer, tolerance: Self.tolerance)
    Self.check(result.reported("energy_current")[0], 0.11811854747815207, scale: 0.1181, "J")
  }

  @Test("G: a chain with its band edges inside the window and a level outside its band")
  func chainElectrode() throws {
    try Self.check(
      GoldenJunctions.chainElectrode(), Self.state([0.4, -0.3], [0.1, 0.3], bath: 0.2), energy: 0.0077402108753197056,
      particles: [0.01131967317266756, -0.01131967317266756], heats: [-0.00089079952409835744, 0.00070723917855077095])
  }

  @Test("H: rates of 1e-21 and 1e-45 to full relative accuracy")
  func frozen() throws {
    let junction = try GoldenJunctions.complexJunction()
    let point = Self.state([0.1, -0.1], [0.01, 0.02], bath: 0.01)
    let spectra = try FastPath.spectra(junction, point, frequencies: [1])
    let references = [1.1719445513905404e-45, 1.1153803536179597e-20, 5.6917224084853735e-30, 1.3640823876302744e-23]
    for (c, reference) in references.enumerated() {
      let r = Reported(
        value: spectra.matrices("emission", frequency: 0)[c][0, 0].rawStorage.x,
        error: spectra.error("emission", channel: c, mode: 0, frequency: 0))
      // exp(-100) multiplies the rounding of mu and T, 1e-16 relative in the inputs themselves, by 100.
      Self.check(r, reference, scale: reference, known: 3e-14, "E \(c)")
    }
    try Self.check(
      junction, point, energy: 5.583722182873811e-21, particles: [5.5769017652439372e-21, -5.5769017652439372e-21],
      heats: [3.0544612266441674e-23, 4.4377972175585819e-21], known: 3e-14)
  }
}
