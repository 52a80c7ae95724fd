import Foundation
import PairbathTestSupport
import Testing
import TransportResults

@testable import DataFiles
@testable import ModelFiles

@Suite("Documentation of the model file")
struct ModelFileDocumentationTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Documentation/ModelFile.md")

  private static func text() throws -> String { try String(contentsOf: page, encoding: .utf8) }

  /// The `yaml` blocks of the page.
  private static func blocks() throws -> [String] {
    try text().components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  /// The top-level keys of a block.
  private static func keys(of block: String) -> [String] {
    block.split(separator: "\n").filter { $0.first?.isLetter == true }.map { String($0.prefix { $0 != ":" }) }
  }

  @Test("the pieces of the page, one after the other, are a model")
  func pieces() throws {
    var model = ""
    var seen = Set<String>()
    for block in try Self.blocks() where seen.isDisjoint(with: Self.keys(of: block)) && !block.contains("compute:") {
      seen.formUnion(Self.keys(of: block))
      model += block
    }
    #expect(seen.isSuperset(of: ["conductor", "electrodes", "bosons", "baths", "coupling", "state", "sweep"]))
    let document = try ModelDocument.read(text: model)
    #expect(document.points.count == 15 && document.junction.bosons.count == 2)
  }

  @Test("every block about bosons alone is a model, with a temperature at most to add")
  func bosonsAlone() throws {
    try withTemporaryFolder { folder in
      try Self.writeData(to: folder)
      let blocks = try Self.blocks().filter { Self.keys(of: $0).contains("bosons") }
      #expect(blocks.count == 4)
      for block in blocks {
        let isWhole = Self.keys(of: block).contains("state")
        let document = try ModelDocument.read(text: isWhole ? block : block + "state: {temperature: 300}\n", folder: folder)
        #expect(document.junction.conductor.isEmpty && !document.junction.baths.isEmpty)
      }
    }
  }

  @Test("the settings of the page belong to a model with electrons and bosons")
  func settings() throws {
    let block = try #require(try Self.blocks().first { $0.hasPrefix("compute:") })
    #expect(
      try ModelDocument.read(text: electronsAndMatrix.components(separatedBy: "compute:")[0] + block).settings.level == .dressed)
  }

  @Test("every key of the reader is on the page")
  func complete() throws {
    let text = try Self.text()
    for key in ModelKind.junction.keys { #expect(text.contains("`\(key)`"), "\(key)") }
  }

  /// The files the examples name: three coordinates, a table on one frequency grid, a lead of one coordinate per cell.
  private static func writeData(to folder: String) throws {
    let junction = try NetCDFFile(creating: folder + "/junction.nc")
    try junction.defineDimension("dof", length: 3)
    try junction.defineVariable("dynamical_matrix", over: ["dof", "dof"])
    try junction.write([2, -1, 0, -1, 2, -1, 0, -1, 2], to: "dynamical_matrix")
    try junction.close()
    let baths = try NetCDFFile(creating: folder + "/baths.nc")
    let grid = (0...400).map { 0.1 * Double($0) }
    for (name, length) in [("frequency", grid.count), ("coordinate", 1)] { try baths.defineDimension(name, length: length) }
    try baths.defineVariable("frequency", over: ["frequency"])
    try baths.write(grid, to: "frequency")
    try baths.defineVariable("bath_surface_self_energy_imag", over: ["frequency", "coordinate", "coordinate"])
    try baths.write(grid.map { -0.1 * $0 / (1 + $0 * $0) }, to: "bath_surface_self_energy_imag")
    for (name, value) in [("bath_wire_K00", 2.0), ("bath_wire_K01", -1)] {
      try baths.defineVariable(name, over: ["coordinate", "coordinate"])
      try baths.write([value], to: name)
    }
    try baths.close()
  }
}
