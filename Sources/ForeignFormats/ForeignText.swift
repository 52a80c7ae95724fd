import DataFiles
import SystemFiles

/// A text file of another program, read word by word; every complaint has its line and column.
package struct ForeignText: Sendable {
  /// The path as given.
  package let path: String
  /// What the file is, in words, for messages: "Wannier90's _hr.dat".
  package let kind: String
  /// The lines without their ends.
  package let lines: [Substring]
  /// Index of the next line.
  package private(set) var next = 0
  private let text: String

  /// Reads a text file whole. Throws `cannotRead`, and `syntax` for what is no text.
  package init(_ path: String, kind: String) throws(FileError) {
    self.init(
      try TextFile.read(path, kind: kind, hint: "this is no text file; name the text that the program writes"), path: path,
      kind: kind)
  }

  /// A text that stands for the file at `path`.
  package init(_ text: String, path: String, kind: String) {
    (self.text, self.path, self.kind) = (text, path, kind)
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  /// True behind the last line that is not empty.
  package var isAtEnd: Bool { lines[next...].allSatisfy { $0.allSatisfy(\.isWhitespace) } }

  /// The next line, whatever is in it. Throws `invalidData` at the end of the file.
  package mutating func line(_ what: String) throws(FileError) -> Substring {
    guard next < lines.count, !(next == lines.count - 1 && lines[next].isEmpty) else { throw atEnd(what) }
    defer { next += 1 }
    return lines[next]
  }

  /// The words of the next line that is not empty.
  package mutating func words(_ what: String) throws(FileError) -> [Word] {
    while next < lines.count {
      let words = Self.words(of: lines[next], line: next + 1)
      next += 1
      if !words.isEmpty { return words }
    }
    throw atEnd(what)
  }

  /// Numbers over as many lines as they take; the last line must end with the last of them.
  package mutating func numbers(_ count: Int, _ what: String) throws(FileError) -> [Double] {
    try values(count, what) { (text, word) throws(FileError) in try text.number(word, what) }
  }

  /// Whole numbers over as many lines as they take.
  package mutating func integers(_ count: Int, _ what: String) throws(FileError) -> [Int] {
    try values(count, what) { (text, word) throws(FileError) in try text.integer(word, what) }
  }

  private mutating func values<Value>(
    _ count: Int, _ what: String, _ read: (ForeignText, Word) throws(FileError) -> Value
  ) throws(FileError) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(min(count, 1 << 20))
    while result.count < count {
      let words = try words("\(what), number \(result.count + 1) of \(count)")
      guard result.count + words.count <= count else {
        throw error(words[count - result.count], found: "more numbers than expected of \(what)", allowed: "\(count) in all")
      }
      for word in words { result.append(try read(self, word)) }
    }
    return result
  }

  /// A finite number; Fortran's exponents (1.0D-3) count.
  package func number(_ word: Word, _ what: String) throws(FileError) -> Double {
    let plain =
      word.text.contains(where: { $0 == "d" || $0 == "D" }) ? word.text.lowercased().replacing("d", with: "e") : word.text
    guard let value = Double(plain), value.isFinite else {
      throw error(word, found: "'\(word.text)' for \(what)", allowed: "a finite number")
    }
    return value
  }

  /// A whole number.
  package func integer(_ word: Word, _ what: String, in range: ClosedRange<Int> = -1_000_000_000...1_000_000_000)
    throws(FileError) -> Int
  {
    guard let value = Int(word.text), range.contains(value) else {
      throw error(
        word, found: "'\(word.text)' for \(what)",
        allowed: range.lowerBound <= -1_000_000_000
          ? "a whole number" : "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// An error at a word.
  package func error(_ word: Word, found: String, allowed: String, hint: String = "") -> FileError {
    FileError(.invalidData, in: path, line: word.line, column: word.column, found: found, allowed: allowed, hint: hint)
  }

  private func atEnd(_ what: String) -> FileError {
    FileError(
      .invalidData, in: path, line: max(lines.count, 1), found: "the end of the file where \(what) should stand",
      allowed: "a complete \(kind)", hint: "the file may be truncated; copy it again")
  }

  /// A word and where it stands, both counted from 1.
  package struct Word: Sendable {
    package let text: String
    package let line: Int
    package let column: Int
  }

  /// The words of a line.
  package static func words(of line: Substring, line number: Int) -> [Word] {
    var words: [Word] = []
    var column = 1
    var start: (index: Substring.Index, column: Int)?
    var index = line.startIndex
    while index != line.endIndex {
      let isGap = line[index].isWhitespace
      if isGap, let begun = start {
        words.append(Word(text: String(line[begun.index..<index]), line: number, column: begun.column))
        start = nil
      } else if !isGap && start == nil {
        start = (index, column)
      }
      index = line.index(after: index)
      column += 1
    }
    if let begun = start { words.append(Word(text: String(line[begun.index...]), line: number, column: begun.column)) }
    return words
  }
}
