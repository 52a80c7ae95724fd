import Foundation
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import SystemFiles

@Suite("TemporaryName")
struct TemporaryNameTests {
  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/names-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private static func contents(_ folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder))
  }

  @Test("names are hidden, beside the file, and never the same twice")
  func names() {
    let made = Set((0..<100).map { _ in TemporaryName.next(for: "a.nc", in: "/x") })
    #expect(made.count == 100 && made.allSatisfy { $0.hasPrefix("/x/.a.nc.pairbath-") && $0.hasSuffix(".tmp") })
    #expect(made.allSatisfy { $0.contains("-\(getpid())-") })
  }

  @Test("a long name stays within what file systems allow")
  func longNames() {
    let name = String(repeating: "\u{1F9EA}", count: 62) + ".nc"
    #expect(TemporaryName.next(for: name, in: "/x").split(separator: "/").last!.utf8.count <= 255)
  }

  #if os(Linux)
    @Test("what a killed process left is removed by the next one that writes the same name; nothing else is")
    func abandoned() throws {
      try Self.inFolder { folder in
        // A process that is no more, and what it would have called its file.
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        let own = String(TemporaryName.next(for: "a.nc", in: folder).dropFirst(folder.count + 1))
        let parts = own.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        func renamed(host: String? = nil, process: Int32, start: String? = nil, name: String = "a.nc") -> String {
          ".\(name).pairbath-\(host ?? parts[1])-\(process)-\(start ?? parts[3])-\(parts[4])"
        }
        let gone = process.processIdentifier
        let abandoned = renamed(process: gone)
        // The number of a living process that began at another time: it has got the number of the dead one.
        let reused = renamed(process: getppid(), start: "1")
        let kept = [
          own, renamed(host: "0123456789abcdef", process: gone), renamed(process: gone, name: "b.nc"),
          ".a.nc.pairbath-", ".a.nc.tmp", "a.nc", renamed(process: 0),
        ]
        for file in kept + [abandoned, reused] {
          #expect(FileManager.default.createFile(atPath: folder + "/" + file, contents: nil))
        }
        try FileManager.default.createDirectory(
          atPath: folder + "/" + abandoned.replacing(".tmp", with: "0.tmp"), withIntermediateDirectories: false)
        try AtomicFile.write("text", to: folder + "/a.nc")
        #expect(try Self.contents(folder) == Set(kept + [abandoned.replacing(".tmp", with: "0.tmp")]))
      }
    }
  #endif
}
