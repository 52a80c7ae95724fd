import Cancellation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A place where something is written: a file, which appears complete or not at all, or a device or pipe, which gets the bytes.
///
/// Symbolic links are followed and stay; a file that is replaced keeps its permissions, a new one follows the umask.
package struct OutputTarget: Sendable {
  /// The path that stands for standard output; a file of that name is "./-".
  package static let standardOutput = "-"

  /// The path as given.
  package let path: String
  /// The file itself, links followed; nil for a device or pipe.
  private let file: String?
  private let old: (mode: mode_t, owner: uid_t, group: gid_t)?

  /// Looks at a path; refuses folders, links to nothing, and names in folders that do not exist or cannot be written.
  package init(_ path: String) throws(OutputError) {
    self.path = path
    guard !path.isEmpty && !path.utf8.contains(0) else {
      throw OutputError(path, found: "no file name", allowed: "the path of a file")
    }
    guard !Self.isDescriptor(path) else {
      (file, old) = (nil, nil)
      return
    }
    if let status = SystemCall.status(path) {
      guard !SystemCall.isKind(S_IFDIR, status), !SystemCall.isKind(S_IFSOCK, status), !SystemCall.isKind(S_IFBLK, status) else {
        throw OutputError(path, found: SystemCall.kind(status), allowed: "the path of a file", hint: "name a file with --output")
      }
      guard SystemCall.isKind(S_IFREG, status) else {
        (file, old) = (nil, nil)
        return
      }
      file = try Self.resolved(path)
      old = (status.st_mode & 0o7777, status.st_uid, status.st_gid)
    } else {
      (file, old) = (path, nil)
      var link = stat()
      guard lstat(path, &link) != 0 else {
        throw OutputError(
          path, found: "a symbolic link to nothing", allowed: "a file", hint: "remove the link or name another --output")
      }
    }
    try checkFolder()
  }

  /// True for a device or pipe.
  package var isStream: Bool { file == nil }

  /// True when the bytes go where standard output goes.
  package var isStandardOutput: Bool {
    if [Self.standardOutput, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) { return true }
    guard isStream, let identity = FileIdentity(path) else { return false }
    return !isNull && identity == FileIdentity(descriptor: STDOUT_FILENO)
  }

  private var isNull: Bool { FileIdentity(path) == FileIdentity("/dev/null") }

  /// Calls `body` with a path where a new file is to be written, then puts that file in its place. On any failure nothing remains.
  package func write<E: WriteFailure>(
    _ body: (String) throws(E) -> Void
  ) throws(E) {
    guard let file else { return try writeThroughScratch(body) }
    let temporary = Self.hiddenName(beside: file)
    do throws(E) {
      try Leftovers.noting(file: temporary) { () throws(E) in try body(temporary) }
      do throws(OutputError) { try putInPlace(temporary, file) } catch { throw E(error) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    guard !isStream else {
      return try withStream { SystemCall.write(bytes, to: $0) }
    }
    try write { (temporary) throws(OutputError) in
      try fill(temporary) { SystemCall.write(bytes, to: $0) }
    }
  }

  /// Writes bytes.
  package func write(_ bytes: [UInt8]) throws(OutputError) {
    if let failure = bytes.withUnsafeBytes({ failure(writing: $0) }) { throw failure }
  }

  /// Writes UTF-8 text.
  package func write(_ text: String) throws(OutputError) {
    var text = text
    if let failure = text.withUTF8({ failure(writing: UnsafeRawBufferPointer($0)) }) { throw failure }
  }

  private func failure(writing bytes: UnsafeRawBufferPointer) -> OutputError? {
    do throws(OutputError) { try write(bytes) } catch { return error }
    return nil
  }

  /// Writes a copy of a file.
  package func write(copyOf source: String) throws(OutputError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw OutputError(path, code: errno) }
    defer { close(input) }
    guard !isStream else {
      return try withStream { SystemCall.copy(from: input, to: $0) }
    }
    try write { (temporary) throws(OutputError) in
      try fill(temporary) { SystemCall.copy(from: input, to: $0) }
    }
  }

  // MARK: Files

  private func fill(_ temporary: String, _ body: (Int32) -> Int32?) throws(OutputError) {
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError(path, code: errno) }
    let failure = body(descriptor)
    let closed = close(descriptor) == 0 ? nil : errno
    if let code = failure ?? closed { throw OutputError(path, code: code) }
  }

  /// Forces the bytes to the disk, where a full one may show only now, and gives them the name.
  private func putInPlace(_ temporary: String, _ file: String) throws(OutputError) {
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError(path, code: errno) }
    let synchronized = fsync(descriptor) == 0 ? nil : errno
    if let old {
      _ = fchown(descriptor, old.owner, old.group)  // only the superuser may give files away
      _ = fchmod(descriptor, old.mode)
    }
    let closed = close(descriptor) == 0 ? nil : errno
    if let code = synchronized ?? closed { throw OutputError(path, code: code) }
    guard rename(temporary, file) == 0 else { throw OutputError(path, code: errno) }
  }

  private func checkFolder() throws(OutputError) {
    guard let file else { return }
    let folder = Self.folder(of: file)
    guard let status = SystemCall.status(folder) else {
      throw OutputError(
        path, found: "no folder '\(folder)'", allowed: "an existing folder", hint: "mkdir -p \(ShellWord.quoted(folder))")
    }
    guard SystemCall.isKind(S_IFDIR, status) else {
      throw OutputError(path, found: "'\(folder)', which is a file", allowed: "an existing folder")
    }
    guard !file.hasSuffix("/") else { throw OutputError(path, found: "no file name", allowed: "the path of a file") }
    guard access(folder, W_OK) == 0 else {
      throw OutputError(
        path, found: "the folder '\(folder)': \(SystemCall.words(errno))", allowed: "a folder that can be written",
        hint: "name another with --output")
    }
  }

  /// The file behind a link; a path that is no link stays as it is.
  private static func resolved(_ path: String) throws(OutputError) -> String {
    var link = stat()
    guard lstat(path, &link) == 0, SystemCall.isKind(S_IFLNK, link) else { return path }
    guard let real = realpath(path, nil) else { throw OutputError(path, code: errno) }
    defer { free(real) }
    guard let text = String(validatingCString: real) else {
      throw OutputError(path, found: "a link to a name that is not UTF-8", allowed: "the path of a file")
    }
    return text
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A hidden name in the same folder, so that giving the file its name cannot fail half-way; what killed runs left there goes.
  private static func hiddenName(beside file: String) -> String {
    let name = file.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) } ?? "result"
    TemporaryName.removeAbandoned(for: name, in: folder(of: file))
    return TemporaryName.next(for: name, in: folder(of: file))
  }

  // MARK: Devices and pipes

  private static func isDescriptor(_ path: String) -> Bool { descriptor(path) != nil }

  /// The open descriptor a path like /dev/stdout names.
  private static func descriptor(_ path: String) -> Int32? {
    if path == standardOutput || path == "/dev/stdout" { return STDOUT_FILENO }
    if path == "/dev/stderr" { return STDERR_FILENO }
    let prefix = ["/dev/fd/", "/proc/self/fd/"].first { path.hasPrefix($0) }
    return prefix.flatMap { Int32(path.dropFirst($0.count)) }
  }

  private func writeThroughScratch<E: WriteFailure>(_ body: (String) throws(E) -> Void) throws(E) {
    let folder: ScratchFolder
    do throws(OutputError) { folder = try ScratchFolder() } catch { throw E(error) }
    defer { folder.remove(["output"]) }
    try body(folder.file("output"))
    do throws(OutputError) { try write(copyOf: folder.file("output")) } catch { throw E(error) }
  }

  private func withStream(_ body: (Int32) -> Int32?) throws(OutputError) {
    let descriptor = try openStream()
    let failure = body(descriptor)
    let closed = close(descriptor) == 0 ? nil : errno
    if let code = failure ?? closed {
      throw OutputError(path, found: SystemCall.words(code), allowed: "a device or pipe that takes bytes")
    }
  }

  /// Opens a device or pipe; waits a few seconds, not for ever, for somebody to read from a named pipe.
  private func openStream() throws(OutputError) -> Int32 {
    if let number = Self.descriptor(path) {
      let copy = dup(number)
      guard copy >= 0 else { throw OutputError(path, code: errno) }
      return copy
    }
    for _ in 0..<100 {
      let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if descriptor >= 0 {
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
        return descriptor
      }
      guard errno == ENXIO || errno == EINTR else { throw OutputError(path, code: errno) }
      usleep(50_000)
    }
    throw OutputError(
      path, found: "a pipe from which nobody reads", allowed: "a file, or a pipe with a reader", hint: "start the reader first")
  }
}
