import SystemFiles

/// Writes a file so that it is either there completely or not at all.
package enum AtomicFile {
  /// Calls `body` with the path of a file to be written, which then takes the place of `path`; on any failure it is removed.
  ///
  /// An existing file is replaced and keeps its permissions, a symbolic link is followed, a device or pipe gets the bytes. Throws
  /// `cannotWrite`.
  package static func write(to path: String, _ body: (String) throws(FileError) -> Void) throws(FileError) {
    do throws(FileError) {
      try target(path).write(body)
    } catch {
      throw FileError(
        .cannotWrite, in: path, at: error.keyPath, found: error.found, allowed: error.allowed,
        hint: error.hint.isEmpty ? "choose another --output; nothing was left behind" : error.hint)
    }
  }

  /// Writes UTF-8 text atomically.
  package static func write(_ text: String, to path: String) throws(FileError) {
    let target = try target(path)
    do { try target.write(text) } catch { throw FileError(error) }
  }

  /// Writes bytes atomically.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let target = try target(path)
    do { try target.write(bytes) } catch { throw FileError(error) }
  }

  private static func target(_ path: String) throws(FileError) -> OutputTarget {
    do { return try OutputTarget(path) } catch { throw FileError(error) }
  }
}

extension FileError: WriteFailure {
  /// A file that could not be written.
  package init(_ error: OutputError) {
    self.init(
      .cannotWrite, in: error.path, found: error.found, allowed: error.allowed,
      hint: error.hint.isEmpty ? "choose another --output; nothing was left behind" : error.hint)
  }
}
