import ArgumentParser
import DistributedSweeps
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// What a run keeps of its work, and which part of it is done.
struct RunOptions: ParsableArguments {
  @Flag(
    help: """
      Go on with what an interrupted run of the same model has left in RESULT.nc.checkpoint; the numbers are those of an uninterrupted \
      run, bit by bit. Without a checkpoint the run starts from the beginning.
      """)
  var resume = false

  @Flag(help: "Write no checkpoint, and use none.") var noCheckpoint = false

  @Option(
    help: ArgumentHelp(
      "Seconds between two checkpoints, from the start (default: every 5 s, once a run has taken 10 s).", valueName: "s"))
  var checkpointEvery: Double?

  @Option(
    help: ArgumentHelp(
      "Compute one part of several, for job arrays: 3/16 is the third of 16. 'pairbath merge' puts them together.",
      valueName: "k/n"))
  var part: String?

  @Flag(help: "Neither keep kernels that took long nor use kept ones ('pairbath cache' lists them).") var noCache = false

  func validate() throws {
    if resume && noCheckpoint { throw ValidationError("--resume and --no-checkpoint contradict each other.") }
    if noCheckpoint && checkpointEvery != nil {
      throw ValidationError("--checkpoint-every and --no-checkpoint contradict each other.")
    }
    if let seconds = checkpointEvery, !(seconds >= 0 && seconds <= 1e6) {
      throw ValidationError("--checkpoint-every: found \(seconds); allowed: seconds from 0 to 1e6.")
    }
    if let part, RunIdentity.Part(part) == nil {
      throw ValidationError(
        "--part: found '\(part)'; allowed: the number of a part and how many there are, from 1/1 to 1000000/1000000, for example 3/16."
      )
    }
  }

  /// The part that is asked for.
  var wantedPart: RunIdentity.Part? { part.flatMap { RunIdentity.Part($0) } }

  /// What the run of a model does beside computing; the result goes to `output`.
  func keeping(_ output: String) -> RunKeeper.Options {
    var options = RunKeeper.Options()
    options.isCancelled = { Interruption.isRequested }
    (options.part, options.parts) = (wantedPart, wantedPart?.count)
    if !noCache { options.cache = KernelCache() }
    // What goes to a device or pipe has no place beside it.
    if !noCheckpoint, output != OutputTarget.standardOutput, (try? OutputTarget(output))?.isStream == false {
      options.checkpoint = CheckpointPlan(path: output + RunOptions.ending)
      if let seconds = checkpointEvery {
        options.checkpoint = CheckpointPlan(path: output + RunOptions.ending, interval: seconds, start: 0)
      }
    }
    return options
  }

  /// What the name of a checkpoint ends with.
  static let ending = ".checkpoint"
}

extension ModelOptions {
  /// What a run of the model is known by.
  func identity(of header: ModelHeader, tolerance: Double?, part: RunIdentity.Part?) throws(CommandFailure) -> RunIdentity {
    let inputs: [String]
    do { inputs = try header.inputHashes() } catch { throw CommandFailure(error) }
    return RunIdentity(
      model: path == StandardInput.path ? "" : ModelPath.absolute(path), overrides: overrides, tolerance: tolerance,
      modelHash: header.hash, inputs: inputs, version: PairbathVersion.current, processor: SweepRunner.processor, part: part)
  }
}

extension RunOptions {
  /// The keeper of a run: one that goes on where a checkpoint is found. Says what it found; throws where `--resume` cannot be done.
  func keeper(_ identity: RunIdentity, _ options: RunKeeper.Options, isQuiet: Bool) throws(CommandFailure) -> RunKeeper {
    func note(_ words: String) { if !isQuiet { Terminal.printError("pairbath: note: \(words)\n") } }
    let place = PrintableText.line(options.checkpoint?.path ?? "")
    switch RunKeeper.find(identity, options) {
    case .same(let keeper, let pieces, let processor):
      note("going on with \(place) (\(NumberFormatting.count(pieces, "finished piece")) of work); --no-checkpoint begins anew")
      if let processor {
        note(
          "it was begun on another kind of processor (\(processor), this is \(identity.processor)): the last bits of some numbers may differ "
            + "from those of a run on one kind")
      }
      return keeper
    case .none:
      if resume { note("there is no checkpoint \(place): the run starts from the beginning") }
      return .new(identity, options)
    case .busy:
      guard !resume else {
        throw CommandFailure(
          "--resume: another run is writing to \(place); next: wait for it, or end it", exitCode: 74)
      }
      note("another run is writing to \(place): this one goes without a checkpoint")
      return .new(identity, options, isTaken: true)
    case .other(let reason):
      guard !resume else {
        throw CommandFailure(
          "--resume: \(place) is not of this run: \(reason); next: run without --resume to begin anew, or restore what has changed",
          exitCode: 65)
      }
      let aside = (options.checkpoint?.path ?? "") + ".old"
      if RunKeeper.setAside(options.checkpoint?.path ?? "", to: aside) {
        note("\(place) is not of this run: \(reason); it is now \(PrintableText.line(aside))")
      }
      return .new(identity, options)
    case .unreadable(let error):
      guard !resume else { throw CommandFailure(error) }
      note("\(place) cannot be used (\(error.found)): this run goes without a checkpoint")
      return .new(identity, options, isTaken: true)
    }
  }
}
