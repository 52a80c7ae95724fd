import DataFiles
import SystemFiles

/// The records of a sequential unformatted Fortran file: each between two markers of four bytes that hold its length.
struct FortranRecords {
  let path: String
  /// What the file is, in words: "TSHS file of SIESTA".
  let kind: String
  private let bytes: [UInt8]
  private var offset = 0
  private var number = 0

  /// Reads a file whole. Throws `cannotRead`, and `invalidData` for markers that are not understood: big-endian ones and those of eight
  /// bytes are named.
  init(_ path: String, kind: String) throws(FileError) {
    (self.path, self.kind) = (path, kind)
    guard let status = SystemCall.status(path) else {
      throw FileError(.cannotRead, in: path, found: "no such file", allowed: "an existing \(kind)")
    }
    guard let bytes = FileBytes.read(path) else {
      throw FileError(.cannotRead, in: path, found: SystemCall.kind(status), allowed: "a readable \(kind)")
    }
    self.bytes = bytes
    guard !bytes.isEmpty else { throw invalid("an empty file") }
    guard length(at: 0) == nil else { return }
    if let other = Self.otherMarkers(bytes) { throw invalid(other) }
    let first = Self.integer(bytes, 0, 4, isBig: false) ?? 0
    throw invalid(
      first > bytes.count ? "a first record of \(first) bytes in a file of \(bytes.count)" : "no Fortran records",
      hint: first > 0 ? "the file may be truncated; copy it again in binary mode" : "name a file that the program wrote")
  }

  private func invalid(_ found: String, hint: String = "") -> FileError {
    FileError(
      .invalidData, in: path, found: found, allowed: "a \(kind): Fortran records with little-endian markers of 4 bytes",
      hint: hint)
  }

  private static func otherMarkers(_ bytes: [UInt8]) -> String? {
    for (size, isBig, words) in [
      (4, true, "big-endian records"), (8, false, "record markers of 8 bytes"), (8, true, "big-endian record markers of 8 bytes"),
    ] {
      guard let length = integer(bytes, 0, size, isBig: isBig), length >= 0, length < bytes.count,
        length + 2 * size <= bytes.count, integer(bytes, size + length, size, isBig: isBig) == length
      else { continue }
      return words + ", which another compiler or another machine writes"
    }
    return nil
  }

  private static func integer(_ bytes: [UInt8], _ start: Int, _ size: Int, isBig: Bool) -> Int? {
    guard start >= 0, start + size <= bytes.count else { return nil }
    var value: UInt64 = 0
    for i in 0..<size { value = value << 8 | UInt64(bytes[start + (isBig ? i : size - 1 - i)]) }
    return size == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(truncatingIfNeeded: value)
  }

  /// Length of the record that begins at an offset; nil when its markers do not agree.
  private func length(at start: Int) -> Int? {
    guard let length = Self.integer(bytes, start, 4, isBig: false), length >= 0, length <= bytes.count - start - 8,
      Self.integer(bytes, start + 4 + length, 4, isBig: false) == length
    else { return nil }
    return length
  }

  /// True behind the last record.
  var isAtEnd: Bool { offset >= bytes.count }

  /// Length of the next record in bytes; nil at the end.
  var nextLength: Int? { isAtEnd ? nil : length(at: offset) }

  /// The next record. `what` it should hold is for messages. Throws `invalidData` at the end and where markers do not agree.
  mutating func next(_ what: String) throws(FileError) -> FortranRecord {
    number += 1
    guard !isAtEnd else {
      throw invalid(
        "the end of the file where record \(number), \(what), should stand", hint: "the file may be truncated; copy it again")
    }
    guard let length = length(at: offset) else {
      let told = Self.integer(bytes, offset, 4, isBig: false) ?? -1
      throw invalid(
        told > bytes.count - offset - 8
          ? "record \(number), \(what), of \(told) bytes, of which \(max(bytes.count - offset - 4, 0)) are there"
          : "record \(number), \(what), whose two markers differ",
        hint: "the file may be truncated or damaged; copy it again in binary mode")
    }
    let start = offset + 4
    offset += length + 8
    return FortranRecord(bytes: bytes[start..<(start + length)], path: path, what: "record \(number), \(what)")
  }

  /// Passes over records.
  mutating func skip(_ count: Int = 1, _ what: String) throws(FileError) { for _ in 0..<count { _ = try next(what) } }
}

/// One record, read from its beginning.
struct FortranRecord {
  private var bytes: ArraySlice<UInt8>
  private let path: String
  private let what: String

  init(bytes: ArraySlice<UInt8>, path: String, what: String) { (self.bytes, self.path, self.what) = (bytes, path, what) }

  /// Bytes not read yet.
  var count: Int { bytes.count }

  private mutating func take<T>(_ count: Int, _ type: T.Type, _ words: String) throws(FileError) -> [T] {
    let size = MemoryLayout<T>.size
    guard count >= 0, count <= bytes.count / size else {
      throw FileError(
        .invalidData, in: path, found: "\(what), with \(bytes.count) bytes left", allowed: "\(count) \(words) of \(size) bytes")
    }
    defer { bytes = bytes.dropFirst(count * size) }
    return bytes.withUnsafeBytes { raw in
      (0..<count).map { raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self) }
    }
  }

  mutating func integers(_ count: Int) throws(FileError) -> [Int] {
    try take(count, Int32.self, "whole numbers").map { Int(Int32(littleEndian: $0)) }
  }

  mutating func integer() throws(FileError) -> Int { try integers(1)[0] }

  /// Finite numbers of double precision.
  mutating func doubles(_ count: Int) throws(FileError) -> [Double] {
    try finite(try take(count, UInt64.self, "numbers").map { Double(bitPattern: UInt64(littleEndian: $0)) })
  }

  /// Finite numbers of single precision.
  mutating func floats(_ count: Int) throws(FileError) -> [Double] {
    try finite(try take(count, UInt32.self, "numbers").map { Double(Float(bitPattern: UInt32(littleEndian: $0))) })
  }

  mutating func logical() throws(FileError) -> Bool { try integer() != 0 }

  private func finite(_ values: [Double]) throws(FileError) -> [Double] {
    guard let bad = values.first(where: { !$0.isFinite }) else { return values }
    throw FileError(.invalidData, in: path, found: "\(bad) in \(what)", allowed: "finite numbers")
  }
}
