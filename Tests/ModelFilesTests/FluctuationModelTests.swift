import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import ModelFiles
@testable import ResultFiles

@Suite("Noise and counting in model and result files")
struct FluctuationModelTests {
  private static func model(_ compute: String, units: String = "eV") -> String {
    """
    units: \(units)
    conductor: {energies: [0.1]}
    electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.1}}
    bosons: {modes: [0.05]}
    baths: {ph: {kind: ohmic, friction: 0.001}}
    coupling: {convention: dimensionless, matrices: [[[0.01]]]}
    state: {chemical_potential: 0.0, temperature: 0.0}
    compute: {\(compute)}

    """
  }

  private static func complaint(_ compute: String) -> String {
    do {
      _ = try ModelDocument.read(text: model(compute))
      return ""
    } catch { return error.description }
  }

  @Test("the counting time is in seconds, and in hbar over the energy unit with natural units")
  func time() throws {
    let compute = "observables: [quanta_distribution], counting_time: 1e-12, quanta: 7"
    let seconds = try ModelDocument.read(text: Self.model(compute)).settings
    // 1 ps is 1519.267447 hbar/eV.
    #expect(abs(seconds.countingTime! - 1519.267447) < 1e-5 && seconds.quanta == 7)
    let natural = try ModelDocument.read(text: Self.model(compute, units: "natural")).settings
    #expect(natural.countingTime == 1e-12)
  }

  @Test("a missing time and impossible numbers are errors with place and allowed values")
  func faults() {
    #expect(Self.complaint("observables: [quanta_distribution]").contains("counting_time"))
    #expect(Self.complaint("counting_time: -1").contains("at least 0"))
    #expect(Self.complaint("quanta: 2.5").contains("whole number from 1 to 100000"))
    #expect(Self.complaint("quanta: 0").contains("whole number"))
    #expect(Self.complaint("observables: [heat_nois]").contains("heat_noise"))
  }

  @Test("terminals, cumulants and quanta survive the result file")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      var result = TransportResult(electrodeNames: ["L", "R"], bathNames: ["ph"], modeEnergies: [1])
      result.largestQuanta = 2
      func add(_ name: String, _ dimensions: [String], _ count: Int) {
        let values = (0..<count).map { Double($0) + 0.5 }
        result.variables.append(
          ResultVariable(name: name, dimensions: dimensions, values: values, errors: values, unit: "1", longName: name))
      }
      add("heat_noise", ["terminal", "terminal2"], 9)
      add("heat_cumulants", ["cumulant", "terminal"], 12)
      add("quanta_distribution", ["mode", "quanta"], 5)
      let path = folder + "/result.nc"
      try ResultFile.write(result, to: path)
      let read = try ResultFile.read(from: path)
      #expect(read.largestQuanta == 2 && read.terminalNames == ["L", "R", "ph"])
      for variable in result.variables { #expect(read.variable(variable.name) == variable) }
      let table = try ResultTable(read, variables: ["heat_noise", "quanta_distribution"]).csv
      #expect(table.contains("-2") && table.contains("ph ph"))
    }
  }
}
