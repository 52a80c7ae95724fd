import Foundation
import TestKinds
import Testing

@testable import SpecialFunctions

@Suite("FermiFunction")
struct FermiFunctionTests {
  @Test("vector exponential agrees with the C library to a few rounding units")
  func exponentials() {
    var worst = 0.0
    for i in 0..<20_000 {
      let x = -708 + 1416 * Double(i) / 20_000
      worst = max(worst, abs(exponential(SIMD4(repeating: x))[2] / exp(x) - 1))
    }
    #expect(worst < 5e-16)
  }

  @Test("occupied and empty fractions keep their relative accuracy far from the step")
  func tails() {
    let energies = [-50.0, -3, 0.2, 40]
    var f = [Double](repeating: 0, count: 4)
    var g = f
    FermiFunction.fill(energies: energies, count: 4, chemicalPotential: 0, temperature: 0.5, occupied: &f, empty: &g)
    for (i, e) in energies.enumerated() {
      #expect(abs(f[i] * (1 + exp(e / 0.5)) - 1) < 1e-15)
      #expect(abs(g[i] * (1 + exp(-e / 0.5)) - 1) < 1e-15)
    }
  }

  @Test("is a step at T = 0, and finite for temperatures that underflow", .tags(.limit))
  func steps() {
    for temperature in [0, 1e-300, 1e-200] {
      var f = [Double](repeating: 0, count: 4)
      var g = f
      FermiFunction.fill(
        energies: [-1, -1e-9, 1e-9, 1], count: 4, chemicalPotential: 0, temperature: temperature, occupied: &f, empty: &g)
      #expect(f[0] == 1 && f[1] == 1 && f[2] < 1e-300 && f[3] < 1e-300)
      #expect(g[3] == 1 && g[0] < 1e-300)
    }
  }

  @Test("w n(w/T) is T at w = 0 and exact for small and large w", .tags(.limit))
  func bose() {
    #expect(BoseFunction.occupationTimesFrequency(0, temperature: 0.3) == 0.3)
    #expect(BoseFunction.occupation(2, temperature: 0) == 0)
    #expect(abs(BoseFunction.occupationTimesFrequency(1e-12, temperature: 0.3) - 0.3) < 1e-12)
    #expect(abs(BoseFunction.occupation(1, temperature: 1) - 0.581_976_706_869_326_4) < 1e-15)
  }
}
