import JunctionModel
import TerminalTransport
import TransportResults

/// The parts of a result that need no computation.
enum TerminalAssembly {
  /// A result with the states themselves.
  static func empty(_ request: TerminalRequest) -> TransportResult {
    let energy = request.units.outputFactor(of: .energy)
    let hasSpectra = request.settings.observables.contains(where: \.needsFrequencies)
    var result = TransportResult(
      title: request.title, units: request.units, axes: request.axes, electrodeNames: [], bathNames: request.terminals.names,
      channelLabels: [], modeEnergies: [], frequencies: hasSpectra ? request.settings.frequencies.map { $0 * energy } : [],
      energies: [], level: "landauer", tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
    let columns: [(String, [[Double]], Quantity, String)] = [
      ("bath_temperature", request.points.bathTemperatures, .temperature, "temperature of each bath"),
      ("bath_chemical_potential", request.points.bathChemicalPotentials, .energy, "chemical potential of each bath"),
    ]
    for (name, values, quantity, longName) in columns where !values.isEmpty {
      let factor = request.units.outputFactor(of: quantity)
      result.variables.append(
        ResultVariable(
          name: name, dimensions: ["bath"] + request.axes.map(\.name), values: values.flatMap { $0.map { $0 * factor } },
          errors: nil,
          unit: request.units.label(of: quantity), longName: longName))
    }
    return result
  }

  /// tau from bath2 to bath at the frequencies asked for.
  static func addTransmission(_ request: TerminalRequest, to result: inout TransportResult) {
    let (count, frequencies) = (request.terminals.names.count, request.settings.frequencies)
    var values: [Double] = []
    for p in 0..<count {
      for q in 0..<count { values += frequencies.map { request.terminals.transmission(from: q, to: p, at: $0) } }
    }
    result.variables.append(
      ResultVariable(
        name: "transmission_function", dimensions: ["bath", "bath2", "frequency"], values: values,
        errors: values.map { 1e-15 * abs($0) }, unit: "1", longName: "transmission from bath2 to bath, as given"))
  }
}
