import Pairbath
import Testing

@Suite("Free motions and far fields")
struct FreeMotionTests {
  private static func heat(_ matrix: String, _ rule: String) throws -> Double {
    let text = """
      bosons:
        dynamical_matrix: \(matrix)
        \(rule)
      baths: {a: {kind: ohmic, coordinates: [0], friction: 1 meV}, b: {kind: ohmic, coordinates: [2], friction: 1 meV}}
      state: {temperature: {a: 310 K, b: 300 K}}
      compute: {observables: [bath_energy_current], tolerance: 1e-7}
      """
    let result = try ModelFile.read(text: text).run(workers: 1)
    return try #require(result.variable("bath_energy_current")?.values.last)
  }

  @Test("the sum rule gives the heat of the molecule without rounding, project_out a ninth of it")
  func trimer() throws {
    // Springs k between masses m, M, m: K00 = k/m, K01 = -k/sqrt(m M), K11 = 2 k/M, with the ratio r = sqrt(M/m).
    let (ratio, coupling) = (0.86642, 0.029009)
    let exact = try Self.heat(
      "[[\(coupling * ratio), \(-coupling), 0], [\(-coupling), \(2 * coupling / ratio), \(-coupling)], [0, \(-coupling), \(coupling * ratio)]]",
      "")
    let rounded = "[[0.025134, -0.029009, 0.0], [-0.029009, 0.066962, -0.029009], [0.0, -0.029009, 0.025134]]"
    #expect(throws: FileError.self) { try Self.heat(rounded, "") }
    let mended = try Self.heat(rounded, "sum_rule: 1")
    #expect(abs(mended / exact - 1) < 1e-4, "\(mended), \(exact)")
    let held = try Self.heat(rounded, "project_out: [0]")
    #expect(abs(exact / held - 9.2) < 0.1, "\(held)")
  }

  @Test("a gap without end in a sweep is the far field")
  func farField() throws {
    func fluxes(_ gap: String) throws -> [Double] {
      let text = """
        bodies: {a: {kind: half-space, material: Au}, b: {kind: half-space, material: SiC}}
        state: {temperature: {a: 400 K, b: 300 K}, gap: \(gap.hasPrefix("[") ? "d" : gap)}
        \(gap.hasPrefix("[") ? "sweep: {d: \(gap)}" : "")
        compute: {observables: [energy_flux], tolerance: 1e-5}
        """
      return try #require(try ModelFile.read(text: text).run(workers: 1).variable("energy_flux")?.values)
    }
    let sweep = try fluxes("[1 um, infinite]")
    #expect(sweep == [try fluxes("1 um")[0], try fluxes("infinite")[0]])
  }

  /// A dimer between chains that continue it freely; electrons feel its bond, but no motion of the whole. Natural units.
  private static func freeDimer(_ level: String, _ observables: String, bath: Double = 0.3) throws -> TransportResult {
    let text = """
      units: natural
      conductor: {hamiltonian: [[0.3, -0.8], [-0.8, 0.1]]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.4}, R: {kind: wide-band, orbitals: [1], broadening: 0.4}}
      bosons: {dynamical_matrix: [[2, -1, 0, 0], [-1, 3, -2, 0], [0, -2, 3, -1], [0, 0, -1, 2]]}
      baths: {a: {kind: chain, coordinates: [0], spring: 1}, b: {kind: chain, coordinates: [3], spring: 1}}
      coupling:
        convention: mass-weighted
        matrices: [[[0, 0], [0, 0]], [[0, 0.1], [0.1, 0]], [[0, -0.1], [-0.1, 0]], [[0, 0], [0, 0]]]
      state: {chemical_potential: {L: 0.1, R: 0.1}, temperature: {L: 0.3, R: 0.3, a: \(bath), b: 0.3}}
      compute: {level: \(level), elastic_correction: none, tolerance: 1e-6, observables: \(observables)}
      """
    return try ModelFile.read(text: text).run(workers: 1)
  }

