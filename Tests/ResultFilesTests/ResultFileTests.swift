import Foundation
import JunctionModel
import PairbathTestSupport
import SystemFiles
import Testing
import TransportResults

@testable import DataFiles
@testable import ResultFiles

/// Some text of a model.
private let modelText = "conductor: {energies: [10.5, 9.5]}\n"

/// A result with two axes, every dimension, NaN, and a variable without errors.
func sampleResult() -> TransportResult {
  var result = TransportResult(
    title: "R\u{e9}sum\u{e9}", units: .electronVolt, axes: [SweepAxis("V", [-1, 0, 1]), SweepAxis("dT", [0.5, 1])],
    electrodeNames: ["L", "R"], bathNames: ["ph"], channelLabels: ["L>L", "L>R", "R>L", "R>R"], modeEnergies: [0.1, 0.2],
    frequencies: [0.1, 0.2, 0.3], energies: [-1, 1], level: "landauer", tolerance: 1e-6, modelText: modelText,
    modelHash: SHA256.hexadecimal(of: modelText))
  func add(_ name: String, _ dimensions: [String], errors: Bool = true) {
    let count = dimensions.reduce(1) { $0 * (result.length(of: $1) ?? 0) }
    let values = (0..<count).map { $0 == 1 ? Double.nan : Double($0) / 7 }
    result.variables.append(
      ResultVariable(
        name: name, dimensions: dimensions, values: values, errors: errors ? values.map { $0 * 1e-9 } : nil, unit: "A",
        longName: "the \(name)", signConvention: name == "stable" ? "" : "positive out of the electrode"))
  }
  add("energy_current", ["V", "dT"])
  add("charge_current", ["electrode", "V", "dT"])
  add("mode_population", ["mode", "V", "dT"])
  add("stable", ["V", "dT"], errors: false)
  add("emission", ["channel", "mode", "mode2", "frequency", "V", "dT", "ri"])
  add("transmission", ["electrode", "electrode2", "energy"])
  return result
}

/// Checks everything of two results, NaN taken for NaN.
func expectSame(_ a: TransportResult, _ b: TransportResult, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(a.variables.map(\.name) == b.variables.map(\.name), sourceLocation: sourceLocation)
  for (x, y) in zip(a.variables, b.variables) {
    #expect(same(x.values, y.values) && same(x.errors, y.errors), "\(x.name)", sourceLocation: sourceLocation)
    #expect(x.dimensions == y.dimensions && x.unit == y.unit, sourceLocation: sourceLocation)
    #expect(x.longName == y.longName && x.signConvention == y.signConvention, sourceLocation: sourceLocation)
  }
  var (a, b) = (a, b)
  (a.variables, b.variables) = ([], [])
  #expect(a == b, sourceLocation: sourceLocation)
}

