import Foundation
import Pairbath
import Testing

@Suite("Light in the examples")
struct LightExampleTests {
  @Test("a molecule under a tip emits in both polarities, not above eV, and radiates the radiative share")
  func molecule() throws {
    let result = try Example.stmLuminescence.result()
    func emission(_ v: Double, _ w: Double) throws -> Double {
      try result.value("emission_spectrum", at: ["V": v, "frequency": w])
    }
    for v in [-2.5, 2.5] {
      // The line against what is left of the thermal tail 0.2 V above eV at 80 K: exp(-29).
      #expect(try emission(v, 1.92) > 1e12)
      #expect(try emission(v, 2.7) < 1e-9 * emission(v, 2.3))
      func rate(_ bath: String) throws -> Double { try result.value("photon_rate", at: ["V": v], ["bath": bath]) }
      // Two Ohmic baths: the same spectrum for both.
      #expect(try abs(rate("light") / (rate("light") + rate("metal")) - 0.004) < 1e-9)
    }
    func potential(_ v: Double) throws -> Double {
      try result.value("photon_chemical_potential", at: ["V": v, "frequency": 1.9])
    }
    // With the line above eV the photons have eV, less what the other channels absorb; with eV above the line, emission and
    // absorption by all channels saturate at w.
    #expect(try potential(1.6) < 1.6 && potential(1.6) > 1.55)
    #expect(try abs(potential(2.5) - 1.9) < 0.01)
  }

  @Test("the tail of overbias light tells the temperature of the electrons")
  func tail() throws {
    let result = try Example.overbiasLight.result()
    let (w1, w2, bias) = (2.4, 2.8, 1.6)
    /// The mode's |D|^2 w and the pairs' w - V, flat bands.
    func smooth(_ w: Double) -> Double {
      let (detuning, damping) = (2 * 1.9 * (w - 1.9), 0.2 * w)
      return w / (detuning * detuning + damping * damping) * (w - bias)
    }
    for t in try result.axis("T") {
      func tail(_ w: Double) throws -> Double {
        try result.value("emission_spectrum", at: ["T": t, "frequency": w]) / smooth(w)
      }
      if t == 0 {
        #expect(try tail(w1) == 0)
        continue
      }
      let boltzmann = 8.617333262e-5
      let temperature = (w2 - w1) / boltzmann / log(try tail(w1) / tail(w2))
      // Bands of 6 eV are not quite flat: d ln L/dw beyond 1/(w - V) is about 0.3/eV, to be held against 1/k_B T.
      #expect(abs(temperature / t - 1) < 0.35 * boltzmann * t, "\(t): \(temperature)")
    }
  }
}
