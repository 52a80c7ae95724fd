import Pairbath
import PairbathTestSupport
import Testing

/// Electrons of two spins that do not mix: own H, electrodes and couplings, one set of bosons.
@Suite("Spin channels")
struct SpinChannelTests {
  private static func model(
    conductor: String, left: String = "broadening: 0.2", coupling: String = "[[[0.1]]]", potential: String = "V/2",
    observables: String = "[energy_current, charge_current, electrode_heat_current, transmission, conductance, charge_noise]",
    level: String = "sharp"
  ) -> String {
    """
    units: natural
    conductor: {\(conductor)}
    electrodes:
      L: {kind: wide-band, orbitals: [0], \(left)}
      R: {kind: wide-band, orbitals: [0], broadening: 0.3}
    bosons: {modes: [0.4]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: \(coupling)}
    state: {chemical_potential: {L: \(potential), R: -V/2}, temperature: {L: 0.1, R: 0.12, ph: 0.08}}
    sweep: {V: [0.2, 0.7]}
    compute: {level: \(level), observables: \(observables), energies: [0.1, 0.3], tolerance: 1e-9}
    """
  }

  private static func expectAlike(
    _ a: TransportResult, _ b: TransportResult, _ names: [String], factor: Double = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for name in names {
      let (x, y) = (try #require(a.variable(name)), try #require(b.variable(name)))
      #expect(x.dimensions == y.dimensions, sourceLocation: sourceLocation)
      let scale = y.values.map(abs).max() ?? 0
      for (p, q) in zip(x.values, y.values) {
        #expect(abs(p - factor * q) <= 1e-11 * abs(factor) * scale, "\(name): \(p) and \(q)", sourceLocation: sourceLocation)
      }
    }
  }

  private static let flows = [
    "energy_current", "charge_current", "charge_current_elastic", "charge_current_inelastic", "charge_current_correction",
    "electrode_heat_current", "conductance", "charge_noise",
  ]

  @Test("Two spins alike are a spin degeneracy of two, half in each channel")
  func degeneracy() throws {
    let channels = try ModelFile.read(text: Self.model(conductor: "energies: [0.2], spin: [up, down]")).run()
    let single = try ModelFile.read(text: Self.model(conductor: "energies: [0.2], spin_degeneracy: 2")).run()
    try Self.expectAlike(channels, single, Self.flows)
    // Transmissions are of one spin, here of both.
    try Self.expectAlike(channels, single, ["transmission"], factor: 2)
    #expect(channels.electrodeNames == ["L", "R"] && channels.channelLabels == single.channelLabels)
    let parts = try #require(channels.variable("charge_current_spin"))
    #expect(parts.dimensions == ["spin", "electrode", "V"])
    let total = try #require(channels.variable("charge_current")).values
    for spin in 0..<2 {
      for i in total.indices { #expect(abs(2 * parts.values[spin * total.count + i] - total[i]) <= 1e-12 * abs(total[i])) }
    }
  }

  @Test(
    "Channels share the bosons: the same as one conductor of twice the size, at every level", arguments: ["sharp", "landauer"])
  func oneConductor(level: String) throws {
    let observables = "[energy_current, energy_current_channel, charge_current, mode_population, entropy_production]"
    let channels = try ModelFile.read(
      text: Self.model(
        conductor: "energies: [{up: 0.2, down: -0.1}], spin: [up, down]", left: "broadening: {up: 0.2, down: 0.05}",
        coupling: "{up: [[[0.1]]], down: [[[-0.05]]]}", observables: observables, level: level)
    ).run()
    let whole = try ModelFile.read(
      text: Self.model(
        conductor: "energies: [0.2, -0.1]", coupling: "[[[0.1, 0], [0, -0.05]]]", observables: observables, level: level
      ).replacing(
        "L: {kind: wide-band, orbitals: [0], broadening: 0.2}", with: "L: {kind: wide-band, broadening: [[0.2, 0], [0, 0.05]]}"
      )
      .replacing(
        "R: {kind: wide-band, orbitals: [0], broadening: 0.3}", with: "R: {kind: wide-band, orbitals: [0, 1], broadening: 0.3}")
    ).run()
    for name in ["energy_current", "energy_current_channel", "charge_current", "mode_population", "entropy_production"] {
      let (a, b) = (try #require(channels.variable(name)), try #require(whole.variable(name)))
      let scale = b.values.map(abs).max() ?? 0
      for (i, (x, y)) in zip(a.values, b.values).enumerated() {
        #expect(abs(x - y) <= 1e-11 * scale + (a.errors?[i] ?? 0) + (b.errors?[i] ?? 0), "\(name): \(x) and \(y)")
      }
    }
  }

  @Test("Without bosons every channel is a junction by itself, its chemical potentials too")
  func independent() throws {
    func text(_ conductor: String, _ left: String, _ potential: String) -> String {
      Self.model(conductor: conductor, left: left, potential: potential, observables: "[charge_current, transmission]")
        .replacing("bosons: {modes: [0.4]}\n", with: "").replacing("baths: {ph: {kind: ohmic, friction: 0.02}}\n", with: "")
        .replacing("coupling: {convention: dimensionless, matrices: [[[0.1]]]}\n", with: "").replacing(", ph: 0.08", with: "")
    }
    let both = try ModelFile.read(
      text: text(
        "energies: {up: [0.2 + V/10], down: [-0.3]}, spin: [up, down]", "broadening: {up: 0.2, down: 0.1}", "{up: V/2, down: V/4}"
      )
    ).run()
    let up = try ModelFile.read(text: text("energies: [0.2 + V/10]", "broadening: 0.2", "V/2")).run()
    let down = try ModelFile.read(text: text("energies: [-0.3]", "broadening: 0.1", "V/4")).run()
    for name in ["charge_current", "transmission"] {
      let parts = try #require(both.variable(name + "_spin")).values
      let sum = try #require(both.variable(name)).values
      for (spin, alone) in [up, down].enumerated() {
        // A number that does not change with V stands once in a junction that does not either.
        let values = try #require(alone.variable(name)).values
        let count = parts.count / 2
        guard values.count == count else { continue }
        for i in 0..<count { #expect(abs(parts[spin * count + i] - values[i]) <= 1e-12, "\(name)") }
      }
      for i in sum.indices { #expect(abs(sum[i] - parts[i] - parts[sum.count + i]) <= 1e-14) }
    }
  }

  @Test("What is no sum over channels is refused, and so is a mapping that lacks one")
  func refused() throws {
    #expect(throws: SolverError.self) {
      try ModelFile.read(text: Self.model(conductor: "energies: [0.2], spin: [up, down]", observables: "[seebeck]")).run()
    }
    do {
      _ = try ModelFile.read(text: Self.model(conductor: "energies: [{up: 0.2}], spin: [up, down]"))
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains("a value for each spin channel: up, down"), "\(error)")
    }
  }
}
