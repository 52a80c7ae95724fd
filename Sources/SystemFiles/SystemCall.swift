#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Calls of the system that are repeated when a signal interrupts them.
package enum SystemCall {
  /// The system's words for an error number.
  package static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

  /// Writes all bytes to a descriptor; the error number of the first failure, or nil.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var start = 0
    while start < bytes.count {
      let count = writeBytes(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        usleep(2000)  // somebody made the pipe non-blocking
        continue
      }
      guard count > 0 else { return count < 0 ? errno : EIO }
      start += count
    }
    return nil
  }

  /// Copies what is left of one descriptor into another; the error number of the first failure, or nil.
  package static func copy(from source: Int32, to target: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(source, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return errno }
      guard count > 0 else { return nil }
      if let code = buffer.withUnsafeBytes({ write(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: target) }) { return code }
    }
  }

  /// Status of what a path leads to, links followed; nil when there is nothing.
  package static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  /// True for one kind of file, for example S_IFDIR.
  package static func isKind(_ kind: mode_t, _ status: stat) -> Bool { status.st_mode & S_IFMT == kind }

  /// What a file that is no regular file is, in words.
  package static func kind(_ status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return "a file"
    case S_IFDIR: return "a folder"
    case S_IFIFO: return "a pipe"
    case S_IFSOCK: return "a socket"
    default: return "a device"
    }
  }

  private static func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, bytes, count)
    #else
      Darwin.write(descriptor, bytes, count)
    #endif
  }
}
