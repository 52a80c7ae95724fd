import Cancellation

extension SolverError {
  /// Throws `.interrupted` when the work this thread does shall end (`CancellationToken`).
  package static func checkInterruption(_ activity: String) throws(SolverError) {
    if CancellationToken.isRequested { throw SolverError(.interrupted, "interrupted while \(activity)") }
  }
}
