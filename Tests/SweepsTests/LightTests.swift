import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Spectra of what the bosons carry away.
@Suite("Light")
struct LightTests {
  static let spectra: [Observable] = [.energyCurrentSpectrum, .emissionSpectrum, .photonChemicalPotential]

  /// LUMO and HOMO, each connected to both electrodes by `mixing` of its width, two photon baths.
  static func molecule(mixing: Double = 0.3, convention: Coupling.Convention = .rotatingWave) throws -> Junction {
    let hop = Scalar(0.05, 0)
    let m = Matrix([[.zero, .zero], [Scalar(0, 0.1), .zero]])
    return try Junction(
      conductor: Conductor(hamiltonian: Matrix([[Scalar(1, 0), hop], [hop, Scalar(-0.8, 0)]]), spinDegeneracy: 2),
      electrodes: [
        Electrode("tip", .wideBand(broadening: Matrix(diagonal: [0.3, 0.3 * mixing]))),
        Electrode("substrate", .wideBand(broadening: Matrix(diagonal: [0.4 * mixing, 0.4]))),
      ], bosons: BosonSystem(modes: [1.7]),
      baths: [
        BosonBath("light", .ohmic(friction: 0.02), coordinates: [0]), BosonBath("loss", .ohmic(friction: 0.2), coordinates: [0]),
      ], coupling: Coupling(convention, [convention == .rotatingWave ? m : m + m.adjoint]))
  }

  static func state(_ bias: Double, _ t: Double, baths: Double? = nil) -> OperatingPoint {
    OperatingPoint(chemicalPotentials: [bias / 2, -bias / 2], temperatures: [t, t], bathTemperatures: [baths ?? t, baths ?? t])
  }

  static func run(
    _ junction: Junction, _ points: [OperatingPoint], _ observables: [Observable], level: ComputeSettings.Level = .landauer,
    frequencies: [Double]? = nil, tolerance: Double = 1e-7
  ) throws -> TransportResult {
    try SweepRunner(workers: 2).run(
      FastPath.request(
        junction, points,
        ComputeSettings(level: level, observables: observables, tolerance: tolerance, frequencies: frequencies)))
  }

  @Test(
    "the spectrum integrates to the energy current, its parts to those of the baths, and the emission to the photon rate",
    .tags(.law),
    arguments: [
      (Coupling.Convention.rotatingWave, ComputeSettings.Level.landauer), (.dimensionless, .landauer), (.rotatingWave, .dressed),
      (.dimensionless, .dressed),
    ])
  func integrates(convention: Coupling.Convention, level: ComputeSettings.Level) throws {
    let junction = try Self.molecule(convention: convention)
    let point = Self.state(2, 0.1)
    // The line at 1.7 has a half width of 0.11; beyond 6 everything is below exp(-40).
    let mesh = LegendreMesh.nodes(on: [0, 0.4, 0.8, 1.1, 1.3, 1.5, 1.6, 1.7, 1.8, 1.9, 2.1, 2.3, 2.6, 3, 3.5, 4.2, 5, 6.2])
    let rates: [Observable] = level == .landauer ? [.photonRate] : []
    let result = try Self.run(
      junction, [point], [.energyCurrent, .bathParticleCurrent, .energyCurrentSpectrum, .emissionSpectrum] + rates, level: level,
      frequencies: mesh.map(\.position))
    func integral(_ name: String, _ component: Int = 0) -> (value: Double, error: Double) {
      let numbers = result.reported(name)
      return mesh.indices.reduce(into: (0, 0)) {
        $0.value += mesh[$1].weight * numbers[component * mesh.count + $1].value
        $0.error += mesh[$1].weight * numbers[component * mesh.count + $1].error
      }
    }
    let (total, current) = (integral("energy_current_spectrum"), result.reported("energy_current")[0])
    // 1e-7 is the tolerance of both, relative to gross flows of about the current's size; the rule of 170 nodes is below.
    #expect(abs(total.value - current.value) <= total.error + current.error + 1e-8 * abs(current.value))
    #expect(total.value > 0)
    for p in 0..<2 {
      let part = integral("bath_energy_current_spectrum", p)
      let bath = result.reported("bath_energy_current")[p]
      #expect(abs(part.value - bath.value) <= part.error + bath.error + 1e-8 * abs(current.value), "bath \(p)")
      guard level == .landauer else { continue }
      let (emitted, rate) = (integral("bath_emission_spectrum", p), result.reported("photon_rate")[p])
      #expect(abs(emitted.value - rate.value) <= emitted.error + rate.error + 1e-8 * rate.value, "emission into bath \(p)")
    }
  }

