import Pairbath
import TestKinds
import Testing

@Suite("Physics of the examples with general bosons")
struct BosonExamplePhysicsTests {
  @Test("a perfect chain conducts the quantum of thermal conductance", .tags(.limit))
  func conductanceQuantum() throws {
    let result = try Example.phononConductance.result()
    let pair = ["bath": "left", "bath2": "right"]
    // Thermally excited phonons at 10 K stay far below the band top at 580 K.
    let conductance = try result.value("thermal_conductance", at: ["T": 10], pair)
    #expect(abs(conductance / (9.46431151638664e-13 * 10) - 1) < 1e-6)
    for frequency in [0.01, 0.025, 0.0495] {
      #expect(try abs(result.value("phonon_transmission", at: ["frequency": frequency], pair) - 1) < 1e-9)
    }
    #expect(try result.value("phonon_transmission", at: ["frequency": 0.055], pair) == 0)
    // Classical limit: k_B per unit of frequency, k_B 50 meV/h = 166.9 pW/K, from below.
    let hot = try result.value("thermal_conductance", at: ["T": 1000], pair)
    #expect(hot < 166.94e-12 && hot > 0.985 * 166.94e-12)
  }

  @Test("heavy atoms reflect, but not long waves")
  func barrier() throws {
    let example = Example.phononConductance
    let model = try ModelDocument.read(file: example.path(of: "barrier.yaml"), overrides: ["T=[0.1, 300.0]"])
    let result = try Example.run(model)
    let pair = ["bath": "left", "bath2": "right"]
    let cold = try result.value("thermal_conductance", at: ["T": 0.1], pair)
    #expect(abs(cold / (9.46431151638664e-13 * 0.1) - 1) < 1e-4)
    let hot = try result.value("thermal_conductance", at: ["T": 300], pair)
    #expect(try hot < 0.5 * example.result().value("thermal_conductance", at: ["T": 300], pair))
  }

  @Test("the Joule heat leaves where the electrons go, at one third filling")
  func wind() throws {
    let result = try Example.fourTerminalChain.result()
    func heat(_ mu: Double, _ v: Double, into bath: String) throws -> Double {
      try result.value("bath_energy_current", at: ["mu": mu, "V": v], ["bath": bath])
    }
    #expect(try heat(-1, 0.2, into: "right") > 20 * heat(-1, 0.2, into: "left"))
    // Mirror images; the backscattered phonon of a half-filled band has no direction.
    #expect(try abs(heat(-1, -0.2, into: "left") / heat(-1, 0.2, into: "right") - 1) < 1e-3)
    #expect(try abs(heat(0, 0.2, into: "left") / heat(0, 0.2, into: "right") - 1) < 1e-3)
  }

  @Test("each reservoir's exchanges add up to what it gives or takes", .tags(.law))
  func exchanges() throws {
    let result = try Example.fourTerminalChain.result()
    let at = ["mu": -1.0, "V": 0.2]
    let total = try result.value("energy_current", at: at)
    for bath in result.bathNames {
      let taken = try result.reservoirNames.filter { $0 != bath }.map {
        try result.value("reservoir_energy_current", at: at, ["reservoir": $0, "reservoir2": bath])
      }
      #expect(try abs(taken.reduce(0, +) - result.value("bath_energy_current", at: at, ["bath": bath])) < 1e-3 * total)
    }
    for channel in result.channelLabels {
      let given = try result.reservoirNames.filter { $0 != channel }.map {
        try result.value("reservoir_energy_current", at: at, ["reservoir": channel, "reservoir2": $0])
      }
      #expect(
        try abs(given.reduce(0, +) - result.value("energy_current_channel", at: at, ["channel": channel])) < 1e-3 * total)
    }
  }

  @Test("slow modes lose their heat to the contacts, fast ones heat up", .enabled(if: Example.localHeating.isAffordable))
  func localHeating() throws {
    let result = try Example.localHeating.result()
    func temperatures(_ v: Double) throws -> [Double] {
      try result.modeEnergies.indices.map { try result.value("effective_temperature", at: ["V": v], ["mode": "\($0)"]) }
    }
    #expect(try temperatures(0).allSatisfy { abs($0 - 300) < 1e-3 })
    for (bias, hottest) in [(0.5, 29), (1, 20)] {
      let found = try temperatures(bias)
      #expect(found.indices.max { found[$0] < found[$1] } == hottest)
      for (mode, energy) in result.modeEnergies.enumerated() where energy < 0.04 { #expect(found[mode] < 370) }
    }
    let baths = try result.bathNames.map { try result.value("bath_energy_current", at: ["V": 1], ["bath": $0]) }
    let total = try result.value("energy_current", at: ["V": 1])
    #expect(abs(baths.reduce(0, +) - total) < 1e-6 * total)
  }

  @Test("a bias cools phonons that are colder than the electrons, down to a limit")
  func refrigerator() throws {
    let result = try Example.heatCurrentMap.result()
    func current(_ t: Double, _ v: Double) throws -> Double { try result.value("energy_current", at: ["T_ph": t, "V": v]) }
    for t in [0.2, 0.3, 0.8] { #expect(try current(t, 0) * (0.5 - t) > 0) }
    // In equilibrium nothing flows.
    #expect(try abs(current(0.5, 0)) < 1e-6 * current(0.5, 1))
    #expect(try current(0.3, -1.5) < 0)
    #expect(try current(0.2, -1.5) > 0)
    #expect(try current(0.8, 1) > 0)
  }

  @Test("the steady state is lost where the damping rate vanishes")
  func instability() throws {
    let result = try Example.instability.result()
    #expect(result.variable("stable")?.values == [1, 1, 1, 0, 0])
    let critical = try result.value("critical_V", ["instability": "0"])
    func rate(_ v: Double) throws -> Double { try result.value("damping_rate", at: ["V": v], ["mode": "0"]) }
    let (before, after) = (try rate(0.11), try rate(0.12))
    #expect(before > 0 && after < 0)
    // The curve between them is convex: its zero lies below that of the chord, by less than a twentieth of the step.
    let chord = 0.11 + 0.01 * before / (before - after)
    #expect(abs(critical - chord) < 5e-4)
    #expect(try result.value("energy_current", at: ["V": 0.2]).isNaN)
  }
}
