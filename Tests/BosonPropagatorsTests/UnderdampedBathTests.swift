import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import TestKinds
import Testing

@testable import BosonPropagators

@Suite("Underdamped bath")
struct UnderdampedBathTests {
  private static let (friction, frequency, width) = (0.02, 0.7, 0.05)

  private static func selfEnergy(_ kind: BosonBathKind) throws -> BathSelfEnergy {
    try BathSelfEnergy(BosonBath("b", kind, coordinates: [0]), BosonSystem(modes: [1]), highest: 10)
  }

  private static func value(_ bath: BathSelfEnergy, _ z: Scalar) -> Scalar {
    var result = [Scalar.zero]
    result.withUnsafeMutableBufferPointer { bath.add(1, at: z, to: $0.baseAddress!) }
    return result[0]
  }

  @Test("Gamma/2 is the Lorentzian spectral density, with friction eta at low frequency", .tags(.limit))
  func spectralDensity() throws {
    let bath = try Self.selfEnergy(.underdamped(friction: Self.friction, frequency: Self.frequency, width: Self.width))
    let (w0, g) = (Self.frequency, Self.width)
    for w in [1e-6, 0.1, 0.69, 0.7, 0.71, 2, 9] {
      let density = Self.friction * w * w0 * w0 * w0 * w0 / ((w0 * w0 - w * w) * (w0 * w0 - w * w) + g * g * w * w)
      // A few roundings of the resonance denominator.
      #expect(abs(-Self.value(bath, Scalar(w, 0)).rawStorage.y - density) <= 2e-13 * density * max(1, w0 / g), "w = \(w)")
    }
    #expect(abs(bath.friction(ofMode: 0, energy: 1e-7) - Self.friction) < 1e-12)
    #expect(Self.value(bath, .zero) == .zero)
  }

  @Test("the real part is the Hilbert transform of the imaginary one, with Pi(0) = 0", .tags(.law))
  func kramersKronig() throws {
    let bath = try Self.selfEnergy(.underdamped(friction: Self.friction, frequency: Self.frequency, width: 0.4))
    // Pi(w) - Pi(0) = (w^2/pi) P int_0^inf dv 2 Im Pi(v)/[v (v^2 - w^2)], with the singularity subtracted: midpoint rule in v = t/(1 - t).
    func imaginary(_ v: Double) -> Double { Self.value(bath, Scalar(v, 0)).rawStorage.y }
    let count = 400_000
    for w in [0.3, 0.7, 1.5] {
      var sum = 0.0
      for i in 0..<count {
        let t = (Double(i) + 0.5) / Double(count)
        let v = t / (1 - t)
        // P int dv/(v^2 - w^2) = 0.
        let f = 2 * imaginary(v) / v - 2 * imaginary(w) / w
        sum += f / ((v - w) * (v + w)) / ((1 - t) * (1 - t)) / Double(count)
      }
      let expected = w * w / Double.pi * sum
      // The rule's error: second differences of the integrand over 24 count^2, and the far end, where f does not fall off.
      #expect(abs(Self.value(bath, Scalar(w, 0)).rawStorage.x - expected) < 2e-5 * Self.friction, "w = \(w)")
    }
  }

  @Test("a wide bath at high frequency is an Ohmic one", .tags(.limit))
  func ohmicLimit() throws {
    let bath = try Self.selfEnergy(.underdamped(friction: 0.3, frequency: 1e5, width: 1e5))
    let value = Self.value(bath, Scalar(0.8, 0))
    // Corrections are of relative order w G/W_0^2.
    #expect((value - Scalar(0, -0.24)).length < 1e-5)
  }

  @Test("numbers that make no bath are refused with their key")
  func faults() throws {
    func key(_ kind: BosonBathKind) throws -> String? {
      let error = try #require(throws: ModelError.self) {
        try Junction(
          conductor: .levels([0]), electrodes: [.wideBand("L", orbitals: [0], broadening: 1)],
          bosons: BosonSystem(modes: [1]), baths: [BosonBath("b", kind, coordinates: [0])],
          coupling: Coupling(.dimensionless, [Matrix(real: [[0.1]])]))
      }
      return error.path.last
    }
    #expect(try key(.underdamped(friction: -1, frequency: 1, width: 1)) == "friction")
    #expect(try key(.underdamped(friction: 1, frequency: 0, width: 1)) == "frequency")
    #expect(try key(.underdamped(friction: 1, frequency: 1, width: .nan)) == "width")
  }
}
