/// What to compute, at which level and how accurately.
public struct ComputeSettings: Sendable, Equatable {
  /// How the bosons enter the currents, Theory.md section 3.
  public enum Level: String, Sendable, CaseIterable {
    /// Each mode a delta function at its energy: the damping drops out.
    case sharp
    /// Bosons dressed by their own baths: the full frequency integral.
    case landauer
  }

  public var level: Level
  /// What the result contains, in the order wanted.
  public var observables: [Observable]
  /// Relative tolerance of every number.
  public var tolerance: Double
  /// Where pair spectra are wanted, internal units; nil for the mode energies.
  public var frequencies: [Double]?
  /// Where the transmission is wanted, internal units.
  public var energies: [Double]

  /// Settings; the defaults are those of the model file.
  public init(
    level: Level = .sharp, observables: [Observable] = [.energyCurrent], tolerance: Double = 1e-8,
    frequencies: [Double]? = nil, energies: [Double] = []
  ) {
    self.level = level
    self.observables = observables
    self.tolerance = tolerance
    self.frequencies = frequencies
    self.energies = energies
  }
}

/// The quantities a user can ask for; raw values are the names in the model file and the result.
public enum Observable: String, Sendable, CaseIterable {
  case energyCurrent = "energy_current"
  case energyCurrentChannel = "energy_current_channel"
  case bathEnergyCurrent = "bath_energy_current"
  case chargeCurrent = "charge_current"
  case electrodeHeatCurrent = "electrode_heat_current"
  case entropyProduction = "entropy_production"
  case modePopulation = "mode_population"
  case effectiveTemperature = "effective_temperature"
  case effectiveChemicalPotential = "effective_chemical_potential"
  case emission
  case absorption
  case pairDensity = "pair_density"
  case powerSpectrum = "power_spectrum"
  case transmission

  /// True for the spectra of section 2, which exist for every frequency and need no steady state.
  public var isSpectrum: Bool {
    switch self {
    case .emission, .absorption, .pairDensity, .powerSpectrum: return true
    default: return false
    }
  }
}