  @Test("emission less absorption is the net spectrum over the energy, and the baths add up to the total", .tags(.law))
  func balance() throws {
    let frequencies = [0.05, 0.9, 1.7, 2.4]
    let result = try Self.run(try Self.molecule(), [Self.state(1.8, 0.2, baths: 0.5)], Self.spectra, frequencies: frequencies)
    let (emitted, absorbed) = (result.numbers("bath_emission_spectrum"), result.numbers("bath_absorption_spectrum"))
    let (net, parts) = (result.numbers("energy_current_spectrum"), result.numbers("bath_energy_current_spectrum"))
    let total = result.numbers("emission_spectrum")
    for (f, w) in frequencies.enumerated() {
      for p in 0..<2 {
        let i = p * frequencies.count + f
        // Rounding of sums; one mode, where the net rate is E (1 + n) - B n.
        #expect(abs(w * (emitted[i] - absorbed[i]) - parts[i]) <= 1e-12 * w * (emitted[i] + absorbed[i]))
      }
      #expect(abs(parts[f] + parts[4 + f] - net[f]) <= 1e-13 * (abs(parts[f]) + abs(parts[4 + f])))
      #expect(abs(emitted[f] + emitted[4 + f] - total[f]) <= 1e-13 * total[f])
    }
  }

