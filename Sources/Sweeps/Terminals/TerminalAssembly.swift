import JunctionModel
import TerminalTransport
import TransportResults

/// The parts of a result that need no computation.
enum TerminalAssembly {
  /// Labels, grids, axes and the model, without numbers.
  static func labels(_ request: TerminalRequest) -> TransportResult {
    let energy = request.units.outputFactor(of: .energy)
    let hasSpectra = request.settings.observables.contains(where: \.needsFrequencies)
    return TransportResult(
      title: request.title, units: request.units, axes: request.axes, electrodeNames: [], bathNames: request.terminals.names,
      channelLabels: [], modeEnergies: [], frequencies: hasSpectra ? request.settings.frequencies.map { $0 * energy } : [],
      energies: [], level: "landauer", tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
  }

  /// A result with the states themselves.
  static func empty(_ request: TerminalRequest) -> TransportResult {
    var result = labels(request)
    let columns: [(ResultQuantity, [[Double]])] = [
      (.bathTemperature.with(words: "temperature of each bath"), request.points.bathTemperatures),
      (.bathChemicalPotential.with(words: "chemical potential of each bath"), request.points.bathChemicalPotentials),
    ]
    for (quantity, values) in columns where !values.isEmpty {
      let factor = request.units.outputFactor(of: quantity.quantity)
      result.variables.append(
        ResultVariable(
          quantity, units: request.units, sweep: request.axes.map(\.name), values: values.flatMap { $0.map { $0 * factor } },
          errors: nil))
    }
    return result
  }

  /// tau from bath2 to bath at the frequencies asked for.
  static func addTransmission(_ request: TerminalRequest, to result: inout TransportResult) {
    let (count, frequencies) = (request.terminals.names.count, request.settings.frequencies)
    var (values, errors): ([Double], [Double]) = ([], [])
    // Room for all at once: what grows takes up to three times as much, which no plan knows of.
    values.reserveCapacity(count * count * frequencies.count)
    errors.reserveCapacity(count * count * frequencies.count)
    for p in 0..<count {
      for q in 0..<count {
        for w in frequencies {
          let (value, error) = request.terminals.transmissionWithError(from: q, to: p, at: w)
          values.append(value)
          errors.append(error)
        }
      }
    }
    result.variables.append(
      ResultVariable(
        TerminalSettings.Observable.transmissionFunction.quantity, units: request.units, sweep: [], values: values,
        errors: errors))
  }
}
