import Pairbath
import Testing

@Suite("Physics of the examples with given transmissions and with gyration")
struct TerminalExampleTests {
  @Test("photons leave a forward-biased diode a thousand times more easily than they enter a reverse-biased one")
  func diode() throws {
    let result = try Example.photonDiode.result()
    func flow(_ v: Double, _ dT: Double = 0) throws -> Double {
      try result.value("bath_energy_current", at: ["T": 300, "dT": dT, "V": v], ["bath": "absorber"])
    }
    #expect(try flow(0.25) > 1e4 * -flow(-0.25))
    // Far below the gap Boltzmann's factor: (e^(V/kT) - 1)/(1 - e^(-V/kT)) = e^(V/kT), up to n^2.
    #expect(try abs(flow(0.05) / -flow(-0.05) / 6.9185 - 1) < 1e-3)
    let ratio = try result.value(
      "bath_energy_current_rectification", at: ["T": 300, "dT": 0, "V": 0.25], ["bath": "absorber"])
    #expect(ratio > 0.999)
    // Light carries heat from the colder diode to the warmer absorber.
    #expect(try flow(0, -30) < 0 && flow(0.1, -30) > 0)
    // The diode itself gives heat, not only work: electroluminescent cooling.
    #expect(try result.value("bath_heat_current", at: ["T": 300, "dT": 0, "V": 0.25], ["bath": "diode"]) < 0)
  }

  @Test("photons dragged past a third body heat or cool it at equal temperatures, nine times more than the sink")
  func drag() throws {
    let result = try Example.photonDrag.result()
    func heat(_ bath: String, _ v: Double, _ dT: Double) throws -> Double {
      try result.value("bath_heat_current", at: ["V": v, "dT": dT], ["bath": bath])
    }
    #expect(try heat("third", 0.05, 0) > 0 && heat("third", -0.05, 0) < 0)
    for v in [-0.06, 0.02, 0.05] { #expect(try abs(heat("third", v, 0) / heat("sink", v, 0) - 9) < 1e-8) }
    // It comes to rest somewhat warmer.
    #expect(try heat("third", 0.05, 60) < 0)
  }

  @Test("heat across the current appears with the gyration and turns with it; without it the ring is symmetric")
  func thermalHall() throws {
    func transverse(_ g: String) throws -> (across: Double, along: Double) {
      let file = Example.thermalHallPhotons.path(of: "model.yaml")
      let result = try ModelFile.read(file: file, overrides: ["g=\(g)", "V=[0.05]"]).run()
      func into(_ bath: String) throws -> Double { try result.value("bath_energy_current", at: ["V": 0.05], ["bath": bath]) }
      return (try into("north") - into("south"), try into("east"))
    }
    let (none, there, back) = (try transverse("0"), try transverse("5 meV"), try transverse("-5 meV"))
    // 1e-7: ten times the tolerance of the model.
    #expect(abs(none.across) < 1e-7 * none.along)
    #expect(there.across > 0.1 * there.along)
    #expect(abs(there.across + back.across) < 1e-7 * there.along)
  }
}
