import DataFiles
import JunctionModel
import TransportResults

/// Rebuilds a result from its file, and validates it.
struct ResultFileReader {
  private let file: NetCDFFile
  private let version: String
  private let contents: ResultContents

  /// Reads everything. Throws `invalidData` for files that are no results, and where the checksum is wrong.
  init(file: NetCDFFile) throws(FileError) {
    guard let version = try file.textOnly(attribute: "pairbath_version") else {
      throw FileError(
        .invalidData, in: file.path, found: "no attribute pairbath_version", allowed: "a result written by 'pairbath run'")
    }
    self.file = file
    self.version = version
    contents = try ResultContents(file)
  }

  /// The whole result; nothing behind it needs to check a shape, a label or an axis again.
  func result() throws(FileError) -> TransportResult {
    let unitName = try attribute("units")
    guard let units = UnitSystem(rawValue: unitName) else {
      throw FileError(.invalidData, in: file.path, at: ["units"], found: "'\(unitName)'", allowed: "natural, eV")
    }
    let axes = try sweepAxes()
    var result = TransportResult(
      title: try attribute("title"), units: units, axes: axes.map(\.axis), electrodeNames: try labels(.electrode),
      bathNames: try labels(.bath), channelLabels: try labels(.channel),
      modeEnergies: try numbers(ResultQuantity.modeEnergy.name, along: .mode), frequencies: try numbers(.frequency),
      energies: try numbers(.energy), level: try attribute("level"), tolerance: try tolerance(),
      modelText: try attribute("model"), modelHash: try attribute("model_sha256"), version: version)
    result.inputHashes = try attribute("inputs_sha256").split(separator: "\n").map(String.init)
    result.instabilities = try numbers(.instability).count
    result.largestQuanta = try largestQuanta()
    result.shortfalls = try attribute("shortfalls").split(separator: "\n").map { SolverError(.notConverged, String($0)) }
    let modes = try numbers(.mode)
    if result.modeEnergies.isEmpty, !modes.isEmpty { result.set(.mode, .labels(modes.indices.map { "\($0)" })) }
    result.dimensions += try extraDimensions()
    let validation = ResultValidation(path: file.path, isVerified: contents.isVerified)
    try validation.checkCoordinates(of: result)
    for name in try variableNames(axes) {
      let (variable, lengths) = try variable(name, axes)
      try validation.check(variable, lengths, in: result)
      result.variables.append(variable)
    }
    try validation.checkSize(of: result)
    return result
  }

  private typealias StoredAxis = (axis: SweepAxis, dimension: String)

  private func attribute(_ name: String) throws(FileError) -> String { try file.textOnly(attribute: name) ?? "" }

  private func attribute(_ name: String, of variable: String) throws(FileError) -> String {
    try file.textOnly(attribute: name, of: variable) ?? ""
  }

  private func tolerance() throws(FileError) -> Double {
    let tolerance = try file.numberOnly(attribute: "tolerance") ?? 1e-8
    guard tolerance.isFinite && tolerance >= 0 else {
      throw FileError(.invalidData, in: file.path, at: ["tolerance"], found: "\(tolerance)", allowed: "a number from 0")
    }
    return tolerance
  }

  // MARK: Coordinates

  /// Throws unless a variable has one dimension, `dimension`.
  private func requireCoordinate(_ name: String, along dimension: String) throws(FileError) {
    let dimensions = try file.dimensions(of: name).map(\.name)
    guard dimensions == [dimension] else {
      throw FileError(
        .invalidData, in: file.path, at: [name],
        found: dimensions.isEmpty ? "a single value" : "the dimensions \(dimensions.joined(separator: ", "))",
        allowed: "the dimension \(dimension)")
    }
  }

  private func labels(_ dimension: StandardDimension) throws(FileError) -> [String] {
    let name = dimension.name
    guard contents.has(name) else { return [] }
    try requireCoordinate(name, along: name)
    let labels = try contents.labels(name)
    guard let second = StandardDimension.allCases.first(where: { $0.firstIndex == dimension })?.name, contents.has(second) else {
      return labels
    }
    try requireCoordinate(second, along: second)
    guard try contents.labels(second) == labels else {
      throw FileError(
        .invalidData, in: file.path, at: [second], found: "other labels than those of \(name)",
        allowed: "the same labels in the same order")
    }
    return labels
  }

  private func numbers(_ dimension: StandardDimension) throws(FileError) -> [Double] {
    try numbers(dimension.name, along: dimension)
  }

  private func numbers(_ name: String, along dimension: StandardDimension) throws(FileError) -> [Double] {
    guard contents.has(name) else { return [] }
    // Energies of modes that change with the sweep are a variable, and no coordinate.
    if dimension == .mode, try file.dimensions(of: name).count > 1 { return [] }
    try requireCoordinate(name, along: dimension.name)
    return try contents.doubles(name)
  }

