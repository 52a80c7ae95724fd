import Foundation
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import DataFiles
@testable import ResultFiles

@Suite("Result tables")
struct ResultTableTests {
  @Test("CSV has one row per state and one column per component")
  func csv() throws {
    let table = try ResultTable(sampleResult(), variables: ["energy_current", "charge_current", "stable"])
    let lines = table.csv.split(separator: "\n")
    #expect(
      lines[0]
        == "V,dT,energy_current,energy_current_error,charge_current[L],charge_current[L]_error,charge_current[R],charge_current[R]_error,stable"
    )
    #expect(lines.count == 7)
    #expect(lines[1].hasPrefix("-1.0,0.5,0.0,0.0,0.0,0.0,"))
    #expect(lines[2].hasPrefix("-1.0,1.0,nan,nan,nan,nan,\(7.0 / 7),"))
    let last = lines[6].split(separator: ",").compactMap { Double($0) }
    #expect(last[..<3] == [1, 1, 5.0 / 7] && last[4] == 5.0 / 7 && last[6] == 11.0 / 7)
  }

  @Test("spectra become labelled columns, and a transmission is repeated in every row")
  func spectra() throws {
    let result = sampleResult()
    let lines = try ResultTable(result, variables: ["emission"]).csv.split(separator: "\n")
    let header = lines[0].split(separator: ",")
    #expect(header.count == 2 + 2 * 4 * 2 * 2 * 3 * 2)
    let at = try #require(header.firstIndex(of: "emission[L>R 1 0 0.3 im]"))
    // state 4 is V = 1, dT = 0.5; row-major index over (channel, mode, mode2, frequency, V, dT, ri)
    let index = ((((((1 * 2 + 1) * 2 + 0) * 3 + 2) * 3 + 2) * 2 + 0) * 2) + 1
    #expect(Double(lines[5].split(separator: ",")[at]) == result.variable("emission")?.values[index])
    let transmission = try ResultTable(result, variables: ["transmission"]).csv.split(separator: "\n")
    #expect(transmission[0].hasPrefix("V,dT,transmission[L L -1.0],transmission[L L -1.0]_error"))
    #expect(transmission[1].split(separator: ",").dropFirst(2) == transmission[6].split(separator: ",").dropFirst(2))
  }

  @Test("JSON parses, nests by shape and writes null for NaN")
  func json() throws {
    var result = sampleResult()
    result.title = "a \"quoted\"\nline \\ \u{1}"
    let data = Data(try ResultTable(result).json.utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["title"] as? String == result.title)
    let variables = try #require(object["variables"] as? [String: [String: Any]])
    let current = try #require(variables["charge_current"]?["values"] as? [[[Any]]])
    #expect(current[0][0][1] is NSNull && current[1][2][1] as? Double == 11.0 / 7)
    #expect(variables["stable"]?["errors"] is NSNull)
    #expect((object["axes"] as? [[String: Any]])?.first?["values"] as? [Double] == [-1, 0, 1])
  }

  @Test("an infinite gap is inf as a coordinate: in CSV, in JSON, and in the file")
  func infiniteGap() throws {
    var result = TransportResult(axes: [SweepAxis("d", [10, .infinity], unit: "nm")])
    result.variables.append(
      ResultVariable(name: "energy_flux", dimensions: ["d"], values: [2, 1], errors: nil, unit: "W m-2", longName: "flux"))
    let table = try ResultTable(result)
    #expect(table.csv.split(separator: "\n").last == "inf,1.0")
    let object = try #require(JSONSerialization.jsonObject(with: Data(table.json.utf8)) as? [String: Any])
    let values = try #require((object["axes"] as? [[String: Any]])?.first?["values"] as? [Any])
    #expect(values[0] as? Double == 10 && values[1] as? String == "inf")
    try withTemporaryFolder { folder in
      try ResultFile.write(result, to: folder + "/r.nc")
      #expect(try ContainedReader(folder + "/r.nc").doubles(0) == [10, .infinity])
      #expect(try ResultFile.read(from: folder + "/r.nc").axes[0].values == [10, .infinity])
    }
  }

  @Test("an unknown variable names the nearest")
  func unknown() {
    #expect(
      throws: FileError(
        .unknownKey, in: "--variables", found: "'charge_curent'",
        allowed: sampleResult().variables.map(\.name).joined(separator: ", "),
        hint: "did you mean 'charge_current'?")
    ) { try ResultTable(sampleResult(), variables: ["charge_curent"]) }
  }
}
