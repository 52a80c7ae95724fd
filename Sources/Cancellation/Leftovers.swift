import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a command must not leave behind when it is ended from outside: its temporary files and the programs it started.
///
/// Task-local like `CancellationToken`; without one nothing is noted. `clear` may be called from any thread.
package final class Leftovers: Sendable {
  private struct Lists {
    var files: Set<String> = []
    var processes: Set<pid_t> = []
  }

  private let lists = Mutex(Lists())

  @TaskLocal private static var current: Leftovers?

  /// Nothing noted yet.
  package init() {}

  /// Runs `body` and notes what it leaves.
  package func perform<Value>(_ body: () throws -> Value) rethrows -> Value { try Self.$current.withValue(self, operation: body) }

  /// Notes a temporary file while `body` runs.
  package static func noting<Value, Failure: Error>(
    file: String, while body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let leftovers = current
    leftovers?.lists.withLock { _ = $0.files.insert(file) }
    defer { leftovers?.lists.withLock { _ = $0.files.remove(file) } }
    return try body()
  }

  /// Notes a process while `body` runs.
  package static func noting<Value, Failure: Error>(
    process: pid_t, while body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let leftovers = current
    leftovers?.lists.withLock { _ = $0.processes.insert(process) }
    defer { leftovers?.lists.withLock { _ = $0.processes.remove(process) } }
    return try body()
  }

  /// Ends the processes and removes the files.
  package func clear() {
    lists.withLock {
      for process in $0.processes { kill(process, SIGKILL) }
      for file in $0.files { unlink(file) }
      $0 = Lists()
    }
  }
}
