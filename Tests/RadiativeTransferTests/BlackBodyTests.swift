import JunctionModel
import RadiativeTransfer
import Testing

@Suite("Black bodies")
struct BlackBodyTests {
  @Test("two black bodies exchange sigma (T_1^4 - T_2^4)")
  func stefanBoltzmann() throws {
    let pair = try RadiatingPair(.blackBody("hot"), .blackBody("cold"))
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 0))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-10)
    let fluxes = try GapSpectra(pair, gap: .infinity, window: window).fluxes(state)
    // Four decimals of the reference number.
    #expect(abs(fluxes.energyFlux.value - 459.3003) < 5e-5)
  }
}
