import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Emissivity")
struct EmissivityTests {
  static func energy(_ rate: Double) -> Double { RadiationUnits.energy(angularFrequency: rate) }

  /// The materials of the tests of MultiLayerNFRHT.jl.
  static func reference(_ name: String) throws -> Material {
    switch name {
    case "Au", "Al":
      let (background, plasma, damping) = name == "Au" ? (9.4, 1.358425e16, 1.0996e14) : (1.0, 2.24e16, 1.22e14)
      return try Material(
        name,
        [
          DielectricPart("background", .constant(real: background)),
          DielectricPart("carriers", .drude(plasmaEnergy: energy(plasma), damping: energy(damping))),
        ])
    default:
      return try Material(
        name,
        [
          DielectricPart(
            "lattice",
            .polarPhonon(
              highFrequency: 6.7, longitudinal: energy(1.827e14), transverse: energy(1.495e14), damping: energy(8.971e11)))
        ])
    }
  }

  @Test(
    "hemispherical total emissivity at 300 K", .tags(.golden),
    arguments: [("Au", 0.018976160729), ("Al", 0.012711414795), ("SiC", 0.610347057228)])
  func total(_ name: String, _ expected: Double) throws {
    let body = try RadiatingBody.halfSpace(name, Self.reference(name))
    let value = try #require(try Emissivity.total(of: body, temperatures: [RadiationUnits.energy(kelvin: 300)]).first)
    // MultiLayerNFRHT.jl uses older constants: sigma differs by 7e-8.
    #expect(abs(value.value / expected - 1) < 1e-6, "\(value)")
  }

  /// Hemispherical emissivity of a transparent half-space of refractive index n: Fresnel's reflectance averaged in closed form
  /// (S. Q. Duntley, J. Opt. Soc. Am. 32, 61 (1942); R. V. Dunkle 1954).
  static func duntley(_ n: Double) -> Double {
    let (square, fourth) = (n * n, n * n * n * n)
    let first = 0.5 - (3 * n + 1) * (n - 1) / (6 * (n + 1) * (n + 1))
    let ratio = (square - 1) * (square - 1) / ((square + 1) * (square + 1) * (square + 1))
    let second = -square * ratio * Double.log((n - 1) / (n + 1))
    let third = 2 * n * square * (square + 2 * n - 1) / ((square + 1) * (fourth - 1))
    let fourthTerm = -8 * fourth * (fourth + 1) / ((square + 1) * (fourth - 1) * (fourth - 1)) * Double.log(n)
    return first + second + third + fourthTerm
  }

  @Test("a transparent half-space emits what Fresnel's formulas let through", .tags(.limit), arguments: [1.2, 1.5, 3.4])
  func dielectric(_ index: Double) throws {
    let glass = try Material("glass", [DielectricPart("background", .constant(real: index * index))])
    let body = try RadiatingBody.halfSpace("glass", glass)
    let expected = Self.duntley(index)
    let spectral = try Emissivity.spectral(of: body, at: [0.01, 0.3])
    for value in spectral {
      // The closed form cancels a few digits.
      #expect(abs(value.value - expected) <= value.error + 1e-11, "\(value) \(expected)")
    }
    let total = try Emissivity.total(of: body, temperatures: [0.02, 0.05])
    for value in total { #expect(abs(value.value - expected) <= value.error + 1e-11) }
  }

  @Test("no body emits more than a black one", .tags(.law))
  func bound() throws {
    for name in Material.builtInNames {
      let material = try #require(Material.builtIn(name))
      let body = try RadiatingBody.halfSpace(name, material)
      for value in try Emissivity.spectral(of: body, at: [0.001, 0.03, 0.1, 0.118, 0.5, 2]) {
        #expect(value.value >= 0 && value.value <= 1 + value.error)
      }
    }
  }
}
