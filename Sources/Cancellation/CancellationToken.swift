/// Whether somebody wants the running work to end: a condition that loops poll, and that never becomes false again once it was true.
///
/// The token of a piece of work is task-local: `perform` sets it for everything called inside, at any depth, on this thread or in this
/// task, and nowhere else. Work handed to other threads must take it along (`ParallelWork` does). Loops poll `CancellationToken.isRequested`
/// (some 30 ns) about every millisecond of work, then throw their layer's `.interrupted`, or, where they cannot throw, leave early with
/// numbers that nobody will see: whoever set the token looks at it once more before a result leaves.
package struct CancellationToken: Sendable {
  private let condition: (@Sendable () -> Bool)?

  /// A token that is set while `condition` is true.
  package init(_ condition: @escaping @Sendable () -> Bool) { self.condition = condition }

  private init() { condition = nil }

  /// The token that is never set.
  package static let never = CancellationToken()

  @TaskLocal private static var current = CancellationToken.never

  /// The token of the work this thread does.
  package static var ofThisWork: CancellationToken { current }

  /// True when this token is set.
  package var isRequested: Bool { condition?() ?? false }

  /// True when the work this thread does shall end.
  package static var isRequested: Bool { current.isRequested }

  /// A token that is set when this one is or `other` is.
  package func or(_ other: @escaping @Sendable () -> Bool) -> CancellationToken {
    guard let condition else { return CancellationToken(other) }
    return CancellationToken { condition() || other() }
  }

  /// Runs `body` as the work this token belongs to.
  package func perform<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    var result: Result<Value, Failure>?
    Self.$current.withValue(self) {
      do throws(Failure) { result = .success(try body()) } catch { result = .failure(error) }
    }
    return try result!.get()
  }
}
