import Pairbath
import PairbathTestSupport
import Testing

/// Extreme numbers in every place of small models: a complaint with a place, or finite numbers; never a trap, a hang or a silent NaN.
@Suite("Extreme numbers")
struct ExtremeNumberTests {
  private static let seed: UInt64 = 24_008

  private static let numbers = [
    "1e-320", "1e-308", "1e-300", "1e-154", "1e-100", "1e-31", "1e31", "1e100", "1e154", "1e300", "1e308", "-1e308", "-1e154",
    "-1e-308",
    ".inf", "-.inf", ".nan", "inf", "nan", "-0.0", "1000000000000000000", "9223372036854775807", "9223372036854775808", "1e400",
    "1e-400",
    "4.9e-324", "1.7976931348623157e308",
  ]

  /// Models; every number between `@` is a place.
  private static let models = [
    """
    units: natural
    conductor: {energies: [@10.5@, @9.5@], spin_degeneracy: @1@}
    electrodes: {L: {kind: wide-band, orbitals: [@0@], broadening: @0.5@}, R: {kind: wide-band, orbitals: [1], broadening: @0.5@}}
    bosons: {modes: [@1.0@]}
    baths: {ph: {kind: drude, friction: @0.02@, cutoff: @3@}}
    coupling: {convention: dimensionless, matrices: [[[@0.0@, @0.5@], [@0.5@, 0.0]]]}
    parameters: {mu: @10.0@, T: @1.0@}
    state: {chemical_potential: {L: mu + V/2, R: mu - V/2}, temperature: {L: T, R: @1.0@, ph: @0.5@}}
    sweep: {V: {from: @-1.0@, to: @1.0@, points: @3@}}
    compute:
      observables: [energy_current, charge_current, mode_population, effective_temperature, entropy_production, transmission]
      energies: [@9@]
      tolerance: @1e-6@
      elastic_correction: none
    """,
    """
    bosons: {chain: {sites: @2@, spring: @0.0025@, onsite: @0.0001@}}
    baths:
      hot: {kind: chain, coordinates: [@0@], spring: @0.0025@, coupling: @0.0025@}
      cold: {kind: ohmic, coordinates: [1], friction: @5 meV@}
    parameters: {nu: @-5 meV@}
    state: {chemical_potential: {cold: nu}, temperature: {hot: @300 K@, cold: @200@}}
    compute: {observables: [bath_energy_current, phonon_transmission], frequencies: [@0.01@], tolerance: @1e-4@}
    """,
    """
    units: natural
    terminals:
      particles: bosons
      degeneracy: @2@
      baths: [a, b]
      transmission: {a>b: {kind: power, energy: @0.3@, exponent: @2@, height: @0.8@, from: @0.2@, cutoff: @0.5@}}
    state: {temperature: {a: @1@, b: @0.5@}, chemical_potential: {a: @0.1@}}
    compute: {observables: [bath_energy_current, bath_heat_current, thermal_conductance, entropy_production], tolerance: @1e-6@}
    """,
    """
    units: natural
    terminals:
      particles: fermions
      baths: [a, b]
      transmission: {a>b: {kind: lorentzian, energy: @0.3@, width: @0.1@, height: @0.8@, from: @-2@, to: @3@}}
    state: {temperature: {a: @1@, b: @0.5@}, chemical_potential: {a: @0.1@, b: 0}}
    compute: {observables: [charge_current, bath_heat_current, thermal_conductance], tolerance: @1e-6@}
    """,
    """
    bodies: {a: {kind: half-space, material: m}, b: {kind: black-body, gap_energy: @0.1@}}
    materials: {m: {e: {kind: constant, real: @5@, imaginary: @0.1@}, d: {kind: drude, plasma_energy: @100 meV@, damping: @5 meV@}}}
    state: {temperature: {a: @290@, b: @300 K@}, bias: {b: @-0.02@}, gap: @100@}
    compute: {observables: [energy_flux, heat_flux, photon_flux], tolerance: @1e-2@}
    """,
  ]

