import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Black bodies")
struct BlackBodyTests {
  @Test(
    "two black bodies exchange sigma (T_1^4 - T_2^4), at any distance", .tags(.limit),
    arguments: [(300.0, 0.0), (1000, 300), (4, 77)])
  func stefanBoltzmann(_ kelvin: (Double, Double)) throws {
    let pair = try RadiatingPair(.blackBody("hot"), .blackBody("cold"))
    let state = RadiationState(BodyState(kelvin: kelvin.0), BodyState(kelvin: kelvin.1))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-10)
    let (first, second) = (Double.pow(kelvin.0, 4), Double.pow(kelvin.1, 4))
    let sigma = RadiationUnits.stefanBoltzmann
    for gap in [Double.infinity, 1e-6] {
      let fluxes = try GapSpectra(pair, gap: gap, window: window).fluxes(state)
      let deviation = abs(fluxes.energyFlux.value - sigma * (first - second))
      // The window's tolerance, a factor ten above it.
      #expect(deviation <= 1e-9 * sigma * max(first, second))
      #expect(deviation <= fluxes.energyFlux.error + 1e-14 * sigma * max(first, second))
      // Both polarisations carry the same; nothing is evanescent.
      #expect(abs(fluxes.energyFluxParts[0].value - fluxes.energyFluxParts[1].value) <= 1e-12 * sigma * max(first, second))
      #expect(fluxes.energyFluxParts[2].value == 0 && fluxes.energyFluxParts[3].value == 0)
    }
  }

  @Test("a black body at 300 K emits 459.3003 W/m^2; sigma = 5.670374419e-8 (CODATA 2018)", .tags(.golden))
  func reference() throws {
    let pair = try RadiatingPair(.blackBody("one"), .blackBody("two"))
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 0))
    let spectra = try GapSpectra(pair, gap: .infinity, window: RadiationWindow([state], of: pair, tolerance: 1e-9))
    // The last digits of the reference numbers.
    #expect(abs(try spectra.fluxes(state).energyFlux.value - 459.3003) < 5e-5)
    #expect(abs(RadiationUnits.stefanBoltzmann - 5.670374419e-8) < 1e-17)
    // h = 4 sigma T^3.
    let h = try spectra.heatTransferCoefficient(temperature: RadiationUnits.energy(kelvin: 300))
    #expect(abs(h.value - 4 * RadiationUnits.stefanBoltzmann * 2.7e7) <= h.error + 1e-13 * h.value)
  }

  /// Photons of energy above E_g per area and time with n((w - nu)/T), 1/(m^2 s), and their energy in W/m^2 (Wuerfel 1982).
  static func generalizedPlanck(kelvin: Double, gap: Double, nu: Double) -> (photons: Double, energy: Double) {
    let t = RadiationUnits.energy(kelvin: kelvin)
    var (photons, energy) = (0.0, 0.0)
    for k in 1...400 {
      let s = Double(k) / t
      let factor = Double.exp(-s * (gap - nu))
      photons += factor * (gap * gap / s + 2 * gap / (s * s) + 2 / (s * s * s))
      energy += factor * (gap * gap * gap / s + 3 * gap * gap / (s * s) + 6 * gap / (s * s * s) + 6 / (s * s * s * s))
    }
    let scale = 1 / (4 * Double.pi * Double.pi)
    return (scale * photons * RadiationUnits.photonFlux, scale * energy * RadiationUnits.energyFlux)
  }

  @Test("an ideal diode obeys the generalised Planck law", .tags(.limit), arguments: [-0.5, -0.05, 0.05, 0.15, 0.19])
  func idealDiode(_ bias: Double) throws {
    let gap = 0.2
    let pair = try RadiatingPair(RadiatingBody("diode", .blackBody(interbandGap: gap)), .blackBody("room"))
    let state = RadiationState(BodyState(kelvin: 350, bias: bias), BodyState(kelvin: 300))
    let fluxes = try GapSpectra(pair, gap: .infinity, window: RadiationWindow([state], of: pair, tolerance: 1e-9)).fluxes(state)
    let out = Self.generalizedPlanck(kelvin: 350, gap: gap, nu: bias)
    let unbiased = Self.generalizedPlanck(kelvin: 350, gap: gap, nu: 0)
    let back = Self.generalizedPlanck(kelvin: 300, gap: gap, nu: 0)
    let current = PhysicalConstants.elementaryCharge * (back.photons - out.photons)
    // The quadrature's tolerance on what goes out and comes in.
    let scale = PhysicalConstants.elementaryCharge * (back.photons + out.photons)
    #expect(abs(fluxes.photocurrent[0].value - current) <= 1e-9 * scale)
    #expect(fluxes.photocurrent[1].value == 0)
    let sigma = RadiationUnits.stefanBoltzmann
    let energy = sigma * (Double.pow(350.0, 4) - Double.pow(300.0, 4)) + out.energy - unbiased.energy
    #expect(abs(fluxes.energyFlux.value - energy) <= 1e-9 * fluxes.grossEnergyFlux)
  }
}
