import RadiativeTransfer
import TransportResults

/// Computes a state from the spectra of its gap, stores what is wanted of it and notes what that lacks.
struct RadiationStateWriter: Sendable {
  let request: RadiationRequest
  /// One per observable.
  let columns: [ResultColumns]
  /// By body and temperature.
  let emissivities: [[Double: Estimate]]

  func write(_ index: Int, _ spectra: GapSpectra, _ notes: PieceNotes) throws(SolverError) {
    let state = request.states[index]
    let (fluxes, accuracy) = try spectra.assessedFluxes(state)
    note("energy fluxes", accuracy, index, notes)
    let wantsSpectra = request.settings.observables.contains(where: \.isSpectrum)
    let spectrum = wantsSpectra ? try spectra.spectrum(state, at: request.settings.frequencies) : []
    for (observable, column) in zip(request.settings.observables, columns) {
      for (component, value) in try values(observable, index, fluxes, spectrum: spectrum, of: spectra, notes).enumerated() {
        column.set(component, index, value, factor: 1)
      }
    }
  }

  /// Notes what numbers of a state lack.
  private func note(_ name: String, _ accuracy: FluxAccuracy, _ index: Int, _ notes: PieceNotes) {
    let settings = request.settings
    if !(accuracy.relativeError <= settings.tolerance) { notes.miss(name, error: accuracy.relativeError, state: index) }
    if !(accuracy.missingFraction <= settings.allowedMissingFraction) {
      notes.lack(accuracy.missingFraction, of: request, state: index)
    }
  }

  private func values(
    _ observable: RadiationObservable, _ index: Int, _ fluxes: RadiativeFluxes, spectrum: [SpectralFlux],
    of spectra: GapSpectra, _ notes: PieceNotes
  ) throws(SolverError) -> [Estimate] {
    let state = request.states[index]
    switch observable {
    case .energyFlux: return [fluxes.energyFlux]
    case .energyFluxPart: return Self.byPolarization(fluxes.energyFluxParts)
    case .energyFluxSpectrum: return spectrum.map(\.energyFlux)
    case .energyFluxPartSpectrum:
      let parts = spectrum.map { point in Self.byPolarization(point.parts.map { Estimate($0, error: point.energyFlux.error) }) }
      return (0..<4).flatMap { part in parts.map { $0[part] } }
    case .photonFlux: return [fluxes.photonFlux]
    case .photocurrent: return fluxes.photocurrent
    case .electricalPower: return fluxes.electricalPower
    case .heatFlux: return fluxes.heat
    case .efficiency: return [Self.efficiency(state, fluxes)]
    case .entropyProduction: return [fluxes.entropyProduction]
    case .heatTransferCoefficient:
      var found: [Estimate] = []
      for temperature in [state.first.temperature, state.second.temperature] {
        guard temperature > 0 else {
          found.append(Estimate())
          continue
        }
        let (coefficient, accuracy) = try spectra.assessedHeatTransferCoefficient(temperature: temperature)
        note("heat transfer coefficients", accuracy, index, notes)
        found.append(coefficient)
      }
      return found
    case .emissivity:
      return [state.first, state.second].enumerated().map { emissivities[$0][$1.temperature] ?? .notANumber }
    }
  }

  /// [s propagating, p propagating, s evanescent, p evanescent] as [polarization][zone].
  private static func byPolarization(_ parts: [Estimate]) -> [Estimate] { [parts[0], parts[2], parts[1], parts[3]] }

  /// P/Q of the hotter body where P > 0 and Q > 0; NaN elsewhere.
  private static func efficiency(_ state: RadiationState, _ fluxes: RadiativeFluxes) -> Estimate {
    guard state.first.temperature != state.second.temperature else { return .notANumber }
    let heat = fluxes.heat[state.first.temperature > state.second.temperature ? 0 : 1]
    let power = fluxes.electricalPower[0].value + fluxes.electricalPower[1].value
    let powerError = fluxes.electricalPower[0].error + fluxes.electricalPower[1].error
    guard power > 0, heat.value > heat.error else { return .notANumber }
    let ratio = power / heat.value
    return Estimate(ratio, error: (powerError + ratio * heat.error) / (heat.value - heat.error))
  }
}
