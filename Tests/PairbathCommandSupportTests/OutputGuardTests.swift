import Foundation
import SystemFiles
import Testing

@testable import PairbathCommandSupport

@Suite("OutputGuard")
struct OutputGuardTests {
  private static let hdf: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Contents of existing files, and what may replace each without being forced.
  private let cases: [(name: String, bytes: [UInt8], allowed: [OutputGuard.Content])] = [
    ("result.nc", hdf + Array("pairbath_version".utf8), [.result]), ("junction.nc", hdf, []),
    ("empty", [], [.result, .model, .text, .figure(.svg), .figure(.png), .script]), ("notes.txt", Array("words".utf8), [.text]),
    ("model.yaml", Array("units: eV".utf8), []), ("found.yaml", Array("# pairbath optimize: largest x".utf8), [.model]),
    ("a.svg", Array("<?xml version=\"1.0\"?>\n<svg>".utf8), [.figure(.svg)]),
    ("b.png", [0x89] + Array("PNG\r\n".utf8), [.figure(.png)]),
    ("mine.gp", Array("plot x".utf8), [.text]), ("alone.dat", Array("1 2".utf8), [.text]),
    ("ours.gp", Array("# Run it with gnuplot in its folder; x".utf8), [.text, .script]),
    ("ours.dat", Array("1 2".utf8), [.text, .script]),
    ("program", [0x7F, 0x45, 0x4C, 0x46, 0], []),
  ]

  @Test("only the like replaces the like, unless forced; nothing replaces what is read")
  func replacing() throws {
    let folder = NSTemporaryDirectory() + "pairbath-guard-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, bytes, _) in cases { #expect(FileManager.default.createFile(atPath: folder + "/" + name, contents: Data(bytes))) }
    for (name, _, allowed) in cases {
      let path = folder + "/" + name
      for content in [OutputGuard.Content.result, .model, .text, .figure(.svg), .figure(.png), .script] {
        func code(_ inputs: [String], force: Bool) -> Int32 {
          do { try OutputGuard(inputs: InputFiles(inputs), force: force).check(path, for: content) } catch {
            return error.exitCode
          }
          return 0
        }
        #expect(code([], force: false) == (allowed.contains(content) ? 0 : 64), "\(name), \(content)")
        #expect(code([], force: true) == 0, "\(name), \(content)")
        #expect(code([path], force: true) == 64, "\(name), \(content)")
      }
    }
    #expect(throws: CommandFailure.self) { try OutputGuard(inputs: InputFiles(), force: true).check(folder, for: .text) }
  }
}
