#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which file a path leads to, however the path is spelled: its device and its number there.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let number: UInt64

  /// Nil when there is no such file.
  package init?(_ path: String) {
    guard let status = SystemCall.status(path) else { return nil }
    self.init(status)
  }

  /// The file of an open descriptor; nil when it is closed.
  package init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

/// The files a command has read, which it must not overwrite.
package struct InputFiles: Sendable, Equatable {
  private var names: [FileIdentity: String] = [:]

  /// No files.
  package init() {}

  /// The files at some paths; those that do not exist are left out.
  package init(_ paths: [String]) {
    for path in paths { insert(path) }
  }

  /// Adds the file a path leads to.
  package mutating func insert(_ path: String) {
    guard let identity = FileIdentity(path), names[identity] == nil else { return }
    names[identity] = path
  }

  /// The paths under which the files were read.
  package var paths: [String] { names.values.sorted() }

  /// The name under which the file at a path was read; nil when it was not.
  package func name(of path: String) -> String? { FileIdentity(path).flatMap { names[$0] } }
}
