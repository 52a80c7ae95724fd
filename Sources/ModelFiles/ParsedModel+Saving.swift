import DataFiles

/// A model with its arrays, written as a model file and a data file.
extension ParsedModel {
  /// The name of the data file that takes the place of arrays in memory.
  private static let dataName = "junction.nc"

  /// Writes `model.yaml` with the changes and, where there are arrays, `junction.nc` into a folder, each whole or not at all. Throws
  /// `FileError`.
  package func save(in folder: String, arrays: [NamedArray], overrides: [String]) throws(FileError) {
    let paths = arrays.isEmpty ? [] : root.paths(of: "file", ArraysInMemory.name)
    var changes: [String] = []
    let axes = arrays.isEmpty ? [] : root.axes.map { $0.path.joined(separator: ".") + "={array: \($0.name)}" }
    for override in axes + overrides { changes.append(try inText(override, arrays)) }
    changes += paths.map { ($0 + ["file"]).joined(separator: ".") + "=" + Self.dataName }
    let text = try ModelRewriting(of: text, file: file, changes: changes).text
    let isData = Set(arrays.map(\.name)).subtracting((axes + overrides).compactMap(Self.axis))
    if !isData.isEmpty {
      try AtomicFile.write(to: folder + "/" + Self.dataName) { (temporary) throws(FileError) in
        try NetCDFFile.write(arrays.filter { isData.contains($0.name) }, to: temporary)
      }
    }
    try AtomicFile.write(text, to: folder + "/model.yaml")
  }

  /// The name of the array that a change `X={array: NAME}` makes an axis of; nil for others.
  private static func axis(_ override: String) -> String? {
    guard let equals = override.firstIndex(of: "=") else { return nil }
    let value = override[override.index(after: equals)...]
    guard value.hasPrefix("{array: "), value.hasSuffix("}") else { return nil }
    return String(value.dropFirst(8).dropLast())
  }

  /// A change whose array in memory is written out.
  private func inText(_ override: String, _ arrays: [NamedArray]) throws(FileError) -> String {
    guard let name = Self.axis(override) else { return override }
    guard let array = arrays.first(where: { $0.name == name }) else { throw try ArraysInMemory(arrays).missing(name) }
    return override.prefix { $0 != "=" } + "=[" + array.values.map { "\($0)" }.joined(separator: ", ") + "]"
  }
}

extension ModelNode {
  /// Places where the text has `{array: NAME}`.
  fileprivate var axes: [(path: [String], name: String)] {
    switch content {
    case .scalar: return []
    case .sequence(let items):
      return items.enumerated().flatMap { index, item in item.axes.map { (["\(index)"] + $0.path, $0.name) } }
    case .mapping(let entries):
      if entries.count == 1, let name = self["array"]?.scalarText, !name.isEmpty { return [([], name)] }
      return entries.flatMap { entry in entry.value.axes.map { ([entry.key] + $0.path, $0.name) } }
    }
  }

  /// Paths of mappings in which a key has a value.
  fileprivate func paths(of key: String, _ value: String) -> [[String]] {
    switch content {
    case .scalar: return []
    case .sequence(let items):
      return items.enumerated().flatMap { index, item in item.paths(of: key, value).map { ["\(index)"] + $0 } }
    case .mapping(let entries):
      return (self[key]?.scalarText == value ? [[]] : [])
        + entries.flatMap { entry in entry.value.paths(of: key, value).map { [entry.key] + $0 } }
    }
  }
}

extension NetCDFFile {
  /// Writes arrays as variables of a new file; those without dimensions as attributes of it. Throws `cannotWrite`.
  fileprivate static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
    let file = try NetCDFFile(creating: path)
    var dimensions = Set<Int>()
    for array in arrays where !array.shape.contains(0) {
      guard !array.shape.isEmpty else {
        try file.write(attribute: array.name, array.values)
        continue
      }
      for length in array.shape where dimensions.insert(length).inserted {
        try file.defineDimension("dimension_\(length)", length: length)
      }
      try file.defineVariable(array.name, over: array.shape.map { "dimension_\($0)" })
      try file.write(array.values, to: array.name)
      for (name, text) in array.attributes.sorted(by: { $0.key < $1.key }) {
        try file.write(attribute: name, text, of: array.name)
      }
    }
    try file.close()
  }
}
