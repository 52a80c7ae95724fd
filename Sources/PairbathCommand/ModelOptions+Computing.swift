import ArgumentParser
import DistributedSweeps
import Pairbath
import PairbathCommandSupport
import SystemFiles

extension ModelOptions {
  /// Computes what a model asks for, whatever its kind, with progress on standard error. A failure has its place in the model file.
  /// `keeper` keeps what is finished; `runner` has the threads.
  func compute(
    _ computation: any Computation, of header: ModelHeader, runner: SweepRunner, progress style: ProgressReporter.Style,
    keeper: RunKeeper? = nil
  ) throws(CommandFailure) -> TransportResult {
    let clock = ContinuousClock()
    let start = clock.now
    var reporter = ProgressReporter(style)
    defer { if let text = reporter.finish() { Terminal.printProgress(text) } }
    let status = RunStatus()
    Interruption.reportStatus { status.words }
    defer { Interruption.reportStatus(nil) }
    // What the data files are now: they may change while it runs.
    let hashes: [String]
    if let keeper {
      hashes = keeper.inputs
    } else {
      do { hashes = try header.inputHashes() } catch { throw CommandFailure(error) }
    }
    do {
      var result = try runner.run(
        computation,
        progress: { step in
          status.note(step)
          if let text = reporter.report(step, at: start.duration(to: clock.now).inSeconds) { Terminal.printProgress(text) }
        }, isCancelled: { Interruption.isRequested }, keeper: keeper)
      result.inputHashes = hashes
      return result
    } catch {
      guard error.code != .interrupted else {
        let duration = NumberFormatting.duration(start.duration(to: clock.now).inSeconds)
        let kept = keeper?.checkpointPath == nil ? nil : goOn
        throw CommandFailure("interrupted after \(duration); \(kept ?? "nothing was written")", exitCode: 130)
      }
      throw CommandFailure(error, model: path, header: header)
    }
  }

  /// How one goes on with an interrupted run of the model.
  var goOn: String {
    let model = path == StandardInput.path ? "the same command" : "the same command, pairbath run \(RunSummary.quoted(path)) ..."
    return "what is finished is kept; go on with \(model), and --resume"
  }
}

extension ModelOptions {
  /// Says what a run has written and what fell short, and ends with the code for it; returns when nothing did.
  func conclude(
    _ result: TransportResult, of computation: any Computation, _ header: ModelHeader, writtenTo path: String, seconds: Double,
    isQuiet: Bool, allowsUnstable: Bool
  ) throws {
    let reservations = computation.reservations(about: result)
    if !isQuiet {
      Terminal.report(RunSummary(result, seconds: seconds, path: path).text, besides: path)
      for reservation in reservations { Terminal.printError("pairbath: note: \(reservation)\n") }
    }
    try end(
      with: result, header, isQuiet: isQuiet, allowsUnstable: allowsUnstable, hasReservations: !reservations.isEmpty)
  }

  /// Says what fell short in a result and ends with the code for it; returns when nothing did.
  func end(
    with result: TransportResult, _ header: ModelHeader, isQuiet: Bool = false, allowsUnstable: Bool = false,
    hasReservations: Bool = false
  ) throws {
    let code = StatusReport(result).exitCode(allowsUnstable: allowsUnstable)
    if !isQuiet || code == 70 {
      for shortfall in result.shortfalls {
        let message = CommandFailure(shortfall, model: path, header: header).message
        Terminal.printError("pairbath: \(code == 70 ? "error" : "note"): \(message)\n")
      }
    }
    let final = code == 0 && hasReservations ? 1 : code
    if final != 0 { throw ExitCode(final) }
  }
}

extension ProgressReporter.Style {
  /// A bar on a terminal, lines elsewhere, nothing when `quiet`.
  static func standard(quiet: Bool = false) -> ProgressReporter.Style {
    if quiet { return .silent }
    return Terminal.errorIsTerminal ? .bar(width: Terminal.width(otherwise: 80, ofError: true)) : .lines
  }
}

extension Terminal {
  /// Writes words where they do not get into a result that goes to standard output.
  static func report(_ text: String, besides path: String) {
    if (try? OutputTarget(path))?.isStandardOutput == true { printError(text) } else { print(text) }
  }
}
