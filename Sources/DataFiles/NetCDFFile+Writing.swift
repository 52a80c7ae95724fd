import CNetCDF

extension NetCDFFile {
  /// Writes all numbers of a variable, row-major; their count must fill its shape.
  package func write(_ values: [Double], to variable: String) throws(FileError) {
    let variableID = try identifier(of: variable)
    let dimensions = try dimensions(of: variable)
    let count = dimensions.reduce(1) { $0 * $1.length }
    precondition(values.count == count, "\(values.count) numbers do not fill \(variable) of \(count)")
    try call(variable) { values.withUnsafeBufferPointer { nc_put_var_double(handle, variableID, $0.baseAddress) } }
    checksum.add(variable: variable, dimensions: dimensions, ValueDigest(values))
  }

  /// Writes all strings of a variable.
  package func write(_ strings: [String], to variable: String) throws(FileError) {
    let variableID = try identifier(of: variable)
    let dimensions = try dimensions(of: variable)
    let count = dimensions.reduce(1) { $0 * $1.length }
    precondition(strings.count == count, "\(strings.count) strings do not fill \(variable) of \(count)")
    var storage: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(storage.count)
      storage.append(contentsOf: string.utf8.lazy.filter { $0 != 0 }.map { CChar(bitPattern: $0) })
      storage.append(0)
    }
    try call(variable) {
      storage.withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<CChar>?] = offsets.map { buffer.baseAddress?.advanced(by: $0) }
        return nc_put_var_string(handle, variableID, &pointers)
      }
    }
    checksum.add(
      variable: variable, dimensions: dimensions,
      ValueDigest(strings.map { text in String(decoding: text.utf8.filter { $0 != 0 }, as: UTF8.self) }))
  }

  /// Writes a text attribute of a variable, or of the file when `variable` is nil.
  package func write(attribute: String, _ text: String, of variable: String? = nil) throws(FileError) {
    let variableID = try target(variable)
    try call(attribute) { nc_put_att_text(handle, variableID, attribute, text.utf8.count, text) }
    checksum.add(attribute: attribute, of: variable, text)
  }

  /// Writes a numeric attribute of a variable, or of the file when `variable` is nil.
  package func write(attribute: String, _ numbers: [Double], of variable: String? = nil) throws(FileError) {
    let variableID = try target(variable)
    try call(attribute) { nc_put_att_double(handle, variableID, attribute, NC_DOUBLE, numbers.count, numbers) }
    checksum.add(attribute: attribute, of: variable, numbers)
  }

  private func target(_ variable: String?) throws(FileError) -> Int32 {
    guard let variable else { return NC_GLOBAL }
    return try identifier(of: variable)
  }
}
