import CNetCDF

extension NetCDFFile {
  /// The numbers of a variable in row-major order, converted to `Double`; `shape` is slowest first.
  public func doubles(_ variable: String) throws(FileError) -> (values: [Double], shape: [Int]) {
    let shape = try dimensions(of: variable).map(\.length)
    let variableID = try identifier(of: variable)
    try requireNumbers(variable, variableID)
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow && product < 1 << 40 else {
        throw FileError(
          .invalidData, in: path, at: [variable], found: "shape \(shape)", allowed: "a variable that fits into memory")
      }
      count = product
    }
    var values = [Double](repeating: 0, count: count)
    guard count > 0 else { return (values, shape) }
    try call(variable) {
      values.withUnsafeMutableBufferPointer { nc_get_var_double(handle, variableID, $0.baseAddress) }
    }
    return (values, shape)
  }

  /// The strings of a one-dimensional variable.
  public func strings(_ variable: String) throws(FileError) -> [String] {
    let variableID = try identifier(of: variable)
    let count = try dimensions(of: variable).reduce(1) { $0 * $1.length }
    guard try type(of: variable, variableID) == NC_STRING else {
      throw FileError(.invalidData, in: path, at: [variable], found: "numbers", allowed: "a variable of strings")
    }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    guard count > 0 else { return [] }
    try call(variable) { nc_get_var_string(handle, variableID, &pointers) }
    let result = pointers.map { $0.map { String(cString: $0) } ?? "" }
    try call(variable) { nc_free_string(count, &pointers) }
    return result
  }

  /// A text attribute of a variable, or of the file when `variable` is nil; nil when absent.
  public func text(attribute: String, of variable: String? = nil) throws(FileError) -> String? {
    let (variableID, type, length) = try inquire(attribute, variable)
    if type == NC_CHAR {
      var bytes = [CChar](repeating: 0, count: length + 1)
      if length > 0 { try call(attribute) { nc_get_att_text(handle, variableID, attribute, &bytes) } }
      return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard type == NC_STRING, length > 0 else { return nil }
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: length)
    try call(attribute) { nc_get_att_string(handle, variableID, attribute, &pointers) }
    let result = pointers.compactMap { $0.map { String(cString: $0) } }.joined(separator: "\n")
    try call(attribute) { nc_free_string(length, &pointers) }
    return result
  }

  /// A numeric attribute of a variable, or of the file when `variable` is nil; nil when absent or not numeric.
  public func numbers(attribute: String, of variable: String? = nil) throws(FileError) -> [Double]? {
    let (variableID, type, length) = try inquire(attribute, variable)
    guard type != NC_NAT && type != NC_CHAR && type != NC_STRING else { return nil }
    var values = [Double](repeating: 0, count: length)
    if length > 0 { try call(attribute) { nc_get_att_double(handle, variableID, attribute, &values) } }
    return values
  }

  /// Number of the variable, type (NC_NAT when the attribute is absent) and length.
  private func inquire(_ attribute: String, _ variable: String?) throws(FileError) -> (Int32, nc_type, Int) {
    var variableID = NC_GLOBAL
    if let variable { variableID = try identifier(of: variable) }
    var type: nc_type = 0
    var length = 0
    let code = NetCDFFile.locked { nc_inq_att(handle, variableID, attribute, &type, &length) }
    if code == NC_ENOTATT { return (variableID, NC_NAT, 0) }
    try call(attribute) { code }
    return (variableID, type, length)
  }

  private func requireNumbers(_ variable: String, _ variableID: Int32) throws(FileError) {
    let type = try type(of: variable, variableID)
    guard type >= NC_BYTE && type <= NC_UINT64 && type != NC_CHAR else {
      throw FileError(.invalidData, in: path, at: [variable], found: "text or a compound type", allowed: "numbers")
    }
  }

  private func type(of variable: String, _ variableID: Int32) throws(FileError) -> nc_type {
    var type: nc_type = 0
    try call(variable) { nc_inq_vartype(handle, variableID, &type) }
    return type
  }
}
