import Synchronization
import TransportResults

/// Where in columns of numbers the pieces of a stage write.
enum PiecePlaces: Sendable {
  /// Consecutive blocks of states, all components.
  case blocks(Int)
  /// Listed states, all components.
  case lists([[Int]])
  /// All states, those components that belong to one of `count` frequencies: every `count`-th, beginning with `first` + piece.
  case frequencies(count: Int, first: Int)
}

/// A stage whose pieces write numbers of states: its name, how it is known in other processes, and where the numbers go.
struct StateStage {
  let words: String
  let key: String
  let columns: [ResultColumns]
  let places: PiecePlaces

  init(_ words: String, key: String? = nil, _ columns: [ResultColumns], _ places: PiecePlaces) {
    (self.words, self.key, self.columns, self.places) = (words, key ?? words, columns, places)
  }
}

extension StateLedger {
  /// Opens the notes of a stage and runs its pieces, each of which writes its numbers and notes what became of its states. `prepare` makes
  /// what the workers share and is called only where something is left to do. Throws as `stage` and as the pieces.
  func run<Tools: Sendable, Worker>(
    _ stage: StateStage, _ count: Int, _ work: ParallelWork,
    prepare: () throws(SolverError) -> Tools, makeWorker: @escaping @Sendable (Tools) -> Worker,
    body: @escaping @Sendable (Int, inout Worker, PieceNotes) throws(SolverError) -> Void
  ) throws(SolverError) {
    try self.stage { notes throws(SolverError) in
      try run(stage, count, work, in: notes, prepare: prepare, makeWorker: makeWorker, body: body)
    }
  }

  /// The same where nothing is prepared.
  func run<Worker>(
    _ stage: StateStage, _ count: Int, _ work: ParallelWork, makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, inout Worker, PieceNotes) throws(SolverError) -> Void
  ) throws(SolverError) {
    try run(stage, count, work, prepare: { () throws(SolverError) in }, makeWorker: { _ in makeWorker() }, body: body)
  }

  /// The same inside a stage that is open.
  func run<Tools: Sendable, Worker>(
    _ stage: StateStage, _ count: Int, _ work: ParallelWork, in notes: Stage,
    prepare: () throws(SolverError) -> Tools, makeWorker: @escaping @Sendable (Tools) -> Worker,
    body: @escaping @Sendable (Int, inout Worker, PieceNotes) throws(SolverError) -> Void
  ) throws(SolverError) {
    let (tolerance, words) = (tolerance, stage.words)
    let records = StateRecords(stage, notes, states: states, tolerance: tolerance, isKept: work.isKeeping)
    try work.run(
      count, stage: PieceStage(stage.words, key: stage.key, role: .results, records: records), prepare: prepare,
      makeWorker: makeWorker,
      body: { piece, worker throws(SolverError) in
        let own = PieceNotes(tolerance: tolerance)
        try body(piece, &worker, own)
        // Whatever was noted may have been noted because the run was broken off.
        try SolverError.checkInterruption("computing \(words)")
        records.note(own, piece)
      })
    notes.agree(work)
  }
}

/// What a piece of a stage of states hands on: its numbers, bit by bit, and its notes.
private final class StateRecords: PieceRecords {
  private let stage: StateStage
  private let notes: StateLedger.Stage
  private let states: Int
  private let tolerance: Double
  private let isKept: Bool
  /// Notes of pieces done here, as bytes.
  private let kept = Mutex<[Int: [UInt8]]>([:])

  init(_ stage: StateStage, _ notes: StateLedger.Stage, states: Int, tolerance: Double, isKept: Bool) {
    (self.stage, self.notes, self.states, self.tolerance, self.isKept) = (stage, notes, states, tolerance, isKept)
  }

  func note(_ own: PieceNotes, _ piece: Int) {
    notes.take(own)
    guard isKept else { return }
    var writer = RecordWriter()
    own.put(into: &writer)
    kept.withLock { $0[piece] = writer.bytes }
  }

  func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    writer.put(kept.withLock { $0[piece] } ?? [])
    for column in stage.columns {
      for row in column.rows(of: piece, stage.places, states: states) { writer.put(bare: UnsafeBufferPointer(row)) }
    }
    return writer.bytes
  }

  func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    var reader = RecordReader(bytes)
    guard let raw = reader.raw() else { return false }
    var noteReader = RecordReader(raw)
    guard let own = PieceNotes(from: &noteReader, states: states, tolerance: tolerance), noteReader.isAtEnd else { return false }
    let rows = stage.columns.flatMap { $0.rows(of: piece, stage.places, states: states) }
    guard bytes.count == 8 + raw.count + rows.reduce(0, { $0 + 8 * $1.count }) else { return false }
    for row in rows { _ = reader.read(into: row) }
    notes.take(own)
    kept.withLock { $0[piece] = raw }
    return true
  }
}

extension ResultColumns {
  /// The stretches of values and errors that a piece writes.
  fileprivate func rows(of piece: Int, _ places: PiecePlaces, states count: Int) -> [UnsafeMutableBufferPointer<Double>] {
    // Two numbers per state where they are complex.
    let numbers = states / max(count, 1)
    switch places {
    case .blocks(let size):
      let (first, end) = (numbers * min(piece * size, count), numbers * min((piece + 1) * size, count))
      return (0..<components).flatMap { stretch($0 * states + first, end - first) }
    case .lists(let lists):
      return (0..<components).flatMap { c in lists[piece].flatMap { stretch(c * states + numbers * $0, numbers) } }
    case .frequencies(let count, let first):
      return stride(from: first + piece, to: components, by: count).flatMap { stretch($0 * states, states) }
    }
  }
}
