import CNetCDF

extension NetCDFFile {
  /// The numbers of a variable in row-major order, converted to `Double`; `shape` is slowest first.
  package func doubles(_ variable: String) throws(FileError) -> (values: [Double], shape: [Int]) {
    let (reader, number) = try place(of: variable)
    let type = reader.description.variables[number].type
    guard type >= NC_BYTE && type <= NC_UINT64 && type != NC_CHAR else {
      throw FileError(.invalidData, in: path, at: [variable], found: "text or a compound type", allowed: "numbers")
    }
    return (try reader.doubles(number), reader.description.variables[number].dimensions.map(\.length))
  }

  /// True when a variable holds strings.
  package func hasStrings(_ variable: String) throws(FileError) -> Bool {
    let (reader, number) = try place(of: variable)
    return reader.description.variables[number].type == NC_STRING
  }

  /// The strings of a one-dimensional variable.
  package func strings(_ variable: String) throws(FileError) -> [String] {
    let (reader, number) = try place(of: variable)
    let description = reader.description.variables[number]
    guard description.type == NC_STRING else {
      throw FileError(
        .invalidData, in: path, at: [variable], found: description.type == NC_CHAR ? "characters" : "numbers",
        allowed: "a variable of strings")
    }
    guard description.dimensions.count == 1 else {
      throw FileError(
        .invalidData, in: path, at: [variable], found: "\(description.dimensions.count) dimensions",
        allowed: "strings along one dimension")
    }
    return try reader.strings(number).map { (bytes) throws(FileError) in try text(bytes, at: [variable]) }
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

  /// The value of an attribute; nil when absent.
  package func value(_ attribute: String, _ variable: String?) throws(FileError) -> FileDescription.Value? {
    let attributes: FileDescription.Attributes
    if let variable {
      let (reader, number) = try place(of: variable)
      attributes = reader.description.variables[number].attributes
    } else {
      attributes = try requireReader().description.attributes
    }
    guard case .unreadable(let code) = attributes[attribute] else { return attributes[attribute] }
    throw FileError(
      .invalidData, in: path, at: place(attribute, variable), found: NetCDFFile.message(code), allowed: "a complete NetCDF file",
      hint: FileError.damagedFileAdvice)
  }

  private func place(_ attribute: String, _ variable: String?) -> [String] { variable.map { [$0, attribute] } ?? [attribute] }

  private func text(_ bytes: [UInt8], at place: [String]) throws(FileError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(
        .invalidData, in: path, at: place, found: "'\(String(decoding: bytes.prefix(40), as: UTF8.self))', which is no UTF-8",
        allowed: "text in UTF-8")
    }
    return text
  }

  private func place(of variable: String) throws(FileError) -> (ContainedReader, Int) {
    (try requireReader(), Int(try identifier(of: variable)))
  }

  private func requireReader() throws(FileError) -> ContainedReader {
    guard let reader else {
      throw FileError(.cannotRead, in: path, found: "a file that is being written", allowed: "a file opened for reading")
    }
    return reader
  }
}
