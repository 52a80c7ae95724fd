import Synchronization
import SystemFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output and standard error without buffers in between.
package enum Terminal {
  /// True where another process speaks for this one.
  private static let isSilent = Atomic<Bool>(false)

  /// From now on nothing is written: another process speaks for this one.
  package static func silence() { isSilent.store(true, ordering: .relaxed) }

  /// From now on everything is written again.
  package static func speak() { isSilent.store(false, ordering: .relaxed) }

  /// Writes to standard output, control characters replaced. Ends the process quietly if nobody reads any more, as in `| head`,
  /// and with a message and exit code 74 if the text cannot be written, as on a full disk.
  package static func print(_ text: String) {
    guard let code = write(PrintableText.lines(text), to: STDOUT_FILENO) else { return }
    if code == EPIPE { leave(0) }
    printError("pairbath: error: cannot write to standard output: \(SystemCall.words(code))\n")
    leave(74)
  }

  /// Writes to standard error, control characters replaced; a failure is nobody's business.
  package static func printError(_ text: String) { _ = write(PrintableText.lines(text), to: STDERR_FILENO) }

  /// Writes a progress bar, with its cursor movements, to standard error.
  package static func printProgress(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// True if standard error is a terminal that understands cursor movements.
  package static var errorIsTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Characters across the terminal on a stream; `otherwise` if it is none.
  package static func width(otherwise: Int, ofError: Bool = false) -> Int {
    var size = winsize()
    guard ioctl(ofError ? STDERR_FILENO : STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return otherwise }
    return Int(size.ws_col)
  }

  /// To be called first: streams that were closed by the caller (`2>&-`) are opened to nothing, so that no file of ours gets their
  /// number and with it our words; a file that grows beyond the allowed size is an error, not death.
  package static func prepare() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one. The wrong direction: using it stays an error.
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Makes writing into a closed pipe an error instead of death: a long computation must survive its reader.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Ends the process at once, without the libraries' exit handlers: everything has been written, and another thread may still compute
  /// (`check` leaves one behind that takes too long), which OpenBLAS' handler would take its memory from.
  package static func leave(_ code: Int32) -> Never { _exit(code) }

  private static func write(_ text: String, to stream: Int32) -> Int32? {
    guard !isSilent.load(ordering: .relaxed) else { return nil }
    var text = text
    return text.withUTF8 { SystemCall.write(UnsafeRawBufferPointer($0), to: stream) }
  }
}
