import DataFiles

/// Everything in a result file, read once and compared with its checksum.
struct ResultContents {
  /// The file, for messages and attributes.
  let file: NetCDFFile
  /// True when the file has a checksum, and it is right: then every number is one that was computed.
  let isVerified: Bool
  private var numbers: [String: [Double]] = [:]
  private var strings: [String: [String]] = [:]

  /// Names of the variables, in the order of the file.
  let names: [String]

  /// Reads all variables. Throws `invalidData` for kinds no result has, and where the checksum is wrong.
  init(_ file: NetCDFFile) throws(FileError) {
    self.file = file
    names = try file.variableNames()
    let stored = try file.textOnly(attribute: ResultChecksum.attribute)
    var checksum = ResultChecksum()
    for name in names {
      let digest: ValueDigest
      if try file.hasStrings(name) {
        let labels = try file.strings(name)
        strings[name] = labels
        digest = ValueDigest(stored == nil ? [] as [String] : labels)
      } else {
        let values = try file.doubles(name).values
        numbers[name] = values
        digest = ValueDigest(stored == nil ? [] : values)
      }
      checksum.add(variable: name, dimensions: try file.dimensions(of: name), digest)
    }
    isVerified = stored != nil
    guard let stored else { return }
    try Self.addAttributes(of: nil, file, to: &checksum)
    for name in names { try Self.addAttributes(of: name, file, to: &checksum) }
    try checksum.verify(stored, in: file.path)
  }

  private static func addAttributes(of variable: String?, _ file: NetCDFFile, to checksum: inout ResultChecksum) throws(FileError)
  {
    for attribute in ResultChecksum.covered {
      if let text = try file.text(attribute: attribute, of: variable) {
        checksum.add(attribute: attribute, of: variable, text)
      } else if let numbers = try file.numbers(attribute: attribute, of: variable) {
        checksum.add(attribute: attribute, of: variable, numbers)
      }
    }
  }

  /// True when a variable of this name exists.
  func has(_ name: String) -> Bool { numbers[name] != nil || strings[name] != nil }

  /// The numbers of a variable.
  func doubles(_ name: String) throws(FileError) -> [Double] {
    guard let values = numbers[name] else { throw try missing(name, found: "strings", allowed: "numbers") }
    return values
  }

  /// The strings of a variable.
  func labels(_ name: String) throws(FileError) -> [String] {
    guard let labels = strings[name] else { throw try missing(name, found: "numbers", allowed: "strings") }
    return labels
  }

  /// The error about a variable that is of the other kind; throws itself for one that does not exist.
  private func missing(_ name: String, found: String, allowed: String) throws(FileError) -> FileError {
    _ = try file.identifier(of: name)
    return FileError(.invalidData, in: file.path, at: [name], found: found, allowed: allowed)
  }
}
