import ArgumentParser
import DistributedSweeps
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
      Control-C and SIGTERM write the states finished until then and end with 130; SIGUSR1 asks how far the run is. Runs that take \
      longer than a few seconds keep what is finished in RESULT.nc.checkpoint, from where the same command goes on after any end. Under \
      mpirun (builds with MPI: make mpi) all processes share the work.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var options: RunOptions

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
    // A part is computed by one process, whoever started it.
    let processes = options.wantedPart == nil ? try RunProcesses.start() : RunProcesses(group: nil)
    try processes.leaving { try run(processes) }
  }

  private func run(_ processes: RunProcesses) throws {
    try processes.requireFile(model.path)
    let document = try model.readAny(tolerance: tolerance)
    if !quiet { model.printNotes(of: document) }
    let outputs = OutputGuard(inputs: document.inputs, force: force)
    let path = output ?? defaultOutput(outputs)
    try outputs.check(path, for: .result)
    let clock = ContinuousClock()
    let start = clock.now
    let computation = document.computation
    let runner = processes.runner(workers)
    if SweepRunner.isLimitedToOneWorker, !quiet {
      Terminal.printError(
        "pairbath: note: one worker: this OpenBLAS is the serial build, which two threads must not call at once; "
          + "libopenblas-pthread-dev serves all\n")
    }
    if verbose { Terminal.printError(CheckReport(computation, plan: try plan(computation, document.header, runner)).text) }
    if !quiet, let words = processes.words(runner, try plan(computation, document.header, runner)) { Terminal.printError(words) }
    let keeper = try keeper(document.header, path, processes)
    let result = try model.compute(
      computation, of: document.header, runner: runner, progress: .standard(quiet: quiet), keeper: keeper)
    guard processes.isRoot else { return }
    if verbose, let words = processes.traffic { Terminal.printError(words) }
    try finish(result, keeper, document, computation, path, seconds: start.duration(to: clock.now).inSeconds)
  }

  /// What keeps the work, if anything does.
  private func keeper(_ header: ModelHeader, _ path: String, _ processes: RunProcesses) throws(CommandFailure) -> RunKeeper {
    let identity = try model.identity(of: header, tolerance: tolerance, part: options.wantedPart)
    var keeping = options.keeping(path)
    keeping.group = processes.group
    let keeper = processes.isRoot ? try options.keeper(identity, keeping, isQuiet: quiet) : .new(identity, keeping)
    if processes.isRoot, let checkpoint = keeping.checkpoint {
      Interruption.noteResumption(file: checkpoint.path, words: model.goOn)
    }
    return keeper
  }

  /// Writes the result and says what became of the states.
  private func finish(
    _ computed: TransportResult, _ keeper: RunKeeper, _ document: ModelFile, _ computation: any Computation, _ path: String,
    seconds: Double
  ) throws {
    if let trouble = keeper.checkpointTrouble, !quiet {
      Terminal.printError("pairbath: note: no checkpoint was written: \(trouble)\n")
    }
    var result = computed
    if options.wantedPart != nil {
      guard !result.isInterrupted else { throw CommandFailure("interrupted; \(keptWords(keeper))", exitCode: 130) }
      result.addPart(keeper.partRecords)
    } else if result.isInterrupted, keeper.checkpointPath != nil, FileIdentity(path) != nil {
      // A result that is there is replaced by a complete one only.
      throw CommandFailure("interrupted; '\(PrintableText.line(path))' stays as it was; \(keptWords(keeper))", exitCode: 130)
    }
    // Being ended again while writing must not lose what is finished.
    do throws(FileError) {
      try Interruption.finishing { () throws(FileError) in try ResultFile.write(result, to: path) }
    } catch {
      keeper.saveAll()
      let kept = keeper.checkpointPath.map { "; what was computed is kept in \(PrintableText.line($0)): \(model.goOn)" } ?? ""
      let failure = CommandFailure(error)
      throw CommandFailure(failure.message + kept, exitCode: failure.exitCode)
    }
    if !result.isInterrupted { keeper.removeCheckpoint() }
    if let part = options.wantedPart { return try end(part, result, path, seconds: seconds) }
    if result.isInterrupted, keeper.checkpointPath != nil, !quiet { Terminal.printError("pairbath: note: \(model.goOn)\n") }
    try model.conclude(
      result, of: computation, document.header, writtenTo: path, seconds: seconds, isQuiet: quiet, allowsUnstable: allowUnstable)
  }

  private func keptWords(_ keeper: RunKeeper) -> String { keeper.checkpointPath == nil ? "nothing was written" : model.goOn }

  /// What a part has to say: its states are counted when all parts are together.
  private func end(_ part: RunIdentity.Part, _ result: TransportResult, _ path: String, seconds: Double) throws {
    if !quiet {
      Terminal.report(
        "Part \(part.words), \(NumberFormatting.duration(seconds)). Written to \(PrintableText.line(path)). When all parts are there:\n"
          + "  pairbath merge RESULT.nc PART.nc ...\n", besides: path)
    }
    if !result.shortfalls.isEmpty { throw ExitCode(1) }
  }

  private func plan(
    _ computation: any Computation, _ header: ModelHeader, _ runner: SweepRunner
  ) throws(CommandFailure) -> SweepPlan {
    do { return try runner.plan(computation) } catch {
      throw CommandFailure(error, model: model.path, header: header)
    }
  }

  private func defaultOutput(_ outputs: OutputGuard) -> String {
    let stem = OutputFile.stem(of: model.path) + (options.wantedPart.map { ".part-\($0.number)-of-\($0.count)" } ?? "")
    return outputs.isInput(stem + ".nc") ? stem + ".result.nc" : stem + ".nc"
  }
}
