import Foundation

/// The built command beside the test bundle, run by a shell in a folder of its own.
struct CommandRunner {
  /// The command; it may not be there when only tests were built.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("pairbath")
    .path
  static var exists: Bool { FileManager.default.isExecutableFile(atPath: path) }

  let folder: String

  /// Calls `body` with a new folder, which is removed.
  static func inFolder(_ body: (CommandRunner) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pairbath-command-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(CommandRunner(folder: folder))
  }

  /// Runs a line in which `pairbath` is the command.
  func callAsFunction(_ line: String) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "pairbath() { \"$0\" \"$@\"; }; \(line)", Self.path]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let errorFile = folder + "/.errors"
    _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let errors = FileManager.default.contents(atPath: errorFile) ?? Data()
    try FileManager.default.removeItem(atPath: errorFile)
    return (process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: errors, as: UTF8.self))
  }

  /// Writes a file into the folder.
  func write(_ text: String, to name: String) throws {
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  /// Names in the folder, sorted.
  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder).sorted()) ?? [] }
}
