import SystemFiles
import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of records.
final class RecordDescriptor: Sendable {
  let number: Int32
  let size: Int

  /// Takes over an open descriptor.
  init(_ number: Int32) {
    self.number = number
    var status = stat()
    size = fstat(number, &status) == 0 ? Int(status.st_size) : 0
  }

  deinit { close(number) }

  /// A stretch of the file; nil where it cannot be read.
  func read(_ range: Range<Int>) -> [UInt8]? {
    guard !range.isEmpty else { return [] }
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = 0
      while count < range.count {
        let got = pread(number, buffer.baseAddress! + count, range.count - count, off_t(range.lowerBound + count))
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          isWhole = false
          return
        }
        count += got
      }
    }
    return isWhole ? bytes : nil
  }
}

/// A file of records that one process at a time adds to. What has been added before a failure stays.
final class RecordFile: @unchecked Sendable {
  // Used by its Checkpoint alone, behind a lock.
  let path: String
  private let descriptor: RecordDescriptor
  private var end: Int
  private var stages: [String: Int] = [:]

  private init(_ path: String, _ descriptor: RecordDescriptor, end: Int) {
    (self.path, self.descriptor, self.end) = (path, descriptor, end)
  }

  /// What opening came to.
  enum Opening {
    case opened(RecordFile, RecordArchive)
    /// Another process adds to it.
    case locked
    case absent
    case failed(OutputError)
  }

  /// Opens an existing file with what it holds, to add to it behind the last undamaged record.
  static func existing(_ path: String) -> Opening {
    let number = open(path, O_RDWR | O_CLOEXEC)
    guard number >= 0 else { return errno == ENOENT ? .absent : .failed(OutputError(path, code: errno)) }
    let descriptor = RecordDescriptor(number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else { return .locked }
    var archive = RecordArchive()
    _ = archive.add(.file(descriptor))
    let file = RecordFile(path, descriptor, end: archive.end)
    return .opened(file, archive)
  }

  /// A new file of a run; nil where another process has one of that name.
  static func create(_ path: String, _ identity: RunIdentity) throws(OutputError) -> RecordFile? {
    let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw OutputError(path, code: errno) }
    let descriptor = RecordDescriptor(number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else { return nil }
    guard ftruncate(number, 0) == 0 else { throw OutputError(path, code: errno) }
    let file = RecordFile(path, descriptor, end: 0)
    do throws(OutputError) {
      try file.append(RecordFrames.magic + RecordFrames.frame(.identity, identity.bytes))
      // The name itself is to outlive the machine, too.
      try file.synchronize()
    } catch {
      unlink(path)
      throw error
    }
    return file
  }

  /// Adds pieces of a stage.
  func append(_ path: String, count: Int, _ pieces: [(piece: Int, bytes: [UInt8])]) throws(OutputError) {
    var frames: [UInt8] = []
    let number: Int
    if let known = stages[path] {
      number = known
    } else {
      // Numbers of a former process may mean other stages: each process says anew what its numbers mean.
      number = stages.count
      frames += RecordFrames.stage(number, path: path, count: count)
    }
    for (piece, bytes) in pieces { frames += RecordFrames.piece(piece, ofStage: number, bytes) }
    try append(frames)
    stages[path] = number
  }

  /// Forces what has been added to the disk.
  func synchronize() throws(OutputError) {
    guard fdatasync(descriptor.number) == 0 else { throw OutputError(path, code: errno) }
  }

  /// Removes the file.
  func remove() { unlink(path) }

  private func append(_ bytes: [UInt8]) throws(OutputError) {
    guard lseek(descriptor.number, off_t(end), SEEK_SET) >= 0, ftruncate(descriptor.number, off_t(end)) == 0 else {
      throw OutputError(path, code: errno)
    }
    if let code = bytes.withUnsafeBytes({ SystemCall.write($0, to: descriptor.number) }) {
      // Half a record is none.
      _ = ftruncate(descriptor.number, off_t(end))
      throw OutputError(path, code: code)
    }
    end += bytes.count
  }
}
