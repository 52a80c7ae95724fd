import Foundation

/// Writes a file so that it is either there completely or not at all.
package enum AtomicFile {
  /// Calls `body` with a temporary path in the folder of `path`, then renames it; on any failure it is removed.
  ///
  /// An existing regular file is replaced, a symbolic link is followed. Throws `cannotWrite`.
  package static func write(to path: String, _ body: (String) throws(FileError) -> Void) throws(FileError) {
    let target = try resolved(path)
    let folder = TextFile.folder(of: target)
    let name = target.split(separator: "/").last.map(String.init) ?? "result"
    let temporary = "\(folder)/.\(name.prefix(100)).\(ProcessInfo.processInfo.globallyUniqueString.prefix(36)).tmp"
    do throws(FileError) {
      try body(temporary)
      try flush(temporary, for: path)
      guard rename(temporary, target) == 0 else { throw failure(path, errno) }
    } catch {
      unlink(temporary)
      throw FileError(
        .cannotWrite, in: path, at: error.keyPath, found: error.found, allowed: error.allowed,
        hint: error.hint.isEmpty ? "choose another --output; nothing was left behind" : error.hint)
    }
  }

  /// Writes UTF-8 text atomically.
  package static func write(_ text: String, to path: String) throws(FileError) {
    try write(to: path) { (temporary) throws(FileError) in
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o644)
      guard descriptor >= 0 else { throw failure(path, errno) }
      defer { _ = close(descriptor) }
      var text = text
      let written = text.withUTF8 { buffer -> Bool in
        var done = 0
        while done < buffer.count {
          let count = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
          if count <= 0 { return false }
          done += count
        }
        return true
      }
      guard written else { throw failure(path, errno) }
    }
  }

  /// The file a path means, links followed; its folder must exist and it must not be a folder or device.
  private static func resolved(_ path: String) throws(FileError) -> String {
    var info = stat()
    if stat(path, &info) == 0 {
      guard info.st_mode & S_IFMT == S_IFREG else {
        throw FileError(
          .cannotWrite, in: path, found: info.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a device or pipe",
          allowed: "the path of a file")
      }
      guard let real = realpath(path, nil) else { throw failure(path, errno) }
      defer { free(real) }
      return String(cString: real)
    }
    let folder = TextFile.folder(of: path)
    guard stat(folder, &info) == 0 else {
      throw FileError(
        .cannotWrite, in: path, found: "the folder '\(folder)': \(String(cString: strerror(errno)))",
        allowed: "an existing folder")
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw FileError(.cannotWrite, in: path, found: "'\(folder)', which is a file", allowed: "an existing folder")
    }
    guard !path.isEmpty && !path.hasSuffix("/") else {
      throw FileError(.cannotWrite, in: path, found: "no file name", allowed: "the path of a file")
    }
    return path
  }

  /// Forces the data to the disk, where a full one may show only now.
  private static func flush(_ temporary: String, for path: String) throws(FileError) {
    let descriptor = open(temporary, O_RDONLY)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { _ = close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> FileError {
    FileError(
      .cannotWrite, in: path, found: String(cString: strerror(code)), allowed: "a folder that can be written, with enough room")
  }
}
