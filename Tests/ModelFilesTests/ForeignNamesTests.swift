import Foundation
import JunctionModel
import Testing

@testable import DataFiles
@testable import ModelFiles
@testable import ResultFiles

@Suite("Foreign names in files")
struct ForeignNamesTests {
  @Test(
    "names in CSV are printable and no formulas",
    arguments: [
      ("V", "V"), ("=1+1", "'=1+1"), ("+a", "'+a"), ("-a", "'-a"), ("@a", "'@a"), ("\ta", "' a"), ("\r\n=a", "' =a"),
      ("a,b", "\"a,b\""),
      ("=\"a\"", "\"'=\"\"a\"\"\""), ("a\nb", "a b"), ("x[L>R]", "x[L>R]"), ("\u{1B}[2J", "\u{FFFD}[2J"),
    ])
  func csv(name: String, cell: String) { #expect(ResultTable.quoted(name) == cell) }

  @Test("JSON holds any text and no control character")
  func json() throws {
    let text = "a\u{0}\u{1B}\u{7F}\u{9B}\u{2028}\"\\\n\r\n\u{202E}'\u{301}"
    let quoted = JSONText.string(text)
    #expect(!quoted.unicodeScalars.contains { $0.value < 32 || (0x7F...0x9F).contains($0.value) || $0.value == 0x2028 })
    let read = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
    #expect(read.map { Array($0[0].utf8) } == Array(text.utf8))
  }

  @Test("a model names every file that was read for it")
  func inputs() throws {
    let folder = NSTemporaryDirectory() + "pairbath-inputs-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = try NetCDFFile(creating: folder + "/gnr.nc")
    try file.defineDimension("orbital", length: 2)
    try file.defineVariable("hamiltonian", over: ["orbital", "orbital"])
    try file.write([0.5, 0, 0, -0.5], to: "hamiltonian")
    try file.close()
    try """
    conductor: {file: gnr.nc}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: 0.5}
    state:
      chemical_potential: {L: 0, R: 0}
      temperature: {L: 300, R: 300}
    compute: {observables: [transmission], energies: [0.0]}
    """.write(toFile: folder + "/gnr.yaml", atomically: true, encoding: .utf8)
    let inputs = try ModelFile.read(file: folder + "/gnr.yaml").inputs
    #expect(
      inputs.name(of: folder + "/gnr.nc") == folder + "/gnr.nc" && inputs.name(of: folder + "/gnr.yaml") == folder + "/gnr.yaml")
  }
}
