import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing

/// Laws of the pair spectra (Theory.md section 2) on the fast path, junction after random junction.
@Suite("Laws of the fast pair spectra")
struct SpectraLawTests {
  static let seed: UInt64 = 20_001
  static let tolerance = 1e-9

  @Test("E and B are positive matrices at both signs of w, balanced in detail and reversible", .tags(.law))
  func laws() throws {
    print("SpectraLawTests seed \(Self.seed)")
    for random in RandomJunctions.make(count: 40, from: Self.seed) {
      var generator = SplitMix64(seed: random.seed)
      let w = generator.logUniform(0.05...4)
      let spectra = try FastPath.spectra(random.junction, random.point, frequencies: [w, -w], tolerance: Self.tolerance)
      let n = random.junction.electrodes.count
      var violations: [String] = []
      let (mus, temperatures) = (random.point.chemicalPotentials, random.point.temperatures)
      for f in 0..<2 {
        let emission = spectra.matrices("emission", frequency: f)
        let absorption = spectra.matrices("absorption", frequency: f)
        // Every weight is f(1-f) >= 0 at nodes of positive kernels; product weights and a zero eigenvalue leave the tolerance.
        violations += try LawChecks.positive(emission, tolerance: Self.tolerance, slack: 1e-300, name: "E")
        violations += try LawChecks.positive(absorption, tolerance: Self.tolerance, slack: 1e-300, name: "B")
        // Differences of the same two numbers: rounding.
        violations += LawChecks.pairDensity(
          spectra.matrices("pair_density", frequency: f), emission: emission, absorption: absorption, tolerance: 1e-14)
        let power = spectra.matrices("power_spectrum", frequency: f)
        for c in power.indices {
          let defect = (2.0 * power[c] - emission[c] - absorption[c]).norm
          if !(defect <= 1e-14 * power[c].norm) { violations.append("P is not (E + B)/2 in channel \(c)") }
        }
        // exp((w - mu_ab)/T) magnifies the rounding of mu (up to 6, eps 9e-16) by 1/T: T >= 0.01.
        let balance = 1e-12 + 4e-15 / (temperatures.min()! > 0 ? temperatures.min()! : 1)
        violations += LawChecks.detailedBalance(
          emission: emission, absorption: absorption, frequency: f == 0 ? w : -w, chemicalPotentials: mus,
          temperatures: temperatures, tolerance: balance)
      }
      // Both kernels are integrated on their own meshes to a tenth of the tolerance.
      for (name, partner, antisymmetric) in [("emission", "absorption", false), ("pair_density", "pair_density", true)] {
        let negative = spectra.matrices(name, frequency: 1)
        let positive = spectra.matrices(partner, frequency: 0)
        if antisymmetric {
          // L of unequal temperatures is a difference: compare on the scale of its parts.
          let scale = zip(spectra.matrices("emission", frequency: 1), spectra.matrices("absorption", frequency: 1)).map {
            $0.norm + $1.norm
          }
          for c in negative.indices {
            let partner = positive[(c % n) * n + c / n]
            var sum = 0.0
            for i in 0..<partner.rows {
              for j in 0..<partner.rows { sum = max(sum, (negative[c][i, j] + partner[j, i]).length) }
            }
            if !(sum <= Self.tolerance * scale[c] + 1e-300) { violations.append("L(-w) + L^ba(w)^T = \(sum), channel \(c)") }
          }
        } else {
          violations += LawChecks.reversal(
            atNegative: negative, reversedAtPositive: positive, electrodes: n, antisymmetric: false,
            tolerance: Self.tolerance, name: name)
        }
      }
      #expect(violations == [], "w = \(w), \(random)")
    }
  }

  @Test("detailed balance holds to 1e-12 from hot to cold, through w = mu_ab", .tags(.law))
  func detailedBalance() throws {
    let junction = try GoldenJunctions.complexJunction()
    for temperature in [10, 1, 0.1, 0.02] {
      for bias in [-0.7, 0.0, 0.999, 1, 1.5] {
        let point = OperatingPoint(
          chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: [temperature, temperature], bathTemperatures: [1])
        let spectra = try FastPath.spectra(junction, point, frequencies: [1])
        // (1 + bias)/T times the rounding of the exponent, 2e-16 each: below 1e-13 here.
        let violations = LawChecks.detailedBalance(
          emission: spectra.matrices("emission", frequency: 0), absorption: spectra.matrices("absorption", frequency: 0),
          frequency: 1, chemicalPotentials: point.chemicalPotentials, temperatures: point.temperatures, tolerance: 1e-12)
        #expect(violations == [], "T = \(temperature), bias \(bias)")
      }
    }
  }

  @Test("a flat band has L = w g_s tr[M A M A]/2pi whatever the temperature", .tags(.limit))
  func flatBand() throws {
    let (gamma, m, w) = (1e4, 0.3, 0.8)
    let junction = try Junction(
      conductor: .levels([0.4], spinDegeneracy: 2),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: gamma), .wideBand("R", orbitals: [0], broadening: gamma),
      ], bosons: BosonSystem(modes: [w]), coupling: Coupling(.massWeighted, [Matrix(diagonal: [m])]))
    let a = gamma / (gamma * gamma)  // A_a = Gamma_a/|i Gamma|^2 in the middle of the resonance
    let expected = 2 * w * m * a * m * a / (2 * Double.pi)
    for (temperatures, tolerance) in [([0.7, 0.7], 1e-7), ([0.0, 0.0], 1e-7), ([1e-6, 1e-6], 1e-7), ([0.01, 3], 2e-6)] {
      let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: temperatures, bathTemperatures: [])
      let spectra = try FastPath.spectra(junction, point, frequencies: [w])
      for l in spectra.matrices("pair_density", frequency: 0) {
        // Corrections of order (energies/gamma)^2: 1e-8 when cold, pi^2 T^2/gamma^2 = 1e-6 when hot.
        #expect(abs(l[0, 0].rawStorage.x / expected - 1) < tolerance)
      }
    }
  }
}
