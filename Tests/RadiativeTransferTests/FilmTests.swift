import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Films")
struct FilmTests {
  static let state = RadiationState(BodyState(kelvin: 400), BodyState(kelvin: 300))

  static func diode() throws -> Material { try #require(Material.builtIn("InAs")) }
  static func metal() throws -> Material { try #require(Material.builtIn("Au")) }

  static func fluxes(_ layers: [Layer], gap: Double, state: RadiationState = state, tolerance: Double = 1e-7) throws
    -> RadiativeFluxes
  {
    let polar = try #require(Material.builtIn("SiC"))
    let pair = try RadiatingPair(RadiatingBody("film", .layers(layers)), .halfSpace("partner", polar))
    let window = try RadiationWindow([state], of: pair, tolerance: tolerance)
    return try GapSpectra(pair, gap: gap, window: window).fluxes(state)
  }

  static func agree(_ one: RadiativeFluxes, _ two: RadiativeFluxes, _ relative: Double) -> Bool {
    abs(one.energyFlux.value - two.energyFlux.value) <= relative * two.grossEnergyFlux
      && zip(one.photocurrent, two.photocurrent).allSatisfy { abs($0.value - $1.value) <= relative * abs($1.value) }
      && zip(one.energyFluxParts, two.energyFluxParts).allSatisfy { abs($0.value - $1.value) <= relative * two.grossEnergyFlux }
  }

  @Test("a thick metal film hides the substrate", .tags(.limit), arguments: [3e-8, Double.infinity])
  func thick(_ gap: Double) throws {
    let film = try Self.fluxes([Layer(Self.metal(), thickness: 1e-4), Layer(Self.diode())], gap: gap)
    let bulk = try Self.fluxes([Layer(Self.metal())], gap: gap)
    // 10 skin depths even at 1e-7 eV; the quadratures' tolerance, twice.
    #expect(Self.agree(film, bulk, 2e-7))
  }

  @Test("a vanishing film leaves the substrate", .tags(.limit), arguments: [3e-8, Double.infinity])
  func thin(_ gap: Double) throws {
    let film = try Self.fluxes([Layer(Self.metal(), thickness: 1e-19), Layer(Self.diode())], gap: gap)
    let bulk = try Self.fluxes([Layer(Self.diode())], gap: gap)
    // |eps| k t = 1e-6 for low-frequency gold at the largest wave numbers, times the tolerance of the quadratures.
    #expect(Self.agree(film, bulk, 1e-6))
  }

  @Test("cutting a body into layers of its own material changes nothing", .tags(.law))
  func uniform() throws {
    let diode = try Self.diode()
    let biased = RadiationState(BodyState(kelvin: 320, bias: 0.2), BodyState(kelvin: 300))
    let cut = try Self.fluxes(
      [Layer(diode, thickness: 2e-8), Layer(diode, thickness: 5e-7), Layer(diode)], gap: 5e-8, state: biased)
    let whole = try Self.fluxes([Layer(diode)], gap: 5e-8, state: biased)
    #expect(Self.agree(cut, whole, 2e-7))
  }

  @Test("the layers' shares of the absorption sum to one", .tags(.law), arguments: [2e-8, Double.infinity])
  func shares(_ gap: Double) throws {
    let diode = try Self.diode()
    let currents = try [[true, true, true], [true, false, false], [false, true, false], [false, false, true]].map { active in
      try Self.fluxes(
        [
          Layer(diode, thickness: 3e-8, isBiased: active[0]), Layer(diode, thickness: 4e-7, isBiased: active[1]),
          Layer(diode, isBiased: active[2]),
        ], gap: gap
      ).photocurrent[0]
    }
    let sum = currents[1].value + currents[2].value + currents[3].value
    // Four quadratures of tolerance 1e-7.
    #expect(abs(sum - currents[0].value) <= 4e-7 * abs(currents[0].value))
    #expect(currents.dropFirst().allSatisfy { $0.value < 0 })
  }

  @Test("a film on a mirror absorbs what its emission says, wherever the layers lie", .tags(.law))
  func mirror() throws {
    // A lossless spacer takes nothing: all of the flux goes to the diode and the mirror, and the current only to the diode.
    let spacer = try Material("spacer", [DielectricPart("background", .constant(real: 2))])
    let layers = [Layer(try Self.diode(), thickness: 1e-6), Layer(spacer, thickness: 3e-7), Layer(try Self.metal())]
    let fluxes = try Self.fluxes(layers, gap: 1e-7)
    let reversed = try Self.fluxes(layers.map { Layer($0.material, thickness: $0.thickness, isBiased: false) }, gap: 1e-7)
    #expect(abs(fluxes.energyFlux.value - reversed.energyFlux.value) <= 2e-7 * fluxes.grossEnergyFlux)
    #expect(reversed.photocurrent[0].value == 0 && fluxes.photocurrent[0].value < 0)
  }
}
