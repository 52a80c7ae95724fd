import JunctionModel
import RadiativeTransfer
import TransportResults

/// Puts the columns of two bodies into a labelled result.
struct RadiationAssembly {
  let request: RadiationRequest

  func result(_ columns: [ResultColumns]) -> TransportResult {
    let names = [request.pair.first.name, request.pair.second.name]
    var result = TransportResult(
      title: request.title, units: .electronVolt, axes: request.axes,
      frequencies: request.settings.observables.contains(where: \.isSpectrum) ? request.settings.frequencies : [],
      level: "fluctuational electrodynamics", tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
    result.dimensions += [
      ResultDimension("body", labels: names, longName: "body"),
      ResultDimension("polarization", labels: ["s", "p"], longName: "polarisation of the electric field"),
      ResultDimension("zone", labels: ["propagating", "evanescent"], longName: "waves that propagate in the gap, or not"),
    ]
    let sweep = request.axes.map(\.name)
    result.variables = inputs(sweep)
    for (observable, column) in zip(request.settings.observables, columns) {
      let (values, errors) = column.take()
      result.variables.append(
        ResultVariable(
          name: observable.rawValue, dimensions: observable.dimensions + sweep, values: values,
          errors: errors, unit: observable.unit, longName: observable.longName,
          signConvention: observable.sign(names[0], names[1])))
    }
    return result
  }

  /// The states themselves, so that a result explains itself.
  private func inputs(_ sweep: [String]) -> [ResultVariable] {
    let kelvin = 1 / PhysicalConstants.boltzmannInElectronVolts
    let bodies = request.states.map(\.first) + request.states.map(\.second)
    return [
      ResultVariable(
        name: "temperature", dimensions: ["body"] + sweep, values: bodies.map { $0.temperature * kelvin }, errors: nil,
        unit: "K", longName: "temperature of each body"),
      ResultVariable(
        name: "bias", dimensions: ["body"] + sweep, values: bodies.map(\.chemicalPotential), errors: nil, unit: "V",
        longName: "bias of each body; its interband photons have the chemical potential e times it"),
      ResultVariable(
        name: "gap", dimensions: sweep, values: request.gaps.map { $0 * 1e9 }, errors: nil, unit: "nm",
        longName: "width of the vacuum gap; infinite for the far field"),
    ]
  }
}
