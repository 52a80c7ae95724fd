import DataFiles
import JunctionModel
import TransportResults

/// The records of a part of a run inside its result: bytes, eight of them as one number each, because every reader of NetCDF knows numbers.
package enum PartFile {
  static let variable = "part_records"
  static let dimension = "part_record"

  /// The records in a file. Throws `invalidData` for a file without.
  package static func records(of path: String) throws(FileError) -> [UInt8] {
    let file = try NetCDFFile(reading: path)
    guard file.hasVariable(variable) else {
      throw FileError(
        .invalidData, in: path, found: "no variable \(variable)", allowed: "what 'pairbath run MODEL.yaml --part k/n' wrote",
        hint: "a result of a whole run needs no merge")
    }
    let contents = try ResultContents(file)
    let numbers = try contents.doubles(variable)
    try file.close()
    return numbers.withUnsafeBytes { [UInt8]($0) }
  }
}

extension TransportResult {
  /// Adds the records of a part, zeros behind them up to a multiple of eight.
  package mutating func addPart(_ records: [UInt8]) {
    let count = (records.count + 7) / 8
    let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      let raw = UnsafeMutableRawBufferPointer(buffer)
      raw.copyBytes(from: records)
      for i in records.count..<(8 * count) { raw[i] = 0 }
      filled = count
    }
    dimensions.append(
      ResultDimension(
        PartFile.dimension, .numbers((0..<count).map { Double($0) }, unit: "1"), longName: "eight bytes of the records of a part")
    )
    variables.append(
      ResultVariable(
        name: PartFile.variable, dimensions: [PartFile.dimension], values: numbers, errors: nil, unit: "1",
        longName: "what this part of a run has finished, for 'pairbath merge'"))
  }
}
