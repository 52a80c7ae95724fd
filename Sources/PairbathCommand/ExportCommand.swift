import ArgumentParser
import DataFiles
import Pairbath
import PairbathCommandSupport
import ResultFiles
import SystemFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Hands a result over to other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a result in another program's form.",
    discussion: """
      \(ExportFormat.all.map { "  \($0.word): \($0.abstract)" }.joined(separator: "\n"))

      For example: pairbath export dot.nc --to matlab -o dot.mat
      """)

  @Argument(
    help: ArgumentHelp("Result file (NetCDF), or - for standard input.", valueName: "RESULT.nc"),
    completion: .file(extensions: ["nc"]))
  var path: String

  @Argument(help: ArgumentHelp("Variables to export (default: all).", valueName: "VARIABLE"))
  var names: [String] = []

  @Option(
    help: ArgumentHelp("The form: \(ExportFormat.all.map(\.word).joined(separator: ", ")).", valueName: "FORMAT"),
    completion: .list(ExportFormat.all.map(\.word)))
  var to: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "File to write (default: the result's name with the form's ending, in this folder); for tbtrans, how the names begin.",
      valueName: "FILE"), completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Export states with this axis value only (the nearest); may be repeated.", valueName: "NAME=VALUE"))
  var at: [String] = []

  @Option(help: ArgumentHelp("Data file with atoms and modes, for xyz and axsf.", valueName: "junction.nc"), completion: .file())
  var structure: String?

  @Flag(help: "Replace existing files of any kind (never what the command reads).") var force = false
  @Flag(help: "Print errors only.") var quiet = false

  func run() throws {
    let result = try StateSelection.part(at, of: try readResult(path))
    let files: [ExportedFile]
    let format: ExportFormat
    do throws(FileError) {
      format = try ExportFormat.named(to)
      files = try format.files(ExportRequest(result, variables: names.isEmpty ? nil : names, structure: structure))
    } catch {
      guard !error.file.hasPrefix("--") else { throw CommandFailure(error.description, exitCode: 64) }
      throw CommandFailure(error.file == "RESULT" ? error.moved(to: path) : error)
    }
    let targets = files.map { target(of: $0, format) }
    let outputs = OutputGuard(inputs: InputFiles([path, structure].compactMap { $0 }), force: force)
    for target in targets { try outputs.check(target, for: format.content) }
    var written: [String] = []
    do throws(FileError) {
      for (file, target) in zip(files, targets) {
        let isNew = FileIdentity(target) == nil
        try file.write(to: target)
        if isNew { written.append(target) }
      }
    } catch {
      // Of several files all appear, or none that was not there.
      for target in written { unlink(target) }
      throw CommandFailure(error)
    }
    if !quiet, !targets.contains("-") { Terminal.print(targets.map { "Written to \($0)\n" }.joined()) }
  }

  private func target(of file: ExportedFile, _ format: ExportFormat) -> String {
    if let output, file.name == format.suffix { return output }
    return (output ?? OutputFile.stem(of: path) + (format.word == "netcdf" ? ".export" : "")) + file.name
  }
}

extension ExportFormat {
  /// What an existing file must be for one of this form to replace it.
  fileprivate var content: OutputGuard.Content {
    switch word {
    case "netcdf": .result
    case "matlab": .matlab
    default: .text
    }
  }
}
