import JunctionModel
import PairbathTestSupport
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Laws on random pairs of bodies")
struct RadiationLawTests {
  /// The seed is in the description of the pair.
  static let randoms = (UInt64(1)...24).map { RandomRadiation.make(seed: $0) }

  static func spectra(_ random: RandomRadiation, states: [RadiationState]? = nil, tolerance: Double = 1e-4) throws -> GapSpectra {
    let window = try RadiationWindow(states ?? [random.state], of: random.pair, tolerance: tolerance)
    return try GapSpectra(random.pair, gap: random.gap, window: window)
  }

  @Test("equal temperatures without bias exchange nothing", .tags(.law), arguments: randoms.prefix(8))
  func equilibrium(_ random: RandomRadiation) throws {
    let body = BodyState(kelvin: random.kelvin.0)
    let state = RadiationState(body, body)
    let fluxes = try Self.spectra(random, states: [state]).fluxes(state)
    #expect(fluxes.energyFlux.value == 0 && fluxes.photonFlux.value == 0, "\(random)")
    #expect(fluxes.photocurrent.allSatisfy { $0.value == 0 } && fluxes.entropyProduction.value == 0, "\(random)")
  }

  @Test("the bodies exchanged, every flux is reversed", .tags(.law), arguments: randoms.prefix(4))
  func exchange(_ random: RandomRadiation) throws {
    let forward = try Self.spectra(random).fluxes(random.state)
    let (pair, state) = try random.reversed()
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-4)
    let backward = try GapSpectra(pair, gap: random.gap, window: window).fluxes(state)
    // The same nodes: only rounding differs, unless it decides on a bisection, which the errors cover.
    let allowed = 1e-9 * forward.grossEnergyFlux
    #expect(abs(forward.energyFlux.value + backward.energyFlux.value) <= allowed, "\(random)")
    #expect(
      abs(forward.photocurrent[0].value - backward.photocurrent[1].value) <= 1e-9 * abs(forward.photocurrent[0].value),
      "\(random)")
    #expect(abs(forward.heat[1].value - backward.heat[0].value) <= allowed, "\(random)")
  }

  @Test("energy is conserved and entropy produced, electrical work counted", .tags(.law), arguments: randoms)
  func secondLaw(_ random: RandomRadiation) throws {
    let fluxes = try Self.spectra(random).fluxes(random.state)
    let work = fluxes.electricalPower[0].value + fluxes.electricalPower[1].value
    let heat = fluxes.heat[0].value + fluxes.heat[1].value
    #expect(abs(heat - work) <= 1e-12 * (abs(fluxes.heat[0].value) + abs(fluxes.heat[1].value) + abs(work)), "\(random)")
    // Every channel produces entropy by itself, so that the quadrature, whose weights are positive, gives no negative sum.
    #expect(fluxes.entropyProduction.value >= 0, "\(random) \(fluxes.entropyProduction)")
    let parts = fluxes.energyFluxParts.reduce(0) { $0 + $1.value }
    #expect(abs(parts - fluxes.energyFlux.value) <= 1e-12 * fluxes.grossEnergyFlux, "\(random)")
    for (body, bias) in [random.bias.0, random.bias.1].enumerated() {
      #expect(abs(fluxes.electricalPower[body].value - bias * fluxes.photocurrent[body].value) <= 1e-12 * abs(work) + 1e-300)
    }
  }

  @Test("error estimates hold against a reference ten and more times finer", .tags(.law), arguments: randoms.prefix(6))
  func honesty(_ random: RandomRadiation) throws {
    let reference = try Self.spectra(random, tolerance: 1e-7).fluxes(random.state)
    for tolerance in [1e-3, 1e-5] {
      let fluxes = try Self.spectra(random, tolerance: tolerance).fluxes(random.state)
      var pairs = [(fluxes.energyFlux, reference.energyFlux), (fluxes.photonFlux, reference.photonFlux)]
      pairs += zip(fluxes.photocurrent, reference.photocurrent)
      pairs += zip(fluxes.energyFluxParts, reference.energyFluxParts)
      for (coarse, fine) in pairs {
        #expect(abs(coarse.value - fine.value) <= coarse.error + fine.error, "\(random), \(tolerance): \(coarse) \(fine)")
      }
      #expect(fluxes.energyFlux.error <= tolerance * fluxes.grossEnergyFlux, "\(random)")
    }
  }

  @Test(
    "fluxes agree with the fields in every layer and plain nested quadrature", .tags(.twin),
    arguments: [2, 4, 8, 12].map { RandomRadiation.make(seed: $0) })
  func twin(_ random: RandomRadiation) throws {
    let window = try RadiationWindow([random.state], of: random.pair, tolerance: 1e-7)
    let fluxes = try GapSpectra(random.pair, gap: random.gap, window: window).fluxes(random.state)
    let twin = TwinRadiation(random.pair, gap: random.gap, tolerance: 1e-4)
      .fluxes(kelvin: random.kelvin, bias: random.bias, breakpoints: random.sharpEnergies, highest: window.energies.upperBound)
    #expect(twin.converged, "\(random)")
    for part in 0..<4 {
      let deviation = abs(twin.energyParts[part] - fluxes.energyFluxParts[part].value)
      #expect(deviation <= twin.energyError + fluxes.energyFluxParts[part].error, "\(random), part \(part)")
      // The twin's Kronrod values are better than its estimates.
      #expect(deviation <= 1e-5 * twin.magnitude, "\(random), part \(part): \(deviation / twin.magnitude)")
    }
    for body in 0..<2 {
      let deviation = abs(twin.photocurrent[body] - fluxes.photocurrent[body].value)
      #expect(deviation <= twin.photocurrentErrors[body] + fluxes.photocurrent[body].error, "\(random), body \(body)")
    }
  }
}
