import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing
import TransportResults

@Suite("Radiation windows and refusals")
struct RadiationWindowTests {
  static func pair() throws -> RadiatingPair {
    let diode = try #require(Material.builtIn("InAs"))
    let metal = try #require(Material.builtIn("Au"))
    return try RadiatingPair(.halfSpace("diode", diode), .halfSpace("mirror", metal))
  }

  static func tabulated(from low: Double, to high: Double) throws -> RadiatingPair {
    let energies = (0...20).map { low * Double.exp(Double($0) / 20 * Double.log(high / low)) }
    let table = try PermittivityTable(
      energies: energies, real: energies.map { _ in 3 }, imaginary: energies.map { _ in 0.5 })
    let material = try Material("table", [DielectricPart("data", .table(table))])
    return try RadiatingPair(.halfSpace("one", material), .halfSpace("two", material))
  }

  @Test("a bias at the gap, on the wrong body or a negative temperature is refused with its place")
  func states() throws {
    let pair = try Self.pair()
    func refusal(_ one: BodyState, _ two: BodyState) -> [String]? {
      MaterialTests.code { _ = try RadiationWindow([RadiationState(one, two)], of: pair) }?.1
    }
    let room = BodyState(kelvin: 300)
    #expect(refusal(BodyState(kelvin: 300, bias: 0.36), room) == ["state", "bias", "diode"])
    #expect(refusal(BodyState(kelvin: 300, bias: 0.3599), room) == nil)
    #expect(refusal(room, BodyState(kelvin: 300, bias: 0.1)) == ["state", "bias", "mirror"])
    #expect(refusal(BodyState(kelvin: -1), room) == ["state", "temperature", "diode"])
    #expect(refusal(BodyState(kelvin: 0), BodyState(kelvin: 0)) == ["state", "temperature"])
    #expect(refusal(BodyState(kelvin: .nan), room) == ["state", "temperature", "diode"])
  }

