import Cancellation

extension LinearAlgebraError {
  /// Matrices below this order are factored faster than anybody presses a key; whoever factors many polls by itself.
  private static let smallestPolled = 24

  /// Throws `.interrupted` before work on a matrix of some size when the work this thread does shall end.
  @inline(__always)
  static func checkInterruption(_ routine: String, size: Int) throws(LinearAlgebraError) {
    if size >= smallestPolled { try checkInterruption(routine) }
  }

  /// Throws `.interrupted` when the work this thread does shall end.
  package static func checkInterruption(_ routine: String) throws(LinearAlgebraError) {
    if CancellationToken.isRequested { throw LinearAlgebraError(.interrupted, routine: routine, index: 0) }
  }
}
