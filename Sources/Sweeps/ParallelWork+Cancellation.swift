import Cancellation
import TransportResults

extension ParallelWork {
  /// Runs `body` as work on a number of threads that the token of this thread and `isCancelled` can end. Once one of them is set, whatever
  /// `body` returned or threw may be half done: that is `SolverError.interrupted`, unless `keeps` says that a value tells itself what of it
  /// is finished. `progress` is called on this thread.
  static func performing<Value>(
    on workers: Int, progress: (SweepProgress) -> Void, until isCancelled: @escaping @Sendable () -> Bool,
    keeping keeps: (Value) -> Bool = { _ in false }, keeper: any PieceKeeper = NoKeeper(),
    _ body: (ParallelWork) throws(SolverError) -> Value
  ) throws(SolverError) -> Value {
    let token = CancellationToken.ofThisWork.or(isCancelled)
    let result: Value
    do throws(SolverError) {
      result = try withoutActuallyEscaping(progress) { (progress) throws(SolverError) -> Value in
        let work = ParallelWork(
          workers: workers, progress: progress, isCancelled: { token.isRequested }, scope: WorkScope(keeper))
        return try token.perform { () throws(SolverError) -> Value in try body(work) }
      }
    } catch {
      guard token.isRequested, error.code != .interrupted else { throw error }
      throw SolverError(.interrupted, "interrupted")
    }
    guard !token.isRequested || keeps(result) else { throw SolverError(.interrupted, "interrupted") }
    return result
  }
}
