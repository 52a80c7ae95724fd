import Cancellation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// SIGUSR1 asks how far the work is. Control-C (SIGINT) and SIGTERM: the first one asks the command to end, and a watchdog ends it where it does not within two seconds
/// (and is not writing what it has finished);
/// a second one ends it at once. Belongs to the process, and so to the command alone: libraries know `CancellationToken` only.
package enum Interruption {
  private static let requests = Atomic<Int>(0)
  /// Where the signal handler writes a byte per signal.
  private static let writingEnd = Atomic<Int32>(-1)
  private static let leftovers = Leftovers()
  /// Milliseconds a command gets to end by itself.
  private static let grace: Int32 = 1800

  /// How far the work is, in words.
  private static let status = Mutex<(@Sendable () -> String)?>(nil)
  /// A file that holds what is finished, and how to go on with it.
  private static let resumption = Mutex<(file: String, words: String)?>(nil)
  /// What the pipe carries for a signal that asks for the status; everything else is to end the work.
  private static let statusByte: UInt8 = 1

  /// Says how far the work is whenever somebody asks.
  package static func reportStatus(_ words: (@Sendable () -> String)?) { status.withLock { $0 = words } }

  /// Where a command that is ended leaves what it has finished, and how one goes on.
  package static func noteResumption(file: String, words: String) { resumption.withLock { $0 = (file, words) } }

  /// The command ends when others let it: no watchdog ends it.
  package static func waitsForOthers() { isFinishing.store(true, ordering: .relaxed) }

  /// Waits, whatever signals come.
  package static func pause(seconds: UInt32) {
    var left = seconds
    while left > 0 { left = sleep(left) }
  }

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
    signal(SIGUSR1) { _ in Interruption.tellWatchdog(Interruption.statusByte) }
  }

  /// Inside the signal handler: atomics and `write`, nothing else. A third signal does not even wait for files to be removed.
  private static func noteSignal() {
    let before = requests.wrappingAdd(1, ordering: .relaxed).oldValue
    if before >= 2 { _exit(130) }
    tellWatchdog(0)
  }

  private static func tellWatchdog(_ byte: UInt8) {
    let code = errno
    var byte = byte
    _ = write(writingEnd.load(ordering: .relaxed), &byte, 1)
    errno = code
  }

  /// From the watchdog's thread.
  private static func printStatus() {
    let words = status.withLock { $0 }?() ?? "nothing is being computed"
    Terminal.printError((isatty(2) == 1 ? "\n" : "") + "pairbath: \(words)\n")
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
      guard waitForEnd() else { return }
      // A second signal, or the end of the time.
      var wait = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      while true {
        let found = poll(&wait, 1, Interruption.grace)
        if found < 0 && errno == EINTR { continue }
        if found == 1, let byte = readByte(), byte == Interruption.statusByte {
          Interruption.printStatus()
          continue
        }
        if found == 0 && Interruption.isFinishing.load(ordering: .relaxed) { continue }
        break
      }
      Interruption.endProcess()
    }

    /// Answers whoever asks for the status until the work is to end; false where that will never be.
    private func waitForEnd() -> Bool {
      while let byte = readByte() {
        guard byte == Interruption.statusByte else { return true }
        Interruption.printStatus()
      }
      return false
    }

    private func readByte() -> UInt8? {
      var byte: UInt8 = 0
      while true {
        let count = read(end, &byte, 1)
        if count == 1 { return byte }
        if count == 0 || errno != EINTR { return nil }
      }
    }
  }

  private static func endProcess() -> Never {
    leftovers.clear()
    // Nobody may be reading any more.
    var standardError = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
    if poll(&standardError, 1, 100) == 1 {
      let kept = resumption.withLock { $0 }.flatMap { access($0.file, R_OK) == 0 ? $0.words : nil }
      let words =
        (isatty(2) == 1 ? "\r\u{1B}[K" : "") + "pairbath: error: interrupted; \(kept ?? "nothing was written")\n"
      _ = Array(words.utf8).withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
    _exit(130)
  }
}
