#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard output and standard error without buffers in between.
package enum Terminal {
  /// Writes to standard output. Ends the process quietly if nobody reads any more, as in `| head`.
  package static func print(_ text: String) {
    if !write(text, to: STDOUT_FILENO), errno == EPIPE { exit(0) }
  }

  /// Writes to standard error; a failure is nobody's business.
  package static func printError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

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

  /// Makes writing into a closed pipe an error instead of death: a long computation must survive its reader.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  private static func write(_ text: String, to stream: Int32) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        let written = systemWrite(stream, bytes.baseAddress.map { $0 + start }, bytes.count - start)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return false }
        start += written
      }
      return true
    }
  }
}

private func systemWrite(_ stream: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int { write(stream, bytes, count) }
