import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Keys and names that were meant")
struct MeantKeyTests {
  @Test(
    "--set says where a name belongs",
    arguments: [
      ("T=[100, 300]", "--set 'sweep.T=[100, 300]' sweeps it"), ("parameters.T=[1, 2]", "--set 'sweep.T=[1, 2]' sweeps it"),
      ("frequencies=0.1", "did you mean 'compute.frequencies'?"), ("tolerance=1e-9", "did you mean 'compute.tolerance'?"),
      ("broadening=0.1", "did you mean 'electrodes.L.broadening' or 'electrodes.R.broadening'?"),
      ("friction=0.1", "did you mean 'baths.ph.friction'?"), ("bias=0.3", "did you mean 'V'?"),
      ("accuracy=1e-3", "did you mean 'compute.tolerance'?"), ("muu=1", "did you mean 'mu'?"),
    ])
  func overrides(option: String, hint: String) {
    let error = failure(doubleDot, overrides: [option])
    #expect(error?.hint == hint, "\(String(describing: error))")
    #expect(error?.description.hasPrefix("--set \(option)") == true)
  }

  @Test("a list for a parameter that the sweep has already replaces the sweep's values")
  func sweep() throws {
    #expect(try ModelDocument.read(text: doubleDot, overrides: ["V=[0.5, 1]"]).axes[0].values == [0.5, 1])
    #expect(try ModelDocument.read(text: doubleDot, overrides: ["sweep.T=[1, 2]"]).axes.map(\.name) == ["V", "dT", "T"])
  }

  @Test("a key of a section at the root is told where it belongs")
  func misplacedKey() {
    expectFailure(
      doubleDot + "\nfrequencies: [0.1]\n", .unknownKey, at: "frequencies", mentions: ["did you mean 'compute.frequencies'?"])
    expectFailure(
      edited(doubleDot, "electrodes:", "leads:"), .unknownKey, at: "leads", mentions: ["did you mean 'electrodes'?"])
  }

  @Test("heat_current means the electrodes' heat")
  func observable() {
    expectFailure(
      edited(doubleDot, "level: landauer", "observables: [heat_current]"), .unknownKey, at: "heat_current",
      mentions: ["did you mean 'electrode_heat_current'?"])
  }

  @Test("arithmetic in quotes is arithmetic, in the junction as in the state")
  func quotedArithmetic() throws {
    let quoted = try ModelDocument.read(text: edited(doubleDot, "broadening: 0.25", "broadening: \"T/4\""))
    let plain = try ModelDocument.read(text: edited(doubleDot, "broadening: 0.25", "broadening: T/4"))
    #expect(quoted.junction == plain.junction)
    let levels = try ModelDocument.read(text: edited(doubleDot, "[10.5, 9.5]", "['mu + 0.5', \"mu - 0.5\"]"))
    #expect(try levels.junction.conductor == ModelDocument.read(text: doubleDot).junction.conductor)
  }
}
