import CContainedReader
import CNetCDF
import Foundation
import SystemFiles

/// An open NetCDF file; the only type that talks to the NetCDF library, or has another process do it.
///
/// A file being read is open in a process of its own (`ContainedReader`), because damaged files crash the library. A file being written is
/// open here: the library is not safe for threads, so every call holds one lock. A file that goes out of scope is closed.
package final class NetCDFFile: NamedArrays {
  /// Types of numbers a variable can hold; reading converts all of them to `Double`.
  package enum NumberType: Sendable {
    /// 64-bit floating point.
    case double
    /// 32-bit integers, for indices.
    case int
  }

  /// The path the file was opened with.
  package let path: String
  private var id: Int32 = -1
  /// What reads the file; nil for a file being written.
  package let reader: ContainedReader?
  /// Numbers of variables of a file being written, once asked for.
  private var writtenIdentifiers: [String: Int32] = [:]
  /// What has been written so far, for the attribute `checksum` of results.
  package var checksum = ResultChecksum()

  /// Taken before the first call of the library, which reads the environment once.
  ///
  /// HDF5 locks files it opens. A process started meanwhile (gnuplot) inherits the lock for a moment, and a file just
  /// written can then not be opened; some network file systems have no locks at all. Results are written under a private
  /// name and renamed, which needs no locks. The user's own setting has precedence.
  private static let lock: NSLock = {
    setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0)
    leaveExitToUs()
    return NSLock()
  }()

  /// `H5Eset_auto2` of the HDF5 library below NetCDF. HDF5 prints every internal error, even those NetCDF expects, and
  /// NetCDF turns that off for its first thread only; hence a call with (default stack, no function, no data) each time.
  private static let setErrorPrinting: (@convention(c) @Sendable (Int64, OpaquePointer?, OpaquePointer?) -> Int32)? = {
    guard let symbol = pairbath_reader_symbol("H5Eset_auto2") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) @Sendable (Int64, OpaquePointer?, OpaquePointer?) -> Int32).self)
  }()

  /// Keeps HDF5 from working when the process ends (`H5dont_atexit`): after a write that failed for want of room its exit handler
  /// tries again and crashes. Every file is closed by hand.
  private static func leaveExitToUs() {
    guard let symbol = pairbath_reader_symbol("H5dont_atexit") else { return }
    _ = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)()
  }

  /// Opens a regular file for reading. Throws `cannotRead` when it is not there and `notNetCDF` when it is something else or damaged.
  package init(reading path: String) throws(FileError) {
    reader = try ContainedReader(path)
    self.path = path
  }

  /// Creates a NetCDF-4 file that must not exist yet. Throws `cannotWrite`.
  package init(creating path: String) throws(FileError) {
    var id: Int32 = -1
    let code = NetCDFFile.locked { nc_create(path, NC_NETCDF4 | NC_NOCLOBBER, &id) }
    guard code == NC_NOERR else {
      throw FileError(.cannotWrite, in: path, found: NetCDFFile.message(code), allowed: "a path that can be written")
    }
    self.id = id
    self.path = path
    reader = nil
    var old: Int32 = 0
    try call("create") { nc_set_fill(id, NC_NOFILL, &old) }
  }

  deinit {
    guard id >= 0 else { return }
    let handle = id
    _ = NetCDFFile.locked { nc_close(handle) }
  }

  /// Closes the file; for a file being written this is where a full disk may show.
  package func close() throws(FileError) {
    reader?.stop()
    guard id >= 0 else { return }
    let handle = id
    id = -1
    try call("close") { nc_close(handle) }
  }

  // MARK: Dimensions and variables

  /// Names of all variables, in the order of the file.
  package func variableNames() throws(FileError) -> [String] {
    if let reader { return reader.description.variables.map(\.name) }
    var count: Int32 = 0
    try call("variables") { nc_inq_nvars(id, &count) }
    var names: [String] = []
    for variable in 0..<count { names.append(try name { nc_inq_varname(id, variable, $0) }) }
    return names
  }

  /// True when a variable of this name exists.
  package func hasVariable(_ name: String) -> Bool {
    if let reader { return reader.description.numbers[name] != nil }
    var variable: Int32 = 0
    return NetCDFFile.locked { nc_inq_varid(id, name, &variable) } == NC_NOERR
  }

  /// Dimensions of a variable, slowest first.
  package func dimensions(of variable: String) throws(FileError) -> [(name: String, length: Int)] {
    let variableID = try identifier(of: variable)
    if let reader { return reader.description.variables[Int(variableID)].dimensions }
    var rank: Int32 = 0
    try call(variable) { nc_inq_varndims(id, variableID, &rank) }
    var ids = [Int32](repeating: 0, count: Int(rank))
    try call(variable) { nc_inq_vardimid(id, variableID, &ids) }
    var result: [(name: String, length: Int)] = []
    for dimension in ids {
      var length = 0
      try call(variable) { nc_inq_dimlen(id, dimension, &length) }
      result.append((try name { nc_inq_dimname(id, dimension, $0) }, length))
    }
    return result
  }

  /// Defines a dimension of positive length.
  package func defineDimension(_ name: String, length: Int) throws(FileError) {
    precondition(length > 0, "a dimension of length \(length) would become unlimited")
    var dimension: Int32 = 0
    try call(name) { nc_def_dim(id, name, length, &dimension) }
  }

  /// Defines a numeric variable over dimensions, slowest first. Not compressed: mantissas of computed numbers do not shrink, and it takes
  /// longer than most computations.
  package func defineVariable(_ name: String, _ type: NumberType = .double, over dimensions: [String]) throws(FileError) {
    _ = try define(name, type == .double ? NC_DOUBLE : NC_INT, over: dimensions)
  }

  /// Defines a variable of strings.
  package func defineStringVariable(_ name: String, over dimensions: [String]) throws(FileError) {
    _ = try define(name, NC_STRING, over: dimensions)
  }

  private func define(_ name: String, _ type: nc_type, over dimensions: [String]) throws(FileError) -> Int32 {
    var ids: [Int32] = []
    for dimension in dimensions {
      var dimensionID: Int32 = 0
      try call(dimension) { nc_inq_dimid(id, dimension, &dimensionID) }
      ids.append(dimensionID)
    }
    var variable: Int32 = 0
    try call(name) { nc_def_var(id, name, type, Int32(ids.count), ids, &variable) }
    return variable
  }

  // MARK: Plumbing shared by the extensions

  /// Number of a variable in the file; for a missing one the error lists those that exist.
  package func identifier(of variable: String) throws(FileError) -> Int32 {
    if let known = writtenIdentifiers[variable] { return known }
    var variableID: Int32 = 0
    if let reader {
      if let number = reader.description.numbers[variable] { return Int32(number) }
    } else if NetCDFFile.locked({ nc_inq_varid(id, variable, &variableID) }) == NC_NOERR {
      writtenIdentifiers[variable] = variableID
      return variableID
    }
    throw try missing(variable)
  }

  /// Handle of the open file, for the extensions.
  package var handle: Int32 { id }

  /// Runs one library call under the lock and turns its return code into an error about `what`.
  package func call(_ what: String, _ body: () -> Int32) throws(FileError) {
    let code = NetCDFFile.locked(body)
    guard code != NC_NOERR else { return }
    throw FileError(.cannotWrite, in: path, at: [what], found: NetCDFFile.message(code), allowed: "a place with enough room")
  }

  /// Runs one library call under the lock.
  package static func locked<R>(_ body: () -> R) -> R {
    lock.lock()
    defer { lock.unlock() }
    _ = setErrorPrinting?(0, nil, nil)
    return body()
  }

  package static func message(_ code: Int32) -> String {
    locked { String(cString: nc_strerror(code)) } + " (NetCDF code \(code))"
  }

  private func name(_ body: (UnsafeMutablePointer<CChar>) -> Int32) throws(FileError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
    try call("names") { buffer.withUnsafeMutableBufferPointer { $0.baseAddress.map(body) ?? 0 } }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
