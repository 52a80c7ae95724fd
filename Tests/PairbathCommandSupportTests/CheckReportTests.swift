import Pairbath
import Testing

@testable import PairbathCommandSupport
@testable import Sweeps

@Suite("CheckReport")
struct CheckReportTests {
  /// The lines of the report of a model, by their names.
  private func report(_ text: String) throws -> [String: String] {
    let document = try ModelDocument.read(text: text)
    let plan = SweepPlan(states: document.points.count, resultBytes: 24, workBytes: 2048, seconds: 0.5)
    var lines: [String: String] = [:]
    for line in CheckReport(SweepRequest(document), plan: plan).text.split(separator: "\n") {
      guard let gap = line.firstRange(of: "  ") else { continue }
      lines[String(line[..<gap.lowerBound])] = String(line[gap.upperBound...].drop { $0 == " " })
    }
    return lines
  }

  @Test("bosons alone read well: no orbitals, no channels")
  func bosonsAlone() throws {
    let lines = try report(
      """
      bosons: {chain: {sites: 3, spring: 0.0025}, project_out: [2]}
      baths:
        hot: {kind: chain, coordinates: [0], spring: 0.0025}
        cold: {kind: chain, coordinates: [2], spring: 0.0025, onsite: 0.0016, coupling: 0.001}
      state:
        chemical_potential: {cold: -x}
        temperature: 300
      sweep: {x: [0.01, 0.02]}
      compute: {level: landauer}
      """)
    #expect(lines["electrons"] == "none: bosons alone")
    #expect(lines["conductor"] == nil && lines["channels"] == nil && lines["coupling"] == nil)
    #expect(lines["modes"] == "2 at 0.0382683 to 0.0707107 eV, from a dynamical matrix of 3 coordinates, left out: 2")
    #expect(
      lines["bath hot"] == "harmonic chain, spring 0.0025 eV2, onsite 0 eV2, coupling 0.0025 eV2, band 0 to 0.1 eV, coordinate 0")
    #expect(lines["bath cold"]?.hasSuffix("band 0.04 to 0.107703 eV, coordinate 2, chemical potential -0.02 to -0.01 eV") == true)
    #expect(lines["reservoirs"] == "the baths hot, cold")
    #expect(lines["observables"] == "bath_energy_current")
  }

  @Test("kinds of baths show their numbers, level dressed its renormalization, and the cross check is announced")
  func electronsAndBosons() throws {
    let lines = try report(
      """
      units: natural
      conductor: {energies: [0.5, -0.5]}
      electrodes:
        L: {kind: wide-band, orbitals: [0], broadening: 0.5}
        R: {kind: wide-band, orbitals: [1], broadening: 0.5}
      bosons: {dynamical_matrix: [[1, -1], [-1, 1]]}
      baths:
        a: {kind: drude, friction: 0.1, cutoff: 5}
        b: {kind: periodic, coordinates: [1], K00: [[2]], K01: [[-1]]}
        c: {kind: ohmic, coordinates: [0, 1], friction: 0.01}
      coupling: {convention: mass-weighted, matrices: [[[0, 1], [1, 0]], [[0, 0], [0, 0]]]}
      state: {chemical_potential: 0, temperature: 1}
      compute: {level: dressed, renormalization: dynamic, cross_check: true}
      """)
    #expect(lines["modes"] == "2 at 0 to 1.41421, from a dynamical matrix of 2 coordinates, at zero energy: 0")
    #expect(lines["bath a"] == "drude, friction 0.1, cutoff 5, all coordinates")
    #expect(lines["bath b"] == "periodic harmonic lead, 1 coordinate per cell, joined as its cells are, coordinate 1")
    #expect(lines["bath c"] == "ohmic, friction 0.01, all coordinates")
    #expect(lines["coupling"] == "mass-weighted, 1 matrix that is not zero")
    #expect(lines["reservoirs"] == "the electron-hole pairs of 4 channels; the baths a, b, c")
    #expect(lines["level"] == "dressed by the electrons, renormalization dynamic (less its static value in equilibrium)")
    #expect(lines["cross check"] == "the energy current a second time, without the pair picture")
  }
}
