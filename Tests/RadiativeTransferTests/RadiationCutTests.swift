import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing
import TransportResults

@Suite("What tables cut off stands in the errors")
struct RadiationCutTests {
  /// eps = 2.25 + 0.5 i, as a formula, and as a table between photon energies.
  static func body(from low: Double? = nil, to high: Double = 3) throws -> RadiatingBody {
    guard let low else {
      return try .halfSpace("sample", Material("formula", [DielectricPart("b", .constant(real: 2.25, imaginary: 0.5))]))
    }
    let energies = (0...20).map { low * Double.exp(Double($0) / 20 * Double.log(high / low)) }
    let table = try PermittivityTable(
      energies: energies, real: energies.map { _ in 2.25 }, imaginary: energies.map { _ in 0.5 })
    return try .halfSpace("sample", Material("measured", [DielectricPart("data", .table(table))]))
  }

  static func fluxes(_ one: RadiatingBody, _ two: RadiatingBody, gap: Double, _ state: RadiationState, _ missing: Double) throws
    -> RadiativeFluxes
  {
    let pair = try RadiatingPair(one, two)
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-6, allowedMissingFraction: missing)
    return try GapSpectra(pair, gap: gap, window: window).fluxes(state)
  }

  @Test(
    "the flux of the full spectrum lies within the error of the cut one, far and near, at both ends", .tags(.law),
    arguments: [
      // Beginning, end, gap, accepted share: near fields with constant loss lose most at low photon energies.
      (0.012, 3.0, Double.infinity, 0.01), (0.012, 3, 1e-6, 0.2), (1e-5, 0.25, .infinity, 0.1), (1e-4, 0.3, 1e-7, 0.5),
      (0.012, 0.25, 1e-7, 0.9), (0.006, 3, .infinity, 1e-3),
    ])
  func bounds(_ low: Double, _ high: Double, _ gap: Double, _ missing: Double) throws {
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 0))
    let black = try RadiatingBody.blackBody()
    let cutBody = try Self.body(from: low, to: high)
    let fullBody = try Self.body()
    let isFar = gap == .infinity
    let cut = try Self.fluxes(cutBody, isFar ? black : cutBody, gap: gap, state, missing)
    let full = try Self.fluxes(fullBody, isFar ? black : fullBody, gap: gap, state, missing)
    let lost = full.energyFlux.value - cut.energyFlux.value
    #expect(lost > 1e-6 * full.energyFlux.value, "the cut is larger than the tolerance")
    #expect(lost <= cut.energyFlux.error + full.energyFlux.error, "\(lost), \(cut.energyFlux)")
    // Within a factor: a black body's emissivity is 1.1 of this one's; continued spectra count twice.
    #expect(cut.energyFlux.error < (isFar ? 1.3 : 6) * lost, "\(lost), \(cut.energyFlux)")
    for part in 0..<4 {
      let (a, b) = (cut.energyFluxParts[part], full.energyFluxParts[part])
      #expect(abs(a.value - b.value) <= a.error + b.error)
    }
    #expect(abs(cut.heat[0].value - full.heat[0].value) <= cut.heat[0].error + full.heat[0].error)
    #expect(abs(cut.photonFlux.value - full.photonFlux.value) <= cut.photonFlux.error + full.photonFlux.error)
  }

  @Test("emissivities and heat transfer coefficients obey the accepted share and hold the loss in their errors", .tags(.law))
  func coefficients() throws {
    let room = RadiationUnits.energy(kelvin: 300)
    let (cutBody, fullBody) = (try Self.body(from: 0.012), try Self.body())
    let refused = MaterialTests.code { _ = try Emissivity.total(of: cutBody, temperatures: [room], tolerance: 1e-6) }
    #expect(refused?.1 == ["materials", "measured", "data"])
    let cut = try #require(
      Emissivity.total(of: cutBody, temperatures: [room], tolerance: 1e-6, allowedMissingFraction: 0.01).first)
    let full = try #require(Emissivity.total(of: fullBody, temperatures: [room], tolerance: 1e-6).first)
    #expect(full.value - cut.value > 1e-3 && full.value - cut.value <= cut.error && cut.error < 0.01, "\(cut) \(full)")
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 290))
    func coefficient(_ body: RadiatingBody) throws -> Estimate {
      let pair = try RadiatingPair(body, body)
      let window = try RadiationWindow([state], of: pair, tolerance: 1e-6, allowedMissingFraction: 0.5)
      return try GapSpectra(pair, gap: 1e-7, window: window).heatTransferCoefficient(temperature: room)
    }
    let (a, b) = (try coefficient(cutBody), try coefficient(fullBody))
    #expect(b.value - a.value > 0 && b.value - a.value <= a.error + b.error, "\(a) \(b)")
  }

  @Test("a loss that was not accepted names the table, what to set, and the near field that black bodies know nothing of")
  func refusals() throws {
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 0))
    let body = try Self.body(from: 0.012)
    do {
      _ = try Self.fluxes(body, .blackBody(), gap: .infinity, state, 1e-3)
      Issue.record("a loss of 0.4 per cent went through")
    } catch let error as ModelError {
      #expect(error.path == ["materials", "measured", "data"])
      #expect(error.hint.contains("compute.missing_spectrum") && error.hint.contains("lower"))
    }
    do {
      _ = try Self.fluxes(body, body, gap: 1e-8, state, 0.01)
      Issue.record("soft evanescent waves outside the table went through")
    } catch let error as SolverError {
      #expect(error.subject == .model(["materials", "measured", "data"]) && error.advice.parts == [.missingSpectrum])
    }
  }

  @Test("gaps of light years and temperatures of stars are refused")
  func extremes() throws {
    let pair = try RadiationWindowTests.pair()
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 310))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-3)
    for gap in [1e21, 2, .greatestFiniteMagnitude] {
      do {
        _ = try GapSpectra(pair, gap: gap, window: window)
        Issue.record("a gap of \(gap) m")
      } catch { #expect(error.subject == .gap && error.hint.contains("infinite")) }
    }
    let hot = RadiationState(BodyState(kelvin: 1e300), BodyState(kelvin: 310))
    #expect(MaterialTests.code { _ = try RadiationWindow([hot], of: pair) }?.1 == ["state", "temperature", "diode"])
  }

  @Test("a metre before a black body costs no more than a micrometre: nothing interferes")
  func noFringes() throws {
    let pair = try RadiatingPair(Self.body(), .blackBody())
    let state = RadiationState(BodyState(kelvin: 300), BodyState(kelvin: 0))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-6)
    let (near, far) = (try GapSpectra(pair, gap: 1e-6, window: window), try GapSpectra(pair, gap: 1, window: window))
    #expect(near.evaluations == far.evaluations)
    #expect(try near.fluxes(state).energyFlux.value == far.fluxes(state).energyFlux.value)
  }

  @Test("a film too thick for its fringes is refused at once, by name")
  func thickFilm() throws {
    let (silicon, gold) = (try #require(Material.builtIn("Si")), try #require(Material.builtIn("Au")))
    let carbide = try RadiatingBody.halfSpace("hot", #require(Material.builtIn("SiC")))
    let film = try RadiatingBody("wafer", .layers([Layer(silicon, thickness: 5e-4), Layer(gold)]))
    let pair = try RadiatingPair(carbide, film)
    let state = RadiationState(BodyState(kelvin: 400), BodyState(kelvin: 300))
    let window = try RadiationWindow([state], of: pair, tolerance: 1e-6)
    do {
      _ = try GapSpectra(pair, gap: 1e-7, window: window)
      Issue.record("half a millimetre of silicon")
    } catch {
      #expect(error.subject == .layers(ofBody: "wafer") && error.message.contains("layer 0"), "\(error)")
      #expect(error.hint.contains("half-space"))
    }
  }
}