  /// The parts between the marks, odd ones are numbers.
  private static func parts(_ model: String) -> [String] {
    model.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("numbers of any size give a complaint or finite numbers", arguments: models.indices)
  func sizes(index: Int) {
    var generator = SplitMix64(seed: Self.seed &+ UInt64(index))
    let parts = Self.parts(Self.models[index])
    let places = Array(stride(from: 1, to: parts.count, by: 2))
    // Every place with some of the numbers, then several places at once.
    var trials = places.flatMap { place in (0..<3).map { _ in [place] } }
    trials += (0..<20).map { _ in (0..<3).map { _ in places[generator.integer(0...(places.count - 1))] } }
    for trial in trials {
      var changed = parts
      for place in trial { changed[place] = Self.numbers[generator.integer(0...(Self.numbers.count - 1))] }
      let words = trial.map { "\(parts[$0]) -> \(changed[$0])" }.joined(separator: ", ") + ", seed \(Self.seed)"
      check(changed.joined(), words)
    }
  }

  private func check(_ text: String, _ words: String) {
    let end = ContinuousClock.now + .seconds(10)
    do {
      let model = try ModelFile.read(text: text)
      let result = try model.run(workers: 1, isCancelled: { ContinuousClock.now > end })
      for variable in result.variables
      where variable.errors != nil && !["entropy_production", "photon_flux"].contains(variable.name) {
        let missing = variable.values.indices.filter { i in
          !variable.values[i].isFinite && result.variable("stable")?.values[i % result.stateCount] != 0
        }
        #expect(missing.isEmpty, "\(variable.name) is \(missing.map { variable.values[$0] }): \(words)")
      }
    } catch let error as FileError {
      #expect(!error.keyPath.isEmpty && !error.found.isEmpty, "\(error): \(words)")
    } catch {
      let code = (error as? SolverError)?.code
      #expect(code != nil && code != .interrupted, "\(error): \(words)")
    }
  }

  @Test(
    "numbers of no physical sense are named with their place",
    arguments: [
      (0, "state.chemical_potential.L", ["mu: 10.0": "mu: 1e308"]), (0, "state.temperature.L", ["T: 1.0}": "T: 1e-300}"]),
      (0, "conductor.energies.0", ["10.5": "1e200"]), (0, "bosons.modes.0", ["modes: [1.0]": "modes: [1e-200]"]),
      (0, "baths.ph.friction", ["friction: 0.02": "friction: 1e-310"]), (0, "sweep.V.to", ["to: 1.0": "to: 1e300"]),
      (0, "electrodes.R.broadening", ["[1], broadening: 0.5": "[1], broadening: 1e-300"]),
      (0, "coupling.matrices.0.0.1", ["[0.0, 0.5]": "[0.0, 1e99]"]),
      (0, "compute.energies.0", ["energies: [9]": "energies: [1e99]"]),
      (1, "bosons.chain.spring", ["{sites: 2, spring: 0.0025": "{sites: 2, spring: 1e154"]),
      (1, "compute.frequencies.0", ["frequencies: [0.01]": "frequencies: [1e300]"]),
      (2, "state.temperature.a", ["{a: 1, b: 0.5}": "{a: 1e40, b: 0.5}"]),
      (4, "materials.m.d.damping", ["damping: 5 meV": "damping: 1e40"]),
    ])
  func places(model: Int, path: String, change: [String: String]) throws {
    var text = Self.parts(Self.models[model]).joined()
    for (old, new) in change {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    let error = #expect(throws: FileError.self) { _ = try ModelFile.read(text: text) }
    #expect(error?.keyPath.joined(separator: ".") == path && error?.line != nil, "\(error.map { "\($0)" } ?? "no error")")
    #expect(error?.allowed.contains("magnitude") == true || model == 2, "\(error.map { "\($0)" } ?? "no error")")
  }
}
