import Cancellation
import DataFiles
import Foundation
import Pairbath
import PairbathCommandSupport
import ResultFiles
import Synchronization
import SystemFiles

/// What answers the questions of pages about one model: computes, cancels what nobody waits for, and notices when the files change.
///
/// May be called from several threads at once; every call blocks until its answer is there.
package final class ExplorationService: Sendable {
  /// What pages are told while they wait.
  package enum Event: Sendable, Equatable {
    /// The files have changed.
    case model(revision: Int)
    case progress(view: String, stage: String, done: Int, total: Int, seconds: Double, left: Double?)

    /// As JSON.
    package var json: String {
      switch self {
      case .model(let revision): return JSONObject([("type", "\"model\""), ("revision", "\(revision)")]).text
      case .progress(let view, let stage, let done, let total, let seconds, let left):
        return JSONObject([
          ("type", "\"progress\""), ("view", JSONText.string(view)), ("stage", JSONText.string(stage)), ("done", "\(done)"),
          ("total", "\(total)"), ("seconds", JSONText.number(seconds)), ("left", left.map { JSONText.number($0) } ?? "null"),
        ]).text
      }
    }
  }

  /// A file for the user to keep.
  package struct Export: Sendable {
    package let name: String
    package let kind: String
    package let bytes: Data
  }

  private struct State {
    var explored: ExploredModel
    var revision = 1
    var error: FailureReport?
    /// The running computation of every view.
    var running: [String: Flag] = [:]
    var count = 0
    /// The model file that could not be read, and when.
    var failed: (stamp: FileStamp, at: ContinuousClock.Instant)?

    /// True when the files are to be read again. Of a model that could not be read nobody knows which files it would need: now and then.
    func isDue(_ path: String) -> Bool {
      guard let failed else { return explored.hasChanged }
      return FileStamp(path) != failed.stamp || failed.at.duration(to: .now) > .seconds(2)
    }
  }

  /// Set when nobody waits for a computation any more.
  private final class Flag: Sendable {
    private let raised = Atomic<Bool>(false)
    var isSet: Bool { raised.load(ordering: .relaxed) }
    func raise() { raised.store(true, ordering: .relaxed) }
  }

  /// Most computations at once.
  private static let mostAtOnce = 16

  private let path: String
  private let overrides: [String]
  private let tolerance: Double?
  private let workers: Int?
  private let state: Mutex<State>
  private let listeners = Mutex<[Int: @Sendable (Event) -> Void]>([:])
  private let isEnded = Flag()

  /// Reads the model. Throws `FileError` with the first fault.
  package init(file path: String, overrides: [String] = [], tolerance: Double? = nil, workers: Int? = nil) throws(FileError) {
    (self.path, self.overrides, self.tolerance, self.workers) = (path, overrides, tolerance, workers)
    state = Mutex(State(explored: try ExploredModel(file: path, overrides: overrides, tolerance: tolerance)))
  }

  /// What the model is, as JSON.
  package var description: String {
    let (explored, revision, error) = state.withLock { ($0.explored, $0.revision, $0.error) }
    return ModelDescription(explored, revision: revision, error: error).json
  }

  /// The title of the model, or its file's name.
  package var title: String {
    let header = state.withLock { $0.explored.model.header }
    return header.title.isEmpty ? header.file : header.title
  }

  /// Reads the files again where they have changed. A model that cannot be read leaves the last good one in place.
  package func refresh() {
    guard state.withLock({ $0.isDue(path) }) else { return }
    let stamp = FileStamp(path)
    let read: Result<ExploredModel, FileError>
    do throws(FileError) {
      read = .success(try ExploredModel(file: path, overrides: overrides, tolerance: tolerance))
    } catch { read = .failure(error) }
    let event: Event? = state.withLock { state in
      switch read {
      case .success(let explored): (state.explored, state.error, state.failed) = (explored, nil, nil)
      case .failure(let error):
        state.failed = (stamp, .now)
        let report = FailureReport(error)
        if state.error == report { return nil }
        state.error = report
      }
      state.revision += 1
      return .model(revision: state.revision)
    }
    if let event { tell(event) }
  }

  /// Calls `body` with everything that happens, until `forget`; the number is for that.
  package func listen(_ body: @escaping @Sendable (Event) -> Void) -> Int {
    listeners.withLock { listeners in
      let number = (listeners.keys.max() ?? 0) + 1
      listeners[number] = body
      return number
    }
  }

  package func forget(_ listener: Int) { listeners.withLock { $0[listener] = nil } }

  private func tell(_ event: Event) { for body in listeners.withLock({ Array($0.values) }) { body(event) } }

  /// Ends the computation of a view, or with a "/" at the end of all views whose names begin so.
  package func cancel(_ view: String) {
    state.withLock { state in
      for (name, flag) in state.running where name == view || (view.hasSuffix("/") && name.hasPrefix(view)) { flag.raise() }
    }
  }

  /// Ends all computations, now and in future.
  package func end() {
    isEnded.raise()
    state.withLock { for flag in $0.running.values { flag.raise() } }
  }

  /// The answer to a question, as JSON. Throws what the page is told.
  package func answer(_ question: ExplorationQuestion) throws(ExplorationFailure) -> String {
    let (explored, revision) = state.withLock { ($0.explored, $0.revision) }
    let clock = ContinuousClock()
    let start = clock.now
    let changes = try explored.changes(for: question)
    let (result, model) = try compute(explored, question, changes)
    var levels: [ElectronLevels.Level]?
    if question.levels == true, case .junction(let document) = model {
      levels = ElectronLevels.of(document, near: result.middlePotential)
    }
    return ExplorationAnswer(
      result: result, revision: revision, seconds: start.duration(to: clock.now).inSeconds,
      command: explored.command(changes, tolerance: question.tolerance), levels: levels,
      notes: model.notes + StatusReport(result).lines + result.shortfalls.map { FailureReport($0, model.header).message },
      wanted: question.variables, asked: Set((question.axes ?? []).map(\.name))
    ).json
  }

  /// A file for the user to keep. Throws what the page is told.
  package func export(_ question: ExplorationQuestion) throws(ExplorationFailure) -> Export {
    let explored = state.withLock { $0.explored }
    let changes = try explored.changes(for: question)
    switch question.format {
    case "model":
      do throws(FileError) {
        let text = try ModelRewriting(of: explored.parsed.text, file: explored.parsed.file, changes: overrides + changes).text
        return Export(name: "model.yaml", kind: "application/yaml", bytes: Data(text.utf8))
      } catch { throw .refused(FailureReport(error)) }
    case "csv":
      let result = try compute(explored, question, changes).result
      do throws(FileError) {
        return Export(name: "result.csv", kind: "text/csv; charset=utf-8", bytes: Data(try ResultTable(result).csv.utf8))
      } catch { throw .refused(FailureReport(error)) }
    case "netcdf":
      let result = try compute(explored, question, changes).result
      do throws(FileError) {
        return Export(name: "result.nc", kind: "application/x-netcdf", bytes: try Self.file(of: result))
      } catch { throw .refused(FailureReport(error)) }
    default:
      throw .bad("format", found: question.format.map { "'\($0)'" } ?? "nothing", allowed: "netcdf, csv or model")
    }
  }

  /// The bytes of a result file.
  private static func file(of result: TransportResult) throws(FileError) -> Data {
    let folder: ScratchFolder
    do { folder = try ScratchFolder() } catch { throw FileError(error) }
    let path = folder.file("result.nc")
    defer { folder.remove(["result.nc"]) }
    try ResultFile.write(result, to: path)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw FileError(.cannotRead, in: path, found: "nothing", allowed: "the result that was just written")
    }
    return bytes
  }

  private func compute(
    _ explored: ExploredModel, _ question: ExplorationQuestion, _ changes: [String]
  ) throws(ExplorationFailure) -> (result: TransportResult, model: ModelFile) {
    let view = question.view ?? ""
    let flag = try begin(view)
    defer { finish(view, flag) }
    let clock = ContinuousClock()
    let start = clock.now
    let model = try explored.changed(changes, tolerance: question.tolerance)
    var stage = (name: "", start: 0.0)
    do throws(SolverError) {
      let result = try model.run(
        workers: workers,
        progress: { step in
          let now = start.duration(to: clock.now).inSeconds
          if stage.name != step.stage { stage = (step.stage, now) }
          // Nobody looks at a bar that is gone at once.
          guard now > 0.2, !flag.isSet else { return }
          let spent = now - stage.start
          let left =
            step.done > 0 && step.done < step.total && spent > 0.3
            ? spent * Double(step.total - step.done) / Double(step.done) : nil
          tell(.progress(view: view, stage: step.stage, done: step.done, total: step.total, seconds: now, left: left))
        }, isCancelled: { flag.isSet })
      if flag.isSet { throw SolverError(.interrupted, "cancelled") }
      return (result, model)
    } catch { throw flag.isSet ? .cancelled : .refused(FailureReport(error, model.header)) }
  }

  private func begin(_ view: String) throws(ExplorationFailure) -> Flag {
    let flag = Flag()
    let isFree = state.withLock { state in
      if !view.isEmpty { state.running[view]?.raise() }
      guard state.count < Self.mostAtOnce, !isEnded.isSet else { return false }
      state.count += 1
      state.running[Self.key(view, flag)] = flag
      return true
    }
    guard isFree else { throw .busy }
    return flag
  }

  /// The name of a running computation: questions without a view have one of their own, and end with the program only.
  private static func key(_ view: String, _ flag: Flag) -> String { view.isEmpty ? "?\(ObjectIdentifier(flag).hashValue)" : view }

  private func finish(_ view: String, _ flag: Flag) {
    state.withLock { state in
      state.count -= 1
      let key = Self.key(view, flag)
      if state.running[key] === flag { state.running[key] = nil }
    }
  }
}

extension TransportResult {
  /// The mean of the chemical potentials of the first state, 0 without electrodes.
  var middlePotential: Double {
    guard let variable = variable("chemical_potential"), !variable.values.isEmpty else { return 0 }
    let electrodes = electrodeNames.count
    guard electrodes > 0 else { return 0 }
    let stride = variable.values.count / electrodes
    return (0..<electrodes).reduce(0) { $0 + variable.values[$1 * stride] } / Double(electrodes)
  }
}
