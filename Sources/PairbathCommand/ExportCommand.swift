import ArgumentParser
import DataFiles
import Pairbath
import PairbathCommandSupport
import ResultFiles

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

  @Flag(help: "Print errors only.") var quiet = false

  func run() throws {
    let result = try StateSelection.part(at, of: try readResult(path))
    let files: [ExportedFile]
    let format: ExportFormat
    do throws(FileError) {
      format = try ExportFormat.named(to)
      files = try format.files(ExportRequest(result, variables: names.isEmpty ? nil : names, structure: structure))
    } catch { throw CommandFailure(error.file == "RESULT" ? error.moved(to: path) : error) }
    let targets = files.map { target(of: $0, format) }
    for target in targets {
      guard !OutputFile.isSame(target, path), structure.map({ !OutputFile.isSame(target, $0) }) ?? true else {
        throw CommandFailure.usage("--output: '\(target)' is a file which this command reads; next: name another file")
      }
      try OutputFile.check(target)
    }
    do throws(FileError) { for (file, target) in zip(files, targets) { try file.write(to: target) } } catch {
      throw CommandFailure(error)
    }
    if !quiet, !targets.contains("-") { Terminal.print(targets.map { "Written to \($0)\n" }.joined()) }
  }

  private func target(of file: ExportedFile, _ format: ExportFormat) -> String {
    if let output, file.name == format.suffix { return output }
    return (output ?? OutputFile.stem(of: path) + (format.word == "netcdf" ? ".export" : "")) + file.name
  }
}
