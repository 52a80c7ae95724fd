import DataFiles

/// Where the variables of a result go: a NetCDF file, or memory. One `ResultWriter` fills both, so that they cannot differ.
protocol ResultSink {
  /// A dimension of positive length.
  func defineDimension(_ name: String, length: Int) throws(FileError)
  /// A variable of numbers over dimensions, slowest first.
  func defineVariable(_ name: String, _ type: NetCDFFile.NumberType, over dimensions: [String]) throws(FileError)
  /// A variable of strings.
  func defineStringVariable(_ name: String, over dimensions: [String]) throws(FileError)
  /// All numbers of a variable, row-major.
  func write(_ values: [Double], to variable: String) throws(FileError)
  /// All strings of a variable.
  func write(_ strings: [String], to variable: String) throws(FileError)
  /// A text attribute of a variable, or of the whole when `variable` is nil.
  func write(attribute: String, _ text: String, of variable: String?) throws(FileError)
  /// A numeric attribute of a variable, or of the whole when `variable` is nil.
  func write(attribute: String, _ numbers: [Double], of variable: String?) throws(FileError)
}

extension ResultSink {
  func defineVariable(_ name: String, over dimensions: [String]) throws(FileError) {
    try defineVariable(name, .double, over: dimensions)
  }

  func write(attribute: String, _ text: String) throws(FileError) { try write(attribute: attribute, text, of: nil) }

  func write(attribute: String, _ numbers: [Double]) throws(FileError) { try write(attribute: attribute, numbers, of: nil) }
}

extension NetCDFFile: ResultSink {}
