import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Computes a model.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Compute a model and write the result.",
    discussion: """
      Numbers carry error estimates. States without a steady state, or whose errors are larger than the tolerance, keep what \
      exists of them, are marked in the variable 'status' and make the exit code 1 (70 when no state reached its tolerance). \
      Control-C writes the states finished until then and ends with 130.
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Result file (default: the model's name with .nc, or with .result.nc where the model reads a file of that name, in this folder); - is standard output.",
      valueName: "RESULT.nc"),
    completion: .file(extensions: ["nc"]))
  var output: String?

  @Flag(help: "Replace an existing output even if it is no result of this program (never what the command reads).") var force =
    false

  @Option(help: ArgumentHelp("Relative tolerance, instead of the model's.", valueName: "x"))
  var tolerance: Double?

  @Option(help: ArgumentHelp("Number of threads; the numbers do not depend on it (default: all cores).", valueName: "n"))
  var workers: Int?

  @Flag(help: "Let states without a steady state count as done: exit code 0 instead of 1.") var allowUnstable = false

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
    if !quiet { model.printNotes(of: document) }
    let outputs = OutputGuard(inputs: document.inputs, force: force)
    let path = output ?? defaultOutput(outputs)
    try outputs.check(path, for: .result)
    let clock = ContinuousClock()
    let start = clock.now
    let computation = document.computation
    if SweepRunner.isLimitedToOneWorker, !quiet {
      Terminal.printError(
        "pairbath: note: one worker: this OpenBLAS is the serial build, which two threads must not call at once; "
          + "libopenblas-pthread-dev serves all\n")
    }
    if verbose { Terminal.printError(CheckReport(computation, plan: try plan(computation, document.header)).text) }
    let result = try model.compute(computation, of: document.header, workers: workers, progress: .standard(quiet: quiet))
    // Being ended again while writing must not lose what is finished.
    do throws(FileError) {
      try Interruption.finishing { () throws(FileError) in try ResultFile.write(result, to: path) }
    } catch { throw CommandFailure(error) }
    if !quiet { report(RunSummary(result, seconds: start.duration(to: clock.now).seconds, path: path).text, path) }
    let reservations = computation.reservations(about: result)
    if !quiet { for reservation in reservations { Terminal.printError("pairbath: note: \(reservation)\n") } }
    try model.end(
      with: result, document.header, isQuiet: quiet, allowsUnstable: allowUnstable, hasReservations: !reservations.isEmpty)
  }

  private func plan(_ computation: any Computation, _ header: ModelHeader) throws(CommandFailure) -> SweepPlan {
    do { return try SweepRunner(workers: workers).plan(computation) } catch {
      throw CommandFailure(error, model: model.path, header: header)
    }
  }

  private func defaultOutput(_ outputs: OutputGuard) -> String {
    let stem = OutputFile.stem(of: model.path)
    return outputs.isInput(stem + ".nc") ? stem + ".result.nc" : stem + ".nc"
  }

  /// Keeps words out of a result that goes to standard output.
  private func report(_ text: String, _ path: String) {
    if (try? OutputTarget(path))?.isStandardOutput == true { Terminal.printError(text) } else { Terminal.print(text) }
  }
}
