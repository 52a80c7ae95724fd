import Cancellation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Control-C (SIGINT) and SIGTERM: the first one asks the command to end, and a watchdog ends it where it does not within two seconds
/// (and is not writing what it has finished);
/// a second one ends it at once. Belongs to the process, and so to the command alone: libraries know `CancellationToken` only.
package enum Interruption {
  private static let requests = Atomic<Int>(0)
  /// Where the signal handler writes a byte per signal.
  private static let writingEnd = Atomic<Int32>(-1)
  private static let leftovers = Leftovers()
  /// Milliseconds a command gets to end by itself.
  private static let grace: Int32 = 1800

  /// True while what has been computed is being written.
  private static let isFinishing = Atomic<Bool>(false)

  /// Runs the writing of what has been computed, which a first signal does not break off.
  package static func finishing<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    isFinishing.store(true, ordering: .relaxed)
    defer { isFinishing.store(false, ordering: .relaxed) }
    return try body()
  }

  /// True after the first signal since `watch`.
  package static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Runs a command as work that a signal ends, and notes what it leaves behind.
  package static func perform(_ body: () throws -> Void) throws {
    try leftovers.perform { try CancellationToken { isRequested }.perform(body) }
  }

  /// From now on the first signal only sets the token; starts the thread that waits for signals.
  package static func watch() {
    var ends: [Int32] = [-1, -1]
    guard writingEnd.load(ordering: .relaxed) < 0, pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    requests.store(0, ordering: .relaxed)
    writingEnd.store(ends[1], ordering: .releasing)
    _ = leftovers
    startWatchdog(reading: ends[0])
    for number in [SIGINT, SIGTERM] { signal(number) { _ in Interruption.noteSignal() } }
  }

  /// Inside the signal handler: atomics and `write`, nothing else. A third signal does not even wait for files to be removed.
  private static func noteSignal() {
    let before = requests.wrappingAdd(1, ordering: .relaxed).oldValue
    if before >= 2 { _exit(130) }
    let code = errno
    var byte: UInt8 = 0
    _ = write(writingEnd.load(ordering: .relaxed), &byte, 1)
    errno = code
  }

  private static func startWatchdog(reading end: Int32) {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let body = Unmanaged.passRetained(Watchdog(end))
    let code = pthread_create(
      &thread, nil,
      { data in
        #if canImport(Darwin)
          Unmanaged<Watchdog>.fromOpaque(data).takeRetainedValue().run()
        #else
          Unmanaged<Watchdog>.fromOpaque(data!).takeRetainedValue().run()
        #endif
        return nil
      }, body.toOpaque())
    if code != 0 { body.release() }
  }

  private final class Watchdog: Sendable {
    private let end: Int32

    init(_ end: Int32) { self.end = end }

    func run() {
      var byte: UInt8 = 0
      while true {
        let count = read(end, &byte, 1)
        if count == 1 { break }
        if count == 0 || errno != EINTR { return }
      }
      // A second signal, or the end of the time.
      var wait = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      while true {
        let found = poll(&wait, 1, Interruption.grace)
        if found < 0 && errno == EINTR { continue }
        if found == 0 && Interruption.isFinishing.load(ordering: .relaxed) { continue }
        break
      }
      Interruption.endProcess()
    }
  }

  private static func endProcess() -> Never {
    leftovers.clear()
    // Nobody may be reading any more.
    var standardError = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
    if poll(&standardError, 1, 100) == 1 {
      let words = (isatty(2) == 1 ? "\r\u{1B}[K" : "") + "pairbath: error: interrupted; nothing was written\n"
      _ = Array(words.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
    _exit(130)
  }
}
