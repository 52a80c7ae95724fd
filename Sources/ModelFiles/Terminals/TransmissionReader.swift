import DataFiles
import JunctionModel

/// Reads one transmission: a number, an expression in w, or a mapping with a kind.
struct TransmissionReader {
  private let value: ModelValue
  private let reader: ModelReader
  private let breakpoints: [Double]
  private static let kinds = ["constant", "box", "lorentzian", "power", "table", "expression"]

  init(_ value: ModelValue, reader: ModelReader, breakpoints: [Double]) {
    (self.value, self.reader, self.breakpoints) = (value, reader, breakpoints)
  }

  func function() throws(FileError) -> TransmissionFunction {
    if value.node.isScalar { return try scalar(value, from: nil, to: nil) }
    guard value.node.isMapping else {
      throw value.wrongType(
        allowed: "a number, an expression in w such as \"exp(-w)*w^2\", or a mapping such as "
          + "{kind: box, from: 0.1, to: 2, height: 1}")
    }
    guard let node = value.node["kind"] else {
      throw value.fail(
        .missingKey, found: "the keys \(value.node.keys.joined(separator: ", "))",
        allowed: "the key 'kind', which is missing: " + Self.kinds.joined(separator: ", "))
    }
    switch try value.child(node, "kind").word(of: Self.kinds) {
    case "constant": return try constant(["height"], requireEnds: false)
    case "box": return try constant(["height"], requireEnds: true)
    case "lorentzian":
      let section = try section(["energy", "width", "height"])
      return try bounded(
        section,
        .lorentzian(
          energy: try section.required("energy").number(.energy), width: try section.required("width").number(.energy),
          height: try height(section)))
    case "power":
      let section = try section(["energy", "exponent", "height", "cutoff"])
      return try bounded(
        section,
        .power(
          energy: try section.required("energy", hint: "where tau = height").number(.energy),
          exponent: try section.required("exponent").number(.plain), height: try height(section),
          cutoff: try section.optional("cutoff")?.number(.energy)))
    case "table":
      let section = try section(["file"])
      let file = try section.required("file")
      let (energies, values) = try TransmissionTable.read(file, in: reader.data)
      return try bounded(section, .table(energies: energies, values: values))
    default:
      let section = try section(["value"])
      let (from, to) = try ends(section)
      return try scalar(try section.required("value", hint: "an expression in w"), from: from, to: to)
    }
  }

  private func section(_ keys: [String]) throws(FileError) -> ModelSection {
    try ModelSection(value, keys: ["kind"] + keys + ["from", "to"])
  }

  private func height(_ section: ModelSection) throws(FileError) -> Double {
    try section.optional("height")?.number(.plain) ?? 1
  }

  private func ends(_ section: ModelSection) throws(FileError) -> (Double?, Double?) {
    (try section.optional("from")?.number(.energy), try section.optional("to")?.number(.energy))
  }

  private func bounded(
    _ section: ModelSection, _ shape: TransmissionFunction.Shape
  ) throws(FileError) -> TransmissionFunction {
    let (from, to) = try ends(section)
    return TransmissionFunction(shape, from: from, to: to)
  }

  private func constant(_ keys: [String], requireEnds: Bool) throws(FileError) -> TransmissionFunction {
    let section = try section(keys)
    if requireEnds { for key in ["from", "to"] { _ = try section.required(key, hint: "the ends of the box") } }
    return try bounded(section, .constant(height: try height(section)))
  }

  /// A number, or an expression in w and the parameters.
  private func scalar(_ text: ModelValue, from: Double?, to: Double?) throws(FileError) -> TransmissionFunction {
    guard text.node.isScalar, let scope = text.scope else { throw text.wrongType(allowed: "a number or an expression in w") }
    let compiled = try scope.function(of: text, variable: "w")
    guard compiled.usesVariable else {
      return TransmissionFunction(.constant(height: compiled.value(0)), from: from, to: to)
    }
    return TransmissionFunction(
      .expression(text: text.node.scalarText, breakpoints: breakpoints, value: compiled.value), from: from, to: to)
  }
}

/// A transmission from a file: NetCDF with the variables `energy` and `transmission`, or text with two columns.
enum TransmissionTable {
  /// Energies (the user's unit) and transmissions, as they stand in the file that a key names.
  static func read(_ key: ModelValue, in data: DataFileCache) throws(FileError) -> (energies: [Double], values: [Double]) {
    let name = try key.fileName(allowed: "the path of a NetCDF file (.nc) or of a text file with two columns")
    let path = data.path(name)
    do {
      return try name.hasSuffix(".nc") ? netCDF(path) : columns(path)
    } catch { throw error.adding(hint: "read because of " + key.place) }
  }

  private static func netCDF(_ path: String) throws(FileError) -> ([Double], [Double]) {
    let file = try NetCDFFile(reading: path)
    for name in ["energy", "transmission"] where !file.hasVariable(name) {
      throw FileError(
        .invalidData, in: path, at: [name], found: "no such variable", allowed: "variables energy and transmission, one dimension"
      )
    }
    for name in ["energy", "transmission"] {
      let dimensions = try file.dimensions(of: name)
      guard dimensions.count == 1 else {
        throw FileError(.invalidData, in: path, at: [name], found: "\(dimensions.count) dimensions", allowed: "one dimension")
      }
    }
    let (energies, values) = (try file.doubles("energy"), try file.doubles("transmission"))
    guard energies.shape.count == 1, values.shape == energies.shape else {
      throw FileError(
        .invalidData, in: path, at: ["transmission"], found: "shapes \(energies.shape) and \(values.shape)",
        allowed: "one dimension, the same for both")
    }
    return (energies.values, values.values)
  }

  private static func columns(_ path: String) throws(FileError) -> ([Double], [Double]) {
    let rows = try NumberColumns(path: path, widths: 2...2, meaning: "energy and transmission").rows
    return (rows.map { $0[0] }, rows.map { $0[1] })
  }
}
