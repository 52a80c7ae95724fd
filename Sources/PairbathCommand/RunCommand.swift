import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Computes a model.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Compute a model and write the result.",
    discussion: """
      Numbers carry error estimates; states without a steady state are marked and make the exit code 1. Control-C stops \
      the computation and writes nothing.
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Result file (default: the model's name with .nc, or with .result.nc where the model reads a file of that name, in this folder).",
      valueName: "RESULT.nc"),
    completion: .file(extensions: ["nc"]))
  var output: String?

  @Flag(help: "Replace an existing output even if it is no result of this program (never what the command reads).") var force =
    false

  @Option(help: ArgumentHelp("Relative tolerance, instead of the model's.", valueName: "x"))
  var tolerance: Double?

  @Option(help: ArgumentHelp("Number of threads; the numbers do not depend on it (default: all cores).", valueName: "n"))
  var workers: Int?

  @Flag(help: "Print errors only.") var quiet = false
  @Flag(help: "Also print what will be computed and how long it should take.") var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose contradict each other.") }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw ValidationError("--tolerance: found \(tolerance); allowed: a number between 0 and 1, for example 1e-8.")
    }
    if let workers, workers < 1 { throw ValidationError("--workers: found \(workers); allowed: 1 or more.") }
  }

  func run() throws {
    Terminal.ignoreBrokenPipes()
    let document = try model.readAny(tolerance: tolerance)
    let outputs = OutputGuard(inputs: document.inputs, force: force)
    let path = output ?? defaultOutput(outputs)
    try outputs.check(path, for: .result)
    let clock = ContinuousClock()
    let start = clock.now
    let result = try compute(document) { start.duration(to: clock.now).seconds }
    do { try ResultFile.write(result, to: path) } catch { throw CommandFailure(error) }
    if !quiet { report(RunSummary(result, seconds: start.duration(to: clock.now).seconds, path: path).text, path) }
    if RunSummary.unstableStates(in: result) > 0 { throw ExitCode(1) }
  }

  private func defaultOutput(_ outputs: OutputGuard) -> String {
    let stem = OutputFile.stem(of: model.path)
    return outputs.isInput(stem + ".nc") ? stem + ".result.nc" : stem + ".nc"
  }

  /// Keeps words out of a result that goes to standard output.
  private func report(_ text: String, _ path: String) {
    if (try? OutputTarget(path))?.isStandardOutput == true { Terminal.printError(text) } else { Terminal.print(text) }
  }

  private func compute(_ document: ModelFile, _ seconds: () -> Double) throws -> TransportResult {
    var reporter = ProgressReporter(style)
    do {
      if verbose { Terminal.printError(document.report(try document.plan(workers: workers))) }
      let result = try document.run(
        workers: workers,
        progress: { step in
          if let text = reporter.report(step, at: seconds()) { Terminal.printProgress(text) }
        }, isCancelled: { Interruption.isRequested })
      if let text = reporter.finish() { Terminal.printProgress(text) }
      return result
    } catch {
      if let text = reporter.finish() { Terminal.printProgress(text) }
      guard error.code != .interrupted else {
        throw CommandFailure("interrupted after \(NumberFormatting.duration(seconds())); nothing was written", exitCode: 130)
      }
      throw CommandFailure(error, model: model.path, header: document.header)
    }
  }

  private var style: ProgressReporter.Style {
    if quiet { return .silent }
    return Terminal.errorIsTerminal ? .bar(width: Terminal.width(otherwise: 80, ofError: true)) : .lines
  }
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
