/// Exact constants of the SI (2019 definitions) and what follows from them.
package enum PhysicalConstants {
  /// Planck constant h, J s (exact).
  package static let planck = 6.62607015e-34
  /// Reduced Planck constant, J s.
  package static let reducedPlanck = planck / (2 * Double.pi)
  /// Elementary charge, C (exact).
  package static let elementaryCharge = 1.602176634e-19
  /// Boltzmann constant, J/K (exact).
  package static let boltzmann = 1.380649e-23
  /// Boltzmann constant, eV/K.
  package static let boltzmannInElectronVolts = boltzmann / elementaryCharge
  /// Speed of light in vacuum, m/s (exact).
  package static let speedOfLight = 299_792_458.0
  /// Avogadro constant, 1/mol (exact).
  package static let avogadro = 6.02214076e23
  /// Bohr radius, m (CODATA 2018).
  package static let bohr = 5.29177210903e-11
  /// Atomic mass unit, kg (CODATA 2018).
  package static let atomicMass = 1.66053906660e-27
  /// Mass of the electron, kg (CODATA 2018).
  package static let electronMass = 9.1093837015e-31
  /// Particles per second that make a rate of 1 eV: e/hbar, 1/(eV s).
  package static let ratePerElectronVolt = elementaryCharge / reducedPlanck
}

/// Kinds of numbers that cross the border of the package; each has a unit in every `UnitSystem`.
package enum Quantity: String, Sendable, CaseIterable {
  case energy
  case temperature
  /// Charge per time.
  case chargeCurrent
  /// Energy (or heat) per time.
  case power
  /// Entropy per time.
  case entropyRate
  /// Particles per time.
  case rate
  /// Pair spectra with couplings in energy (dimensionless convention): an energy, i.e. a rate with hbar = 1.
  case spectrum
  /// Pair spectra with mass-weighted couplings: energy squared.
  case massWeightedSpectrum
  case dimensionless
  /// Linear response: charge current per voltage; charge (heat) current per affinity, Theory.md section 7.
  case electricalConductance
  /// Charge current per voltage squared.
  case conductanceSlope
  case onsagerChargeCharge
  case onsagerChargeHeat
  case onsagerHeatHeat
  case thermopower
  case voltage
  /// Charge squared per time: noise per frequency.
  case chargeNoise
  /// Energy squared per time.
  case heatNoise
  /// Cumulants of heat, energy^n per time.
  case heatCumulant
  /// Energy per time and frequency.
  case powerSpectrum
  /// Particles per time and frequency.
  case rateSpectrum
  /// Of two radiating bodies, whose model knows eV and SI only and computes in the units shown: energy per time and area.
  case powerPerArea
  /// Energy per time, area and photon energy.
  case powerSpectrumPerArea
  /// Particles per time and area.
  case ratePerArea
  case chargeCurrentPerArea
  case entropyRatePerArea
  /// A length; computed in metres, shown in nanometres.
  case length
}

/// The units of the numbers a user writes and reads. Inside, hbar = k_B = e = 1 and everything is an energy.
public enum UnitSystem: String, Sendable, CaseIterable {
  /// All numbers share one energy unit; hbar = k_B = e = 1, as in the papers' figures.
  case natural
  /// Energies in eV, temperatures in K, currents in A, power in W.
  case electronVolt = "eV"

