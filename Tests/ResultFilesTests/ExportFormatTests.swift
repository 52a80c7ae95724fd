import DataFiles
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import ResultFiles

@Suite("Results for other programs")
struct ExportFormatTests {
  /// X(electrode, x, y) = 100 e + 10 x + y.
  private static func result() -> TransportResult {
    var result = TransportResult(
      title: "A map", units: .electronVolt, axes: [SweepAxis("x", [0, 1]), SweepAxis("y", [0, 1, 2])],
      electrodeNames: ["L", "R"])
    let values: [Double] = [0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112]
    result.variables = [
      ResultVariable(
        name: "X", dimensions: ["electrode", "x", "y"], values: values, errors: values.map { 1e-9 * $0 }, unit: "A",
        longName: "a current")
    ]
    return result
  }

  private static func text(_ word: String, _ request: ExportRequest) throws -> String {
    let files = try ExportFormat.named(word).files(request)
    guard case .bytes(let bytes) = files[0].content else { preconditionFailure("no bytes") }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("gnuplot gets a row for each state and an empty line where the slower axis moves on")
  func gnuplot() throws {
    let lines = try Self.text("gnuplot", ExportRequest(Self.result())).split(separator: "\n", omittingEmptySubsequences: false)
    let rows = lines.filter { !$0.hasPrefix("#") }
    #expect(rows[0] == "0.0 0.0 0.0 0.0 100.0 \(1e-9 * 100)" && rows[2].hasPrefix("0.0 2.0 2.0 "))
    #expect(rows[3].isEmpty && rows[4].hasPrefix("1.0 0.0 10.0 "), "\(rows)")
    #expect(lines.contains("# column 5: X[R]"))
  }

  @Test("A MAT-file has every number where MATLAB's order of indices puts it")
  func matlab() throws {
    var file = MatlabFile()
    try file.add("X", (0..<6).map(Double.init), shape: [2, 3])
    let bytes = file.bytes
    func word(_ at: Int) -> UInt32 { bytes[at..<(at + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    // Level 5 of the format: 128 bytes of header, then tag (miMATRIX, size), flags, dimensions, name, numbers.
    #expect(bytes[124..<128].elementsEqual([0, 1, 0x49, 0x4D]))
    #expect(word(128) == 14 && Int(word(132)) == bytes.count - 136)
    #expect(word(136) == 6 && word(140) == 8 && word(144) == 6)
    #expect(word(152) == 5 && word(156) == 8 && word(160) == 2 && word(164) == 3)
    #expect(word(168) == 1 && word(172) == 1 && bytes[176] == UInt8(ascii: "X"))
    #expect(word(184) == 9 && word(188) == 48)
    let numbers = (0..<6).map { i in
      Double(bitPattern: bytes[(192 + 8 * i)..<(200 + 8 * i)].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    #expect(numbers == [0, 3, 1, 4, 2, 5])
  }

  @Test("Vibrations leave as displacements of atoms: mass-weighted vectors over the root of the mass, the longest 1")
  func structure() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/j.nc")
      for (name, length) in [("atom", 2), ("xyz", 3), ("mode", 1)] { try file.defineDimension(name, length: length) }
      try file.defineVariable("position", over: ["atom", "xyz"])
      try file.defineStringVariable("atom_symbol", over: ["atom"])
      try file.defineVariable("mass", over: ["atom"])
      try file.defineVariable("mode_energy", over: ["mode"])
      try file.defineVariable("mode_vector", over: ["mode", "atom", "xyz"])
      try file.write([0, 0, 0, 0, 0, 1.1], to: "position")
      try file.write(["C", "O"], to: "atom_symbol")
      try file.write([12, 16], to: "mass")
      try file.write([0.25], to: "mode_energy")
      let root = 28.0.squareRoot()
      try file.write([0, 0, -4 / root, 0, 0, 12.0.squareRoot() / root], to: "mode_vector")
      try file.close()
      var result = Self.result()
      result.axes = []
      result.variables = []
      let text = try Self.text("xyz", ExportRequest(result, structure: folder + "/j.nc"))
      let lines = text.split(separator: "\n")
      #expect(lines[0] == "2" && lines[1].contains("energy_eV=0.25") && lines.count == 4)
      let carbon = lines[2].split(separator: " ").compactMap { Double($0) }
      let oxygen = lines[3].split(separator: " ").compactMap { Double($0) }
      // The centre of mass rests: 12 x 1 = 16 x 0.75.
      #expect(carbon[5] == -1 && abs(oxygen[5] - 0.75) < 1e-15 && oxygen[2] == 1.1)
      #expect(throws: FileError.self) { try ExportFormat.named("xyz").files(ExportRequest(result)) }
      #expect(throws: FileError.self) { try ExportFormat.named("csv").files(ExportRequest(result, structure: "j.nc")) }
    }
  }

  @Test("Transmissions leave one file for each pair of electrodes, and without any there is an error")
  func transmissions() throws {
    #expect(throws: FileError.self) { try ExportFormat.named("tbtrans").files(ExportRequest(Self.result())) }
    let error = #expect(throws: FileError.self) { try ExportFormat.named("matlap") }
    #expect(error?.hint.contains("matlab") == true)
  }
}
