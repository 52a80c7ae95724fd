import DataFiles
import Foundation

/// Reads numbers out of a large text, separated by blanks, commas and brackets; what is not a number has its line and column.
///
/// Cost: some 100 ns a number; files of 100 MB take seconds.
struct NumberScanner {
  let path: String
  /// What the file is, in words.
  let kind: String
  /// The text and a zero byte behind it.
  private let bytes: [UInt8]
  /// Position of the next byte.
  private(set) var position: Int
  private let end: Int

  /// Scans `bytes[range]`.
  init(_ bytes: [UInt8], range: Range<Int>? = nil, path: String, kind: String) {
    self.bytes = bytes + [0]
    (self.path, self.kind) = (path, kind)
    position = range?.lowerBound ?? 0
    end = range?.upperBound ?? bytes.count
  }

  /// Scans a file.
  init(path: String, kind: String) throws(FileError) {
    let text = try TextFile.read(path, kind: kind, hint: "this is no text file; name the text that the program writes")
    self.init([UInt8](text.utf8), path: path, kind: kind)
  }

  /// True where nothing but gaps is left.
  var isAtEnd: Bool {
    var scanner = self
    scanner.skipGaps()
    return scanner.position >= end
  }

  /// The next finite number. Throws `invalidData`.
  mutating func number(_ what: @autoclosure () -> String) throws(FileError) -> Double {
    skipGaps()
    guard position < end else { throw atEnd(what()) }
    let (value, length) = bytes.withUnsafeBufferPointer { buffer -> (Double, Int) in
      guard let base = buffer.baseAddress else { return (.nan, 0) }
      return UnsafeRawPointer(base + position).withMemoryRebound(to: CChar.self, capacity: 1) { start in
        var stop: UnsafeMutablePointer<CChar>?
        let value = strtod(start, &stop)
        return (value, stop.map { UnsafePointer($0) - start } ?? 0)
      }
    }
    guard length > 0, value.isFinite, position + length <= end, Self.isGap(bytes[position + length]) else {
      throw fault(found: "'\(word)' for \(what())", allowed: "a finite number")
    }
    position += length
    return value
  }

  /// The next whole number in a range. Throws `invalidData`.
  mutating func integer(_ what: @autoclosure () -> String, in range: ClosedRange<Int>) throws(FileError) -> Int {
    skipGaps()
    guard position < end else { throw atEnd(what()) }
    guard let value = Int(word), range.contains(value) else {
      throw fault(
        found: "'\(word)' for \(what())", allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    position += word.utf8.count
    return value
  }

  /// The numbers of the line at hand, and goes to the next line.
  mutating func integersOfLine(_ what: @autoclosure () -> String, in range: ClosedRange<Int>) throws(FileError) -> [Int] {
    skipGaps()
    guard position < end else { throw atEnd(what()) }
    var values: [Int] = []
    while position < end, bytes[position] != 0x0A {
      if Self.isGap(bytes[position]) { position += 1 } else { values.append(try integer(what(), in: range)) }
    }
    return values
  }

  /// Skips the rest of the line, for example a remark.
  mutating func skipLine() { while position < end, bytes[position] != 0x0A { position += 1 } }

  /// Goes to the beginning of the next line.
  mutating func nextLine() {
    skipLine()
    position = min(position + 1, end)
  }

  /// The byte that comes next behind gaps; 0 at the end.
  mutating func peek() -> UInt8 {
    skipGaps()
    return position < end ? bytes[position] : 0
  }

  /// An error at the next word.
  func fault(found: String, allowed: String, hint: String = "") -> FileError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    let column = before.count - (before.lastIndex(of: 0x0A) ?? -1)
    return FileError(.invalidData, in: path, line: line, column: column, found: found, allowed: allowed, hint: hint)
  }

  private func atEnd(_ what: String) -> FileError {
    fault(
      found: "the end of the numbers where \(what) should stand", allowed: "a complete \(kind)",
      hint: "the file may be truncated; copy it again")
  }

  private var word: String {
    let word = bytes[position..<end].prefix { !Self.isGap($0) }.prefix(40)
    return String(decoding: word, as: UTF8.self)
  }

  /// Skips what is no number: gaps, the dashes of YAML lists, remarks to the end of the line.
  private mutating func skipGaps() {
    while position < end {
      let byte = bytes[position]
      if byte == 0x23 {
        skipLine()
      } else if Self.isGap(byte) || (byte == 0x2D && Self.isGap(bytes[position + 1])) {
        position += 1
      } else {
        return
      }
    }
  }

  /// Blanks, line ends, commas, brackets.
  private static func isGap(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0x2C || byte == 0x5B || byte == 0x5D
  }
}
