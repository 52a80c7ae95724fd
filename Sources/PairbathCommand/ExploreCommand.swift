import ArgumentParser
import Exploration
import ExplorerServer
import Foundation
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Opens a live page about a model.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Open a live page about a model, on this machine only.",
    discussion: """
      Sliders for every variable and parameter; energy diagram, pair baths, curves, maps, spectra and modes follow while one drags. \
      The address holds a token that nobody can guess, and nothing leaves this machine. The model is read again when it is edited. \
      Control-C ends it. Needs a build with the explorer: make explorer.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var accuracy: ToleranceOption

  @Option(help: ArgumentHelp("Port on 127.0.0.1 (default: one that is free).", valueName: "N"))
  var port: UInt16 = 0

  @Flag(name: .customLong("no-browser"), help: "Only print the address.")
  var noBrowser = false

  @Option(help: ArgumentHelp("Number of threads (default: all cores).", valueName: "n"))
  var workers: Int?

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers: found \(workers); allowed: 1 or more.") }
  }

  func run() throws {
    guard model.path != StandardInput.path else {
      throw CommandFailure.usage("explore: found - ; allowed: a model file, which is read again when it changes")
    }
    guard ExplorerServer.isAvailable else { throw Self.handOver() }
    let service: ExplorationService
    do {
      service = try ExplorationService(
        file: model.path, overrides: model.overrides, tolerance: accuracy.tolerance, workers: workers)
    } catch { throw CommandFailure(error) }
    let (title, opens) = (service.title, !noBrowser)
    do throws(ExplorerFailure) {
      try ExplorerServer.run(
        service, ExplorerServer.Options(port: port, page: Self.page),
        started: { address in
          Terminal.print("\(title)\n\(address)\nControl-C ends it.\n")
          if opens, !Browser.open(address) {
            Terminal.printError("pairbath: note: no browser was found; open the address yourself\n")
          }
        }, isEnded: { Interruption.isRequested })
    } catch { throw CommandFailure(error.message, exitCode: 74) }
    Terminal.leave(0)
  }

  /// The folder of the page: beside the command, or where `make install` puts it.
  private static var page: String {
    if let folder = ProcessInfo.processInfo.environment["PAIRBATH_EXPLORER_PAGE"], !folder.isEmpty { return folder }
    let home = Executable.folder
    let places = [home + "/explorer", home + "/../../share/pairbath/explorer"]
    return places.first { FileManager.default.fileExists(atPath: $0 + "/index.html") } ?? places[0]
  }

  /// Becomes the build with the explorer, where there is one beside this one; otherwise says how to get it.
  private static func handOver() -> CommandFailure {
    let home = Executable.folder
    for other in [
      home + "/../explorer/release/pairbath", home + "/../../explorer/release/pairbath",
      home + "/../libexec/pairbath/pairbath-explorer",
    ]
    where FileManager.default.isExecutableFile(atPath: other) {
      if let words = try? PairbathCommand.words { Executable.become(other, words) }
    }
    return CommandFailure(
      "this pairbath was built without the explorer; next: make explorer, then the same command again", exitCode: 64)
  }
}
