import DataFiles
import JunctionModel
import TransportResults

/// Defines and fills the variables of a result file.
struct ResultWriter {
  let result: TransportResult
  let file: any ResultSink
  /// Names of the sweep dimensions in the file: the axes' own, unless something else is called so.
  private let axisNames: [String]

  init(result: TransportResult, file: any ResultSink) {
    self.result = result
    self.file = file
    axisNames = Self.distinctNames(of: result)
  }

  /// Writes everything: dimensions, coordinates, variables, attributes of the file.
  ///
  /// `isDescribed` false leaves out all attributes. Numbers first, then words: HDF5 looks through all attributes of a variable whenever a dimension is attached to it.
  func write(describing isDescribed: Bool = true) throws(FileError) {
    let variables = result.variables.filter { isStorable($0) }
    let used = Set(variables.flatMap(\.dimensions) + Self.always.map(\.rawValue))
    let dimensions = result.everyDimension.filter { used.contains($0.name) && $0.count > 0 }
    let writesModeEnergies = dimensions.contains { $0.name == StandardDimension.mode.rawValue } && !resultHasModeEnergies
    try writeAxes()
    for dimension in dimensions { try write(dimension) }
    if writesModeEnergies { try writeModeEnergies() }
    for variable in variables { try write(variable) }
    guard isDescribed else { return }
    try writeGlobalAttributes()
    try describeAxes()
    for dimension in dimensions { try describe(dimension) }
    if writesModeEnergies { try describeModeEnergies() }
    for variable in variables { try describe(variable) }
  }

  /// True when the energies of modes were computed, not only known.
  private var resultHasModeEnergies: Bool { result.variable(ResultQuantity.modeEnergy.name) != nil }

  /// Dimensions whose labels are written even when no variable has them.
  private static let always: [StandardDimension] = [.electrode, .bath, .channel, .mode, .frequency, .energy]

  private func write(_ dimension: ResultDimension) throws(FileError) {
    let name = dimension.name
    try file.defineDimension(name, length: dimension.count)
    switch dimension.coordinates {
    case .labels(let labels):
      if StandardDimension(rawValue: name)?.isCounted == true {
        try file.defineVariable(name, .int, over: [name])
        try file.write(labels.compactMap { Double($0) }, to: name)
      } else {
        try file.defineStringVariable(name, over: [name])
        try file.write(labels, to: name)
      }
    case .numbers(let numbers, _):
      try file.defineVariable(name, over: [name])
      try file.write(numbers, to: name)
    }
  }

  private func describe(_ dimension: ResultDimension) throws(FileError) {
    let name = dimension.name
    try write(unit: dimension.unit, of: name)
    try file.write(attribute: "long_name", dimension.longName, of: name)
    if StandardDimension(rawValue: name)?.isOfJunctions != true {
      try file.write(attribute: "result_dimension", dimension.isNumeric ? "numbers" : "labels", of: name)
    }
  }

  // MARK: Names

  /// Dimension names for the axes that no other dimension or variable has.
  private static func distinctNames(of result: TransportResult) -> [String] {
    var taken = Set(StandardDimension.names + [ResultQuantity.modeEnergy.name] + result.extraDimensions.map(\.name))
    for variable in result.variables { taken.formUnion([variable.name, variable.name + "_error"]) }
    return result.axes.map { axis in
      var name = legal(axis.name)
      while !taken.insert(name).inserted { name = "sweep_" + name }
      return name
    }
  }

  /// The name with characters NetCDF or other programs dislike replaced.
  private static func legal(_ name: String) -> String {
    let replaced = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" })
    return replaced.first.map { $0.isNumber } ?? true ? "_" + replaced : replaced
  }

  private func dimension(_ name: String) -> String {
    result.axes.firstIndex { $0.name == name }.map { axisNames[$0] } ?? name
  }

  private func isStorable(_ variable: ResultVariable) -> Bool {
    variable.dimensions.allSatisfy { (result.length(of: $0) ?? 0) > 0 }
  }

  // MARK: Coordinates

  private func writeAxes() throws(FileError) {
    for (position, axis) in result.axes.enumerated() where !axis.values.isEmpty {
      let name = axisNames[position]
      try file.defineDimension(name, length: axis.values.count)
      try file.defineVariable(name, over: [name])
      try file.write(axis.values, to: name)
      guard let labels = axis.labels else { continue }
      try file.defineStringVariable(name + Self.labelSuffix, over: [name])
      try file.write(labels, to: name + Self.labelSuffix)
    }
  }

  /// What the variable with the words at an axis is called behind the axis.
  static let labelSuffix = "_label"

