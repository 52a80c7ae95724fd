import DataFiles
import JunctionModel
import TransportResults

/// Units in result files: what UDUNITS reads, and in words what it does not.
///
/// `units` is "1" where the unit is none (numbers in natural units, cumulants of mixed powers); `units_in_words` then says what the
/// numbers count, for example "energy unit^2/hbar".
enum ResultUnits {
  /// The attribute for what UDUNITS cannot read.
  static let words = "units_in_words"

  /// True for units that UDUNITS reads: those of the SI and eV. Natural units have words and carets in them.
  static func isReadable(_ unit: String) -> Bool {
    !unit.contains("^") && !unit.contains("/") && !unit.contains("unit") && !unit.contains("_")
  }
}

extension ResultUnits {
  /// The unit as UDUNITS reads it; "1" for none and for natural ones.
  static func standard(_ unit: String) -> String { unit.isEmpty || !isReadable(unit) ? "1" : unit }
}

extension ResultWriter {
  /// Writes the unit of a variable; none is "1".
  func write(unit: String, of name: String) throws(FileError) {
    try file.write(attribute: "units", ResultUnits.standard(unit), of: name)
    guard !unit.isEmpty, !ResultUnits.isReadable(unit) else { return }
    try file.write(attribute: ResultUnits.words, unit, of: name)
  }
}

extension NetCDFFile {
  /// The unit of a variable as it was computed; empty where the file says none.
  func unit(of name: String) throws(FileError) -> String {
    if let words = try textOnly(attribute: ResultUnits.words, of: name) { return words }
    return try textOnly(attribute: "units", of: name) ?? ""
  }
}

extension ResultDimension {
  /// The unit of the numbers at the indices; empty for words.
  var unit: String {
    if case .numbers(_, let unit) = coordinates { return unit }
    return ""
  }
}
