import Foundation
import PairbathTestSupport
import ProcessGroups
import Testing
import TransportResults

@testable import DistributedSweeps
@testable import Sweeps

@Suite("Runs of several processes, of several parts, and of several attempts")
struct SharedRunTests {
  /// The same numbers, bit by bit: NaN equals NaN.
  private static func isSame(_ a: TransportResult, _ b: TransportResult) -> Bool {
    func bits(_ result: TransportResult) -> [[UInt64]] {
      result.variables.flatMap { [$0.values.map(\.bitPattern), ($0.errors ?? []).map(\.bitPattern)] }
    }
    return a.variables.map(\.name) == b.variables.map(\.name) && bits(a) == bits(b) && a.shortfalls == b.shortfalls
  }

  @Test("any number of processes computes the same bits", arguments: SharedRuns.names)
  func processes(name: String) throws {
    let reference = try SharedRuns.reference(name)
    #expect(!reference.variables.isEmpty)
    for count in [2, 3, 7] {
      let outcome = ThreadProcessGroups.run(count, seed: UInt64(count)) { group -> Result<TransportResult?, any Error> in
        Result {
          var options = RunKeeper.Options()
          options.group = group
          let keeper = RunKeeper.new(SharedRuns.identity, options)
          let computation: any Computation = try SharedRuns.computation(name)
          let result = try SweepRunner(workers: count == 2 ? 2 : 1).run(computation, keeper: keeper)
          group.finish()
          return keeper.isRoot ? result : nil
        }
      }
      guard case .finished(let results) = outcome else {
        Issue.record("\(name): aborted")
        continue
      }
      let root = try #require(try results[0].get())
      #expect(Self.isSame(root, reference), "\(name), \(count) processes")
      for result in results { _ = try result.get() }
    }
  }

  @Test("any number of parts, put together in any order, makes the same bits", arguments: SharedRuns.names)
  func parts(name: String) throws {
    let reference = try SharedRuns.reference(name)
    for count in [1, 3] {
      let files = try (1...count).map { number in
        var options = RunKeeper.Options()
        (options.part, options.parts) = (RunIdentity.Part(number: number, count: count), count)
        var identity = SharedRuns.identity
        identity.part = options.part
        let keeper = RunKeeper.new(identity, options)
        let computation: any Computation = try SharedRuns.computation(name)
        _ = try SweepRunner(workers: number % 2 + 1).run(computation, keeper: keeper)
        return keeper.partRecords
      }
      var parts = RunParts()
      for (index, bytes) in files.enumerated().reversed() {
        if index == 0, count > 1 { #expect(parts.missing == [1]) }
        try parts.add(bytes, file: "\(index)")
      }
      #expect(parts.missing.isEmpty)
      let keeper = try #require(parts.keeper(RunKeeper.Options()))
      let computation: any Computation = try SharedRuns.computation(name)
      let merged = try SweepRunner(workers: 2).run(computation, keeper: keeper)
      #expect(keeper.restored > 0, "\(name)")
      #expect(Self.isSame(merged, reference), "\(name), \(count) parts")
    }
  }

  @Test("a run that is ended at any time goes on to the same bits, with any number of threads", arguments: SharedRuns.names)
  func attempts(name: String) throws {
    let reference = try SharedRuns.reference(name)
    let folder = NSTemporaryDirectory() + "pairbath-attempts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = RunKeeper.Options()
    options.checkpoint = CheckpointPlan(path: folder + "/run.checkpoint", interval: 0, start: 0)
    var (attempts, restored) = (0, 0)
    while attempts < 60 {
      attempts += 1
      let begin = ContinuousClock.now
      let patience = Duration.milliseconds(attempts < 20 ? 40 * attempts : 60_000)
      let keeper: RunKeeper
      switch RunKeeper.find(SharedRuns.identity, options) {
      case .same(let found, let pieces, _):
        keeper = found
        #expect(pieces >= restored)
        restored = pieces
      case .none: keeper = .new(SharedRuns.identity, options)
      case .busy:
        // A thread of the attempt before may still hold its file.
        usleep(10_000)
        continue
      default:
        Issue.record("no checkpoint of this run")
        return
      }
      let computation: any Computation = try SharedRuns.computation(name)
      let result = try? SweepRunner(workers: attempts % 3 + 1).run(
        computation, isCancelled: { begin.duration(to: .now) > patience }, keeper: keeper)
      guard let result, !result.isInterrupted else { continue }
      #expect(Self.isSame(result, reference), "\(name) after \(attempts) attempts")
      keeper.removeCheckpoint()
      #expect(!FileManager.default.fileExists(atPath: folder + "/run.checkpoint"))
      return
    }
    Issue.record("\(name): no end after \(attempts) attempts")
  }

  @Test("a failure in any process is everybody's, and the same")
  func failures() throws {
    let outcome = ThreadProcessGroups.run(3, seed: 5) { group -> String in
      var options = RunKeeper.Options()
      options.group = group
      let work = ParallelWork(
        workers: 1, progress: { _ in }, isCancelled: { false },
        scope: WorkScope(RunKeeper.new(SharedRuns.identity, options)))
      defer { group.finish() }
      do throws(SolverError) {
        _ = try work.values(
          100, stage: "pieces", key: "pieces", put: { $1.put($0) }, read: { $0.integer() },
          of: { piece throws(SolverError) in
            guard piece < 40 else { throw SolverError(.notConverged, at: .bath("ph"), "piece \(piece)", hint: "no") }
            return piece
          })
        return "no failure"
      } catch { return "\(error)" }
    }
    guard case .finished(let words) = outcome else {
      Issue.record("aborted")
      return
    }
    #expect(Set(words).count == 1 && words[0].contains("piece 40"), "\(words)")
  }

  @Test("values that all need are everybody's, whoever computed them")
  func shared() throws {
    let outcome = ThreadProcessGroups.run(4, seed: 6) { group -> [Int] in
      var options = RunKeeper.Options()
      options.group = group
      let work = ParallelWork(
        workers: 2, progress: { _ in }, isCancelled: { false },
        scope: WorkScope(RunKeeper.new(SharedRuns.identity, options)))
      defer { group.finish() }
      let squares = try? work.values(
        1000, stage: "pieces", key: "pieces", put: { $1.put($0) }, read: { $0.integer() },
        of: { piece throws(SolverError) in piece * piece })
      return squares ?? []
    }
    guard case .finished(let results) = outcome else {
      Issue.record("aborted")
      return
    }
    for result in results { #expect(result == (0..<1000).map { $0 * $0 }) }
  }
}
