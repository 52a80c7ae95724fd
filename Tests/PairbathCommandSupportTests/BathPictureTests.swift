import Testing
import TransportResults

@testable import PairbathCommandSupport

@Suite("BathPicture")
struct BathPictureTests {
  @Test("lists every pair with temperature, chemical potential, density, current and share")
  func pairs() throws {
    let result = SampleResults.dot()
    let lines = BathPicture(result, state: 3).lines
    let forward = try #require(lines.first { $0.contains("L>R") && !$0.contains("electron from") })
    #expect(forward.contains("1.5/1"))
    #expect(forward.contains("40.0 %"))
    let own = try #require(lines.first { $0.contains("L>L") })
    #expect(own.contains("1.5 ") && !own.contains("1.5/1.5"))
    #expect(lines.contains { $0.contains("ph") && $0.contains("0.75") })
    #expect(lines[0] == "State 4 of 6: V = 0, dT = 0.5")
    #expect(BathPicture.missing(in: result).isEmpty)
  }

  @Test("gives opposite pairs opposite chemical potentials")
  func potentials() throws {
    let lines = BathPicture(SampleResults.dot(), state: 0).lines
    let forward = try #require(lines.first { $0.hasPrefix("  L>R") })
    let backward = try #require(lines.first { $0.hasPrefix("  R>L") })
    #expect(forward.split(separator: " ")[2] == "-1")
    #expect(backward.split(separator: " ")[2] == "1")
  }

  @Test("a result of bosons alone has boson baths and no pairs")
  func bosonsAlone() {
    let result = TransportResult(
      bathNames: ["hot", "cold"],
      variables: [
        ResultVariable(
          name: "bath_energy_current", dimensions: ["bath"], values: [-0.5, 0.5], errors: [1e-9, 1e-9], unit: "W", longName: "J")
      ])
    let lines = BathPicture(result, state: 0).lines
    #expect(!lines.contains { $0.contains("pairs") || $0.contains("total") })
    #expect(lines.contains { $0.contains("cold") && $0.contains("0.5") })
    #expect(
      BathPicture.missing(in: result) == ["Not in this file: bath_temperature; pairbath run writes them, compute it again."])
  }

  @Test("says which states are unstable")
  func unstable() {
    let text = BathPicture(SampleResults.dot(), state: 5).lines.joined(separator: "\n")
    #expect(text.contains("No steady state") && text.contains("NaN"))
  }

  @Test("says which observables to request when they are missing")
  func missing() {
    let notes = BathPicture.missing(in: SampleResults.dot(withPairs: false))
    #expect(
      notes == [
        "Not in this file: energy_current_channel, mode_pair_density; request them in the model with "
          + "compute: {observables: [energy_current_channel, mode_pair_density]}"
      ])
    #expect(BathPicture.missing(in: SampleResults.single()).count == 2)
    #expect(BathPicture(SampleResults.single(), state: 0).lines.contains("  none"))
  }
}
