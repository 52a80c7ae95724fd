import Cancellation
import Dispatch
import Foundation
import Synchronization
import Testing

@Suite("CancellationToken")
struct CancellationTokenTests {
  private struct Failure: Error, Equatable {}

  @Test("a token belongs to the work inside perform, at any depth, and to nothing else")
  func scope() {
    #expect(!CancellationToken.isRequested && !CancellationToken.never.isRequested)
    let token = CancellationToken { true }
    let inside = token.perform { (CancellationToken.isRequested, Self.deep(5)) }
    #expect(inside == (true, true))
    #expect(!CancellationToken.isRequested)
    token.perform {
      CancellationToken.never.perform { #expect(!CancellationToken.isRequested) }
      #expect(CancellationToken.isRequested)
    }
  }

  private static func deep(_ depth: Int) -> Bool { depth == 0 ? CancellationToken.isRequested : deep(depth - 1) }

  @Test("errors and values pass through with their types")
  func passing() {
    let token = CancellationToken { false }
    #expect(token.perform { 7 } == 7)
    do throws(Failure) {
      try token.perform { () throws(Failure) in throw Failure() }
      Issue.record("nothing was thrown")
    } catch { #expect(error == Failure()) }
    #expect(!CancellationToken.isRequested)
  }

  @Test("either of two conditions sets a token, and threads do not see each other's")
  func conditions() {
    let (first, second) = (Flag(), Flag())
    let both = CancellationToken { first.isSet }.or { second.isSet }
    #expect(!both.isRequested && !CancellationToken.never.or { second.isSet }.isRequested)
    second.set()
    #expect(both.isRequested && CancellationToken.never.or { second.isSet }.isRequested)
    let seen = Mutex<[Bool]>([])
    both.perform {
      DispatchQueue.concurrentPerform(iterations: 1) { _ in }
      let group = DispatchGroup()
      for handsOver in [false, true] {
        let token = CancellationToken.ofThisWork
        DispatchQueue.global().async(group: group) {
          let isSet = handsOver ? token.perform { CancellationToken.isRequested } : CancellationToken.isRequested
          seen.withLock { $0.append(isSet) }
        }
        group.wait()
      }
    }
    #expect(seen.withLock { $0 } == [false, true])
  }

  private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
  }
}

@Suite("Leftovers")
struct LeftoversTests {
  @Test("files are removed and processes ended while they are noted, not before and not after")
  func clearing() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/leftovers-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let leftovers = Leftovers()
    let (noted, done) = (folder + "/noted", folder + "/done")
    for file in [noted, done] { #expect(FileManager.default.createFile(atPath: file, contents: nil)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = ["60"]
    try process.run()
    leftovers.perform {
      Leftovers.noting(file: done) {}
      Leftovers.noting(file: noted) { Leftovers.noting(process: process.processIdentifier) { leftovers.clear() } }
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(!FileManager.default.fileExists(atPath: noted) && FileManager.default.fileExists(atPath: done))
    // Without anybody who wants to know, nothing is noted.
    Leftovers.noting(file: done) { leftovers.clear() }
    #expect(FileManager.default.fileExists(atPath: done))
  }
}