  /// Factor from the internal number (energies, hbar = k_B = e = 1) to the number shown, for example 11604.518 K per eV.
  package func outputFactor(of quantity: Quantity) -> Double {
    guard self == .electronVolt else { return 1 }
    switch quantity {
    case .energy, .spectrum, .massWeightedSpectrum, .dimensionless: return 1
    case .temperature: return 1 / PhysicalConstants.boltzmannInElectronVolts
    case .chargeCurrent, .power, .powerSpectrum: return PhysicalConstants.elementaryCharge * PhysicalConstants.ratePerElectronVolt
    case .entropyRate: return PhysicalConstants.boltzmann * PhysicalConstants.ratePerElectronVolt
    case .rate, .rateSpectrum, .heatCumulant: return PhysicalConstants.ratePerElectronVolt
    case .electricalConductance, .conductanceSlope:
      return PhysicalConstants.elementaryCharge * PhysicalConstants.ratePerElectronVolt
    case .onsagerChargeCharge, .onsagerChargeHeat, .onsagerHeatHeat:
      return outputFactor(of: .chargeCurrent) * outputFactor(of: .temperature)
    case .thermopower: return PhysicalConstants.boltzmannInElectronVolts
    case .voltage, .powerPerArea, .powerSpectrumPerArea, .ratePerArea, .chargeCurrentPerArea, .entropyRatePerArea: return 1
    case .length: return 1e9
    case .chargeNoise, .heatNoise:
      return PhysicalConstants.elementaryCharge * PhysicalConstants.elementaryCharge * PhysicalConstants.ratePerElectronVolt
    }
  }

  /// The unit shown beside a number of this kind, in UDUNITS spelling.
  package func label(of quantity: Quantity) -> String {
    guard self == .electronVolt else {
      switch quantity {
      case .dimensionless: return "1"
      case .energy, .temperature, .spectrum: return "energy unit"
      case .massWeightedSpectrum: return "energy unit^2"
      case .chargeCurrent: return "e energy unit/hbar"
      case .power: return "energy unit^2/hbar"
      case .entropyRate: return "k_B energy unit/hbar"
      case .rate: return "energy unit/hbar"
      case .electricalConductance: return "e^2/hbar"
      case .conductanceSlope: return "e^3/(hbar energy unit)"
      case .onsagerChargeCharge: return "e^2 energy unit/(k_B hbar)"
      case .onsagerChargeHeat: return "e energy unit^2/(k_B hbar)"
      case .onsagerHeatHeat: return "energy unit^3/(k_B hbar)"
      case .thermopower: return "k_B/e"
      case .voltage: return "energy unit/e"
      case .chargeNoise: return "e^2 energy unit/hbar"
      case .heatNoise: return "energy unit^3/hbar"
      case .heatCumulant: return "energy unit^n energy unit/hbar"
      case .powerSpectrum: return "energy unit/hbar"
      case .rateSpectrum: return "1/hbar"
      case .powerPerArea: return "energy unit^4/(hbar^3 c^2)"
      case .powerSpectrumPerArea: return "energy unit^3/(hbar^3 c^2)"
      case .ratePerArea: return "energy unit^3/(hbar^3 c^2)"
      case .chargeCurrentPerArea: return "e energy unit^3/(hbar^3 c^2)"
      case .entropyRatePerArea: return "k_B energy unit^3/(hbar^3 c^2)"
      case .length: return "hbar c/energy unit"
      }
    }
    switch quantity {
    case .energy, .spectrum: return "eV"
    case .massWeightedSpectrum: return "eV2"
    case .temperature: return "K"
    case .chargeCurrent: return "A"
    case .power: return "W"
    case .entropyRate: return "W K-1"
    case .rate: return "s-1"
    case .dimensionless: return "1"
    case .electricalConductance: return "A V-1"
    case .conductanceSlope: return "A V-2"
    case .onsagerChargeCharge: return "A K V-1"
    case .onsagerChargeHeat: return "A K"
    case .onsagerHeatHeat: return "W K"
    case .thermopower: return "V K-1"
    case .voltage: return "V"
    case .chargeNoise: return "A2 Hz-1"
    case .heatNoise: return "W2 Hz-1"
    case .heatCumulant: return "eV^n s-1"
    case .powerSpectrum: return "W eV-1"
    case .rateSpectrum: return "s-1 eV-1"
    case .powerPerArea: return "W m-2"
    case .powerSpectrumPerArea: return "W m-2 eV-1"
    case .ratePerArea: return "m-2 s-1"
    case .chargeCurrentPerArea: return "A m-2"
    case .entropyRatePerArea: return "W m-2 K-1"
    case .length: return "nm"
    }
  }
}
