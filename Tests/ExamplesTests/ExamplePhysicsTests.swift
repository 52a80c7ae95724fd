import Foundation
import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Physics of the examples")
struct ExamplePhysicsTests {
  /// R = (J(dT) + J(-dT))/(J(dT) - J(-dT)).
  static func rectification(_ result: TransportResult, mu: Double, dT: Double) throws -> Double {
    let forward = try result.value("energy_current", at: ["mu": mu, "dT": dT])
    let backward = try result.value("energy_current", at: ["mu": mu, "dT": -dT])
    return (forward + backward) / (forward - backward)
  }

  @Test("the double dot rectifies heat, with opposite signs for a resonant and a distant chemical potential")
  func rectifies() throws {
    let result = try Example.rectification.result()
    let ratios = try [10.0, 11, 12, 13].map { try Self.rectification(result, mu: $0, dT: 1) }
    #expect(ratios == ratios.sorted())
    #expect(ratios[0] < -0.4 && ratios[3] > 0.8)
    for mu in [10.0, 11, 12, 13] { #expect(try abs(Self.rectification(result, mu: mu, dT: 0.02)) < 0.02) }
  }

  @Test("heat flows from hot to cold", .tags(.law), arguments: [Example.rectification, .flatBand])
  func secondLaw(example: Example) throws {
    let result = try example.result()
    for mu in try result.axis("mu") {
      for dT in try result.axis("dT") where dT != 0 {
        #expect(try result.value("energy_current", at: ["mu": mu, "dT": dT]) * dT > 0)
      }
    }
  }

  @Test("flat bands do not rectify", .tags(.limit))
  func flatBands() throws {
    let result = try Example.flatBand.result()
    for mu in try result.axis("mu") {
      for dT in [0.1, 1, 1.8] {
        // (2 pi T/gamma)^2 with T = 1.9 is 1.4e-4: the next term of the expansion in 1/gamma.
        #expect(try abs(Self.rectification(result, mu: mu, dT: dT)) < 1.4e-4)
      }
    }
  }

  @Test("flat bands follow L = w g tr[m A m A]/2pi and the Landauer formula of harmonic baths", .tags(.limit))
  func closedForm() throws {
    let result = try Example.flatBand.result()
    func occupation(_ t: Double) -> Double { 1 / (Foundation.exp(1 / t) - 1) }
    func spectral(_ energy: Double, _ mu: Double) -> Double { 1000 / ((mu - energy) * (mu - energy) + 250_000) }
    for mu in try result.axis("mu") {
      let density = 2 * 25 * 25 * spectral(10.5, mu) * spectral(9.5, mu) / (2 * Double.pi)
      for dT in [-1.8, -1, 0.4, 1.8] {
        let expected = density * (occupation(1 + dT / 2) - occupation(1 - dT / 2))
        let value = try result.value("energy_current", at: ["mu": mu, "dT": dT])
        #expect(abs(value / expected - 1) < 2e-4)  // as above, T and the quantum together
      }
    }
  }

  @Test("the thermoelectric current is largest for a chemical potential between the levels")
  func thermoelectric() throws {
    let result = try Example.thermoelectric.result()
    let mus = try result.axis("mu")
    for dT in try result.axis("dT") where dT != 0 {
      let currents = try mus.map { try abs(result.value("charge_current", at: ["mu": $0, "dT": dT], ["electrode": "L"])) }
      let best = try #require(currents.indices.max { currents[$0] < currents[$1] })
      #expect(abs(mus[best] - 10) < 1e-9, "dT = \(dT)")
    }
  }

  @Test("a hot spot and a cold spot drive opposite currents, without bias and without elastic current")
  func hotAndColdSpot() throws {
    let result = try Example.thermoelectric.result()
    for dT in try result.axis("dT") where dT != 0 {
      let at = ["mu": 10, "dT": dT]
      #expect(try result.value("charge_current", at: at, ["electrode": "L"]) * dT > 0)
      // Each quantum moves at most one electron.
      let charge = try result.value("charge_current", at: at, ["electrode": "L"])
      #expect(try abs(charge) < abs(result.value("energy_current", at: at)))
    }
    #expect(result.variable("charge_current_elastic")?.values.allSatisfy { $0 == 0 } == true)
  }

  @Test("the bias window of cooling widens with temperature")
  func coolingWindow() throws {
    let result = try Example.cooling.result()
    let bias = try result.axis("V")
    var previous = 0
    for temperature in try result.axis("T") {
      let cooled = try bias.filter { try $0 < 0 && result.value("energy_current", at: ["T": temperature, "V": $0]) < 0 }
      #expect(cooled.count >= previous && !cooled.isEmpty)
      // One window, which ends at zero bias.
      #expect(cooled == bias.filter { $0 < 0 }.suffix(cooled.count))
      previous = cooled.count
      for v in bias where v > 0 { #expect(try result.value("energy_current", at: ["T": temperature, "V": v]) > 0) }
    }
    #expect(previous == bias.filter { $0 < 0 }.count)
  }

  @Test("far in reverse bias the pairs pull every mode towards W/ln 17", .tags(.limit))
  func coolingLimit() throws {
    let model = try Example.cooling.model(["V=-200.0", "baths.ph.friction=1e-9", "compute.observables=[effective_temperature]"])
    let result = try Example.run(model)
    for temperature in try result.axis("T") {
      let value = try result.value("effective_temperature", at: ["T": temperature], ["mode": "0"])
      // Lorentzian tails beyond V/2 = 100: gamma/100/2pi of an electron, 1e-3.
      #expect(abs(value / (1 / Foundation.log(17)) - 1) < 5e-3)
    }
  }

  @Test("an inverted pair bath has no steady state, unless the friction is larger")
  func inversion() throws {
    let override = ["V=[0.5, 2.0]", "T=0.1", "compute.observables=[energy_current, mode_population]"]
    let weak = try Example.run(try Example.cooling.model(override))
    #expect(weak.variable("stable")?.values == [1, 0])
    #expect(try weak.value("mode_population", at: ["V": 2]).isNaN)
    let strong = try Example.run(try Example.cooling.model(override + ["baths.ph.friction=1.2"]))
    #expect(strong.variable("stable")?.values == [1, 1])
    for bias in [0.5, 2] {
      let same = try weak.value("energy_current", at: ["V": bias]) == strong.value("energy_current", at: ["V": bias])
      #expect(same, "friction drops out of J at level sharp, also where it is too weak for a steady state")
    }
  }

  @Test("without bias a molecule is in equilibrium", .tags(.law), arguments: [Example.benzenedithiol, .sodiumHydrogen])
  func equilibrium(example: Example) throws {
    guard example.isAffordable else { return }
    let result = try example.result()
    for mode in result.modeEnergies.indices {
      let temperature = try result.value("effective_temperature", at: ["V": 0], ["mode": "\(mode)"])
      #expect(abs(temperature - 300) < 1e-6 * 300)
    }
    // Against the currents at 1 V.
    let (rest, driven) = (["V": 0.0], ["V": 1.0])
    #expect(try abs(result.value("energy_current", at: rest)) < 1e-9 * result.value("energy_current", at: driven))
    #expect(try abs(result.value("charge_current", at: rest)) < 1e-9 * result.value("charge_current", at: driven))
  }

  @Test(
    "the current heats every mode of the molecule, symmetric ring modes most",
    .enabled(if: Example.benzenedithiol.isAffordable))
  func heating() throws {
    let result = try Example.benzenedithiol.result()
    let temperatures = try result.modeEnergies.indices.map {
      try result.value("effective_temperature", at: ["V": 1], ["mode": "\($0)"])
    }
    #expect(temperatures.allSatisfy { $0 > 300 })
    let hottest = temperatures.indices.sorted { temperatures[$0] > temperatures[$1] }
    #expect(Set(hottest.prefix(3)) == [14, 20, 29])
  }

  @Test("a stretch is excited where the bias exceeds its quantum")
  func threshold() throws {
    let result = try Example.sodiumHydrogen.result()
    let quantum = result.modeEnergies[1]
    #expect(abs(quantum - 0.561) < 1e-3)
    func slope(_ v: Double) throws -> Double {
      let population = try [v, v + 0.1].map { try result.value("mode_population", at: ["V": $0], ["mode": "1"]) }
      return Foundation.log(population[1] / population[0])
    }
    // Below the threshold only hot electrons excite it; well above it the growth is slow.
    #expect(try slope(0.3) > 3)
    #expect(try slope(0.7) < 1)
  }

  @Test("heat flows into the coldest bath at every bias")
  func coldTip() throws {
    let result = try Example.fourElectrodes.result()
    for bias in try result.axis("V") {
      #expect(try result.value("bath_energy_current", at: ["V": bias], ["bath": "tip"]) > 0)
    }
    for electrode in result.electrodeNames {
      #expect(try abs(result.value("charge_current", at: ["V": 0], ["electrode": electrode])) > 1e-7)
    }
  }
}
