import TransportResults

/// What to compute of `Terminals`, and how accurately.
package struct TerminalSettings: Sendable, Equatable {
  /// The quantities a user can ask for; raw values are the names in the model file and the result.
  package enum Observable: String, Sendable, CaseIterable {
    /// Energy into each bath.
    case bathEnergyCurrent = "bath_energy_current"
    /// Particles into each bath.
    case bathParticleCurrent = "bath_particle_current"
    /// Heat into each bath, energy less its chemical potential per particle.
    case bathHeatCurrent = "bath_heat_current"
    /// Fermions: charge leaving each bath.
    case chargeCurrent = "charge_current"
    case entropyProduction = "entropy_production"
    /// d(heat into bath)/d(temperature of bath2).
    case thermalConductance = "thermal_conductance"
    /// tau from bath2 to bath.
    case transmissionFunction = "transmission_function"
    /// Energy into each bath per unit energy.
    case bathEnergyCurrentSpectrum = "bath_energy_current_spectrum"

    /// True for what depends on a frequency of the list `frequencies`.
    package var needsFrequencies: Bool { self == .transmissionFunction || self == .bathEnergyCurrentSpectrum }
  }

  package var observables: [Observable]
  /// Relative to the gross flows.
  package var tolerance: Double
  /// Where transmissions and spectra are wanted, internal units.
  package var frequencies: [Double]
  /// Ratios of a variable at opposite values of a sweep axis.
  package var rectifications: [Rectification]

  /// Settings; the defaults are those of the model file.
  package init(
    observables: [Observable] = [.bathEnergyCurrent], tolerance: Double = 1e-8, frequencies: [Double] = [],
    rectifications: [Rectification] = []
  ) {
    (self.observables, self.tolerance) = (observables, tolerance)
    (self.frequencies, self.rectifications) = (frequencies, rectifications)
  }
}