  private func largestQuanta() throws(FileError) -> Int? {
    let quanta = try numbers(.quanta)
    guard !quanta.isEmpty else { return nil }
    let largest = (quanta.count - 1) / 2
    guard quanta == (-largest...largest).map({ Double($0) }) else {
      throw FileError(
        .invalidData, in: file.path, at: [StandardDimension.quanta.name], found: "\(quanta.count) numbers from \(quanta[0])",
        allowed: "all whole numbers from -n to n")
    }
    return largest
  }

  private func extraDimensions() throws(FileError) -> [ResultDimension] {
    var found: [ResultDimension] = []
    // The records of a part are no numbers for anybody but `merge`.
    for name in contents.names where name != PartFile.dimension {
      guard let kind = try file.textOnly(attribute: "result_dimension", of: name) else { continue }
      try requireCoordinate(name, along: name)
      let coordinates: ResultDimension.Coordinates
      switch kind {
      case "labels": coordinates = .labels(try contents.labels(name))
      case "numbers": coordinates = .numbers(try contents.doubles(name), unit: try file.unit(of: name))
      default:
        throw FileError(
          .invalidData, in: file.path, at: [name, "result_dimension"], found: "'\(kind.prefix(40))'", allowed: "labels, numbers")
      }
      found.append(ResultDimension(name, coordinates, longName: try attribute("long_name", of: name)))
    }
    return found
  }

  private func sweepAxes() throws(FileError) -> [StoredAxis] {
    var found: [(position: Double, stored: StoredAxis)] = []
    for name in contents.names {
      guard let axisName = try file.textOnly(attribute: "sweep_name", of: name) else { continue }
      try requireCoordinate(name, along: name)
      let position = try file.numberOnly(attribute: "sweep_position", of: name) ?? 0
      let unit = try file.unit(of: name)
      let axis = SweepAxis(
        axisName, try contents.doubles(name), unit: unit == "1" ? "" : unit, labels: try axisLabels(name))
      found.append((position, (axis, name)))
    }
    found.sort { $0.position < $1.position }
    guard found.map(\.position) == found.indices.map({ Double($0) }) else {
      throw FileError(
        .invalidData, in: file.path, at: found.map(\.stored.dimension), found: "the sweep positions \(found.map(\.position))",
        allowed: "0, 1, ..., each once: the order of the sweep variables")
    }
    return found.map(\.stored)
  }

  /// The words at an axis; nil for numbers.
  private func axisLabels(_ name: String) throws(FileError) -> [String]? {
    let label = name + ResultWriter.labelSuffix
    guard contents.has(label), try file.textOnly(attribute: "coordinate_of", of: label) == name else { return nil }
    try requireCoordinate(label, along: name)
    return try contents.labels(label)
  }

  // MARK: Variables

  /// Names of everything that is neither a coordinate nor an error estimate.
  private func variableNames(_ axes: [StoredAxis]) throws(FileError) -> [String] {
    var skipped = Set(StandardDimension.names + axes.map(\.dimension) + [PartFile.variable])
    for name in contents.names {
      if let error = try file.textOnly(attribute: "error_variable", of: name) { skipped.insert(error) }
    }
    var names: [String] = []
    for name in contents.names where !skipped.contains(name) {
      guard try file.textOnly(attribute: "coordinate_of", of: name) == nil,
        try file.textOnly(attribute: "result_dimension", of: name) == nil
      else { continue }
      names.append(name)
    }
    return names
  }

  private func variable(_ name: String, _ axes: [StoredAxis]) throws(FileError) -> (ResultVariable, lengths: [Int]) {
    let dimensions = try file.dimensions(of: name)
    var errors: [Double]?
    if let errorName = try file.textOnly(attribute: "error_variable", of: name) {
      errors = try contents.doubles(errorName)
      guard try file.dimensions(of: errorName).map(\.name) == dimensions.map(\.name) else {
        throw FileError(
          .invalidData, in: file.path, at: [errorName], found: "other dimensions than those of \(name)",
          allowed: "the dimensions \(dimensions.map(\.name).joined(separator: ", "))")
      }
    }
    // Older files have the words in long_name.
    let words = try file.textOnly(attribute: "description", of: name)
    let longName = try attribute("long_name", of: name)
    var variable = ResultVariable(
      name: name,
      dimensions: dimensions.map { dimension in axes.first { $0.dimension == dimension.name }?.axis.name ?? dimension.name },
      values: try contents.doubles(name), errors: errors, unit: try file.unit(of: name),
      longName: words ?? longName, signConvention: try attribute("sign_convention", of: name))
    variable.title = words == nil ? try attribute("short_name", of: name) : longName
    variable.symbol = try attribute("symbol", of: name)
    if let words = try file.textOnly(attribute: "flag_meanings", of: name) {
      variable.flagMeanings = words.split(separator: " ").map(String.init)
    }
    return (variable, dimensions.map(\.length))
  }
}
