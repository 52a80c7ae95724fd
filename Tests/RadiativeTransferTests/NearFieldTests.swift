import ComplexModule
import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Near field")
struct NearFieldTests {
  static func polarHalfSpaces() throws -> RadiatingPair {
    let material = try #require(Material.builtIn("SiC"))
    return try RadiatingPair(.halfSpace("one", material), .halfSpace("two", material))
  }

  @Test(
    "heat transfer coefficient between SiC half-spaces at 300 K", .tags(.golden), arguments: [(1e-8, 9338.3), (1e-7, 136.88)])
  func siliconCarbide(_ gap: Double, _ expected: Double) throws {
    let pair = try Self.polarHalfSpaces()
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 300))
    let spectra = try GapSpectra(pair, gap: gap, window: RadiationWindow([state], of: pair))
    let h = try spectra.heatTransferCoefficient(temperature: RadiationUnits.energy(kelvin: 300))
    // Five digits of the reference numbers.
    #expect(abs(h.value / expected - 1) < 1e-4, "\(h)")
    #expect(h.error < 1e-6 * h.value)
  }

  @Test("h is the derivative of the flux", .tags(.law))
  func derivative() throws {
    let pair = try Self.polarHalfSpaces()
    let kelvin = [297.0, 298, 299, 300, 301, 302, 303]
    let states = kelvin.map { RadiationState(BodyState(kelvin: $0), BodyState(kelvin: 300)) }
    let spectra = try GapSpectra(pair, gap: 3e-8, window: RadiationWindow(states, of: pair, tolerance: 1e-8))
    let q = try states.map { try spectra.fluxes($0).energyFlux.value }
    let h = try spectra.heatTransferCoefficient(temperature: RadiationUnits.energy(kelvin: 300))
    // Central differences of sixth order; their error is (1 K/T)^6.
    let difference = (45 * (q[4] - q[2]) - 9 * (q[5] - q[1]) + q[6] - q[0]) / 60
    #expect(abs(h.value - difference) < 1e-9 * h.value)
  }

  /// Im Li_2(R) by its series, |R| < 1.
  static func dilogarithm(_ r: Complex<Double>) -> Complex<Double> {
    var (sum, power) = (Complex<Double>.zero, Complex<Double>(1))
    for k in 1...4000 {
      power = power * r
      sum += power.divided(by: Double(k) * Double(k))
    }
    return sum
  }

  @Test("at small distances the p-polarised spectrum is Im r_1 Im r_2 Im Li_2(r_1 r_2)/(2 pi d^2 Im r_1 r_2)", .tags(.limit))
  func quasiStatic() throws {
    let first = try #require(Material.builtIn("SiC"))
    let second = try Material("lossy", [DielectricPart("background", .constant(real: 3, imaginary: 0.5))])
    let pair = try RadiatingPair(.halfSpace("one", first), .halfSpace("two", second))
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 200))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-9)
    // Far below any real distance: a test of the formula.
    let gap = 1e-11
    let spectra = try GapSpectra(pair, gap: gap, window: window)
    // Below the transverse phonon, where |r| < 1.
    for w in [0.02, 0.06] {
      let reflections = [first, second].map { material -> Complex<Double> in
        let eps = material.permittivity(at: w)
        return (Complex(eps.real, eps.imaginary) - Complex(1)) / (Complex(eps.real, eps.imaginary) + Complex(1))
      }
      let product = reflections[0] * reflections[1]
      let expected =
        reflections[0].imaginary * reflections[1].imaginary * Self.dilogarithm(product).imaginary / product.imaginary
        / (2 * Double.pi * gap * gap)
      let spectrum = try #require(try spectra.spectrum(state, at: [w]).first)
      let computed = spectrum.parts[3]
      let n = { (kelvin: Double) in 1 / Double.expMinusOne(w / RadiationUnits.energy(kelvin: kelvin)) }
      let flux =
        expected * RadiationUnits.hbarC * RadiationUnits.hbarC * w * (n(300) - n(200)) * RadiationUnits.energyFlux
        / (2 * Double.pi)
      // Retardation, seen to fall as d^2 from 4e-3 at 1 nm.
      #expect(abs(computed / flux - 1) < 2e-6, "\(w): \(computed) \(flux)")
    }
  }

  @Test("surface polaritons: h d^2 becomes constant", .tags(.limit))
  func inverseSquare() throws {
    let pair = try Self.polarHalfSpaces()
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 300))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-7)
    let scaled = try [4e-9, 2e-9, 1e-9].map { gap in
      try GapSpectra(pair, gap: gap, window: window).heatTransferCoefficient(temperature: RadiationUnits.energy(kelvin: 300))
        .value
        * gap * gap
    }
    // What is left of retardation falls at least by half when the distance does.
    let (coarse, fine) = (abs(scaled[1] - scaled[0]), abs(scaled[2] - scaled[1]))
    #expect(fine < 0.5 * coarse && fine < 1e-3 * scaled[2], "\(scaled)")
  }

  @Test("at large distances the interference averages out", .tags(.limit))
  func farField() throws {
    let material = try Material(
      "absorber",
      [
        DielectricPart("background", .constant(real: 4)),
        DielectricPart("loss", .lorentz(strength: 2, resonance: 0.15, damping: 0.1)),
      ])
    let pair = try RadiatingPair(.halfSpace("one", material), .halfSpace("two", material))
    let state = RadiationState(BodyState(kelvin: 600), BodyState(kelvin: 300))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-5)
    let far = try GapSpectra(pair, gap: .infinity, window: window).fluxes(state).energyFlux.value
    let deviations = try [5e-6, 1.5e-5, 4.5e-5].map { gap in
      abs(try GapSpectra(pair, gap: gap, window: window).fluxes(state).energyFlux.value / far - 1)
    }
    // Grazing waves, k_z < 1/d, keep their interference: a fraction of order (c/w d)^2.
    #expect(deviations[0] > 3 * deviations[1] && deviations[1] > 3 * deviations[2] && deviations[2] < 1e-3, "\(deviations)")
  }
}
