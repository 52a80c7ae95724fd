import Foundation
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import DataFiles
@testable import ModelFiles
@testable import ResultFiles

@Suite("Checksums of results")
struct ResultChecksumTests {
  @Test("every attribute a result has is covered")
  func covered() throws {
    try withTemporaryFolder { folder in
      var result = sampleResult()
      result.inputHashes = ["0a  junction.nc"]
      result.shortfalls = [SolverError(.notConverged, "one state missed")]
      result.variables[3].flagMeanings = ["no", "yes"]
      (result.variables[3].symbol, result.variables[3].title) = ("*J*", "Current")
      result.dimensions += [ResultDimension("zone", labels: ["near", "far"], longName: "zone")]
      result.variables.append(
        ResultVariable(name: "flux", dimensions: ["zone"], values: [1, 2], errors: nil, unit: "eV^n s-1", longName: "flux"))
      try ResultFile.write(result, to: folder + "/r.nc")
      let description = try ContainedReader(folder + "/r.nc").description
      let all = description.variables.reduce(into: Set(description.attributes.keys)) { $0.formUnion($1.attributes.keys) }
      #expect(all.subtracting(ResultChecksum.covered) == [ResultChecksum.attribute, "coordinates"])
      #expect(ResultChecksum.covered.subtracting(all) == ResultChecksum.older)
    }
  }

  private func checksum(_ change: (inout [String: [Double]], inout String) -> Void = { _, _ in }) -> ResultChecksum {
    var values = ["a": [1.0, 2], "b": [3.0]]
    var unit = "W"
    change(&values, &unit)
    var checksum = ResultChecksum()
    for (name, numbers) in values {
      checksum.add(variable: name, dimensions: [(name, numbers.count)], ValueDigest(numbers))
      checksum.add(attribute: "units", of: name, unit)
    }
    checksum.add(attribute: "tolerance", of: nil, [1e-8])
    return checksum
  }

  @Test("values, units, names and shapes are told apart; the order and other attributes do not matter")
  func differences() throws {
    let stored = checksum().text
    try checksum().verify(stored, in: "r.nc")
    var added = checksum()
    added.add(attribute: "history", of: nil, "ncks")
    try added.verify(stored, in: "r.nc")
    func place(_ checksum: ResultChecksum) -> [String]? {
      do throws(FileError) {
        try checksum.verify(stored, in: "r.nc")
        return nil
      } catch { return error.keyPath }
    }
    #expect(place(checksum { values, _ in values["a"] = [1, 2.5] }) == ["a"])
    #expect(place(checksum { values, _ in values["b"] = nil }) == ["b"])
    #expect(place(checksum { values, _ in values["c"] = [1] }) == [])
    #expect(place(checksum { _, unit in unit = "kW" }) == [])
  }

  @Test(
    "a checksum that is itself damaged, or of a method nobody knows, is an error",
    arguments: [
      "", "fletcher64x2", "crc32 0", "fletcher64x2 0\nx", "fletcher64x2 0\n0 a\n0 b", "\n\n",
    ])
  func nonsense(text: String) {
    let error = #expect(throws: FileError.self) { try checksum().verify(text, in: "r.nc") }
    #expect(error?.exitCode == 65 && error?.file == "r.nc")
  }

  @Test("texts with zero bytes, line ends and canonically equal names survive")
  func strangeTexts() throws {
    try withTemporaryFolder { folder in
      var result = TransportResult(
        title: "a\0b\n\u{1b}", axes: [SweepAxis("e\u{301}", [1, 2])], electrodeNames: ["\u{e9}", "e"])
      result.variables = [
        ResultVariable(
          name: "x", dimensions: ["electrode", "e\u{301}"], values: [1, .nan, .infinity, -0.0], errors: [-1, 0, .infinity, .nan],
          unit: "", longName: "")
      ]
      try ResultFile.write(result, to: folder + "/r.nc")
      let back = try ResultFile.read(from: folder + "/r.nc")
      #expect(
        same(back.variables[0].values, result.variables[0].values) && back.axes == result.axes && back.title == result.title)
    }
  }

  @Test("an infinite or repeated axis value that was computed is read again")
  func computedAxes() throws {
    try withTemporaryFolder { folder in
      var result = TransportResult(axes: [SweepAxis("gap", [1, 1, .infinity])])
      result.variables = [
        ResultVariable(name: "x", dimensions: ["gap"], values: [1, 2, 3], errors: nil, unit: "W", longName: "")
      ]
      try ResultFile.write(result, to: folder + "/r.nc")
      #expect(try ResultFile.read(from: folder + "/r.nc") == result)
    }
  }
}
