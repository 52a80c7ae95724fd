/// What to compute, at which level and how accurately.
public struct ComputeSettings: Sendable, Equatable {
  /// How the bosons enter the currents, Theory.md section 3.
  public enum Level: String, Sendable, CaseIterable {
    /// Each mode a delta function at its energy: the damping drops out.
    case sharp
    /// Bosons dressed by their own baths: the full frequency integral.
    case landauer
    /// Bosons dressed by the electrons too (Theory.md section 4): damping, shift, and heat between the pair baths.
    case dressed

    /// True when modes have widths, so that bosons occupy the whole bands of their baths; false when they sit at the modes' energies only.
    package var hasWidths: Bool { self != .sharp }
    /// True when the electrons' self-energy is part of the bosons' propagators.
    package var isDressed: Bool { self == .dressed }
  }

  /// Which elastic correction charge and heat currents contain, Theory.md section 3.
  public enum ElasticCorrection: String, Sendable, CaseIterable {
    /// That of the model H + M Q, with everything it contains.
    case full
    /// Without the shift by quasi-static displacements, which the second derivatives of H would compensate (Debye-Waller): for
    /// H and M from a first-principles calculation.
    case dynamic
    case none
  }

  /// Which real part of the electrons' self-energy enters level `dressed`, Theory.md section 4.
  public enum Renormalization: String, Sendable, CaseIterable {
    /// All of Pi_e(w): the dynamical matrix knows nothing of these electrons.
    case full
    /// Pi_e(w) minus its static value in equilibrium: the dynamical matrix contains the adiabatic electrons (any DFT).
    case dynamic
    /// Damping only.
    case none
  }

  /// How the bosons enter.
  public var level: Level
  /// Matters at level `dressed`.
  public var renormalization = Renormalization.full
  /// True to compute the energy current a second time, from the double integral [07:A2] without the pair picture.
  public var crossCheck = false
  /// The second-order elastic correction of charge and heat currents.
  public var elasticCorrection = ElasticCorrection.full
  /// The sweep variable or parameter V of dI/dV and d2I/dV2.
  public var voltage = "V"
  /// What the result contains, in the order wanted.
  public var observables: [Observable]
  /// Relative tolerance of every number.
  public var tolerance: Double
  /// Ratios of a variable at opposite values of a sweep axis.
  public var rectifications: [Rectification] = []
  /// Where pair spectra are wanted, internal units; nil for the mode energies.
  public var frequencies: [Double]?
  /// Where the transmission is wanted, internal units.
  public var energies: [Double]
  /// Time over which quanta are counted, internal units (1/energy); nil without `quanta_distribution`.
  public var countingTime: Double?
  /// Largest number of quanta of the distribution, either way.
  public var quanta = 20
  /// True when the rates that the populations of modes follow from are results, for averages of them.
  package var keepsModeRates = false

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
  case bathParticleCurrent = "bath_particle_current"
  case reservoirEnergyCurrent = "reservoir_energy_current"
  case thermalConductance = "thermal_conductance"
  case modePopulation = "mode_population"
  case modePopulationMatrix = "mode_population_matrix"
  case renormalizedEnergy = "renormalized_energy"
  case dampingRate = "damping_rate"
  case qualityFactor = "quality_factor"
  case effectiveTemperature = "effective_temperature"
  case effectiveChemicalPotential = "effective_chemical_potential"
  case emission
  case absorption
  case pairDensity = "pair_density"
  case powerSpectrum = "power_spectrum"
  case friction
  case nonconservativeForce = "nonconservative_force"
  case berryForce = "berry_force"
  case renormalization
  case transmission
  case phononTransmission = "phonon_transmission"
  case onsagerMatrix = "onsager_matrix"
  case linearConductance = "linear_conductance"
  case seebeck
  case peltier
  case linearThermalConductance = "linear_thermal_conductance"
  case figureOfMerit = "figure_of_merit"
  case conductance
  case iets
  case machine
  case bosonEngineEfficiency = "boson_engine_efficiency"
  case chargeNoise = "charge_noise"
  case heatNoise = "heat_noise"
  case chargeCumulants = "charge_cumulants"
  case heatCumulants = "heat_cumulants"
  case fanoFactor = "fano_factor"
  case quantaDistribution = "quanta_distribution"
  case energyCurrentSpectrum = "energy_current_spectrum"
  case bathEnergyCurrentSpectrum = "bath_energy_current_spectrum"
  case emissionSpectrum = "emission_spectrum"
  case bathEmissionSpectrum = "bath_emission_spectrum"
  case bathAbsorptionSpectrum = "bath_absorption_spectrum"
  case photonChemicalPotential = "photon_chemical_potential"
  case photonRate = "photon_rate"
  case photonYield = "photon_yield"
  case emissionRate = "emission_rate"
  case absorptionRate = "absorption_rate"
  case electronicDamping = "electronic_damping"
}

/// Wanted: R = (X(x) + X(-x))/(X(x) - X(-x)) of a result variable X over a sweep axis x that is symmetric about 0.
public struct Rectification: Sendable, Equatable {
  /// Name of the variable, for example `energy_current`.
  public var variable: String
  /// Name of the sweep axis.
  public var axis: String

  /// The ratio of a variable over an axis.
  public init(of variable: String, over axis: String) {
    self.variable = variable
    self.axis = axis
  }
}
