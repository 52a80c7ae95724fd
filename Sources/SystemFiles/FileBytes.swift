#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes of files through the C library.
package enum FileBytes {
  /// The whole file, or its last bytes; nil if it is no regular file or cannot be read.
  package static func read(_ path: String, last count: Int? = nil) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, SystemCall.isKind(S_IFREG, status) else { return nil }
    if let count, Int(status.st_size) > count { lseek(descriptor, off_t(-count), SEEK_END) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(Int(status.st_size), count ?? Int.max))
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = Self.get(descriptor, &buffer)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { return nil }
      guard got > 0 else { return bytes }
      bytes += buffer[..<got]
    }
  }

  /// The first bytes of a regular file; nil if it is none or cannot be read.
  package static func head(_ path: String, count: Int) -> [UInt8]? {
    guard let status = SystemCall.status(path), SystemCall.isKind(S_IFREG, status) else { return nil }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: count)
    let got = Self.get(descriptor, &buffer)
    return got < 0 ? nil : Array(buffer[..<got])
  }

  /// True if the bytes of some words occur in a file, however large.
  package static func contains(_ words: String, in path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let pattern = Array(words.utf8)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var kept: [UInt8] = []
    while true {
      let got = Self.get(descriptor, &buffer)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return false }
      let window = kept + buffer[..<got]
      if occurs(pattern, in: window) { return true }
      kept = Array(window.suffix(pattern.count - 1))
    }
  }

  private static func occurs(_ pattern: [UInt8], in window: [UInt8]) -> Bool {
    guard let first = pattern.first else { return true }
    return window.withUnsafeBytes { bytes in
      var start = 0
      while bytes.count - start >= pattern.count {
        guard let hit = memchr(bytes.baseAddress! + start, Int32(first), bytes.count - start - pattern.count + 1) else {
          return false
        }
        let at = UnsafeRawPointer(hit) - bytes.baseAddress!
        if memcmp(hit, pattern, pattern.count) == 0 { return true }
        start = at + 1
      }
      return false
    }
  }

  /// Writes a new file that only its owner may read; the error number of the first failure, or nil.
  package static func write(_ bytes: [UInt8], toNew path: String) -> Int32? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    let failure = bytes.withUnsafeBytes { SystemCall.write($0, to: descriptor) }
    let closed = close(descriptor) == 0 ? nil : errno
    return failure ?? closed
  }

  private static func get(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, &buffer, buffer.count)
    #elseif canImport(Musl)
      Musl.read(descriptor, &buffer, buffer.count)
    #else
      Darwin.read(descriptor, &buffer, buffer.count)
    #endif
  }
}
