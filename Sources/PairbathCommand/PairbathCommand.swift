import ArgumentParser
import CStartGuard
import Pairbath
import PairbathCommandSupport

/// The command `pairbath`.
@main
struct PairbathCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairbath",
    abstract: "Energy, heat and charge transport where electron-hole pairs are baths.",
    discussion: """
      A model file describes a junction, its states and what to compute; a result file holds the numbers with their \
      error estimates. For example:

        pairbath check dot.yaml                what the model means and costs
        pairbath run dot.yaml --set mu=9.5     compute, write dot.nc
        pairbath show dot.nc                   print a table
        pairbath show dot.nc --baths --at V=1  electron-hole pairs as baths
        pairbath plot dot.nc energy_current    draw dot-energy_current.svg
        pairbath linear-response dot.yaml      Onsager matrix, Seebeck, ZT at equilibrium
        pairbath explore dot.yaml              a live page: pull the bias and look
        pairbath optimize dot.yaml ...         find the best values of its numbers
        pairbath import tbtrans RUN.fdf -o f   a model of another program's files
        pairbath export dot.nc --to matlab     a result for other programs
        pairbath merge all.nc part*.nc         parts of a job array as one result
        pairbath cache                         kernels that are kept for later runs

      Exit codes: 0 done; 1 done, but some states have no answer and are marked; 64 usage; 65 bad model or data; 70 no \
      state reached its tolerance; 74 cannot read or write; 130 interrupted, with what was finished.
      """,
    version: PairbathVersion.current,
    subcommands: [
      RunCommand.self, CheckCommand.self, ShowCommand.self, PlotCommand.self, LinearResponseCommand.self, OptimizeCommand.self,
      ExploreCommand.self, ImportCommand.self, ExportCommand.self, MergeCommand.self, CacheCommand.self,
    ])

  static func main() {
    Terminal.prepare()
    Interruption.watch()
    do {
      let words = try Self.words
      guard pairbath_reserve_blas_buffer() == 0 else {
        throw CommandFailure(
          "the address space is limited (ulimit -v), and 129 MiB for matrices are not left in it. Raise the limit", exitCode: 65)
      }
      var command = try parseAsRoot(words)
      try Interruption.perform { try command.run() }
      Terminal.leave(0)
    } catch  where Interruption.isRequested && !(error is ExitCode) {
      // Whatever failed may have failed because it was broken off.
      let failure = error as? CommandFailure
      Terminal.printError(
        "pairbath: error: \(failure?.exitCode == 130 ? failure!.message : "interrupted; nothing was written")\n")
      Terminal.leave(130)
    } catch let failure as CommandFailure {
      Terminal.printError("pairbath: error: \(failure.message)\n")
      Terminal.leave(failure.exitCode)
    } catch {
      exit(afterParsing: error)
    }
  }

  /// What the command was called with.
  static var words: [String] {
    get throws(CommandFailure) { try CommandWords.texts { index in pairbath_word(index) } }
  }

  /// Help, version and completion scripts go to standard output, complaints to standard error.
  private static func exit(afterParsing error: any Error) -> Never {
    let code = exitCode(for: error).rawValue
    let text = fullMessage(for: error)
    if code == 0 {
      if !text.isEmpty { Terminal.print(text + "\n") }
    } else if !text.isEmpty {
      let complaint = text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
      Terminal.printError("pairbath: error: \(complaint)\n")
    }
    Terminal.leave(code)
  }
}
