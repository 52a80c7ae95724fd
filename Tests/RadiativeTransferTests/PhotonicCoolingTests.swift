import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Photonic cooling and negative luminescence", .tags(.law))
struct PhotonicCoolingTests {
  /// A narrow-gap diode: direct gap at 0.12 eV, nothing below it, on a gold mirror.
  static func diode(_ name: String) throws -> RadiatingBody {
    let material = try Material(
      "narrow gap",
      [DielectricPart("background", .constant(real: 12)), DielectricPart("edge", .criticalPoint(gap: 0.12, amplitude: 0.2))])
    let mirror = try #require(Material.builtIn("Au"))
    return try RadiatingBody(name, .layers([Layer(material, thickness: 1e-6), Layer(mirror)]))
  }

  static func fluxes(hot: BodyState, cold: BodyState, gap: Double) throws -> RadiativeFluxes {
    let pair = try RadiatingPair(diode("hot"), diode("cold"))
    let state = RadiationState(hot, cold)
    return try GapSpectra(pair, gap: gap, window: RadiationWindow([state], of: pair, tolerance: 1e-6)).fluxes(state)
  }

  @Test("a cold body loses heat to a hotter one under reverse bias: negative luminescence cools")
  func reverseBias() throws {
    let cold = BodyState(kelvin: 295)
    let idle = try Self.fluxes(hot: BodyState(kelvin: 300), cold: cold, gap: 5e-8)
    #expect(idle.energyFlux.value > 0 && idle.heat[1].value < 0)
    let driven = try Self.fluxes(hot: BodyState(kelvin: 300, bias: -0.1), cold: cold, gap: 5e-8)
    // Net energy flows from cold to hot, paid by the bias: the cold body's reservoir gives heat.
    #expect(driven.energyFlux.value < -driven.energyFlux.error, "\(driven)")
    #expect(driven.heat[1].value > driven.heat[1].error)
    #expect(driven.electricalPower[0].value < 0 && driven.photocurrent[0].value > 0)
    #expect(driven.entropyProduction.value > 0)
    // The near field makes the effect larger.
    let far = try Self.fluxes(hot: BodyState(kelvin: 300, bias: -0.1), cold: cold, gap: .infinity)
    #expect(far.heat[1].value < 0.5 * driven.heat[1].value)
  }

  @Test("a cold body under forward bias sheds heat as light: electroluminescent cooling")
  func forwardBias() throws {
    let hot = BodyState(kelvin: 300)
    let driven = try Self.fluxes(hot: hot, cold: BodyState(kelvin: 290, bias: 0.03), gap: 5e-8)
    #expect(driven.energyFlux.value < 0)
    // More than the electrical power is carried off: the rest is heat of the cold body.
    #expect(driven.heat[1].value > driven.heat[1].error, "\(driven)")
    #expect(driven.heat[1].value < -driven.energyFlux.value)
    // No better than Carnot: Q_c/W <= T_c/(T_h - T_c).
    let work = -driven.electricalPower[1].value - driven.electricalPower[0].value
    #expect(driven.heat[1].value <= work * 290 / 10)
  }

  @Test("an illuminated diode delivers power, at most Carnot's share of the heat")
  func generator() throws {
    let driven = try Self.fluxes(hot: BodyState(kelvin: 600), cold: BodyState(kelvin: 300, bias: 0.03), gap: 1e-7)
    #expect(driven.electricalPower[1].value > driven.electricalPower[1].error)
    #expect(driven.electricalPower[1].value <= 0.5 * driven.heat[0].value)
    // Under reverse bias only the thermal emission remains: the current saturates.
    let saturated = try [-0.2, -0.4].map {
      try Self.fluxes(hot: BodyState(kelvin: 300), cold: BodyState(kelvin: 300, bias: $0), gap: 1e-7).photocurrent[1].value
    }
    // e^{-0.2 eV/T} = 4e-4 of the equilibrium emission is left.
    #expect(abs(saturated[1] / saturated[0] - 1) < 1e-3)
  }
}