  private func describeAxes() throws(FileError) {
    for (position, axis) in result.axes.enumerated() where !axis.values.isEmpty {
      let name = axisNames[position]
      try file.write(attribute: "long_name", "sweep variable \(axis.name)", of: name)
      try write(unit: axis.unit, of: name)
      try file.write(attribute: "sweep_name", axis.name, of: name)
      try file.write(attribute: "sweep_position", [Double(position)], of: name)
      guard axis.labels != nil else { continue }
      try file.write(attribute: "long_name", "what stands at \(axis.name)", of: name + Self.labelSuffix)
      try file.write(attribute: "coordinate_of", name, of: name + Self.labelSuffix)
    }
  }

  private func writeModeEnergies() throws(FileError) {
    let energy = ResultQuantity.modeEnergy
    try file.defineVariable(energy.name, over: energy.dimensions.map(\.name))
    try file.write(result.modeEnergies, to: energy.name)
  }

  private func describeModeEnergies() throws(FileError) {
    let energy = ResultQuantity.modeEnergy
    try write(unit: result.units.label(of: energy.quantity), of: energy.name)
    try file.write(attribute: "long_name", energy.words, of: energy.name)
    try file.write(attribute: "coordinate_of", StandardDimension.mode.name, of: energy.name)
  }

  // MARK: Variables

  private func write(_ variable: ResultVariable) throws(FileError) {
    let names = variable.dimensions.map { dimension($0) }
    try file.defineVariable(variable.name, over: names)
    try file.write(variable.values, to: variable.name)
    guard let errors = variable.errors else { return }
    try file.defineVariable(variable.name + "_error", over: names)
    try file.write(errors, to: variable.name + "_error")
  }

  private func describe(_ variable: ResultVariable) throws(FileError) {
    try write(unit: variable.unit, of: variable.name)
    try writeWords(of: variable)
    if !variable.signConvention.isEmpty {
      try file.write(attribute: "sign_convention", variable.signConvention, of: variable.name)
    }
    if !variable.symbol.isEmpty { try file.write(attribute: "symbol", variable.symbol, of: variable.name) }
    if !variable.flagMeanings.isEmpty {
      try file.write(attribute: "flag_values", variable.flagMeanings.indices.map(Double.init), of: variable.name)
      try file.write(attribute: "flag_meanings", variable.flagMeanings.joined(separator: " "), of: variable.name)
    }
    try writeCoordinates(of: variable, variable.name)
    if variable.errors != nil { try file.write(attribute: "error_variable", variable.name + "_error", of: variable.name) }
    guard variable.errors != nil else { return }
    let errorName = variable.name + "_error"
    // In the unit of the variable, whose words say it where UDUNITS has none.
    try file.write(attribute: "units", ResultUnits.standard(variable.unit), of: errorName)
    let words = Self.lowercased(variable.title.isEmpty ? variable.name : variable.title)
    try file.write(attribute: "long_name", "Error estimate (absolute) of " + words, of: errorName)
    try writeCoordinates(of: variable, errorName)
  }

  /// A short `long_name` for axes of figures, and what it is in a `description`; without a short name, the words are the `long_name`.
  private func writeWords(of variable: ResultVariable) throws(FileError) {
    guard !variable.title.isEmpty else { return try file.write(attribute: "long_name", variable.longName, of: variable.name) }
    try file.write(attribute: "long_name", variable.title, of: variable.name)
    try file.write(attribute: "description", variable.longName, of: variable.name)
  }

  /// The energies of modes as a coordinate of what has modes (CF: auxiliary coordinate).
  private func writeCoordinates(of variable: ResultVariable, _ name: String) throws(FileError) {
    let energy = ResultQuantity.modeEnergy
    guard name != energy.name, variable.dimensions.contains(StandardDimension.mode.name), !resultHasModeEnergies else { return }
    try file.write(attribute: "coordinates", energy.name, of: name)
  }

  private static func lowercased(_ title: String) -> String {
    guard let first = title.first, !title.dropFirst().prefix(1).contains(where: \.isUppercase) else { return title }
    return first.lowercased() + title.dropFirst()
  }

  private func writeGlobalAttributes() throws(FileError) {
    try file.write(attribute: "Conventions", "CF-1.8")
    try file.write(attribute: "title", result.title)
    try file.write(attribute: "source", "Pairbath " + result.version)
    try file.write(attribute: "pairbath_version", result.version)
    try file.write(attribute: "units", result.units.rawValue)
    try file.write(attribute: "level", result.level)
    try file.write(attribute: "tolerance", [result.tolerance])
    try file.write(attribute: "model", result.modelText)
    try file.write(attribute: "model_sha256", result.modelHash)
    if !result.shortfalls.isEmpty {
      try file.write(attribute: "shortfalls", result.shortfalls.map(\.description).joined(separator: "\n"))
    }
    if !result.inputHashes.isEmpty { try file.write(attribute: "inputs_sha256", result.inputHashes.joined(separator: "\n")) }
  }
}
