import Foundation
import Testing

@testable import SystemFiles

@Suite("OutputTarget")
struct OutputTargetTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pairbath-output-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  private func mode(_ path: String) -> Int? {
    try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("replaces a file, keeps its permissions and leaves nothing else")
  func replaces() throws {
    try withFolder { folder in
      let path = folder + "/a.txt"
      try OutputTarget(path).write("first")
      #expect(chmod(path, 0o640) == 0)
      try OutputTarget(path).write("second")
      #expect(text(path) == "second" && mode(path) == 0o640)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
    }
  }

  @Test("follows a link to a file, which stays a link, and refuses one to nothing")
  func links() throws {
    try withFolder { folder in
      try OutputTarget(folder + "/real").write("old")
      #expect(symlink("real", folder + "/link") == 0 && symlink("nowhere", folder + "/dangling") == 0)
      try OutputTarget(folder + "/link").write("new")
      #expect(text(folder + "/real") == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "real")
      #expect(throws: OutputError.self) { try OutputTarget(folder + "/dangling") }
    }
  }

  @Test("writes devices directly and refuses what is no place for a file")
  func devices() throws {
    try OutputTarget("/dev/null").write("words")
    #expect(try OutputTarget("/dev/stdout").isStandardOutput && !OutputTarget("/dev/null").isStandardOutput)
    if FileManager.default.fileExists(atPath: "/dev/full") {
      #expect(throws: OutputError("/dev/full", found: SystemCall.words(ENOSPC), allowed: "a device or pipe that takes bytes")) {
        try OutputTarget("/dev/full").write("words")
      }
    }
    for path in ["", "/nowhere/a", "/tmp", "/dev/null/a", "/tmp/nothing/", "a\0b"] {
      #expect(throws: OutputError.self, "\(path)") { try OutputTarget(path) }
    }
  }

  @Test("a writer that fails leaves the old file and no other")
  func failure() throws {
    try withFolder { folder in
      let path = folder + "/a"
      try OutputTarget(path).write("old")
      #expect(throws: OutputError.self) {
        try OutputTarget(path).write { (temporary) throws(OutputError) in
          _ = FileBytes.write(Array("half".utf8), toNew: temporary)
          throw OutputError(path, code: ENOSPC)
        }
      }
      #expect(text(path) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test("knows a file that was read by any name")
  func inputs() throws {
    try withFolder { folder in
      let path = folder + "/a"
      try OutputTarget(path).write("data")
      try OutputTarget(folder + "/b").write("data")
      #expect(link(path, folder + "/hard") == 0 && symlink(path, folder + "/soft") == 0)
      let inputs = InputFiles([path, folder + "/missing"])
      for other in [path, folder + "/hard", folder + "/soft", folder + "/./../\((folder as NSString).lastPathComponent)/a"] {
        #expect(inputs.name(of: other) == path)
      }
      #expect(inputs.name(of: folder + "/b") == nil && inputs.name(of: folder + "/missing") == nil)
    }
  }

  @Test("tells what a file holds by its bytes")
  func kinds() throws {
    try withFolder { folder in
      func kind(_ bytes: [UInt8]) -> FileKind? {
        unlink(folder + "/x")
        _ = FileBytes.write(bytes, toNew: folder + "/x")
        return FileKind(of: folder + "/x")
      }
      let hdf: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
      let padding = [UInt8](repeating: 0x70, count: (1 << 18) - 12)
      #expect(kind([]) == .empty && kind(hdf) == .netCDF && kind(Array("CDF\u{1}".utf8)) == .netCDF)
      // Across the border between two reads.
      #expect(kind(hdf + padding + Array("pairbath_version".utf8)) == .result)
      #expect(
        kind(Array("%PDF-1.5".utf8)) == .picture("pdf") && kind(Array("<?xml version=\"1.0\"?><svg>".utf8)) == .picture("svg"))
      #expect(
        kind(Array("a: 1\nb: 2".utf8)) == .text(firstLine: "a: 1") && kind([1, 0, 2]) == .other && kind([0xFF, 0xFE]) == .other)
      #expect(FileKind(of: folder + "/missing") == nil && FileKind(of: folder) == nil)
    }
  }

  @Test("a folder for temporary files is the caller's own")
  func scratch() throws {
    let folder = try ScratchFolder()
    #expect(mode(folder.path) == 0o700)
    #expect(FileBytes.write([1, 2, 3], toNew: folder.file("a")) == nil)
    #expect(FileBytes.write([1], toNew: folder.file("a")) == EEXIST)
    #expect(FileBytes.read(folder.file("a")) == [1, 2, 3] && FileBytes.read(folder.file("a"), last: 2) == [2, 3])
    folder.remove(["a"])
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }
}
