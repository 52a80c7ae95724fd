import Synchronization
import TransportResults

/// Pieces that are all done here, in their order.
package final class LocalPieces: PieceSource {
  private let count: Int
  private let next = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)

  /// A number of pieces.
  package init(_ count: Int) { self.count = count }

  package let isOpen = true
  package let pace = 100
  package var done: Int { finished.load(ordering: .relaxed) }

  package func begin() {}

  package func claim() -> Int? {
    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return piece < count ? piece : nil
  }

  package func finish(_ piece: Int) { finished.wrappingAdd(1, ordering: .relaxed) }

  package func stop() { next.wrappingAdd(count, ordering: .relaxed) }

  package func attend() {}

  package func abandon() {}

  package func saveNow() {}

  package func close(failure: PieceFailure?, wasCancelled: Bool, _ wait: () -> Void) throws(SolverError) {
    if let failure, !wasCancelled { throw failure.error }
  }
}
