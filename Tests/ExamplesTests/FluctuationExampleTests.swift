import Foundation
import Pairbath
import TestKinds
import Testing

@Suite("Physics of the example of heat statistics")
struct FluctuationExampleTests {
  @Test("with one temperature everywhere the double dot's noise is 2 e I coth(eV/2T), whatever the mode does", .tags(.limit))
  func coth() throws {
    let result = try Example.heatStatistics.result()
    for bias in [0.05, 0.3, 1, 2] {
      let fano = try result.value("fano_factor", at: ["V": bias], ["electrode": "L"])
      #expect(abs(fano * tanh(bias / 0.5) - 1) < 1e-9)
      let current = try result.value("charge_current", at: ["V": bias], ["electrode": "L"])
      let noise = try result.value("charge_noise", at: ["V": bias], ["electrode": "L", "electrode2": "L"])
      #expect(abs(noise * tanh(bias / 0.5) - 2 * current) < 1e-9 * noise)
      let cross = try result.value("charge_noise", at: ["V": bias], ["electrode": "L", "electrode2": "R"])
      #expect(abs(cross + noise) < 1e-12 * noise)
    }
  }

  @Test("the distribution has the mean and the variance of the cumulants, and one ratio of forward to backward", .tags(.law))
  func distribution() throws {
    let result = try Example.heatStatistics.result()
    // All of the distribution within 15 quanta.
    for bias in [0.0, 0.5, 1] {
      let p = try (-15...15).map { try result.value("quanta_distribution", at: ["V": bias, "quanta": Double($0)]) }
      let first = zip(-15...15, p).reduce(0) { $0 + Double($1.0) * $1.1 }
      let second = zip(-15...15, p).reduce(0) { $0 + Double($1.0 * $1.0) * $1.1 } - first * first
      let bath = ["terminal": "ph"]
      // Quanta of energy 1, counted for 400.
      let mean = try 400 * result.value("heat_cumulants", at: ["V": bias], bath.merging(["cumulant": "1"]) { a, _ in a })
      let variance = try 400 * result.value("heat_cumulants", at: ["V": bias], bath.merging(["cumulant": "2"]) { a, _ in a })
      #expect(abs(p.reduce(0, +) - 1) < 1e-4)
      #expect(abs(first - mean) < 1e-3 * max(mean, 1) && abs(second - variance) < 1e-2 * variance)
      let slopes = (1...5).map { log(p[15 + $0] / p[15 - $0]) / Double($0) }
      for slope in slopes { #expect(abs(slope - slopes[0]) < 1e-7) }
      // Quanta alone do not tell which way their electron went: less irreversible than the charge, eV/T per electron.
      #expect(bias == 0 ? abs(slopes[0]) < 1e-9 : slopes[0] > 0 && slopes[0] < bias / 0.25)
    }
  }
}
