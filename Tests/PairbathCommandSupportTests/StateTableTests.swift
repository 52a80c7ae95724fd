import Testing
import TransportResults

@testable import PairbathCommandSupport

@Suite("StateTable")
struct StateTableTests {
  private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  @Test("has a row per state with axes, labels and units; NaN is explained")
  func rows() throws {
    let text = try StateTable(SampleResults.dot()).text(rowLimit: 40)
    #expect(text.contains("Double dot | 6 states, level sharp"))
    #expect(text.contains("0.1734568(18)"))
    #expect(text.contains("L>R"))
    #expect(text.contains("(energy unit^2/hbar)"))
    #expect(text.contains("NaN: no steady state"))
    #expect(text.contains("Not shown: mode_pair_density, chemical_potential, temperature, bath_temperature"))
    #expect(lines(text).allSatisfy { $0.count <= 120 })
    let rows = lines(try StateTable(SampleResults.dot(), names: ["energy_current"]).text(rowLimit: 40))
    let rule = try #require(rows.firstIndex { $0.hasPrefix("---") })
    #expect(rows[rule + 1].hasPrefix("-1"))
    #expect(rows[rule + 3].hasPrefix(" 0"))
  }

  @Test("cuts long tables and says how to see the rest")
  func limit() throws {
    let table = try StateTable(SampleResults.dot(extraAxes: 4), names: ["energy_current"])
    #expect(table.text(rowLimit: 40).contains("... 56 further rows: --all"))
    #expect(!table.text(rowLimit: nil).contains("further"))
    #expect(lines(table.text(rowLimit: nil)).count > 96)
  }

  @Test("prints one state as a list of labels")
  func single() throws {
    let text = try StateTable(SampleResults.single()).text(rowLimit: 40)
    #expect(text.contains("1 state"))
    #expect(text.contains("surface"))
    #expect(text.contains("1.5e-06"))
    #expect(text.contains("-1.500000(2)e-06"))
  }

  @Test("turns many labels into rows")
  func manyModes() throws {
    let modes = (1...34).map { 0.01 * Double($0) }
    let text = try StateTable(SampleResults.dot(modes: modes), names: ["mode_population"]).text(rowLimit: nil)
    #expect(text.contains("mode"))
    #expect(lines(text).count > 6 * 34)
    #expect(lines(text).allSatisfy { $0.count < 120 })
  }

  @Test("prints spectra with frequencies and labels as rows, real and imaginary parts as columns")
  func spectra() throws {
    var result = SampleResults.dot(modes: [1, 2])
    result.frequencies = [0.5, 1, 1.5]
    let dimensions = ["channel", "mode", "mode2", "frequency", "V", "dT", "ri"]
    let count = dimensions.reduce(1) { $0 * (result.length(of: $1) ?? 1) }
    result.variables = [
      ResultVariable(
        name: "emission", dimensions: dimensions, values: (0..<count).map(Double.init), errors: nil, unit: "eV", longName: "E")
    ]
    let rows = lines(try StateTable(result).text(rowLimit: nil))
    let rule = try #require(rows.firstIndex { $0.hasPrefix("---") })
    #expect(rows[rule - 2].contains("re") && rows[rule - 2].contains("im"))
    // First state, first channel, first modes: frequencies 0.5, 1, 1.5 are 12 numbers apart (6 states, 2 parts).
    #expect(rows[rule + 1].split(separator: " ").prefix(9) == ["-1", "0", "0", "1", "0", "1", "0.5", "0", "1"])
    #expect(rows[rule + 2].split(separator: " ").prefix(9) == ["-1", "0", "0", "1", "0", "1", "1", "12", "13"])
  }

  @Test("keeps to the states asked for")
  func selection() throws {
    let result = SampleResults.dot()
    #expect(try StateSelection.states(["V=0.9"], of: result) == [4, 5])
    #expect(try StateSelection.states(["V=0.9", "dT=-3"], of: result) == [4])
    #expect(try StateSelection.states([], of: result).count == 6)
    #expect(StateSelection.description(of: 3, in: result) == "V = 0, dT = 0.5")
    #expect(throws: CommandFailure.self) { try StateSelection.states(["W=1"], of: result) }
    #expect(throws: CommandFailure.self) { try StateSelection.states(["V"], of: result) }
  }

  @Test("names the nearest variable")
  func unknown() {
    do {
      _ = try StateTable(SampleResults.dot(), names: ["energy_curent"])
      Issue.record("no error")
    } catch {
      #expect(error.message.contains("did you mean 'energy_current'?"))
      #expect(error.exitCode == 64)
    }
  }
}
