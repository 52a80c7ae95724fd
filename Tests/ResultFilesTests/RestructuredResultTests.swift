import Foundation
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ResultFiles

/// A result file as another program might leave it: no checksum, and one thing changed.
private struct ForeignResult {
  var lengths: [String: Int] = ["V": 3, "electrode": 2, "mode": 1]
  var axis: [Double] = [0, 1, 2]
  var axisDimensions = ["V"]
  var axisName = "V"
  var position: [Double] = [0]
  var labels = ["L", "R"]
  var labelDimensions = ["electrode"]
  var modeEnergies = [1.0]
  var dimensions = ["electrode", "V"]
  var errorDimensions = ["electrode", "V"]
  var error = 1e-9
  var value = 0.5
  var stable: [Double] = [1, 0, 1]
  var kinds: [Double] = [0, 1, .nan]
  var units = "eV"
  var tolerance: [Double] = [1e-6]
  var unitIsNumber = false
  var axisUnit: String?

  private func define(_ file: NetCDFFile, _ name: String, _ dimensions: [String], _ value: (Int) -> Double) throws {
    try file.defineVariable(name, over: dimensions)
    try file.write((0..<dimensions.reduce(1) { $0 * (lengths[$1] ?? 1) }).map(value), to: name)
  }

  func write(to path: String) throws {
    let file = try NetCDFFile(creating: path)
    for (name, length) in lengths.sorted(by: { $0.key < $1.key }) { try file.defineDimension(name, length: length) }
    try file.write(attribute: "pairbath_version", "0.1.0")
    try file.write(attribute: "units", units)
    try file.write(attribute: "tolerance", tolerance)
    try define(file, "V", axisDimensions) { axis[$0 % axis.count] }
    try file.write(attribute: "sweep_name", axisName, of: "V")
    try file.write(attribute: "sweep_position", position, of: "V")
    if let axisUnit { try file.write(attribute: "units", axisUnit, of: "V") }
    try file.defineStringVariable("electrode", over: labelDimensions)
    try file.write((0..<labelDimensions.reduce(1) { $0 * (lengths[$1] ?? 1) }).map { labels[$0 % labels.count] }, to: "electrode")
    try define(file, "mode_energy", ["mode"]) { modeEnergies[$0 % modeEnergies.count] }
    try file.write(attribute: "coordinate_of", "mode", of: "mode_energy")
    try define(file, "charge_current", dimensions) { _ in value }
    if unitIsNumber {
      try file.write(attribute: "units", [1], of: "charge_current")
    } else {
      try file.write(attribute: "units", "A", of: "charge_current")
    }
    try file.write(attribute: "error_variable", "charge_current_error", of: "charge_current")
    try define(file, "charge_current_error", errorDimensions) { _ in error }
    try define(file, "stable", ["V"]) { stable[$0 % stable.count] }
    try define(file, "machine", ["V"]) { kinds[$0 % kinds.count] }
    try file.write(attribute: "flag_meanings", "dissipator engine", of: "machine")
    try file.close()
  }
}

@Suite("Results that other programs changed")
struct RestructuredResultTests {
  private func error(_ change: (inout ForeignResult) -> Void) throws -> FileError? {
    var foreign = ForeignResult()
    change(&foreign)
    var error: FileError?
    try withTemporaryFolder { folder in
      try foreign.write(to: folder + "/r.nc")
      do { _ = try ResultFile.read(from: folder + "/r.nc") } catch let fault as FileError { error = fault }
    }
    return error
  }

  private func expect(_ words: String, at place: String, _ change: (inout ForeignResult) -> Void, line: Int = #line) throws {
    let error = try #require(try error(change), "line \(line): no error")
    #expect(error.code == .invalidData && error.keyPath.contains(place), "line \(line): \(error)")
    #expect(error.found.contains(words), "line \(line): \(error)")
  }

  @Test("unchanged it is a result, without a checksum; descending axes and infinite values are fine")
  func good() throws {
    #expect(try error { _ in } == nil)
    #expect(try error { $0.axis = [3, 2, -1] } == nil)
    #expect(try error { $0.value = -.infinity } == nil)
    #expect(try error { $0.value = 1e308 } == nil)
  }

