/// What to compute of two bodies, and how well.
package struct RadiationSettings: Sendable, Equatable {
  /// What the result contains, in the order wanted.
  package var observables: [RadiationObservable]
  /// Relative tolerance, to what the bodies send to each other before subtraction.
  package var tolerance: Double
  /// Photon energies of spectra, eV.
  package var frequencies: [Double]
  /// The largest share of a black body's radiation that may lie outside the tables.
  package var allowedMissingFraction: Double

  /// Settings; the defaults are those of the model file.
  package init(
    observables: [RadiationObservable] = [.energyFlux], tolerance: Double = 1e-6, frequencies: [Double] = [],
    allowedMissingFraction: Double = 1e-3
  ) {
    self.observables = observables
    self.tolerance = tolerance
    self.frequencies = frequencies
    self.allowedMissingFraction = allowedMissingFraction
  }
}

/// The quantities a user can ask for of two bodies; raw values are the names in the model file and the result.
package enum RadiationObservable: String, Sendable, CaseIterable {
  /// Net energy flux from body 1 to body 2, W/m^2.
  case energyFlux = "energy_flux"
  /// Its parts by polarisation and zone (propagating, evanescent).
  case energyFluxPart = "energy_flux_part"
  /// Net energy flux per photon energy, W/(m^2 eV).
  case energyFluxSpectrum = "energy_flux_spectrum"
  /// The spectrum by polarisation and zone.
  case energyFluxPartSpectrum = "energy_flux_part_spectrum"
  /// Net photons from body 1 to body 2 per area and time.
  case photonFlux = "photon_flux"
  /// Ideal photocurrent density of each body, A/m^2.
  case photocurrent
  /// Electrical power each body delivers per area.
  case electricalPower = "electrical_power"
  /// Heat taken from the reservoir of each body per area and time.
  case heatFlux = "heat_flux"
  /// Electrical power over the heat taken from the hotter body.
  case efficiency
  /// Entropy produced per area and time.
  case entropyProduction = "entropy_production"
  /// dq/dT at the temperature of each body, both at it and unbiased.
  case heatTransferCoefficient = "heat_transfer_coefficient"
  /// Hemispherical total emissivity of each body at its temperature.
  case emissivity

  /// True for spectra, which need photon energies.
  package var isSpectrum: Bool { self == .energyFluxSpectrum || self == .energyFluxPartSpectrum }
}
