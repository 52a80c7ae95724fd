import DataFiles
import JunctionModel
import TransportResults

/// Rebuilds a result from its file.
struct ResultFileReader {
  let file: NetCDFFile

  /// The whole result.
  func result() throws(FileError) -> TransportResult {
    guard let version = try file.text(attribute: "pairbath_version") else {
      throw FileError(
        .invalidData, in: file.path, found: "no attribute pairbath_version", allowed: "a result written by 'pairbath run'")
    }
    let unitName = try attribute("units")
    guard let units = UnitSystem(rawValue: unitName) else {
      throw FileError(.invalidData, in: file.path, at: ["units"], found: "'\(unitName)'", allowed: "natural, eV")
    }
    let axes = try sweepAxes()
    var result = TransportResult(
      title: try attribute("title"), units: units, axes: axes.map(\.axis), electrodeNames: try labels("electrode"),
      bathNames: try labels("bath"), channelLabels: try labels("channel"), modeEnergies: try numbers("mode_energy"),
      frequencies: try numbers("frequency"), energies: try numbers("energy"),
      variables: try variables(axes: axes, version: version), level: try attribute("level"), tolerance: try tolerance(),
      modelText: try attribute("model"), modelHash: try attribute("model_sha256"), version: version)
    result.instabilities = try numbers("instability").count
    let quanta = try numbers("quanta").count
    result.dimensions += try extraDimensions()
    result.largestQuanta = quanta > 0 ? (quanta - 1) / 2 : nil
    return result
  }

  private typealias StoredAxis = (axis: SweepAxis, dimension: String)

  private func attribute(_ name: String) throws(FileError) -> String { try file.text(attribute: name) ?? "" }

  private func tolerance() throws(FileError) -> Double { try file.numbers(attribute: "tolerance")?.first ?? 1e-8 }

  private func labels(_ name: String) throws(FileError) -> [String] { file.hasVariable(name) ? try file.strings(name) : [] }

  private func numbers(_ name: String) throws(FileError) -> [Double] {
    file.hasVariable(name) ? try file.doubles(name).values : []
  }

  private func extraDimensions() throws(FileError) -> [ResultDimension] {
    var found: [ResultDimension] = []
    for name in try file.variableNames() {
      guard let kind = try file.text(attribute: "result_dimension", of: name) else { continue }
      let longName = try file.text(attribute: "long_name", of: name) ?? ""
      let coordinates: ResultDimension.Coordinates =
        kind == "labels"
        ? .labels(try file.strings(name))
        : .numbers(try file.doubles(name).values, unit: try file.text(attribute: "units", of: name) ?? "")
      found.append(ResultDimension(name, coordinates, longName: longName))
    }
    return found
  }

  private func sweepAxes() throws(FileError) -> [StoredAxis] {
    var found: [(position: Double, stored: StoredAxis)] = []
    for name in try file.variableNames() {
      guard let axisName = try file.text(attribute: "sweep_name", of: name) else { continue }
      let unit = try file.text(attribute: "units", of: name) ?? ""
      let position = try file.numbers(attribute: "sweep_position", of: name)?.first ?? 0
      found.append((position, (SweepAxis(axisName, try file.doubles(name).values, unit: unit), name)))
    }
    return found.sorted { $0.position < $1.position }.map(\.stored)
  }

  private func variables(axes: [StoredAxis], version: String) throws(FileError) -> [ResultVariable] {
    let names = try file.variableNames()
    var skipped = Set(StandardDimension.names + axes.map(\.dimension))
    for name in names {
      if let error = try file.text(attribute: "error_variable", of: name) { skipped.insert(error) }
    }
    var result: [ResultVariable] = []
    for name in names where !skipped.contains(name) {
      guard try file.text(attribute: "coordinate_of", of: name) == nil,
        try file.text(attribute: "result_dimension", of: name) == nil
      else { continue }
      result.append(try variable(name, axes: axes))
    }
    return result
  }

  private func variable(_ name: String, axes: [StoredAxis]) throws(FileError) -> ResultVariable {
    let dimensions = try file.dimensions(of: name).map { dimension in
      axes.first { $0.dimension == dimension.name }?.axis.name ?? dimension.name
    }
    let errorName = try file.text(attribute: "error_variable", of: name)
    var errors: [Double]?
    if let errorName { errors = try file.doubles(errorName).values }
    var variable = ResultVariable(
      name: name, dimensions: dimensions, values: try file.doubles(name).values, errors: errors,
      unit: try file.text(attribute: "units", of: name) ?? "", longName: try file.text(attribute: "long_name", of: name) ?? "",
      signConvention: try file.text(attribute: "sign_convention", of: name) ?? "")
    if let words = try file.text(attribute: "flag_meanings", of: name) {
      variable.flagMeanings = words.split(separator: " ").map(String.init)
    }
    return variable
  }
}
