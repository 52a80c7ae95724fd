import JunctionModel
import TransportSolvers

/// What the observables of a request require to be computed.
struct Needs {
  /// Currents between electrons and bosons.
  let bosonCurrents: Bool
  /// Mode populations and stability.
  let populations: Bool
  let elastic: Bool
  let spectra: [Observable]
  let transmission: Bool
  /// State variables in result order.
  let variables: [StateVariable]

  init(_ request: SweepRequest) {
    let wanted = Set(request.settings.observables)
    let hasModes = request.junction.bosons.count > 0
    let currents: Set<Observable> = [
      .energyCurrent, .energyCurrentChannel, .bathEnergyCurrent, .chargeCurrent, .electrodeHeatCurrent, .entropyProduction,
    ]
    bosonCurrents = hasModes && !wanted.isDisjoint(with: currents)
    populations =
      hasModes
      && (bosonCurrents || !wanted.isDisjoint(with: [.modePopulation, .effectiveTemperature, .effectiveChemicalPotential]))
    elastic = !wanted.isDisjoint(with: [.chargeCurrent, .electrodeHeatCurrent, .entropyProduction])
    spectra = request.settings.observables.filter(\.isSpectrum)
    transmission = wanted.contains(.transmission)
    var variables: [StateVariable] = []
    for observable in request.settings.observables {
      for variable in StateVariable.variables(for: observable)
      where !variables.contains(where: { $0.name == variable.name }) {
        variables.append(variable)
      }
    }
    self.variables = variables
  }
}
