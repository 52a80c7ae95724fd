import DataFiles
import TransportResults

/// Records as bytes one after another, each with its length and a checksum: a file that is added to, or what is kept inside another.
///
/// A frame is its kind, the number of its bytes, the bytes, and the two sums of `ValueDigest` over all of that. What follows the first frame
/// that is damaged or cut off counts as not there.
enum RecordFrames {
  /// What every file of records begins with: name and version of the format.
  static let magic = Array("PAIRBATH RECORDS 1\n".utf8)

  /// What a frame holds.
  enum Kind: Int {
    /// Whose records these are: `RunIdentity`.
    case identity = 1
    /// A stage: its number in this file, its path and its number of pieces.
    case stage
    /// A piece: number of its stage, its own number, its bytes.
    case piece
    /// Nothing is missing.
    case end
  }

  /// Bytes of a frame beside those it carries.
  static let overhead = 32

  /// A frame.
  static func frame(_ kind: Kind, _ payload: [UInt8]) -> [UInt8] {
    var writer = RecordWriter()
    writer.reserve(payload.count + overhead)
    writer.put(kind.rawValue)
    writer.put(payload)
    let (sum, weighted) = ValueDigest(bytes: writer.bytes).sums
    writer.put(Int(bitPattern: UInt(sum)))
    writer.put(Int(bitPattern: UInt(weighted)))
    return writer.bytes
  }

  /// A stage.
  static func stage(_ number: Int, path: String, count: Int) -> [UInt8] {
    var writer = RecordWriter()
    writer.put(number)
    writer.put(path)
    writer.put(count)
    return frame(.stage, writer.bytes)
  }

  /// A piece.
  static func piece(_ piece: Int, ofStage number: Int, _ bytes: [UInt8]) -> [UInt8] {
    var writer = RecordWriter()
    writer.reserve(bytes.count + 24)
    writer.put(number)
    writer.put(piece)
    writer.put(bytes)
    return frame(.piece, writer.bytes)
  }
}

/// Bytes that are read in stretches: of a file, or in memory.
enum RecordBytes: Sendable {
  case memory([UInt8])
  case file(RecordDescriptor)

  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(let file): file.size
    }
  }

  /// A stretch; nil where it cannot be read.
  func read(_ range: Range<Int>) -> [UInt8]? {
    switch self {
    case .memory(let bytes): range.upperBound <= bytes.count ? Array(bytes[range]) : nil
    case .file(let file): file.read(range)
    }
  }
}
