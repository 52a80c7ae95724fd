import JunctionModel
import RealModule
import TransportResults

/// Hemispherical emissivity of a body against vacuum: what it emits relative to a black body of its temperature.
package enum Emissivity {
  /// The total emissivity int dw w^3 eps(w) n(w/T)/int dw w^3 n(w/T) at each temperature (eV, > 0).
  ///
  /// What tables leave out stands in the errors, as a black body's share; more than `allowedMissingFraction` is refused.
  /// Cost: one `GapSpectra` without evanescent waves for all temperatures. Throws `ModelError` for bad temperatures and tables that
  /// miss the spectrum, `SolverError` when the tolerance is missed.
  package static func total(
    of body: RadiatingBody, temperatures: [Double], tolerance: Double = 1e-7, allowedMissingFraction: Double = 1e-3
  ) throws -> [Estimate] {
    let pair = try RadiatingPair(body, .blackBody())
    let states = temperatures.map { RadiationState(BodyState(temperature: $0), BodyState(temperature: 0)) }
    let window = try RadiationWindow(states, of: pair, tolerance: tolerance, allowedMissingFraction: allowedMissingFraction)
    let spectra = try GapSpectra(pair, gap: .infinity, window: window)
    return try temperatures.map { temperature in
      let flux = try spectra.thermalFlux(temperature: temperature)
      let square = temperature * temperature
      let black = RadiationUnits.energyFlux * Double.pi * Double.pi / 60 * square * square
      return Estimate(flux.value / black, error: flux.error / black)
    }
  }

  /// The emissivity at photon energies (eV), averaged over the hemisphere and both polarisations. Throws `ModelError`, `SolverError`.
  package static func spectral(
    of body: RadiatingBody, at energies: [Double], tolerance: Double = 1e-7
  ) throws -> [Estimate] {
    let pair = try RadiatingPair(body, .blackBody())
    var integrator = WaveVectorIntegrator(TransmissionIntegrand(pair, gap: .infinity), tolerance: tolerance)
    return try energies.map { w in
      guard w > 0, pair.range.contains(w) else {
        throw SolverError(
          .unsuitableModel, at: .body(body.name),
          "found the photon energy \(w) eV; allowed: above 0 and within the tables, \(pair.range) eV")
      }
      let spectrum = integrator.spectrum(at: w)
      guard spectrum.converged else {
        throw SolverError(.notConverged, at: .body(body.name), "the emissivity at \(w) eV missed \(tolerance)")
      }
      let black = w * w / (2 * Double.pi)
      return Estimate(spectrum.propagating.sum() / black, error: spectrum.error.sum() / black)
    }
  }
}
