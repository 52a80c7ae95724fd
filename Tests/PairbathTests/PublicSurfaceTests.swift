import Foundation
import Testing

@Suite("Public surface")
struct PublicSurfaceTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The targets that `import Pairbath` shows.
  private static func exportedTargets() throws -> [String] {
    let folder = root.appending(path: "Sources/Pairbath")
    let texts = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .map { try String(contentsOf: $0, encoding: .utf8) }
    return texts.flatMap { $0.matches(of: /@_exported import (\w+)/).map { String($0.1) } }
  }

  /// The public types of a target that stand in no other type.
  private static func publicTypes(of target: String) throws -> [String] {
    let folder = root.appending(path: "Sources/\(target)")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    return try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8)
        .matches(of: /(?m)^public (?:final |indirect )*(?:struct|enum|class|protocol|actor|typealias) (\w+)/).map { String($0.1) }
    }
  }

  /// The types named in the table of the library's page.
  private static func documentedTypes() throws -> [String] {
    let page = try String(contentsOf: root.appending(path: "Documentation/Library.md"), encoding: .utf8)
    let rows = try #require(page.components(separatedBy: "| to | types |\n").dropFirst().first)
      .split(separator: "\n").prefix { $0.hasPrefix("|") }
    return rows.flatMap { row in row.matches(of: /`(\w+)`/).map { String($0.1) } }
  }

  @Test("the page of the library names every public type that one import shows, and no other")
  func documented() throws {
    let types = try Self.exportedTargets().flatMap { try Self.publicTypes(of: $0) }
    #expect(types.sorted() == (try Self.documentedTypes()).sorted())
  }

  @Test("one import shows no pointers")
  func pointers() throws {
    let targets = try Self.exportedTargets()
    #expect(targets.contains("DenseMatrices"))
    for target in targets {
      let folder = Self.root.appending(path: "Sources/\(target)")
      let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      for file in files {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.firstMatch(of: /public [^{}]*Unsafe\w*Pointer[^{}]*\{/) == nil, "\(file.lastPathComponent)")
      }
    }
  }
}
