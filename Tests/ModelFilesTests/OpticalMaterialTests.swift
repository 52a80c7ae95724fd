import Foundation
import PairbathTestSupport
import RadiativeTransfer
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Materials that are one optical table")
struct OpticalMaterialTests {
  private static func material(_ mapping: String, file: String, _ text: String) throws -> RadiatingBody {
    var body: RadiatingBody?
    try withTemporaryFolder { folder in
      try text.write(toFile: folder + "/" + file, atomically: true, encoding: .utf8)
      let model = """
        materials: {glass: \(mapping)}
        bodies: {a: {kind: half-space, material: glass}, b: {kind: black-body}}
        state: {temperature: 300 K, gap: infinite}
        """
      guard case .bodies(let document) = try ModelFile.read(text: model, folder: folder) else { return }
      body = document.pair.first
    }
    return try #require(body)
  }

  private static func fault(_ mapping: String, file: String, _ text: String) -> FileError? {
    do { _ = try material(mapping, file: file, text) } catch { return error as? FileError }
    return nil
  }

  private static let yaml =
    "DATA:\n  - type: tabulated nk\n    data: |\n        0.5 1.5 0.1\n        1.0 1.4 0.2\n        2.0 1.3 0.3\n"

  @Test("a file of refractiveindex.info is a material by itself, the same as the table as a part and as text with its unit")
  func forms() throws {
    let short = try Self.material("{file: G.yml}", file: "G.yml", Self.yaml)
    let part = try Self.material("{table: {kind: table, file: G.yml}}", file: "G.yml", Self.yaml)
    let text = try Self.material(
      "{file: G.txt, unit: um, columns: index}", file: "G.txt", "2.0 1.3 0.3\n1.0 1.4 0.2\n0.5 1.5 0.1\n")
    #expect(short == part && short == text)
  }

  @Test("contradictions and lines of faults are told")
  func faults() {
    #expect(Self.fault("{file: G.yml, unit: eV}", file: "G.yml", Self.yaml)?.hint.contains("leave 'unit'") == true)
    #expect(Self.fault("{file: G.yml, columns: permittivity}", file: "G.yml", Self.yaml) != nil)
    #expect(Self.fault("{file: G.yml, unitt: um}", file: "G.yml", Self.yaml)?.code == .unknownKey)
    let broken = Self.fault("{file: G.yml}", file: "G.yml", Self.yaml.replacing("1.0 1.4 0.2", with: "1.0 1.4"))
    #expect(broken?.line == 5 && broken?.hint.contains("read because of") == true)
    let gain = Self.fault("{file: G.yml}", file: "G.yml", Self.yaml.replacing("0.2", with: "-0.2"))
    #expect(gain?.line == 5, "\(String(describing: gain))")
  }
}
