import JunctionModel

/// Between SI and the inside of the optics, where hbar = k_B = e = c = 1 and lengths are 1/eV.
package enum RadiationUnits {
  /// Speed of light, m/s (exact).
  package static let speedOfLight = PhysicalConstants.speedOfLight
  /// hbar c, eV m.
  package static let hbarC =
    PhysicalConstants.reducedPlanck * speedOfLight / PhysicalConstants.elementaryCharge
  /// Photon flux: from eV^3 (hbar = c = 1) to 1/(m^2 s).
  package static let photonFlux = PhysicalConstants.ratePerElectronVolt / (hbarC * hbarC)
  /// Energy flux: from eV^4 to W/m^2.
  package static let energyFlux = photonFlux * PhysicalConstants.elementaryCharge
  /// Charge per photon: from eV^3 to A/m^2.
  package static let currentDensity = photonFlux * PhysicalConstants.elementaryCharge
  /// Entropy flux: from eV^3 (energy flux per temperature in eV) to W/(m^2 K).
  package static let entropyFlux = energyFlux * PhysicalConstants.boltzmannInElectronVolts
  /// Stefan-Boltzmann constant pi^2 k_B^4/(60 hbar^3 c^2), W/(m^2 K^4).
  package static var stefanBoltzmann: Double {
    let k = PhysicalConstants.boltzmannInElectronVolts
    return Double.pi * Double.pi / 60 * energyFlux * k * k * k * k
  }
  /// eV of an angular frequency in rad/s.
  package static func energy(angularFrequency: Double) -> Double { angularFrequency / PhysicalConstants.ratePerElectronVolt }
  /// eV of a wave number in 1/cm.
  package static func energy(wavenumber: Double) -> Double { 200 * Double.pi * wavenumber * hbarC }
  /// eV of a temperature in K.
  package static func energy(kelvin: Double) -> Double { kelvin * PhysicalConstants.boltzmannInElectronVolts }
}
