import JunctionModel
import PairbathTestSupport
import Sweeps
import TerminalTransport
import TestKinds
import Testing
import TransportResults

@Suite("Sweeps of terminals")
struct TerminalSweepTests {
  static func request(
    _ particles: Terminals.Particles, _ settings: TerminalSettings, units: UnitSystem = .natural
  ) throws -> TerminalRequest {
    let function = TransmissionFunction(.lorentzian(energy: 0.8, width: 0.2, height: 0.9), from: 0.3)
    let terminals = try Terminals(
      particles, baths: ["a", "b", "c"],
      transmissions: [
        .init(from: "a", to: "b", function),
        .init(from: "b", to: "c", TransmissionFunction(.constant(height: 0.5), from: 0.4, to: 2)),
      ])
    let v = (0...20).map { -0.2 + 0.02 * Double($0) }
    return TerminalRequest(
      title: "", units: units, terminals: terminals, axes: [SweepAxis("T", [0, 0.1, 0.3]), SweepAxis("V", v)],
      points: OperatingPoints(
        chemicalPotentials: [], temperatures: [],
        bathTemperatures: (0..<3).map { p in [0, 0.1, 0.3].flatMap { t in v.map { _ in p == 1 ? 1.2 * t : t } } },
        bathChemicalPotentials: (0..<3).map { p in (0..<3).flatMap { _ in v.map { p == 0 ? $0 : 0 } } }, count: 63),
      settings: settings)
  }

  static let all = TerminalSettings(
    observables: [
      .bathEnergyCurrent, .bathParticleCurrent, .bathHeatCurrent, .entropyProduction, .thermalConductance, .transmissionFunction,
      .bathEnergyCurrentSpectrum,
    ], tolerance: 1e-9, frequencies: [0.5, 0.8, 1.1], rectifications: [Rectification(of: "bath_energy_current", over: "V")])

  @Test("the numbers do not depend on the number of workers, bit by bit", arguments: Terminals.Particles.allCases)
  func workers(particles: Terminals.Particles) throws {
    let request = try Self.request(particles, Self.all)
    let (one, many) = (try SweepRunner(workers: 1).run(request), try SweepRunner(workers: 3).run(request))
    for (a, b) in zip(one.variables, many.variables) {
      #expect(a.name == b.name && a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(a.name)")
      #expect(a.errors?.map(\.bitPattern) == b.errors?.map(\.bitPattern), "\(a.name)")
    }
  }

  @Test(
    "heat is energy less nu times particles; entropy is the sum of heats over temperatures; spectra vanish in equilibrium",
    .tags(.law))
  func balance() throws {
    let result = try SweepRunner(workers: 2).run(Self.request(.bosons, Self.all))
    for state in 0..<result.stateCount {
      let energy = result.reported("bath_energy_current", state: state)
      let particles = result.reported("bath_particle_current", state: state)
      let heat = result.reported("bath_heat_current", state: state)
      let (t, nu) = (result.numbers("bath_temperature", state: state), result.numbers("bath_chemical_potential", state: state))
      var entropy = 0.0
      for p in 0..<3 {
        #expect(abs(heat[p].value - (energy[p].value - nu[p] * particles[p].value)) <= 2 * heat[p].error)
        if t[p] > 0 { entropy += heat[p].value / t[p] }
      }
      let reported = result.reported("entropy_production", state: state)[0]
      #expect(abs(reported.value - entropy) <= reported.error + 1e-15 * abs(entropy) || reported.value.isInfinite)
    }
    let tau = result.variable("transmission_function")!
    #expect(tau.dimensions == ["bath", "bath2", "frequency"] && tau.values[3 + 1] == 0.9 && tau.values[3 * 3 + 1] == 0.9)
    #expect(result.variable("bath_energy_current_rectification") != nil)
  }

