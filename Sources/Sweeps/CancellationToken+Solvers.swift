import Cancellation
import TransportResults

extension CancellationToken {
  /// Runs `body` as work that the token of this thread and `isCancelled` can end. Once one of them is set, whatever `body` returned or
  /// threw may be half done: that is `SolverError.interrupted`.
  static func performing<Value>(
    until isCancelled: @escaping @Sendable () -> Bool,
    _ body: (@escaping @Sendable () -> Bool) throws(SolverError) -> Value
  ) throws(SolverError) -> Value {
    let token = ofThisWork.or(isCancelled)
    let result: Value
    do throws(SolverError) {
      result = try token.perform { () throws(SolverError) -> Value in try body { token.isRequested } }
    } catch {
      guard token.isRequested, error.code != .interrupted else { throw error }
      throw SolverError(.interrupted, "interrupted")
    }
    guard !token.isRequested else { throw SolverError(.interrupted, "interrupted") }
    return result
  }
}