  @Test("at T = 0 second order emits nothing above eV, exactly, and something below; in either polarity", .tags(.limit))
  func cutOff() throws {
    let points = [1.6, -1.6, 2.4, -2.4].map { Self.state($0, 0) }
    let result = try Self.run(
      try Self.molecule(mixing: 1), points, [.emissionSpectrum], frequencies: [1.2, 1.59, 1.61, 2.0, 3.0])
    for (state, bias) in [1.6, 1.6, 2.4, 2.4].enumerated() {
      for (w, value) in zip([1.2, 1.59, 1.61, 2.0, 3.0], result.numbers("emission_spectrum", state: state)) {
        if w > bias { #expect(value == 0, "at \(w), bias \(bias)") } else { #expect(value > 0, "at \(w), bias \(bias)") }
      }
    }
  }

  @Test("the overbias tail falls off as exp(-w/T) once the smooth factors are taken out", .tags(.limit))
  func overbias() throws {
    // A flat band: E = n((w - V)/T) (w - V) X/2 pi, and the mode's |D|^2 w.
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(diagonal: [0])),
      electrodes: ["L", "R"].map { Electrode($0, .wideBand(broadening: Matrix(diagonal: [2000]))) },
      bosons: BosonSystem(modes: [1.9]), baths: [BosonBath("light", .ohmic(friction: 0.15), coordinates: [0])],
      coupling: Coupling(.rotatingWave, [Matrix([[Scalar(0.1, 0)]])]))
    let (bias, w1, w2) = (1.5, 2.0, 2.3)
    func smooth(_ w: Double) -> Double {
      let (detuning, damping) = (2 * 1.9 * (w - 1.9), 0.15 * w)
      return w / (detuning * detuning + damping * damping) * (w - bias)
    }
    for t in [0.02, 0.03, 0.04] {
      let numbers = try Self.run(junction, [Self.state(bias, t)], [.emissionSpectrum], frequencies: [w1, w2])
        .numbers("emission_spectrum")
      let slope = (log(numbers[1] / smooth(w2)) - log(numbers[0] / smooth(w1))) / (w2 - w1)
      // The channels LL and RR add exp(-w/T) of their own, smaller by exp(-eV/T); 1 + n by exp(-(w-V)/T) < 4e-6; the band is
      // flat to (w/2000)^2.
      #expect(abs(slope * t + 1) < 1e-4, "T = \(t): slope \(slope)")
    }
  }

  @Test("the photons' chemical potential is eV where one channel emits, and lies below where others join", .tags(.limit))
  func chemicalPotential() throws {
    let frequencies = [1.0, 1.7, 1.9, 2.2]
    // Without mixing and hopping LUMO belongs to the tip, HOMO to the substrate: only tip > substrate emits.
    let bare = try Self.molecule(mixing: 0)
    let separate = try Junction(
      conductor: Conductor(hamiltonian: Matrix(diagonal: [1, -0.8])), electrodes: bare.electrodes, bosons: bare.bosons,
      baths: bare.baths, coupling: bare.coupling)
    for bias in [1.9, 2.2] {
      let one = try Self.run(separate, [Self.state(bias, 0.05)], [.photonChemicalPotential], frequencies: frequencies)
      for mu in one.reported("photon_chemical_potential") {
        #expect(abs(mu.value - bias) <= mu.error && mu.error < 1e-6, "\(mu) at \(bias)")
      }
      let mixed = try Self.run(
        try Self.molecule(), [Self.state(bias, 0.05)], [.photonChemicalPotential], frequencies: frequencies)
      for mu in mixed.numbers("photon_chemical_potential") { #expect(mu > 0 && mu < bias) }
    }
    let cold = try Self.run(separate, [Self.state(1.9, 0)], [.photonChemicalPotential], frequencies: [1.7])
    #expect(cold.numbers("photon_chemical_potential")[0].isNaN)
    // In equilibrium light has no chemical potential.
    let rest = try Self.run(try Self.molecule(), [Self.state(0, 0.1)], [.photonChemicalPotential], frequencies: [0.5])
    #expect(abs(rest.numbers("photon_chemical_potential")[0]) < 1e-9)
  }

  @Test("the quantum yield of a sharp mode is the share of the friction, and weak damping approaches it", .tags(.limit))
  func quantumYield() throws {
    let observables: [Observable] = [.photonRate, .photonYield, .chargeCurrent, .bathParticleCurrent]
    let point = Self.state(2.2, 0.05)
    let sharp = try Self.run(try Self.molecule(), [point], observables, level: .sharp)
    let rates = sharp.numbers("photon_rate")
    #expect(abs(rates[0] / (rates[0] + rates[1]) - 0.02 / 0.22) < 1e-12)
    let (yield, current) = (sharp.reported("photon_yield"), sharp.numbers("charge_current"))
    for p in 0..<2 {
      let expected = sharp.numbers("bath_particle_current")[p] / abs(current[0])
      #expect(abs(yield[p].value - expected) <= yield[p].error + 1e-12 * expected)
    }
    // Weaker coupling too: an inverted pair bath must not pump a mode that is hardly damped.
    let molecule = try Self.molecule()
    func narrow(_ level: ComputeSettings.Level) throws -> [Double] {
      let junction = try Junction(
        conductor: molecule.conductor, electrodes: molecule.electrodes, bosons: molecule.bosons,
        baths: [
          BosonBath("light", .ohmic(friction: 2e-5), coordinates: [0]),
          BosonBath("loss", .ohmic(friction: 2e-4), coordinates: [0]),
        ], coupling: Coupling(.rotatingWave, [0.01 * molecule.coupling.matrices[0]]))
      return try Self.run(junction, [point], [.photonRate], level: level).numbers("photon_rate")
    }
    // First order in the damping over the scale of the spectra, 2.2e-4/0.05, times the far tail's logarithm.
    for (a, b) in zip(try narrow(.landauer), try narrow(.sharp)) { #expect(abs(a / b - 1) < 3e-3) }
    let none = try Self.run(try Self.molecule(), [Self.state(0, 0.05)], [.photonYield], level: .sharp)
    let undefined = none.numbers("photon_yield")
    #expect(undefined.count { $0.isNaN } == 2)
  }

  @Test("photon baths with a chemical potential obey the second law and stimulate the emission", .tags(.law))
  func suppliedBaths() throws {
    var point = Self.state(1.5, 0.3)
    point.bathChemicalPotentials = [-0.2, -0.4]
    let result = try Self.run(
      try Self.molecule(), [point, Self.state(1.5, 0.3)], [.energyCurrent, .entropyProduction, .photonRate])
    for state in 0..<2 {
      let entropy = result.reported("entropy_production", state: state)[0]
      #expect(entropy.value > entropy.error)
    }
    let (supplied, plain) = (result.numbers("photon_rate"), result.numbers("photon_rate", state: 1))
    #expect(supplied[0] < plain[0] && supplied[1] < plain[1])
  }

  @Test("spectra in electronvolts are in W/eV and quanta per second and eV")
  func units() throws {
    var request = FastPath.request(
      try Self.molecule(), [Self.state(2, 0.05)],
      ComputeSettings(level: .landauer, observables: Self.spectra, frequencies: [1.7]))
    let natural = try SweepRunner(workers: 1).run(request)
    request.units = .electronVolt
    let volts = try SweepRunner(workers: 1).run(request)
    let (power, rate) = ("energy_current_spectrum", "emission_spectrum")
    #expect(volts.variable(power)?.unit == "W eV-1" && volts.variable(rate)?.unit == "s-1 eV-1")
    // 1 eV^2/hbar and 1 eV/hbar, physics of the SI.
    #expect(abs(volts.numbers(power)[0] / natural.numbers(power)[0] / 2.434134807e-4 - 1) < 1e-9)
    #expect(abs(volts.numbers(rate)[0] / natural.numbers(rate)[0] / 1.519267447e15 - 1) < 1e-9)
  }
}
