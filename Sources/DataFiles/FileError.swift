/// Why a file could not be read, understood or written: where, what was found, what is allowed, what to do next.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault, to match in a `catch`.
  public enum Code: String, Sendable, Equatable, CaseIterable {
    /// The file is missing, unreadable or not text.
    case cannotRead
    /// The file could not be written; nothing half-written remains.
    case cannotWrite
    /// The file is no NetCDF file, or a damaged one.
    case notNetCDF
    /// The text is not YAML, or not one mapping.
    case syntax
    /// The model is well formed and not physical (`ModelError`, `SolverError`).
    case invalidModel
    /// A data file lacks a variable or holds a wrong shape or number.
    case invalidData
    /// A key or name nobody knows.
    case unknownKey
    /// The same key twice.
    case duplicateKey
    /// A value of the wrong type, for example a list where a number is expected.
    case wrongType
    /// A key that must be there.
    case missingKey
    /// A number or name outside what is allowed, infinity and NaN included.
    case outOfRange
    /// Arithmetic that cannot be read or evaluated.
    case badExpression
    /// More states than can be counted or stored.
    case tooManyStates
    /// Somebody asked the reading to end (`CancellationToken`).
    case interrupted
    /// Part of the contract, and not built yet.
    case notSupported
  }

  /// The kind of fault.
  public let code: Code
  /// The file concerned, or the `--set` option.
  public let file: String
  /// Line, counted from 1; nil when no line applies.
  public let line: Int?
  /// Column, counted from 1; nil when no column applies.
  public let column: Int?
  /// Key path in the words of the file, for example `["electrodes", "L", "broadening"]`; may be empty.
  public let keyPath: [String]
  /// What was found there.
  public let found: String
  /// What is allowed there; may be empty.
  public let allowed: String
  /// What to try next; may be empty.
  public let hint: String

  /// An error at a place of a file.
  public init(
    _ code: Code, in file: String, line: Int? = nil, column: Int? = nil, at keyPath: [String] = [], found: String,
    allowed: String = "", hint: String = ""
  ) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.keyPath = keyPath.map(Self.brief)
    self.found = Self.brief(found)
    self.allowed = Self.brief(allowed)
    self.hint = Self.brief(hint)
  }

  /// A text with at most so many bytes that a message stays one: words and lists come from files, and may be millions of characters long.
  private static func brief(_ text: String) -> String {
    let most = 4000
    guard text.utf8.count > most else { return text }
    return String(text.unicodeScalars.prefix(most - 100)) + "... (\(text.utf8.count) bytes in all)"
  }

  /// The exit code of the command: 65 for a bad model or bad data, 74 for a file that cannot be read or written, 130 after control-C.
  package var exitCode: Int32 {
    switch code {
    case .cannotRead, .cannotWrite: return 74
    case .interrupted: return 130
    default: return 65
    }
  }

  /// One line, for example `model.yaml:12:5: electrodes.L.broadening: found ...; allowed: ...; next: ...`.
  public var description: String {
    var place = file
    if let line { place += ":\(line)" + (column.map { ":\($0)" } ?? "") }
    if !keyPath.isEmpty { place += ": " + keyPath.joined(separator: ".") }
    return Self.printable(
      place + ": found \(found)" + (allowed.isEmpty ? "" : "; allowed: \(allowed)") + (hint.isEmpty ? "" : "; next: \(hint)"))
  }

  /// Text of which no character moves a terminal's cursor or ends the line: names in files may have any.
  private static func printable(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value < 32 || (127..<160).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The same error about a file of another name.
  package func moved(to file: String) -> FileError {
    FileError(code, in: file, line: line, column: column, at: keyPath, found: found, allowed: allowed, hint: hint)
  }

  /// The same error, found at a place of a sweep.
  package func found(at place: String) -> FileError {
    guard !place.isEmpty, !found.contains(place) else { return self }
    return FileError(
      code, in: file, line: line, column: column, at: keyPath, found: found + " at " + place, allowed: allowed, hint: hint)
  }

  /// The same error with one more sentence of advice.
  package func adding(hint more: String) -> FileError {
    FileError(
      code, in: file, line: line, column: column, at: keyPath, found: found, allowed: allowed,
      hint: hint.isEmpty ? more : hint + "; " + more)
  }
}
