import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

@Suite("Rates at which electrons create and take the bosons of a mode")
struct ModeRatesTests {
  private static let observables: [Observable] = [
    .emissionRate, .absorptionRate, .electronicDamping, .modePopulation, .dampingRate,
  ]
  private static let friction = 0.3

  private static func run(_ points: [OperatingPoint], level: ComputeSettings.Level = .sharp) throws -> TransportResult {
    let junction = try SweepRunnerTests.doubleDot(friction: friction)
    return try SweepRunner(workers: 1).run(
      FastPath.request(junction, points, ComputeSettings(level: level, observables: observables)))
  }

  private static func point(_ v: Double, _ hot: Double, _ cold: Double) -> OperatingPoint {
    OperatingPoint(chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [hot, hot], bathTemperatures: [cold])
  }

  @Test("what the electrons give a mode in the steady state, its bath takes: gamma (N - n)", .tags(.law))
  func balance() throws {
    let states = [(0.3, 0.5, 0.2), (-0.8, 0.4, 0.4), (0.1, 0.2, 0.9)]
    let result = try Self.run(states.map { Self.point($0.0, $0.1, $0.2) })
    for (i, state) in states.enumerated() {
      let (emitted, absorbed) = (
        result.reported("emission_rate", state: i)[0], result.reported("absorption_rate", state: i)[0]
      )
      let population = result.reported("mode_population", state: i)[0].value
      let bath = 1 / (exp(1 / state.2) - 1)
      // Rounding of the rates, which are differences of nearly equal numbers here.
      let allowed = emitted.error + absorbed.error + 1e-12 * (emitted.value + absorbed.value)
      #expect(abs(emitted.value - absorbed.value - Self.friction * (population - bath)) <= allowed)
      #expect(emitted.value > 0 && absorbed.value > 0)
    }
  }

  @Test("in equilibrium both rates agree, for every pair channel by itself", .tags(.law))
  func detailedBalance() throws {
    let result = try Self.run([Self.point(0, 0.5, 0.5)])
    let (emitted, absorbed) = (result.reported("emission_rate_channel"), result.reported("absorption_rate_channel"))
    #expect(emitted.count == 4)
    for channel in 0..<4 {
      let scale = max(emitted[channel].value, 1e-300)
      #expect(abs(emitted[channel].value - absorbed[channel].value) <= 1e-11 * scale + emitted[channel].error)
    }
  }

  @Test(
    "channels add up to the total, and damping by electrons and bath to the damping of the mode", .tags(.law),
    arguments: [0.0, 0.4, -0.7])
  func sums(_ v: Double) throws {
    let result = try Self.run([Self.point(v, 0.5, 0.2)])
    for name in ["emission_rate", "absorption_rate"] {
      let parts = result.reported(name + "_channel").map(\.value)
      let total = result.reported(name)[0].value
      #expect(abs(parts.reduce(0, +) - total) <= 1e-14 * abs(total))
    }
    let (electrons, all) = (result.reported("electronic_damping")[0], result.reported("damping_rate")[0])
    #expect(abs(electrons.value + Self.friction - all.value) <= electrons.error + all.error + 1e-15)
    #expect(result.reported("electronic_damping_rate")[0].value == electrons.value)
  }

  @Test("the rates of an empty mode are those of the golden rule, E and B over 2W of the spectra", .tags(.limit))
  func goldenRule() throws {
    let junction = try SweepRunnerTests.doubleDot(friction: Self.friction)
    let state = Self.point(0.5, 0.4, 0.3)
    let result = try Self.run([state])
    let spectra = try FastPath.spectra(junction, state, frequencies: [1])
    let n = result.reported("mode_population")[0].value
    let (emission, absorption) = (spectra.matrices("emission", frequency: 0), spectra.matrices("absorption", frequency: 0))
    for channel in 0..<4 {
      // The convention of the spectra is the dimensionless one: the factor 1/2W is in them.
      let emitted = emission[channel][0, 0].rawStorage.x * (n + 1)
      let absorbed = absorption[channel][0, 0].rawStorage.x * n
      #expect(abs(result.reported("emission_rate_channel")[channel].value - emitted) <= 1e-9 * max(emitted, 1e-12))
      #expect(abs(result.reported("absorption_rate_channel")[channel].value - absorbed) <= 1e-9 * max(absorbed, 1e-12))
    }
  }

  @Test("level dressed has no rates at the mode energies and says so")
  func dressed() throws {
    let error = try #require(throws: SolverError.self) { try Self.run([Self.point(0.1, 0.5, 0.5)], level: .dressed) }
    #expect(error.code == .unsuitableModel && error.subject == .level)
  }
}
