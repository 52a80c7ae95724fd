import ArgumentParser
import DataFiles
import DistributedSweeps
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Puts the parts of a job array together.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Put the parts of a job array together into one result.",
    discussion: """
      PART.nc are what 'pairbath run MODEL.yaml --part k/n' wrote, in any order. The result is that of one run, bit by bit. What no \
      part can know (where a steady state is lost between two states, averages) is computed here, so that the model and its data files \
      must still be where they were.
      """)

  @Argument(help: ArgumentHelp("Result file.", valueName: "RESULT.nc"), completion: .file(extensions: ["nc"]))
  var output: String

  @Argument(help: ArgumentHelp("Files of all parts.", valueName: "PART.nc"), completion: .file(extensions: ["nc"]))
  var parts: [String]

  @Option(
    help: ArgumentHelp("The model file, where it is no longer where the parts were computed.", valueName: "MODEL.yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var model: String?

  @Flag(help: "Replace an existing output even if it is no result of this program (never what the command reads).") var force =
    false
  @Option(help: ArgumentHelp("Number of threads (default: all cores).", valueName: "n")) var workers: Int?
  @Flag(help: "Let states without a steady state count as done: exit code 0 instead of 1.") var allowUnstable = false
  @Flag(help: "Print errors only.") var quiet = false

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers: found \(workers); allowed: 1 or more.") }
  }

  func run() throws {
    Terminal.ignoreBrokenPipes()
    let found = try readParts()
    guard let identity = found.identity else { throw CommandFailure.usage("no parts are given") }
    let (path, document) = try readModel(identity)
    var inputs = document.inputs
    for part in parts { inputs.insert(part) }
    try OutputGuard(inputs: inputs, force: force).check(output, for: .result)
    var options = RunKeeper.Options()
    options.cache = KernelCache()
    options.isCancelled = { Interruption.isRequested }
    guard let keeper = found.keeper(options) else { return }
    let clock = ContinuousClock()
    let start = clock.now
    let computation = document.computation
    let source = try ModelOptions.parse(["--", path])
    let result = try source.compute(
      computation, of: document.header, runner: SweepRunner(workers: workers), progress: .standard(quiet: quiet), keeper: keeper)
    guard !result.isInterrupted else { throw CommandFailure("interrupted; nothing was written", exitCode: 130) }
    do throws(FileError) {
      try Interruption.finishing { () throws(FileError) in try ResultFile.write(result, to: output) }
    } catch { throw CommandFailure(error) }
    try source.conclude(
      result, of: computation, document.header, writtenTo: output, seconds: start.duration(to: clock.now).inSeconds,
      isQuiet: quiet,
      allowsUnstable: allowUnstable)
  }

  private func readParts() throws(CommandFailure) -> RunParts {
    var found = RunParts()
    for path in parts {
      let records: [UInt8]
      do { records = try PartFile.records(of: path) } catch { throw CommandFailure(error) }
      do throws(RunParts.Refusal) { try found.add(records, file: path) } catch {
        throw CommandFailure("\(PrintableText.line(path)): \(words(error))", exitCode: 65)
      }
    }
    let missing = found.missing
    guard missing.isEmpty else {
      let list = missing.prefix(10).map { "\($0)/\(found.count)" }.joined(separator: ", ") + (missing.count > 10 ? ", ..." : "")
      throw CommandFailure(
        "\(missing.count) of \(found.count) parts are missing: \(list); next: compute them with --part, or name their files",
        exitCode: 65)
    }
    if found.processors.count > 1, !quiet {
      Terminal.printError(
        "pairbath: note: the parts were computed on processors of several kinds (\(found.processors.joined(separator: ", "))): the last "
          + "bits of some numbers may differ from those of a run on one kind\n")
    }
    return found
  }

  private func words(_ refusal: RunParts.Refusal) -> String {
    switch refusal {
    case .noPart: "found a result that is no part, or damaged records; allowed: what 'pairbath run MODEL.yaml --part k/n' wrote"
    case .unfinished(let part): "part \(part.words) is not finished; next: go on with its command and --resume"
    case .twice(let part, let other): "part \(part.words), which is in \(PrintableText.line(other)) too; next: name one of them"
    case .otherRun(let reason): "the part does not go with those before it: \(reason)"
    }
  }

  private func readModel(_ identity: RunIdentity) throws(CommandFailure) -> (path: String, ModelFile) {
    guard let path = model ?? (identity.model.isEmpty ? nil : identity.model) else {
      throw .usage("the parts are of a model from standard input; next: give its file with --model")
    }
    let document: ModelFile
    do { document = try ModelFile.read(file: path, overrides: identity.overrides, tolerance: identity.tolerance) } catch {
      throw CommandFailure(error)
    }
    var now = identity
    now.modelHash = document.header.hash
    do { now.inputs = try document.header.inputHashes() } catch { throw CommandFailure(error) }
    now.version = PairbathVersion.current
    if let difference = identity.difference(from: now) {
      throw CommandFailure(
        "\(PrintableText.line(path)): the parts are not of this model as it is now: \(difference)", exitCode: 65)
    }
    return (path, document)
  }
}
