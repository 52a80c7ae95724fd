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