@Suite("Result files")
struct ResultFileTests {
  @Test("a result survives the round trip bit by bit")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/r.nc"
      try ResultFile.write(sampleResult(), to: path)
      expectSame(try ResultFile.read(from: path), sampleResult())
      #expect(try contents(of: folder) == ["r.nc"])
      try ResultFile.write(sampleResult(), to: path)  // replaces
      #expect(try contents(of: folder) == ["r.nc"])
    }
  }

  @Test("a single state without bosons, and dimensions of length zero, are left out quietly")
  func smallest() throws {
    try withTemporaryFolder { folder in
      var result = TransportResult(electrodeNames: ["L"])
      result.variables = [
        ResultVariable(name: "energy_current", dimensions: [], values: [2], errors: [0.5], unit: "W", longName: "J"),
        ResultVariable(name: "bath_energy_current", dimensions: ["bath"], values: [], errors: [], unit: "W", longName: "J"),
      ]
      try ResultFile.write(result, to: folder + "/r.nc")
      let back = try ResultFile.read(from: folder + "/r.nc")
      #expect(back.variables == [result.variables[0]] && back.bathNames.isEmpty && back.title.isEmpty)
    }
  }

  @Test("every coordinate has units that UDUNITS reads, natural ones say 1 and what they count")
  func units() throws {
    try withTemporaryFolder { folder in
      var result = sampleResult()
      result.units = .natural
      (result.frequencies, result.energies) = (result.frequencies, result.energies)  // in the other unit
      result.axes[0] = SweepAxis("V", [-1, 0, 1], unit: "")
      result.variables[0] = ResultVariable(
        name: "energy_current", dimensions: ["V", "dT"], values: result.variables[0].values, errors: result.variables[0].errors,
        unit: "energy unit^2/hbar", longName: "energy current from electrons to bosons")
      result.variables[0].title = "Energy current"
      result.inputHashes = ["\(String(repeating: "0a", count: 32))  data/junction.nc"]
      try ResultFile.write(result, to: folder + "/r.nc")
      let file = try NetCDFFile(reading: folder + "/r.nc")
      for name in try file.variableNames() {
        let unit = try file.textOnly(attribute: "units", of: name)
        #expect(unit == "1" || (unit == "A" && name != "energy_current"), "\(name): \(unit ?? "none")")
      }
      #expect(try file.textOnly(attribute: "units_in_words", of: "energy_current") == "energy unit^2/hbar")
      #expect(try file.textOnly(attribute: "long_name", of: "energy_current") == "Energy current")
      #expect(try file.textOnly(attribute: "description", of: "energy_current") == "energy current from electrons to bosons")
      #expect(try file.textOnly(attribute: "coordinates", of: "mode_population") == "mode_energy")
      #expect(try file.textOnly(attribute: "coordinates", of: "mode_population_error") == "mode_energy")
      #expect(try file.textOnly(attribute: "coordinates", of: "energy_current") == nil)
      #expect(try file.textOnly(attribute: "inputs_sha256") == result.inputHashes[0])
      try file.close()
      expectSame(try ResultFile.read(from: folder + "/r.nc"), result)
    }
  }

  @Test("all units of results in eV are units of the SI or eV, those in natural units are told in words")
  func readableUnits() {
    for quantity in Quantity.allCases where quantity != .heatCumulant {
      let unit = UnitSystem.electronVolt.label(of: quantity)
      #expect(ResultUnits.isReadable(unit), "\(unit)")
      #expect(unit.split(separator: " ").allSatisfy { $0.wholeMatch(of: /(eV|A|V|W|K|Hz|nm|m|s|1)(-?\d)?/) != nil }, "\(unit)")
      let natural = UnitSystem.natural.label(of: quantity)
      #expect(natural == "1" || !ResultUnits.isReadable(natural), "\(natural)")
    }
  }

  @Test("an axis called like a variable or dimension does not break the file")
  func nameClash() throws {
    try withTemporaryFolder { folder in
      var result = TransportResult(axes: [SweepAxis("energy_current", [1, 2]), SweepAxis("mode", [3]), SweepAxis("a b", [4])])
      result.variables = [
        ResultVariable(
          name: "energy_current", dimensions: ["energy_current", "mode", "a b"], values: [5, 6], errors: nil, unit: "W",
          longName: "J")
      ]
      try ResultFile.write(result, to: folder + "/r.nc")
      #expect(try ResultFile.read(from: folder + "/r.nc") == result)
    }
  }

  @Test("large arrays and long model texts are written")
  func large() throws {
    try withTemporaryFolder { folder in
      let values = (0..<1_000_000).map { Double($0 % 1000) }
      var result = TransportResult(
        axes: [SweepAxis("V", values)], modelText: String(repeating: "# long text \u{3bc}\n", count: 20_000))
      result.variables = [
        ResultVariable(name: "energy_current", dimensions: ["V"], values: values, errors: values, unit: "W", longName: "J")
      ]
      try ResultFile.write(result, to: folder + "/r.nc")
      #expect(try ResultFile.read(from: folder + "/r.nc") == result)
    }
  }

  @Test("places that cannot be written are errors, and nothing remains")
  func unwritable() throws {
    try withTemporaryFolder { folder in
      try "x".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
      try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
      for path in [folder + "/file/r.nc", folder + "/none/r.nc", folder + "/sub", "/dev/full"] {
        let error = try #require(throws: FileError.self) { try ResultFile.write(sampleResult(), to: path) }
        #expect(error.code == .cannotWrite && error.exitCode == 74 && error.file == path, "\(error)")
      }
      #expect(try contents(of: folder) == ["file", "sub"])
    }
  }

  @Test("a failure in the middle removes the temporary file and keeps the old one")
  func nothingHalfWritten() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/r.nc"
      try ResultFile.write(sampleResult(), to: path)
      var bad = sampleResult()
      bad.variables.append(bad.variables[0])  // the same name twice: NetCDF refuses it after much has been written
      let error = try #require(throws: FileError.self) { try ResultFile.write(bad, to: path) }
      #expect(error.code == .cannotWrite && error.keyPath == ["energy_current"])
      #expect(try contents(of: folder) == ["r.nc"])
      expectSame(try ResultFile.read(from: path), sampleResult())
    }
  }

  @Test("a link is followed, not replaced")
  func links() throws {
    try withTemporaryFolder { folder in
      try ResultFile.write(sampleResult(), to: folder + "/r.nc")
      try FileManager.default.createSymbolicLink(atPath: folder + "/link.nc", withDestinationPath: folder + "/r.nc")
      try ResultFile.write(TransportResult(title: "new"), to: folder + "/link.nc")
      #expect(try ResultFile.read(from: folder + "/r.nc").title == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link.nc") == folder + "/r.nc")
    }
  }

  @Test("other files are no results")
  func foreign() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.self) { try ResultFile.read(from: folder + "/none.nc") }
      let file = try NetCDFFile(creating: folder + "/other.nc")
      try file.close()
      let error = try #require(throws: FileError.self) { try ResultFile.read(from: folder + "/other.nc") }
      #expect(error.code == .invalidData && error.allowed.contains("pairbath run"))
    }
  }

  @Test("files can be written and read from several threads at once")
  func threads() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          try withTemporaryFolder { folder in
            for _ in 0..<5 {
              try ResultFile.write(sampleResult(), to: folder + "/r.nc")
              expectSame(try ResultFile.read(from: folder + "/r.nc"), sampleResult())
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
