import ArgumentParser
import DataFiles
import ForeignFormats
import Pairbath
import PairbathCommandSupport

/// Makes a model of other programs' files.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a model of another program's files.",
    discussion: """
      Writes FOLDER/model.yaml, short and runnable as it is, and FOLDER/junction.nc with the matrices, and says what was understood and \
      what was left out. Formats:

      \(ImportFormats.all.map { "  \($0.format.word) \($0.format.argument)\n      \($0.format.abstract)" }.joined(separator: "\n"))

      For example: pairbath import tbtrans RUN.fdf -o junction && pairbath run junction/model.yaml
      """)

  @Argument(
    help: ArgumentHelp(
      "What the files are: \(ImportFormats.all.map(\.format.word).joined(separator: ", ")).", valueName: "FORMAT"),
    completion: .list(ImportFormats.all.map(\.format.word)))
  var format: String

  @Argument(help: ArgumentHelp("The program's files.", valueName: "FILE"), completion: .file())
  var files: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Folder to write, new or empty.", valueName: "FOLDER"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("File that describes the electrodes.", valueName: "FILE"), completion: .file()) var electrodes:
    String?
  @Option(help: ArgumentHelp("Atoms of the device, for example 5-20 (counted from 1).", valueName: "ATOMS")) var device: String?
  @Option(help: ArgumentHelp("Atoms of the left lead.", valueName: "ATOMS")) var left: String?
  @Option(help: ArgumentHelp("Atoms of the right lead.", valueName: "ATOMS")) var right: String?
  @Option(help: ArgumentHelp("Lattice vector along which the current flows: a1, a2 or a3.", valueName: "a3")) var direction:
    String?
  @Option(help: ArgumentHelp("Fermi energy in eV, where the files do not say it.", valueName: "eV")) var fermi: String?
  @Option(help: ArgumentHelp("Masses of atoms, where the files do not say them.", valueName: "MASSES")) var masses: String?

  @Flag(help: "Replace model.yaml and junction.nc in a folder that exists.") var force = false
  @Flag(help: "Print errors only.") var quiet = false

  func run() throws {
    do {
      let source = try ImportFormats.source(format, options: options)
      let folder = try ImportFolder(output, force: force)
      if let found = try folder.replacedInput(of: files + [electrodes, masses].compactMap { $0 }) {
        throw CommandFailure.usage(
          "--output: '\(found.target)' is the same file as '\(found.input)', which this command reads; next: name another folder")
      }
      let imported = try source.read(ImportRequest(files: files, options: options))
      try folder.write(imported) { (model) throws(FileError) in
        do throws(FileError) { _ = try ModelFile.read(file: model) } catch {
          throw error.moved(to: files[0]).adding(hint: "the files were read, and what they hold makes no model")
        }
      }
      if !quiet { Terminal.print(ImportReport(imported, folder: output).text) }
    } catch let error as FileError {
      // Words of the command line are no files.
      let isUsage = error.file == "import" || error.file.hasPrefix("-")
      throw isUsage ? CommandFailure(error.description, exitCode: 64) : CommandFailure(error)
    }
  }

  private var options: [ImportOption: String] {
    var all: [ImportOption: String] = [:]
    all[.electrodes] = electrodes
    all[.device] = device
    all[.left] = left
    all[.right] = right
    all[.direction] = direction
    all[.fermi] = fermi
    all[.masses] = masses
    return all
  }
}