  private static func numbers(_ result: TransportResult, _ name: String) throws -> [(value: Double, error: Double)] {
    let variable = try #require(result.variable(name))
    return zip(variable.values, try #require(variable.errors)).map { ($0, $1) }
  }

  @Test("a free dimer answers to small forces with a symmetric matrix, the slopes of its currents")
  func response() throws {
    let found = try Self.freeDimer("landauer", "[onsager_matrix]")
    let charges = try Self.numbers(found, "onsager_matrix_charge_charge")
    // The tolerance of the model.
    #expect(charges[0].value > 0 && charges.allSatisfy { $0.error <= 1e-6 * charges[0].value }, "\(charges)")
    let heats = try Self.numbers(found, "onsager_matrix_charge_heat")
    let reversed = try Self.numbers(found, "onsager_matrix_heat_charge")
    for e in 0..<2 {
      for t in 0..<4 {
        let (a, b) = (heats[4 * e + t], reversed[2 * t + e])
        #expect(abs(a.value - b.value) <= a.error + b.error && a.error < 1e-6 * charges[0].value, "\(e), \(t): \(a), \(b)")
      }
    }
    let step = 0.001
    let flows = try [-step, step].map {
      try Self.numbers(Self.freeDimer("landauer", "[charge_current]", bath: 0.3 + $0), "charge_current")[0]
    }
    let slope = 0.3 * 0.3 * (flows[1].value - flows[0].value) / (2 * step)
    // Third derivatives: the square of the step over the temperature, 1e-5.
    #expect(abs(heats[2].value - slope) < 1e-4 * slope, "\(heats[2]), \(slope)")
  }

  @Test(
    "heat from a hot chain through a free dimer into electrons and a cold chain makes entropy",
    arguments: ["landauer", "dressed"])
  func secondLaw(level: String) throws {
    let hot = try Self.freeDimer(level, "[entropy_production, electrode_heat_current, bath_energy_current]", bath: 0.4)
    let entropy = try Self.numbers(hot, "entropy_production")[0]
    let heats = try Self.numbers(hot, "electrode_heat_current")
    let baths = try Self.numbers(hot, "bath_energy_current")
    #expect(entropy.value > 1e4 * entropy.error, "\(entropy)")
    // Both electrodes take heat up. Translations had left four tenths of it uncertain.
    #expect(heats.allSatisfy { $0.value < 0 && $0.error < 1e-3 * -$0.value }, "\(heats)")
    // What leaves the electrodes and what arrives in the baths is the same energy: no charge potential differs.
    let balance = baths.reduce(0) { $0 + $1.value } - heats.reduce(0) { $0 + $1.value }
    #expect(abs(balance) <= (heats + baths).reduce(1e-12) { $0 + $1.error }, "\(balance)")
    let rest = try Self.freeDimer(level, "[entropy_production, electrode_heat_current]")
    let least = try Self.numbers(rest, "entropy_production")[0]
    #expect(least.value >= 0 && least.value <= least.error + 1e-15, "\(least)")
  }

  /// The same dimer, whose bond is coupled to its atoms unequally: electrons feel the motion of the whole.
  private static func feltDimer(_ observables: String, correction: String = "none", bias: Double = 0) throws -> TransportResult {
    let text = """
      units: natural
      conductor: {hamiltonian: [[0.3, -0.8], [-0.8, 0.1]]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.4}, R: {kind: wide-band, orbitals: [1], broadening: 0.4}}
      bosons: {dynamical_matrix: [[2, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]]}
      baths: {a: {kind: chain, coordinates: [0], spring: 1}, b: {kind: chain, coordinates: [3], spring: 1}}
      coupling:
        convention: mass-weighted
        matrices: [[[0, 0], [0, 0]], [[0, 0.1], [0.1, 0]], [[0, -0.08], [-0.08, 0]], [[0, 0], [0, 0]]]
      state: {chemical_potential: {L: \(0.1 + bias), R: 0.1}, temperature: 0.3}
      compute: {level: landauer, elastic_correction: \(correction), tolerance: 1e-6, observables: \(observables)}
      """
    return try ModelFile.read(text: text).run(workers: 1)
  }

  @Test("electrons that feel a free motion have an infinite conductance to second order, and finite heat from bath to bath")
  func feltMotionResponse() throws {
    let found = try Self.feltDimer("[onsager_matrix, linear_conductance]")
    let charges = try Self.numbers(found, "onsager_matrix_charge_charge").map { $0.value }
    #expect(charges == [.infinity, -.infinity, -.infinity, .infinity])
    #expect(try Self.numbers(found, "linear_conductance").map { $0.value } == charges)
    // What is weighted with the boson's energy has an integral: heat that charges carry to the baths, symmetric.
    let (heats, reversed) = (
      try Self.numbers(found, "onsager_matrix_charge_heat"), try Self.numbers(found, "onsager_matrix_heat_charge")
    )
    for e in 0..<2 {
      for p in 2..<4 {
        let (a, b) = (heats[4 * e + p], reversed[2 * p + e])
        #expect(a.value.isFinite && abs(a.value - b.value) <= a.error + b.error, "\(e), \(p): \(a), \(b)")
      }
    }
    #expect(try #require(found.variable("status")).values == [1])
  }

  @Test(
    "currents of electrons that feel a free motion are infinite under bias, with their correction no number, and zero at rest")
  func feltMotionCurrents() throws {
    let driven = try Self.feltDimer("[charge_current]", bias: 0.3)
    #expect(try Self.numbers(driven, "charge_current")[0].value == .infinity)
    #expect(try #require(driven.variable("status")).values == [1])
    let corrected = try Self.feltDimer("[charge_current]", correction: "full", bias: 0.3)
    #expect(try Self.numbers(corrected, "charge_current").allSatisfy { $0.value.isNaN })
    #expect(try Self.numbers(corrected, "charge_current_elastic")[0].value > 0)
    #expect(try #require(corrected.variable("status")).values == [1])
    let rest = try Self.feltDimer("[charge_current]", correction: "full")
    #expect(try Self.numbers(rest, "charge_current").allSatisfy { abs($0.value) <= $0.error && $0.error < 1e-6 })
    #expect(try #require(rest.variable("status")).values == [0])
  }

  @Test("soft motions that electrons do not feel take nothing of the accuracy of a dressed junction at rest")
  func softMotions() throws {
    // A light diatomic between heavy chains, held to them by springs a hundred times softer than its bond; electrons feel its bond, and by
    // unequal masses a little of the whole.
    let text = """
      conductor: {hamiltonian: [[0.5, -0.8], [-0.8, 0.3]], spin_degeneracy: 2}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.4}, R: {kind: wide-band, orbitals: [1], broadening: 0.4}}
      bosons:
        dynamical_matrix:
          - [7.427809564908362e-05, -0.0001289123229792653, 0, 0]
          - [-0.0001289123229792653, 0.02836424598284906, -0.024123859230753282, 0]
          - [0, -0.024123859230753282, 0.02129401578223639, -0.00011169599434493295]
          - [0, 0, -0.00011169599434493295, 7.427809564908362e-05]
      baths:
        a: {kind: chain, coordinates: [0], spring: 4.244462608519064e-05}
        b: {kind: chain, coordinates: [3], spring: 4.244462608519064e-05}
      coupling:
        convention: mass-weighted
        matrices: [[[0, 0], [0, 0]], [[0, 0.01], [0.01, 0]], [[0, -0.01], [-0.01, 0]], [[0, 0], [0, 0]]]
      state: {chemical_potential: 0, temperature: 300 K}
      compute: {level: dressed, renormalization: dynamic, tolerance: 1e-8, observables: [energy_current, bath_energy_current]}
      """
    let result = try ModelFile.read(text: text).run(workers: 1)
    #expect(try #require(result.variable("status")).values == [0])
    #expect(try Self.numbers(result, "energy_current").allSatisfy { abs($0.value) <= $0.error })
  }

  @Test("in equilibrium a free dimer has the noise of Johnson and Nyquist, S = 4 T G")
  func thermalNoise() throws {
    let found = try Self.freeDimer("sharp", "[charge_noise, linear_conductance]")
    let (noise, conductance) = (
      try Self.numbers(found, "charge_noise"), try Self.numbers(found, "linear_conductance")
    )
    for (s, g) in zip(noise, conductance) {
      #expect(abs(s.value - 4 * 0.3 * g.value) <= s.error + 4 * 0.3 * g.error + 1e-12, "\(s), \(g)")
    }
  }
}
