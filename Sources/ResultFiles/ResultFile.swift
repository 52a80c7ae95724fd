import DataFiles
import JunctionModel
import TransportResults

/// Results as NetCDF-4 files that open in xarray as they are.
///
/// Every sweep axis, `electrode`, `bath`, `channel`, `mode`, `frequency` and `energy` is a dimension with a coordinate variable. The
/// attribute `checksum` guards all of it. A variable X with an error estimate is accompanied by X_error. A dimension of length 0 is left
/// out together with the variables on it.
public enum ResultFile {
  /// Writes a result; the file appears complete or not at all. Throws `FileError` with code `cannotWrite`.
  public static func write(_ result: TransportResult, to path: String) throws(FileError) {
    try AtomicFile.write(to: path) { (temporary) throws(FileError) in
      let file = try NetCDFFile(creating: temporary)
      try ResultWriter(result: result, file: file).write()
      try file.write(attribute: ResultChecksum.attribute, file.checksum.text)
      try file.close()
    }
  }

  /// Reads a result that `write` wrote, compares it with its checksum and validates it. Throws `FileError`: `cannotRead`, `notNetCDF` or
  /// `invalidData`.
  public static func read(from path: String) throws(FileError) -> TransportResult {
    let file = try NetCDFFile(reading: path)
    let result = try ResultFileReader(file: file).result()
    try file.close()
    return result
  }
}
