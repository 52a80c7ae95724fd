import Pairbath
import Testing

@testable import PairbathCommandSupport

@Suite("Check report of terminals")
struct TerminalReportTests {
  @Test("baths, transmissions and states read well")
  func lines() throws {
    let model = try ModelFile.read(
      text: """
        title: Three bodies
        terminals:
          particles: bosons
          degeneracy: 2
          baths: [diode, absorber, mirror]
          transmission:
            diode>absorber: {kind: power, energy: 0.3, exponent: 2, from: 0.3}
            diode>mirror: {kind: lorentzian, energy: 350 meV, width: 20 meV, height: 0.5, from: 0.3, to: 0.6}
            absorber>mirror: "0.05*w"
        state: {temperature: 300, chemical_potential: {diode: V}}
        sweep: {V: {from: -0.1, to: 0.2, points: 4}}
        """)
    let text = CheckReport(model.computation, plan: try model.plan()).text
    var lines: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let gap = line.firstRange(of: "  ") else { continue }
      lines[String(line[..<gap.lowerBound])] = String(line[gap.upperBound...].drop { $0 == " " })
    }
    #expect(lines["particles"] == "bosons, degeneracy 2" && lines["states"] == "4")
    #expect(lines["bath diode"] == "temperature 300 K, chemical potential -0.1 to 0.2 eV")
    #expect(lines["transmission diode>absorber"] == "1 (w/0.3)^2, from 0.3 eV, both ways")
    let lorentzian = "Lorentzian at 0.35 eV, full width 0.02 eV, height 0.5, 0.3 to 0.6 eV, both ways"
    #expect(lines["transmission diode>mirror"] == lorentzian)
    #expect(lines["transmission absorber>mirror"] == "tau(w) = 0.05*w, both ways")
    #expect(lines["observables"] == "bath_energy_current" && lines["sweep V"] == "4 points, -0.1 to 0.2")
  }
}
