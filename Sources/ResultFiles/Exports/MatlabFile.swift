import DataFiles
import TransportResults

extension ExportFormat {
  /// MATLAB's binary level 5 (The MathWorks, "MAT-File Format"), also read by Octave and SciPy.
  static let matlab = ExportFormat(
    word: "matlab", abstract: "a MAT-file (level 5) for MATLAB, Octave, SciPy: an array for each variable and axis",
    suffix: ".mat",
    needsStructure: false
  ) { (request) throws(FileError) in
    let chosen = try ResultTable(request.result, variables: request.variables).chosenVariables
    var file = MatlabFile()
    let result = request.result
    try file.add("title", text: result.title)
    for axis in result.axes {
      try file.add(axis.name, axis.values, shape: [axis.values.count])
      if let labels = axis.labels { try file.add(axis.name + "_label", texts: labels) }
    }
    let numbers: [(StandardDimension, [Double])] = [(.frequency, result.frequencies), (.energy, result.energies)]
    for (dimension, values) in numbers where !values.isEmpty {
      try file.add(dimension.name, values, shape: [values.count])
    }
    if !result.modeEnergies.isEmpty {
      try file.add(ResultQuantity.modeEnergy.name, result.modeEnergies, shape: [result.modeEnergies.count])
    }
    let labels: [(StandardDimension, [String])] = [
      (.electrode, result.electrodeNames), (.bath, result.bathNames), (.channel, result.channelLabels),
    ]
    for (dimension, words) in labels where !words.isEmpty { try file.add(dimension.name, texts: words) }
    for variable in chosen {
      let shape = variable.dimensions.map { result.length(of: $0) ?? 1 }
      try file.add(variable.name, variable.values, shape: shape)
      if let errors = variable.errors { try file.add(variable.name + "_error", errors, shape: shape) }
      try file.add(variable.name + "_dimensions", texts: variable.dimensions)
      try file.add(variable.name + "_unit", text: variable.unit)
    }
    return [ExportedFile(name: ".mat", content: .bytes(file.bytes))]
  }
}

/// The bytes of a level 5 MAT-file, little-endian and not compressed.
struct MatlabFile {
  private(set) var bytes: [UInt8] = []
  private var names = Set<String>()

  init() {
    let words = Array("MATLAB 5.0 MAT-file, written by Pairbath".utf8)
    bytes = words + [UInt8](repeating: 0x20, count: 116 - words.count) + [UInt8](repeating: 0, count: 8)
    // Version 0x0100, and "IM", which a little-endian reader sees as "MI".
    bytes += [0x00, 0x01, 0x49, 0x4D]
  }

  private enum Kind: UInt32 {
    case int8 = 1
    case uint16 = 4
    case int32 = 5
    case uint32 = 6
    case double = 9
    case matrix = 14
  }

  private enum ArrayClass: UInt8 {
    case cell = 1
    case char = 4
    case double = 6
  }

  /// Adds numbers in row-major order; MATLAB's arrays have their first index fastest and two dimensions at least.
  mutating func add(_ name: String, _ values: [Double], shape: [Int]) throws(FileError) {
    let (dimensions, numbers) = (Self.padded(shape), Self.columnMajor(values, shape))
    var body = header(.double, dimensions, unique(name))
    body += Self.element(.double, numbers.flatMap { Self.little($0.bitPattern) })
    try append(body, name)
  }

  /// Adds a text.
  mutating func add(_ name: String, text: String) throws(FileError) { try append(characters(text, name: unique(name)), name) }

  /// Adds a column of texts as a cell array.
  mutating func add(_ name: String, texts: [String]) throws(FileError) {
    var body = header(.cell, [texts.count, 1], unique(name))
    for text in texts { body += Self.element(.matrix, characters(text, name: "")) }
    try append(body, name)
  }

  private mutating func append(_ body: [UInt8], _ name: String) throws(FileError) {
    guard body.count < 1 << 31 else {
      throw FileError(
        .tooManyStates, in: ".mat", at: [name], found: "\(body.count >> 20) MiB",
        allowed: "2 GiB in one array of a level 5 MAT-file",
        hint: "choose states with --at, or export to netcdf")
    }
    bytes += Self.element(.matrix, body)
  }

  /// Names are letters, digits and underscores, at most 63, each once.
  private mutating func unique(_ name: String) -> String {
    var word = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(60))
    if word.first?.isLetter != true { word = "x" + word }
    while names.contains(word) { word += "_" }
    names.insert(word)
    return word
  }

  private func characters(_ text: String, name: String) -> [UInt8] {
    let units = Array(text.utf16)
    var body = header(.char, [units.isEmpty ? 0 : 1, units.count], name)
    body += Self.element(.uint16, units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
    return body
  }

  /// Flags, dimensions and name of an array.
  private func header(_ kind: ArrayClass, _ dimensions: [Int], _ name: String) -> [UInt8] {
    Self.element(.uint32, Self.little(UInt32(kind.rawValue)) + Self.little(UInt32(0)))
      + Self.element(.int32, dimensions.flatMap { Self.little(UInt32(truncatingIfNeeded: $0)) })
      + Self.element(.int8, Array(name.utf8))
  }

  /// A tag and its data, filled up to a multiple of eight bytes.
  private static func element(_ kind: Kind, _ data: [UInt8]) -> [UInt8] {
    little(kind.rawValue) + little(UInt32(data.count)) + data + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
  }

  private static func little<N: FixedWidthInteger>(_ number: N) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func padded(_ shape: [Int]) -> [Int] {
    shape.count >= 2 ? shape : shape + [Int](repeating: 1, count: 2 - shape.count)
  }

  private static func columnMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
    guard shape.count > 1 else { return values }
    var strides = [Int](repeating: 1, count: shape.count)
    for d in shape.indices.dropLast().reversed() { strides[d] = strides[d + 1] * shape[d + 1] }
    var (result, index) = ([Double](), [Int](repeating: 0, count: shape.count))
    result.reserveCapacity(values.count)
    var place = 0
    for _ in values.indices {
      result.append(values[place])
      for d in shape.indices {
        index[d] += 1
        place += strides[d]
        if index[d] < shape[d] { break }
        place -= shape[d] * strides[d]
        index[d] = 0
      }
    }
    return result
  }
}
