import TransportResults

/// The fluxes per area of one state, SI units; each with an absolute error bound.
package struct RadiativeFluxes: Sendable, Equatable {
  /// Net energy flux from body 1 to body 2, W/m^2.
  package var energyFlux = Estimate()
  /// Its parts [s propagating, p propagating, s evanescent, p evanescent], W/m^2.
  package var energyFluxParts = [Estimate](repeating: Estimate(), count: 4)
  /// Net photons from body 1 to 2, 1/(m^2 s). The error is infinite where the number of soft photons diverges
  /// (a loss that does not vanish with w) or was not resolved; nothing else depends on it.
  package var photonFlux = Estimate()
  /// Energy per time that both bodies send to each other, before subtraction, W/m^2: what errors are relative to.
  package var grossEnergyFlux = 0.0
  /// Ideal photocurrent densities of body 1 and 2, A/m^2: e times the net interband photons the body absorbs from the other.
  /// Positive under illumination, negative for a diode that shines.
  package var photocurrent = [Estimate(), Estimate()]
  /// Electrical power V J each body delivers, W/m^2; negative when the bias drives emission.
  package var electricalPower = [Estimate(), Estimate()]
  /// Heat taken from the reservoir of each body, W/m^2: Q_1 = q + V_1 J_1, Q_2 = -q + V_2 J_2; Q_1 + Q_2 = V_1 J_1 + V_2 J_2.
  package var heat = [Estimate(), Estimate()]
  /// -Q_1/T_1 - Q_2/T_2 >= 0, W/(m^2 K); infinite when heat flows into a body at T = 0.
  package var entropyProduction = Estimate()

  /// Names of `energyFluxParts`.
  package static let partNames = ["s propagating", "p propagating", "s evanescent", "p evanescent"]
}

/// How well a flux is known.
package struct FluxAccuracy: Sendable, Equatable {
  /// Error of the quadratures over the gross flux.
  package let relativeError: Double
  /// Bound of what evanescent waves outside the materials' tables may carry, over the gross flux. It stands in the errors.
  package let missingFraction: Double

  init(error: Double, missing: Double, of gross: Double) {
    func ratio(_ x: Double) -> Double { x == 0 ? 0 : x / gross }
    (relativeError, missingFraction) = (ratio(error), ratio(missing))
  }
}
