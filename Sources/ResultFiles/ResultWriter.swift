import DataFiles
import JunctionModel
import TransportResults

/// Defines and fills the variables of a result file.
struct ResultWriter {
  let result: TransportResult
  let file: NetCDFFile
  /// Names of the sweep dimensions in the file: the axes' own, unless something else is called so.
  private let axisNames: [String]

  init(result: TransportResult, file: NetCDFFile) {
    self.result = result
    self.file = file
    axisNames = Self.distinctNames(of: result)
  }

  /// Writes everything: dimensions, coordinates, variables, attributes of the file.
  func write() throws(FileError) {
    try writeGlobalAttributes()
    let variables = result.variables.filter { isStorable($0) }
    var used = Set(variables.flatMap(\.dimensions))
    used.formUnion(["electrode", "bath", "channel", "mode", "frequency", "energy"])
    try writeAxes()
    try writeLabels("electrode", result.electrodeNames, used, "electrode")
    try writeLabels("electrode2", result.electrodeNames, used, "electrode, second index")
    try writeLabels("bath", result.bathNames, used, "boson bath")
    try writeLabels("bath2", result.bathNames, used, "boson bath, second index")
    try writeLabels("reservoir", result.reservoirNames, used, "pair channel or boson bath")
    try writeLabels("reservoir2", result.reservoirNames, used, "pair channel or boson bath, second index")
    try writeLabels("terminal", result.terminalNames, used, "electrode or boson bath")
    try writeLabels("terminal2", result.terminalNames, used, "electrode or boson bath, second index")
    try writeLabels("channel", result.channelLabels, used, "electron-hole pair channel: an electron from > ends in")
    try writeLabels("ri", ComplexParts.labels, used, "real and imaginary part")
    try writeModes(used)
    let energyUnit = result.units.label(of: .energy)
    try writeNumbers("frequency", result.frequencies, unit: energyUnit, longName: "energy of the boson")
    try writeNumbers("energy", result.energies, unit: energyUnit, longName: "energy of the electron")
    if used.contains("instability") {
      try writeNumbers(
        "instability", (0..<result.instabilities).map { Double($0) }, unit: "1", longName: "number of the instability, from 0")
    }
    if used.contains("cumulant") {
      try writeNumbers("cumulant", [1, 2, 3, 4], unit: "1", longName: "order of the cumulant")
    }
    if let largest = result.largestQuanta, used.contains("quanta") {
      try writeNumbers(
        "quanta", (-largest...largest).map { Double($0) }, unit: "1", longName: "net number of quanta exchanged")
    }
    for dimension in result.extraDimensions where used.contains(dimension.name) { try write(dimension) }
    for variable in variables { try write(variable) }
    try file.write(attribute: ResultChecksum.attribute, file.checksum.text)
  }

  private func write(_ dimension: ResultDimension) throws(FileError) {
    switch dimension.coordinates {
    case .labels(let labels): try writeLabels(dimension.name, labels, [dimension.name], dimension.longName)
    case .numbers(let numbers, let unit):
      try writeNumbers(dimension.name, numbers, unit: unit, longName: dimension.longName)
    }
    guard dimension.count > 0 else { return }
    try file.write(attribute: "result_dimension", dimension.isNumeric ? "numbers" : "labels", of: dimension.name)
  }

  // MARK: Names

  /// Dimension names for the axes that no other dimension or variable has.
  private static func distinctNames(of result: TransportResult) -> [String] {
    var taken = Set(StandardDimension.names + ["mode_energy"] + result.extraDimensions.map(\.name))
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
      try file.write(attribute: "long_name", "sweep variable \(axis.name)", of: name)
      if !axis.unit.isEmpty { try file.write(attribute: "units", axis.unit, of: name) }
      try file.write(attribute: "sweep_name", axis.name, of: name)
      try file.write(attribute: "sweep_position", [Double(position)], of: name)
      try file.write(axis.values, to: name)
    }
  }

  private func writeLabels(
    _ name: String, _ labels: [String], _ used: Set<String>, _ longName: String
  ) throws(FileError) {
    guard !labels.isEmpty && used.contains(name) else { return }
    try file.defineDimension(name, length: labels.count)
    try file.defineStringVariable(name, over: [name])
    try file.write(attribute: "long_name", longName, of: name)
    try file.write(labels, to: name)
  }

  private func writeNumbers(_ name: String, _ values: [Double], unit: String, longName: String) throws(FileError) {
    guard !values.isEmpty else { return }
    try file.defineDimension(name, length: values.count)
    try file.defineVariable(name, over: [name])
    try file.write(attribute: "units", unit, of: name)
    try file.write(attribute: "long_name", longName, of: name)
    try file.write(values, to: name)
  }

  private func writeModes(_ used: Set<String>) throws(FileError) {
    let count = result.modeEnergies.count
    guard count > 0 else { return }
    for name in ["mode", "mode2"] where used.contains(name) {
      try file.defineDimension(name, length: count)
      try file.defineVariable(name, .int, over: [name])
      try file.write(attribute: "long_name", "number of the mode, from 0", of: name)
      try file.write((0..<count).map { Double($0) }, to: name)
    }
    guard result.variable("mode_energy") == nil else { return }
    try file.defineVariable("mode_energy", over: ["mode"])
    try file.write(attribute: "units", result.units.label(of: .energy), of: "mode_energy")
    try file.write(attribute: "long_name", "mode energy", of: "mode_energy")
    try file.write(attribute: "coordinate_of", "mode", of: "mode_energy")
    try file.write(result.modeEnergies, to: "mode_energy")
  }

  // MARK: Variables

  private func write(_ variable: ResultVariable) throws(FileError) {
    let names = variable.dimensions.map { dimension($0) }
    try file.defineVariable(variable.name, over: names)
    try file.write(attribute: "units", variable.unit, of: variable.name)
    try file.write(attribute: "long_name", variable.longName, of: variable.name)
    if !variable.signConvention.isEmpty {
      try file.write(attribute: "sign_convention", variable.signConvention, of: variable.name)
    }
    if !variable.flagMeanings.isEmpty {
      try file.write(attribute: "flag_values", variable.flagMeanings.indices.map(Double.init), of: variable.name)
      try file.write(attribute: "flag_meanings", variable.flagMeanings.joined(separator: " "), of: variable.name)
    }
    if variable.errors != nil { try file.write(attribute: "error_variable", variable.name + "_error", of: variable.name) }
    try file.write(variable.values, to: variable.name)
    guard let errors = variable.errors else { return }
    let errorName = variable.name + "_error"
    try file.defineVariable(errorName, over: names)
    try file.write(attribute: "units", variable.unit, of: errorName)
    try file.write(attribute: "long_name", "numerical error estimate (absolute) of: " + variable.longName, of: errorName)
    try file.write(errors, to: errorName)
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
  }
}
