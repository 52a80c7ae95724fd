import Foundation
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import SystemFiles

@Suite("Files and words without measure")
struct LongTextTests {
  @Test("a model of many gigabytes is refused before it is read, with what is allowed")
  func hugeFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/m.yaml"
      #expect(FileManager.default.createFile(atPath: path, contents: Data("a: 1\n".utf8)))
      #expect(try TextFile.read(path, most: 5) == "a: 1\n")
      let short = #expect(throws: FileError.self) { try TextFile.read(path, most: 4) }
      #expect(short?.exitCode == 65 && short?.found == "5 bytes")
      // A file with a hole: it takes no place on the disk.
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.truncate(atOffset: 1 << 42)
      try file.close()
      let long = #expect(throws: FileError.self) { try TextFile.read(path) }
      #expect(long?.exitCode == 65 && long?.allowed.contains("fits into memory") == true)
      let model = #expect(throws: FileError.self) { try TextFile.read(path, most: TextFile.largestModel) }
      #expect(model?.allowed.contains("64 MiB") == true)
    }
  }

  @Test("no message repeats millions of characters that a file has")
  func briefMessages() {
    let long = String(repeating: "\u{e9}", count: 1_000_000)
    let error = FileError(.syntax, in: "m.yaml", at: [long], found: long, allowed: long, hint: long)
    #expect(error.description.utf8.count < 40_000)
    #expect(error.found.hasPrefix("\u{e9}\u{e9}") && error.found.hasSuffix("... (2000000 bytes in all)"))
    #expect(FileError(.syntax, in: "m.yaml", found: "short").found == "short")
  }
}