  @Test(
    "errors of transmissions and spectra cover what the last digit of a frequency means far above temperature and cutoff",
    .tags(.law))
  func rounding() throws {
    func result(_ frequency: Double) throws -> TransportResult {
      let terminals = try Terminals(
        .bosons, baths: ["a", "b"],
        transmissions: [.init(from: "a", to: "b", .init(.power(energy: 1, exponent: 1, height: 0.9, cutoff: 0.005)))])
      return try SweepRunner(workers: 1).run(
        TerminalRequest(
          title: "", units: .natural, terminals: terminals, axes: [],
          points: OperatingPoints(
            chemicalPotentials: [], temperatures: [], bathTemperatures: [[0.01], [0]], bathChemicalPotentials: [], count: 1),
          settings: TerminalSettings(
            observables: [.transmissionFunction, .bathEnergyCurrentSpectrum], tolerance: 1e-6, frequencies: [frequency])))
    }
    let (one, other) = (try result(0.3), try result(0.1 + 0.2))
    for name in ["transmission_function", "bath_energy_current_spectrum"] {
      let (a, b) = (try #require(one.variable(name)), try #require(other.variable(name)))
      let i = 1
      let difference = abs(a.values[i] - b.values[i])
      #expect(difference > 2e-15 * abs(a.values[i]), "\(name)")
      #expect(difference <= a.errors![i] + b.errors![i], "\(name): \(difference), \(a.errors![i])")
      #expect(a.errors![i] < 1e-12 * abs(a.values[i]), "\(name)")
    }
  }

  @Test("spectra integrate to the currents", .tags(.law))
  func spectrum() throws {
    let frequencies = (0...4000).map { 0.4 + 1.6 * Double($0) / 4000 }
    var request = try Self.request(.bosons, Self.all)
    request.settings = TerminalSettings(
      observables: [.bathEnergyCurrent, .bathEnergyCurrentSpectrum], tolerance: 1e-9, frequencies: frequencies)
    let result = try SweepRunner(workers: 2).run(request)
    let variable = result.variable("bath_energy_current_spectrum")
    #expect(variable?.dimensions == ["bath", "frequency", "T", "V"] && variable?.unit == "energy unit/hbar")
    let state = 2 * 21 + 5
    let spectrum = result.numbers("bath_energy_current_spectrum", state: state)
    // Bath c sees only the box from 0.4 to 2: the trapezoidal rule with 4000 steps, error h^2 f'/12 below 1e-7.
    let c = Array(spectrum[(2 * 4001)...])
    let sum = (c.reduce(0, +) - 0.5 * (c.first! + c.last!)) * 1.6 / 4000
    #expect(abs(sum / result.numbers("bath_energy_current", state: state)[2] - 1) < 1e-5)
  }

  @Test(
    "electrons in units eV: one spin channel has the conductance e^2/h = 38.74 uS, the current leaves the higher potential",
    .tags(.limit))
  func conductanceQuantum() throws {
    let v = 1e-3
    let terminals = try Terminals(
      .fermions, baths: ["source", "drain"],
      transmissions: [.init(from: "source", to: "drain", TransmissionFunction(.constant(height: 1)))])
    let result = try SweepRunner().run(
      TerminalRequest(
        title: "", units: .electronVolt, terminals: terminals, axes: [],
        points: OperatingPoints(
          chemicalPotentials: [], temperatures: [], bathTemperatures: [[0.02], [0.02]], bathChemicalPotentials: [[v], [0]],
          count: 1),
        settings: TerminalSettings(observables: [.chargeCurrent])))
    let quantum = PhysicalConstants.elementaryCharge * PhysicalConstants.elementaryCharge / PhysicalConstants.planck
    #expect(abs(result.numbers("charge_current")[0] / (quantum * v) - 1) < 1e-11)
    #expect(result.variable("charge_current")?.unit == "A")
  }

  @Test(
    "in units eV a spectrum is in W per eV: a perfect channel of electrons below the potential carries (e/h) w df", .tags(.limit))
  func spectrumUnit() throws {
    let terminals = try Terminals(
      .fermions, baths: ["a", "b"], transmissions: [.init(from: "a", to: "b", TransmissionFunction(.constant(height: 1)))])
    let result = try SweepRunner().run(
      TerminalRequest(
        title: "", units: .electronVolt, terminals: terminals, axes: [],
        points: OperatingPoints(
          chemicalPotentials: [], temperatures: [], bathTemperatures: [[0], [0]], bathChemicalPotentials: [[0.2], [0]], count: 1),
        settings: TerminalSettings(observables: [.bathEnergyCurrentSpectrum], frequencies: [0.1, 0.3])))
    let e = PhysicalConstants.elementaryCharge
    let spectrum = result.numbers("bath_energy_current_spectrum")
    // dJ/dw = w/h per unit energy, w = 0.1 eV: e^2/h 0.1 W per eV into b; nothing above both potentials. 1e-14: rounding.
    #expect(abs(spectrum[2] / (0.1 * e * e / PhysicalConstants.planck) - 1) < 1e-14 && spectrum[0] == -spectrum[2])
    #expect(spectrum[1] == 0 && spectrum[3] == 0)
    #expect(result.variable("bath_energy_current_spectrum")?.unit == "W eV-1")
  }

  @Test("infinitely many soft bosons are refused in the words of the sweep, currents that overflow too")
  func wordsOfTheSweep() throws {
    func error(_ function: TransmissionFunction, _ t: [Double], _ observable: TerminalSettings.Observable) throws -> SolverError?
    {
      let terminals = try Terminals(.bosons, baths: ["a", "b"], transmissions: [.init(from: "a", to: "b", function)])
      let request = TerminalRequest(
        title: "", units: .natural, terminals: terminals, axes: [SweepAxis("T", t)],
        points: OperatingPoints(
          chemicalPotentials: [], temperatures: [], bathTemperatures: [t, t.map { _ in 1 }], bathChemicalPotentials: [],
          count: t.count), settings: TerminalSettings(observables: [observable]))
      do {
        _ = try SweepRunner().run(request)
        return nil
      } catch { return error }
    }
    let soft = try error(TransmissionFunction(.constant(height: 1)), [1, 1.5], .bathParticleCurrent)
    #expect(soft?.message.contains("at T = 1.5") == true, "\(String(describing: soft))")
    #expect(try error(TransmissionFunction(.constant(height: 1)), [1, 1.5], .bathHeatCurrent) == nil)
    let power = TransmissionFunction(.power(energy: 1, exponent: 3, height: 1, cutoff: nil))
    let overflow = try error(power, [1, 1e100], .bathEnergyCurrent)
    #expect(overflow != nil, "T^5 = 1e500")
  }

  @Test("what cannot be asked for is refused, with what it is about")
  func refusals() throws {
    func subject(_ particles: Terminals.Particles, _ settings: TerminalSettings) throws -> SolverError.Subject? {
      do {
        _ = try SweepRunner().run(Self.request(particles, settings))
        return nil
      } catch let error as SolverError { return error.subject }
    }
    #expect(try subject(.bosons, TerminalSettings(observables: [.chargeCurrent])) == .observables)
    #expect(try subject(.bosons, TerminalSettings(observables: [.bathEnergyCurrentSpectrum])) == .observables)
    #expect(try subject(.bosons, TerminalSettings(tolerance: 1e-14)) == .tolerance)
    let ratio = TerminalSettings(rectifications: [Rectification(of: "energy_current", over: "V")])
    #expect(try subject(.bosons, ratio) == .rectifiedVariable)
    let stopped = Self.isInterrupted(try Self.request(.bosons, Self.all))
    #expect(stopped)
  }

  private static func isInterrupted(_ request: TerminalRequest) -> Bool {
    do {
      _ = try SweepRunner().run(request, isCancelled: { true })
      return false
    } catch { return error.code == .interrupted }
  }
}
