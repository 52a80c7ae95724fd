import Synchronization
import TransportResults

/// A system that has been read, and its number among those of the sweep.
struct NumberedSystem<System: Computation>: Sendable {
  let number: Int
  let system: System
}

/// Computes the systems of a sweep, each into its own place.
struct SystemWorker<System: Computation>: Sendable {
  let system: @Sendable (Int) throws(SolverError) -> System
  let shape: SystemShape
  let places: SystemPlaces
  let tolerance: Double
  let records: SystemRecords

  /// A system that cannot be computed costs its own states only. Throws `.interrupted` with what is finished of it noted.
  func compute(_ index: Int, _ work: ParallelWork) throws(SolverError) {
    let notes = PieceNotes(tolerance: tolerance)
    let outcome: ComputationOutcome
    do throws(SolverError) {
      let system = try system(index)
      try shape.require(system.emptyResult, at: places.words(ofSystem: index))
      try system.checkNumbers()
      outcome = try system.outcome(work)
    } catch {
      // Whatever failed may have failed because it was broken off.
      try SolverError.checkInterruption("computing systems")
      guard error.code != .interrupted, error.code != .tooLarge, places.systems > 1 else { throw error }
      notes.fail(places.states(ofSystem: index), error)
      return records.note(nil, notes, index)
    }
    notes.absorb(outcome.ledger) { places.state($0, ofSystem: index) }
    records.note(outcome.result, notes, index)
    if outcome.ledger.isInterrupted { throw SolverError(.interrupted, "interrupted while computing systems") }
  }

  /// Computes systems that are one system at other states.
  func compute(_ group: [NumberedSystem<System>], _ work: ParallelWork) throws(SolverError) {
    guard group.count > 1, let joined = System.joined(group.map(\.system)) else {
      for member in group { try compute(member.number, work.at("system \(member.number)")) }
      return
    }
    let outcome: ComputationOutcome
    do throws(SolverError) {
      for member in group { try shape.require(member.system.emptyResult, at: places.words(ofSystem: member.number)) }
      try joined.checkNumbers()
      outcome = try joined.outcome(work)
    } catch {
      // Whatever failed may have failed because it was broken off.
      try SolverError.checkInterruption("computing systems")
      guard error.code != .interrupted, error.code != .tooLarge else { throw error }
      // One of them may be the cause.
      for member in group { try compute(member.number, work.at("system \(member.number)")) }
      return
    }
    let own = places.statesPerSystem
    let notes = PieceNotes(tolerance: tolerance)
    notes.absorb(outcome.ledger) { places.state($0 % own, ofSystem: group[$0 / own].number) }
    for (index, member) in group.enumerated() { records.set(member.system.part(index, of: outcome.result), member.number) }
    records.take(notes)
    if outcome.ledger.isInterrupted { throw SolverError(.interrupted, "interrupted while computing systems") }
  }
}

/// Results of single systems; nil where there is none.
final class SystemParts: Sendable {
  private let results: Mutex<[TransportResult?]>

  init(count: Int) { results = Mutex([TransportResult?](repeating: nil, count: count)) }

  func set(_ index: Int, _ result: TransportResult?) { results.withLock { $0[index] = result } }

  subscript(index: Int) -> TransportResult? { results.withLock { $0[index] } }

  var all: [TransportResult?] { results.withLock { $0 } }
  var hasAny: Bool { results.withLock { $0.contains { $0 != nil } } }
}

/// What a system hands on: its numbers, and what became of its states.
final class SystemRecords: PieceRecords {
  private let stage: StateLedger.Stage
  private let parts: SystemParts
  private let states: Int
  private let tolerance: Double
  /// Labels and axes, which every system has.
  private let empty: TransportResult
  private let kept = Mutex<[Int: [UInt8]]>([:])

  init(_ stage: StateLedger.Stage, _ parts: SystemParts, states: Int, tolerance: Double, empty: TransportResult) {
    (self.stage, self.parts, self.states, self.tolerance, self.empty) = (stage, parts, states, tolerance, empty)
  }

  /// Takes in the result of a system and its notes.
  func note(_ result: TransportResult?, _ notes: PieceNotes, _ index: Int) {
    set(result, index)
    take(notes)
    var writer = RecordWriter()
    notes.put(into: &writer)
    kept.withLock { $0[index] = writer.bytes }
  }

  func set(_ result: TransportResult?, _ index: Int) { parts.set(index, result) }

  func take(_ notes: PieceNotes) { stage.take(notes) }

  func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    writer.put(kept.withLock { $0[piece] } ?? [])
    parts[piece]?.putNumbers(into: &writer)
    return writer.bytes
  }

  func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    var reader = RecordReader(bytes)
    guard let raw = reader.raw() else { return false }
    var noteReader = RecordReader(raw)
    guard let notes = PieceNotes(from: &noteReader, states: states, tolerance: tolerance), noteReader.isAtEnd else {
      return false
    }
    if !reader.isAtEnd {
      var result = empty
      guard result.readNumbers(from: &reader), reader.isAtEnd else { return false }
      set(result, piece)
    }
    take(notes)
    kept.withLock { $0[piece] = raw }
    return true
  }
}
