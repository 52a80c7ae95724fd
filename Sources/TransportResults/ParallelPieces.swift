import Synchronization

/// Spreads independent pieces of work over threads: what solvers ask of whoever runs them.
package protocol ParallelPieces {
  /// Runs `body` for 0 ..< `count`, each once, in any order and on any thread; `stage` says in words what is being done.
  /// Throws the failure with the lowest index, or `SolverError.interrupted`.
  func run(
    _ count: Int, stage: String, body: @escaping @Sendable (Int) throws(SolverError) -> Void
  ) throws(SolverError)
}

extension ParallelPieces {
  /// The values of all pieces, in their order. Throws as `run`.
  package func values<Value: Sendable>(
    _ count: Int, stage: String, of body: @escaping @Sendable (Int) throws(SolverError) -> Value
  ) throws(SolverError) -> [Value] {
    let slots = Slots<Value>(count: count)
    try run(count, stage: stage, body: { index throws(SolverError) in slots.set(index, try body(index)) })
    return slots.all
  }
}

/// Places that several threads fill, each once.
package final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  package init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

  /// Fills a place.
  package func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

  /// What has been filled, in the order of the places.
  package var all: [Value] { values.withLock { $0.compactMap { $0 } } }
}
