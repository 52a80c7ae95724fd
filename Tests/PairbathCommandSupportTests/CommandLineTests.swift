import Foundation
import Testing

/// The built command beside the test bundle.
private let command = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
  "pairbath")

@Suite("The command line", .enabled(if: FileManager.default.isExecutableFile(atPath: command.path)))
struct CommandLineTests {
  private func run(_ arguments: String...) throws -> (code: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = command
    process.arguments = arguments
    let pipes = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (pipes.0, pipes.1)
    try process.run()
    let output = pipes.0.fileHandleForReading.readDataToEndOfFile()
    let errors = pipes.1.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self), String(decoding: errors, as: UTF8.self))
  }

  @Test("prints help and version on standard output")
  func help() throws {
    let all = [
      ["--help"], ["run", "--help"], ["check", "-h"], ["help", "show"], ["plot", "--help"], ["--version"],
      ["linear-response", "--help"],
    ]
    for arguments in all {
      let process = try arguments.count == 1 ? run(arguments[0]) : run(arguments[0], arguments[1])
      #expect(process.code == 0 && process.errors.isEmpty && !process.output.isEmpty, "\(arguments)")
    }
  }

  @Test("ends with 64 for wrong usage and prefixes its complaint")
  func usage() throws {
    let wrong = [
      try run("foo"), try run("run"), try run("run", "m.yaml", "--tolerance", "2"), try run("plot", "a.nc", "--size", "3x3"),
      try run("run", "m.yaml", "--set", "V"), try run("show", "a.nc", "--csv", "--json"), try run("plot", "a.nc", "--map", "V"),
    ]
    for process in wrong {
      #expect(process.code == 64)
      #expect(process.errors.hasPrefix("pairbath: error: "))
      #expect(process.output.isEmpty)
    }
  }

  @Test("ends with 74 for files that are not there")
  func missingFiles() throws {
    for process in [try run("run", "/nowhere/m.yaml"), try run("check", "/nowhere/m.yaml"), try run("show", "/nowhere/r.nc")] {
      #expect(process.code == 74)
      #expect(process.errors.hasPrefix("pairbath: error: /nowhere/"))
    }
  }

  @Test("generates completions for files", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let process = try run("--generate-completion-script", shell)
    #expect(process.code == 0)
    #expect(process.output.contains("yaml") && process.output.contains("nc"))
  }
}
