import DataFiles

/// A line of an fdf file without its comment, in words: a list in brackets and a quoted text are one word each.
struct FdfLine: Sendable {
  /// A word and its column, counted from 1.
  struct Word: Sendable {
    let text: String
    let column: Int
  }

  let path: String
  /// Counted from 1.
  let number: Int
  let words: [Word]

  init(_ line: Substring, path: String, number: Int) {
    (self.path, self.number) = (path, number)
    var words: [Word] = []
    var (text, start, closing) = ("", 0, Character?.none)
    func close(_ words: inout [Word]) {
      if start > 0 { words.append(Word(text: text, column: start)) }
      (text, start) = ("", 0)
    }
    for (index, character) in line.enumerated() {
      if let end = closing {
        if character == end {
          closing = nil
          if end == "]" { text.append(character) }
          close(&words)
        } else {
          text.append(character)
        }
      } else if "#;!".contains(character) {
        break
      } else if start == 0, "'\"`[".contains(character) {
        start = index + 1
        closing = character == "[" ? "]" : character
        if character == "[" { text = "[" }
      } else if character.isWhitespace || "=,:".contains(character) {
        close(&words)
      } else {
        if start == 0 { start = index + 1 }
        text.append(character)
      }
    }
    close(&words)
    self.words = words
  }

  /// Word number `index`, nil behind the end.
  subscript(index: Int) -> String? { words.indices.contains(index) ? words[index].text : nil }

  /// An error at a word.
  func error(_ word: Int, found: String, allowed: String, hint: String = "") -> FileError {
    FileError(
      .invalidData, in: path, line: number, column: words.indices.contains(word) ? words[word].column : nil, found: found,
      allowed: allowed, hint: hint)
  }

  /// The key as written, for messages.
  var key: String { words.first?.text ?? "" }

  /// A word that must be there.
  func word(_ index: Int, _ allowed: String) throws(FileError) -> String {
    guard let word = self[index] else { throw error(0, found: "\(key) without a value", allowed: allowed) }
    return word
  }

  /// The path a word names, relative to this file.
  func path(_ index: Int) -> String {
    let name = self[index] ?? ""
    let folder = TextFile.folder(of: path)
    return name.hasPrefix("/") || folder == "." ? name : folder + "/" + name
  }

  /// A whole number.
  func integer(_ index: Int, in range: ClosedRange<Int> = -1_000_000...1_000_000) throws(FileError) -> Int {
    let word = try word(index, "a whole number")
    guard let value = Int(word), range.contains(value) else {
      throw error(index, found: "'\(word)' for \(key)", allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A finite number, Fortran's exponents included.
  func number(_ index: Int) throws(FileError) -> Double {
    let word = try word(index, "a number")
    guard let value = Self.number(word) else {
      throw error(index, found: "'\(word)' for \(key)", allowed: "a number")
    }
    return value
  }

  static func number(_ text: String) -> Double? {
    let plain = text.lowercased().replacing("d", with: "e")
    guard let first = plain.first, first.isNumber || "+-.".contains(first), let value = Double(plain), value.isFinite else {
      return nil
    }
    return value
  }

  /// True for true, T, .true., yes, y and for a key alone.
  func isTrue(_ index: Int = 1) throws(FileError) -> Bool {
    guard let word = self[index] else { return true }
    switch FdfFile.key(word) {
    case "true", "t", "yes", "y": return true
    case "false", "f", "no", "n": return false
    default: throw error(index, found: "'\(word)' for \(key)", allowed: "true or false")
    }
  }

  /// An energy in eV from a number and, behind it, a unit; without one in Ry.
  func energy(_ index: Int = 1) throws(FileError) -> Double {
    let value = try number(index)
    guard let unit = self[index + 1] else { return value * FdfUnits.rydberg }
    guard let factor = FdfUnits.energy(unit) else {
      throw error(index + 1, found: "the unit '\(unit)'", allowed: FdfUnits.words)
    }
    return value * factor
  }

  /// Numbers of a list are atoms or points: more would be a slip, and each takes memory.
  private static let mostNumbers = 1_000_000

  /// The whole numbers of `[1 -- 12, 20]`, `[1 -- 9 step 2]` or of plain words from `index` on.
  func list(_ index: Int = 1) throws(FileError) -> [Int] {
    let words = self.words.dropFirst(index)
    guard let first = words.first else { throw error(0, found: "\(key) without a value", allowed: "a list: [1 -- 12, 20]") }
    let text = first.text.hasPrefix("[") ? String(first.text.dropFirst().dropLast()) : words.map(\.text).joined(separator: " ")
    var numbers: [Int] = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: true) {
      numbers += try range(piece.split(whereSeparator: \.isWhitespace).map(String.init), index)
      guard numbers.count <= Self.mostNumbers else {
        throw error(index, found: "more than \(Self.mostNumbers) numbers for \(key)", allowed: "fewer numbers")
      }
    }
    return numbers
  }

  private func range(_ words: [String], _ index: Int) throws(FileError) -> [Int] {
    let text = "'\(words.joined(separator: " "))'"
    let plain = words.map { FdfFile.key($0) == "to" || $0 == "--" ? "--" : $0 }
    guard let dash = plain.firstIndex(of: "--") else {
      var numbers: [Int] = []
      for word in plain {
        guard let number = Int(word) else { throw error(index, found: text, allowed: "whole numbers: [1 -- 12, 20]") }
        numbers.append(number)
      }
      return numbers
    }
    let from = plain.prefix(dash).filter { FdfFile.key($0) != "from" }
    guard from.count == 1, let low = Int(from[0]), plain.count > dash + 1, let high = Int(plain[dash + 1]),
      low.magnitude <= Self.mostNumbers, high.magnitude <= Self.mostNumbers
    else { throw error(index, found: text, allowed: "a range: 1 -- 12") }
    var step = low <= high ? 1 : -1
    if plain.count == dash + 4, FdfFile.key(plain[dash + 2]) == "step", let given = Int(plain[dash + 3]), given != 0 {
      step = given
    } else if plain.count != dash + 2 {
      throw error(index, found: text, allowed: "a range: 1 -- 12, or 1 -- 12 step 2")
    }
    return Array(stride(from: low, through: high, by: step))
  }
}