  @Test("axes are numbers that differ, along their own dimension, each at its place")
  func axes() throws {
    try expect("nan", at: "V") { $0.axis = [0, .nan, 1] }
    try expect("inf", at: "V") { $0.axis = [0, .infinity, 1] }
    try expect("inf", at: "V") { ($0.axis, $0.axisUnit) = ([0, .infinity, 1], "eV") }
    try expect("-inf", at: "V") { ($0.axis, $0.axisUnit) = ([0, -.infinity, 1], "nm") }
    try expect("inf twice", at: "V") { ($0.axis, $0.axisUnit) = ([1, .infinity, .infinity], "nm") }
    #expect(try error { ($0.axis, $0.axisUnit) = ([1, 2, .infinity], "nm") } == nil, "a gap without end")
    try expect("1.0 twice", at: "V") { $0.axis = [1, 0, 1] }
    try expect("a single value", at: "V") { $0.axisDimensions = [] }
    try expect("V, mode", at: "V") { $0.axisDimensions = ["V", "mode"] }
    try expect("the dimensions electrode", at: "V") { $0.axisDimensions = ["electrode"] }
    for position in [[1], [-1], [.nan], [0.5]] as [[Double]] { try expect("sweep positions", at: "V") { $0.position = position } }
    try expect("not one number", at: "sweep_position") { $0.position = [0, 1] }
    try expect("empty label", at: "sweep variables") { $0.axisName = "" }
    try expect("control characters", at: "sweep variables") { $0.axisName = "V\u{1b}[2J" }
    try expect("like a dimension", at: "electrode") { $0.axisName = "electrode" }
  }

  @Test("labels are words that differ, along their own dimension")
  func labels() throws {
    try expect("'L' twice", at: "electrode") { $0.labels = ["L"] }
    try expect("empty label at index 1", at: "electrode") { $0.labels = ["L", ""] }
    try expect("control characters in the label at index 0", at: "electrode") { $0.labels = ["L\n", "R"] }
    try expect("2 dimensions", at: "electrode") { $0.labelDimensions = ["electrode", "V"] }
    try expect("the dimensions V", at: "electrode") {
      $0.labelDimensions = ["V"]
      $0.labels = ["a", "b", "c"]
    }
  }

  @Test("variables have the shapes their dimensions say")
  func shapes() throws {
    try expect("dimension 'extra', which has no coordinates", at: "charge_current") {
      $0.lengths["extra"] = 2
      $0.dimensions = ["electrode", "V", "extra"]
      $0.errorDimensions = $0.dimensions
    }
    try expect("the dimensions V, V", at: "charge_current") {
      $0.dimensions = ["V", "V"]
      $0.errorDimensions = $0.dimensions
    }
    try expect("other dimensions than those of charge_current", at: "charge_current_error") {
      $0.errorDimensions = ["V", "electrode"]
    }
    try expect("other dimensions than those of charge_current", at: "charge_current_error") { $0.errorDimensions = [] }
    try expect("inf", at: "mode_energy") { $0.modeEnergies = [.infinity] }
  }

  @Test("error estimates are not negative, codes have a meaning, attributes are of their kind")
  func numbers() throws {
    try expect("error estimate -1e-09", at: "charge_current") { $0.error = -1e-9 }
    try expect("error estimate -inf", at: "charge_current") { $0.error = -.infinity }
    for code in [-1, 2, 0.5, .infinity, 1e300] as [Double] {
      try expect("the code", at: "machine") { $0.kinds = [code] }
      try expect("the code", at: "stable") { $0.stable = [code] }
    }
    try expect("no text", at: "units") { $0.unitIsNumber = true }
    try expect("not one number", at: "tolerance") { $0.tolerance = [1, 2] }
    try expect("nan", at: "tolerance") { $0.tolerance = [.nan] }
    try expect("'K'", at: "units") { $0.units = "K" }
  }

  @Test("states are not more than values")
  func tooManyStates() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/r.nc")
      try file.write(attribute: "pairbath_version", "0.1.0")
      try file.write(attribute: "units", "eV")
      for (position, name) in ["a", "b", "c"].enumerated() {
        try file.defineDimension(name, length: 2000)
        try file.defineVariable(name, over: [name])
        try file.write((0..<2000).map { Double($0) }, to: name)
        try file.write(attribute: "sweep_name", name, of: name)
        try file.write(attribute: "sweep_position", [Double(position)], of: name)
      }
      try file.close()
      let error = try #require(throws: FileError.self) { try ResultFile.read(from: folder + "/r.nc") }
      #expect(error.found.contains("2000 x 2000 x 2000"), "\(error)")
    }
  }
}
