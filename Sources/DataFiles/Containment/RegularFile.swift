import Foundation

/// A regular file opened for reading; the descriptor is closed with the value.
package struct RegularFile: ~Copyable {
  /// The open file.
  package let descriptor: Int32
  /// Its size, bytes.
  package let size: Int

  /// Opens a file, which `kind` describes in words. Nothing but a regular file is opened: reading a pipe or a device may never end.
  package init(_ path: String, kind: String) throws(FileError) { (descriptor, size) = try RegularFile.opened(path, kind) }

  private static func opened(_ path: String, _ kind: String) throws(FileError) -> (descriptor: Int32, size: Int) {
    try require(path, kind: kind)
    // A pipe that takes the file's place between the two calls is opened without waiting for its other end, and refused.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno, kind) }
    var info = stat()
    do throws(FileError) {
      guard fstat(descriptor, &info) == 0 else { throw failure(path, errno, kind) }
      try requireRegular(info, path, kind)
    } catch {
      _ = close(descriptor)
      throw error
    }
    return (descriptor, Int(info.st_size))
  }

  deinit { _ = close(descriptor) }

  /// Throws `cannotRead` for everything that is no regular file.
  package static func require(_ path: String, kind: String) throws(FileError) {
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure(path, errno, kind) }
    try requireRegular(info, path, kind)
  }

  private static func requireRegular(_ info: stat, _ path: String, _ kind: String) throws(FileError) {
    let found: String
    switch info.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: found = "a folder"
    case S_IFIFO: found = "a pipe"
    case S_IFSOCK: found = "a socket"
    default: found = "a device"
    }
    throw FileError(
      .cannotRead, in: path, found: found, allowed: "a \(kind)",
      hint: found == "a folder" ? "" : "write what it holds to a file first, and name that")
  }

  private static func failure(_ path: String, _ code: Int32, _ kind: String) -> FileError {
    let found: String
    switch code {
    case ENOENT, ENOTDIR: found = "no such file"
    case EACCES, EPERM: found = "a file without read permission"
    default: found = String(cString: strerror(code))
    }
    return FileError(.cannotRead, in: path, found: found, allowed: code == ENOENT ? "an existing \(kind)" : "a readable \(kind)")
  }
}
