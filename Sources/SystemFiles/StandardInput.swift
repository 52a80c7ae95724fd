#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Standard input where a file is expected.
package enum StandardInput {
  /// The path that stands for it; a file of that name is "./-".
  package static let path = "-"
  /// What messages call it.
  package static let name = "standard input"

  /// A path as messages call it.
  package static func name(of path: String) -> String { path == Self.path ? name : path }

  /// All bytes until the end, or the first ones when there are more than `most`, and then more than that; nil when it is closed or cannot
  /// be read.
  package static func bytes(most: Int = .max) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = read(STDIN_FILENO, &buffer, buffer.count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { return nil }
      guard got > 0 else { return bytes }
      bytes += buffer[..<got]
      guard bytes.count <= most else { return bytes }
    }
  }

  /// Writes all bytes until the end into a new file that only its owner may read; the error number of the first failure, or nil.
  package static func save(toNew path: String) -> Int32? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    let failure = SystemCall.copy(from: STDIN_FILENO, to: descriptor)
    let closed = close(descriptor) == 0 ? nil : errno
    return failure ?? closed
  }
}
