import Synchronization

/// Spreads independent pieces of work over threads, and perhaps over processes: what solvers ask of whoever runs them.
package protocol ParallelPieces {
  /// Runs `body` for 0 ..< `count`, each once, in any order and on any thread; `stage` says what is being done.
  /// Throws the failure with the lowest index, or `SolverError.interrupted`.
  func run(
    _ count: Int, stage: PieceStage, body: @escaping @Sendable (Int) throws(SolverError) -> Void
  ) throws(SolverError)
}

extension ParallelPieces {
  /// The values of all pieces, in their order. Throws as `run`.
  package func values<Value: Sendable>(
    _ count: Int, stage: String, of body: @escaping @Sendable (Int) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    let slots = Slots<Value>(count: count)
    try run(count, stage: PieceStage(stage), body: { index throws(SolverError) in slots.set(index, try body(index)) })
    return slots.all
  }

  /// The values of all pieces, in their order, handed on under `key`. Throws as `run`.
  package func values<Value: RecordedValue>(
    _ count: Int, stage: String, key: String, role: PieceStage.Role = .shared,
    of body: @escaping @Sendable (Int) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    try values(count, stage: stage, key: key, role: role, put: { $0.put(into: &$1) }, read: { Value(from: &$0) }, of: body)
  }

  /// The values of all pieces, in their order, handed on under `key` as `put` writes them and `read` reads them. Of a stage with the role
  /// `results` there are those that are known here. Throws as `run`.
  package func values<Value: Sendable>(
    _ count: Int, stage: String, key: String, role: PieceStage.Role = .shared,
    put: @escaping @Sendable (Value, inout RecordWriter) -> Void, read: @escaping @Sendable (inout RecordReader) -> Value?,
    of body: @escaping @Sendable (Int) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    let slots = Slots<Value>(count: count)
    try run(
      count, stage: PieceStage(stage, key: key, role: role, records: SlotRecords(slots: slots, put: put, read: read)),
      body: { index throws(SolverError) in slots.set(index, try body(index)) })
    return slots.all
  }
}

/// Places that several threads fill, each once.
package final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  package init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

  /// Fills a place.
  package func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

  /// What a place holds; nil where nothing has been put.
  package subscript(index: Int) -> Value? { values.withLock { $0[index] } }

  /// What has been filled, in the order of the places.
  package var all: [Value] { values.withLock { $0.compactMap { $0 } } }

  /// All places, filled or not.
  package var places: [Value?] { values.withLock { $0 } }
}
