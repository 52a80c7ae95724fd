/// Arrays with names, shapes and attributes: an open NetCDF file, or arrays in memory.
package protocol NamedArrays: AnyObject {
  /// What messages call it: the path of a file.
  var path: String { get }
  /// Names of all variables, in order.
  func variableNames() throws(FileError) -> [String]
  /// True when a variable of this name exists.
  func hasVariable(_ name: String) -> Bool
  /// Dimensions of a variable, slowest first.
  func dimensions(of variable: String) throws(FileError) -> [(name: String, length: Int)]
  /// The numbers of a variable in row-major order, converted to `Double`; `shape` is slowest first.
  func doubles(_ variable: String) throws(FileError) -> (values: [Double], shape: [Int])
  /// The value of an attribute of a variable, or of the whole when `variable` is nil; nil when absent.
  func value(_ attribute: String, _ variable: String?) throws(FileError) -> FileDescription.Value?
}

extension NamedArrays {
  /// The error for a variable that is not there: it lists those that exist.
  package func missing(_ variable: String) throws(FileError) -> FileError {
    let names = try variableNames()
    return FileError(
      .invalidData, in: path, at: [variable],
      found: names.isEmpty ? "no variables at all" : "the variables \(names.joined(separator: ", "))",
      allowed: "a variable '\(variable)', which is missing", hint: Spelling.advice(for: variable, among: names))
  }

  /// A text attribute of a variable, or of the file when `variable` is nil; nil when absent or no text.
  package func text(attribute: String, of variable: String? = nil) throws(FileError) -> String? {
    guard case .text(let bytes) = try value(attribute, variable) else { return nil }
    return try text(bytes, at: place(attribute, variable))
  }

  /// A text attribute that may be absent, but must not be anything else.
  package func textOnly(attribute: String, of variable: String? = nil) throws(FileError) -> String? {
    switch try value(attribute, variable) {
    case nil: return nil
    case .text(let bytes): return try text(bytes, at: place(attribute, variable))
    default:
      throw FileError(
        .invalidData, in: path, at: place(attribute, variable), found: "an attribute that is no text", allowed: "text")
    }
  }

  /// A numeric attribute of a variable, or of the file when `variable` is nil; nil when absent or not numeric.
  package func numbers(attribute: String, of variable: String? = nil) throws(FileError) -> [Double]? {
    guard case .numbers(let numbers) = try value(attribute, variable) else { return nil }
    return numbers
  }

  /// A number as an attribute that may be absent, but must not be anything else.
  package func numberOnly(attribute: String, of variable: String? = nil) throws(FileError) -> Double? {
    switch try value(attribute, variable) {
    case nil: return nil
    case .numbers(let numbers) where numbers.count == 1: return numbers[0]
    default:
      throw FileError(
        .invalidData, in: path, at: place(attribute, variable), found: "an attribute that is not one number",
        allowed: "one number")
    }
  }

  /// Where an attribute stands, for messages.
  func place(_ attribute: String, _ variable: String?) -> [String] { variable.map { [$0, attribute] } ?? [attribute] }

  /// Bytes as text, which must be UTF-8.
  func text(_ bytes: [UInt8], at place: [String]) throws(FileError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(
        .invalidData, in: path, at: place, found: "'\(String(decoding: bytes.prefix(40), as: UTF8.self))', which is no UTF-8",
        allowed: "text in UTF-8")
    }
    return text
  }
}