  @Test("what tables miss of the spectrum is told, and refused when it is much")
  func coverage() throws {
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 290))
    // int_0^x t^3 n dt = x^3/3: 1e-3 eV at 290 K misses (0.04)^3/3/6.49; at the other end e^{-x} x^3/6.49 with x = 23.2.
    let window = try RadiationWindow([state], of: Self.tabulated(from: 1e-3, to: 0.6), tolerance: 1e-4)
    #expect(abs(window.missingFraction / 3.2e-6 - 1) < 0.05, "\(window.missingFraction)")
    #expect(window.energies == 1e-3...0.6)
    #expect(MaterialTests.code { _ = try RadiationWindow([state], of: Self.tabulated(from: 0.02, to: 0.6)) }?.0 == .inconsistent)
    #expect(MaterialTests.code { _ = try RadiationWindow([state], of: Self.tabulated(from: 1e-3, to: 0.2)) }?.0 == .inconsistent)
    let accepted = try RadiationWindow([state], of: Self.tabulated(from: 0.02, to: 0.6), allowedMissingFraction: 0.1)
    #expect(accepted.missingFraction > 1e-3)
  }

  @Test("a cold body that radiates little does not condemn the tables of a hot one")
  func coldBody() throws {
    // 0.05 eV: a fifth of what 300 K radiates lies below, a thousandth of what 1500 K does: together 9e-4 and 1.6e-3 of it.
    let hot = RadiationState(BodyState(kelvin: 1500), BodyState(kelvin: 300))
    let window = try RadiationWindow([hot], of: Self.tabulated(from: 0.05, to: 5), allowedMissingFraction: 5e-3)
    func below(_ kelvin: Double) -> Double {
      // int_0^x t^3 n(t) dt over pi^4/15, by the midpoint rule.
      let x = 0.05 / (kelvin * 8.617333262e-5)
      let steps = 20_000
      let h = x / Double(steps)
      return (0..<steps).reduce(0) { sum, i in
        let t = (Double(i) + 0.5) * h
        return sum + h * t * t * t / Double.expMinusOne(t)
      } * 15 / (Double.pi * Double.pi * Double.pi * Double.pi)
    }
    let expected = (below(1500) * 625 + below(300)) / 626
    #expect(abs(window.missingFraction / expected - 1) < 1e-3, "\(window.missingFraction), \(expected)")
    let warm = RadiationState(BodyState(kelvin: 310), BodyState(kelvin: 300))
    #expect(
      MaterialTests.code { _ = try RadiationWindow([warm], of: Self.tabulated(from: 0.05, to: 5), allowedMissingFraction: 5e-3) }?
        .0 == .inconsistent)
  }

  @Test("a table of a formula gives the formula's flux", .tags(.law))
  func tableFlux() throws {
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 250))
    let formula = try Material("formula", [DielectricPart("b", .constant(real: 3, imaginary: 0.5))])
    let body = try RadiatingBody.halfSpace("formula", formula)
    let tabulated = try Self.tabulated(from: 1e-5, to: 2)
    let window = try RadiationWindow([state], of: tabulated, tolerance: 1e-5)
    let fluxes = try GapSpectra(tabulated, gap: 1e-8, window: window).fluxes(state)
    let pair = try RadiatingPair(body, body)
    let exact = try GapSpectra(pair, gap: 1e-8, window: RadiationWindow([state], of: pair, tolerance: 1e-7)).fluxes(state)
    // Below 1e-5 eV lies 1e-5/0.1 of w n Phi = const.
    #expect(abs(fluxes.energyFlux.value / exact.energyFlux.value - 1) < 3e-4)
    // A loss that does not vanish with w sends infinitely many soft photons; the energy is finite and says so.
    #expect(exact.photonFlux.error == .infinity)
    #expect(exact.energyFlux.error <= 1e-7 * exact.grossEnergyFlux)
  }

  @Test("gaps and states outside are refused")
  func solver() throws {
    let pair = try Self.pair()
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 310))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-3)
    for gap in [0.0, -1e-9, .nan] {
      #expect(throws: SolverError.self) { _ = try GapSpectra(pair, gap: gap, window: window) }
    }
    let spectra = try GapSpectra(pair, gap: 1e-7, window: window)
    #expect(throws: SolverError.self) { _ = try spectra.fluxes(RadiationState(BodyState(kelvin: 500), BodyState(kelvin: 300))) }
    #expect(throws: SolverError.self) { _ = try spectra.heatTransferCoefficient(temperature: 0.1) }
    #expect(throws: SolverError.self) { _ = try spectra.spectrum(state, at: [0]) }
    // A bias between those of the window needs no new spectra.
    _ = try spectra.fluxes(RadiationState(BodyState(kelvin: 305, bias: -0.1), BodyState(kelvin: 300)))
    do {
      _ = try GapSpectra(pair, gap: 1e-3, window: window, evaluationLimit: 100_000)
      Issue.record("a millimetre within 100000 evaluations")
    } catch { #expect(error.code == .notConverged && error.hint.contains("infinite gap")) }
  }

  @Test("bodies are checked")
  func bodies() throws {
    let metal = try #require(Material.builtIn("Au"))
    func refusal(_ kind: RadiatingBody.Kind) -> [String]? { MaterialTests.code { _ = try RadiatingBody("b", kind) }?.1 }
    #expect(refusal(.layers([])) == ["bodies", "b", "layers"])
    #expect(refusal(.layers([Layer(metal, thickness: 1e-8)])) == ["bodies", "b", "substrate"])
    #expect(refusal(.layers([Layer(metal, thickness: 0), Layer(metal)])) == ["bodies", "b", "layers", "0", "thickness"])
    #expect(refusal(.blackBody(interbandGap: -1)) == ["bodies", "b", "gap_energy"])
  }

  @Test("the spectrum integrates to the flux", .tags(.law))
  func spectrum() throws {
    let pair = try Self.pair()
    let state = RadiationState(BodyState(kelvin: 300, bias: 0.1), BodyState(kelvin: 350))
    let spectra = try GapSpectra(pair, gap: 1e-7, window: RadiationWindow([state], of: pair, tolerance: 1e-6))
    let fluxes = try spectra.fluxes(state)
    // Simpson's rule in x with w = low + (high - low) x^2: the square root at the gap does no harm.
    func simpson(_ low: Double, _ high: Double, _ count: Int) throws -> (energy: Double, photons: Double) {
      let step = 1 / Double(count)
      let energies = (0...count).map { low + (high - low) * step * step * Double($0 * $0) + ($0 == 0 ? 1e-12 : 0) }
      let values = try spectra.spectrum(state, at: energies)
      var (energy, photons) = (0.0, 0.0)
      for (i, value) in values.enumerated() {
        let slope = 2 * (high - low) * step * Double(i)
        let weight = slope * step / 3 * (i == 0 || i == count ? 1 : i % 2 == 1 ? 4 : 2)
        energy += weight * value.energyFlux.value
        photons += weight * value.interbandPhotons[0]
      }
      return (energy, photons)
    }
    let pieces = try [simpson(1e-9, 0.02, 200), simpson(0.02, 0.04, 1000), simpson(0.04, 0.36, 1000), simpson(0.36, 1.2, 600)]
    let energy = pieces.reduce(0) { $0 + $1.energy }
    let current = pieces.reduce(0) { $0 + $1.photons } * PhysicalConstants.elementaryCharge
    // Simpson's error at the phonon and above the gap.
    #expect(abs(energy - fluxes.energyFlux.value) <= 1e-4 * fluxes.grossEnergyFlux)
    #expect(abs(current - fluxes.photocurrent[0].value) <= 1e-5 * abs(fluxes.photocurrent[0].value))
  }
}
