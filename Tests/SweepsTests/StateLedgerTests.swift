import Testing
import TransportResults

@testable import Sweeps

@Suite("What becomes of states")
struct StateLedgerTests {
  private static func ledger(_ states: Int = 50) -> StateLedger {
    StateLedger(states: states, tolerance: 1e-6) { "state \($0)" }
  }

  @Test("the worst state and the number of misses do not depend on the order in which blocks are noted")
  func order() throws {
    let blocks: [[(name: String, error: Double, state: Int)]] = [
      [("a", 2e-3, 5), ("b", 1e-4, 6)], [("a", 5e-3, 40), ("a", 5e-3, 41)], [("a", 5e-3, 20), ("b", 4e-2, 21)],
    ]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
      let ledger = Self.ledger()
      try ledger.stage { stage throws(SolverError) in
        stage.note { $0.finish(0..<50) }
        for b in order {
          stage.note { notes in for entry in blocks[b] { notes.miss(entry.name, error: entry.error, state: entry.state) } }
        }
      }
      let words = ledger.shortfalls.map(\.message)
      #expect(words.count == 2)
      #expect(words[0].contains("the a reached the relative tolerance 1e-06 in 46 of 50 states; worst error 0.005 at state 20"))
      #expect(words[1].contains("the b reached the relative tolerance 1e-06 in 48 of 50 states; worst error 0.04 at state 21"))
      #expect(ledger.codes.count { $0 == .toleranceMissed } == 6)
    }
  }

  @Test("a state is done when all stages are, and the gravest note counts")
  func stages() throws {
    let ledger = Self.ledger(4)
    try ledger.stage { stage throws(SolverError) in
      stage.note { notes in
        notes.finish(0..<4) { $0 == 1 ? .noSteadyState : .done }
        notes.miss("flows", error: 1, state: 1)
        notes.miss("flows", error: 1, state: 2)
      }
    }
    #expect(ledger.codes == [.done, .noSteadyState, .toleranceMissed, .done])
    try ledger.stage { stage in stage.note { $0.finish(0..<3) } }
    #expect(ledger.codes == [.done, .noSteadyState, .toleranceMissed, .notComputed])
  }

  @Test("numbers that are none are misses of any tolerance, and worth no advice about it")
  func nothing() throws {
    let ledger = Self.ledger(2)
    try ledger.stage { stage throws(SolverError) in
      stage.note { notes in
        notes.finish(0..<2)
        notes.miss("flows", error: .nan, state: 1)
      }
    }
    #expect(ledger.codes == [.done, .toleranceMissed])
    #expect(ledger.shortfalls[0].hint.isEmpty)
  }

  @Test("a failure of one state is noted with its reason, one of the model is thrown")
  func failures() throws {
    let ledger = Self.ledger(3)
    try ledger.stage { stage throws(SolverError) in
      let notes = PieceNotes(tolerance: 1e-6)
      notes.finish(0..<3)
      try notes.fail(1, SolverError(.linearAlgebra, "no inverse"))
      #expect(throws: SolverError.self) { try notes.fail(2, SolverError(.unsuitableModel, "no bath")) }
      stage.take(notes)
    }
    #expect(ledger.codes == [.done, .notComputed, .done])
    #expect(ledger.shortfalls.map(\.message) == ["1 of 3 states could not be computed; the first one is state 1: no inverse"])
  }

  @Test("a run that is ended keeps what it has finished; ended before that it has nothing to keep")
  func ended() throws {
    let ledger = Self.ledger(3)
    try ledger.stage { stage throws(SolverError) in
      stage.note { $0.finish(0) }
      throw SolverError(.interrupted, "enough")
    }
    #expect(ledger.isInterrupted && ledger.codes == [.done, .notComputed, .notComputed])
    let empty = Self.ledger(3)
    #expect(throws: SolverError.self) { try empty.stage { _ throws(SolverError) in throw SolverError(.interrupted, "enough") } }
  }

  @Test("states of a stage whose pieces are frequencies are done together or not at all")
  func joint() throws {
    let ledger = Self.ledger(2)
    try ledger.stage { stage in stage.note { $0.finish(0..<2) } }
    try ledger.stage { stage in
      stage.note { notes in
        notes.check("spectra", error: 1e-7, state: 0)
        notes.check("spectra", error: 1e-5, state: 1)
      }
      stage.note { $0.finish(0..<2) }
    }
    #expect(ledger.codes == [.done, .toleranceMissed])
    try ledger.stage { _ throws(SolverError) in throw SolverError(.interrupted, "enough") }
    #expect(ledger.codes == [.notComputed, .notComputed])
  }

  @Test("notes of a piece survive as bytes, and bytes of anything else are refused")
  func bytes() throws {
    let notes = PieceNotes(tolerance: 1e-6)
    notes.finish(3..<7)
    notes.finish(9, .noSteadyState)
    notes.miss("flows", error: .infinity, state: 4, advice: "; see \(part: .elasticCorrection)")
    try notes.fail(5, SolverError(.notConverged, at: .bath("ph"), "no\nend"))
    var writer = RecordWriter()
    notes.put(into: &writer)
    func ledger(_ notes: PieceNotes) throws -> StateLedger {
      let ledger = Self.ledger(10)
      try ledger.stage { stage in stage.take(notes) }
      return ledger
    }
    var reader = RecordReader(writer.bytes)
    let read = try #require(PieceNotes(from: &reader, states: 10, tolerance: 1e-6))
    #expect(reader.isAtEnd)
    let (first, second) = (try ledger(notes), try ledger(read))
    #expect(first.codes == second.codes && first.shortfalls == second.shortfalls && first.shortfalls.count == 2)
    for length in writer.bytes.indices {
      var cut = RecordReader(Array(writer.bytes[..<length]))
      #expect(PieceNotes(from: &cut, states: 10, tolerance: 1e-6) == nil)
    }
    // A state that does not exist.
    reader = RecordReader(writer.bytes)
    #expect(PieceNotes(from: &reader, states: 9, tolerance: 1e-6) == nil)
  }
}
