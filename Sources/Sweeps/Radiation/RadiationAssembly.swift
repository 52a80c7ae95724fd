import JunctionModel
import RadiativeTransfer
import TransportResults

/// Puts the columns of two bodies into a labelled result.
struct RadiationAssembly {
  let request: RadiationRequest

  /// Labels, grids, axes and the model, without numbers.
  var empty: TransportResult {
    var result = TransportResult(
      title: request.title, units: .electronVolt, axes: request.axes,
      frequencies: request.settings.observables.contains(where: \.isSpectrum) ? request.settings.frequencies : [],
      level: "fluctuational electrodynamics", tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
    result.set(.body, .labels(names))
    result.set(.polarization, .labels(["s", "p"]))
    result.set(.zone, .labels(["propagating", "evanescent"]))
    return result
  }

  func result(_ columns: [ResultColumns]) -> TransportResult {
    var result = empty
    result.variables = inputs
    for (observable, column) in zip(request.settings.observables, columns) {
      let (values, errors) = column.take()
      result.variables.append(variable(observable.quantity(names[0], names[1]), values, errors))
    }
    return result
  }

  private var names: [String] { [request.pair.first.name, request.pair.second.name] }

  private func variable(_ quantity: ResultQuantity, _ values: [Double], _ errors: [Double]?) -> ResultVariable {
    ResultVariable(quantity, units: .electronVolt, sweep: request.axes.map(\.name), values: values, errors: errors)
  }

  /// The states themselves, so that a result explains itself.
  private var inputs: [ResultVariable] {
    let bodies = request.states.map(\.first) + request.states.map(\.second)
    func input(_ quantity: ResultQuantity, _ values: [Double]) -> ResultVariable {
      let factor = UnitSystem.electronVolt.outputFactor(of: quantity.quantity)
      return variable(quantity, values.map { $0 * factor }, nil)
    }
    return [
      input(.bodyTemperature, bodies.map(\.temperature)), input(.bias, bodies.map(\.chemicalPotential)),
      input(.gap, request.gaps),
    ]
  }
}
