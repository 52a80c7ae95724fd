import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Numbers and laws of the examples")
struct ExampleNumbersTests {
  @Test("the key numbers are reproduced", .tags(.golden), arguments: Example.affordable)
  func keyNumbers(example: Example) throws {
    let expected = try example.expected()
    #expect(!expected.numbers.isEmpty && !expected.reason.isEmpty)
    let result = try example.result()
    for number in expected.numbers {
      let value = try result.value(number.variable, at: number.at, number.labels)
      let defect = abs(value - number.value)
      #expect(
        defect <= expected.tolerance * abs(number.value),
        "\(number.variable) \(number.at) \(number.labels): \(value), expected \(number.value)")
    }
  }

  @Test("a steady state exists everywhere", arguments: Example.lawful)
  func stable(example: Example) throws {
    let result = try example.result()
    #expect(result.variable("stable")?.values.allSatisfy { $0 == 1 } == true)
  }

  @Test("charge and energy are conserved and entropy is produced", .tags(.law), arguments: Example.lawful)
  func conservation(example: Example) throws {
    let result = try example.result()
    for state in 0..<result.stateCount {
      let at = Self.axes(of: result, state: state)
      var (currents, energies, slack) = ([Double](), [Double](), 0.0)
      for electrode in result.electrodeNames {
        let label = ["electrode": electrode]
        let mu = try result.value("chemical_potential", at: at, label)
        let current = try result.value("charge_current", at: at, label)
        currents.append(current)
        energies.append(try result.value("electrode_heat_current", at: at, label) + mu * current)
        slack += try result.error("electrode_heat_current", at: at, label)
        slack += abs(mu) * (try result.error("charge_current", at: at, label))
      }
      let energy = try result.value("energy_current", at: at)
      let baths = try result.bathNames.map { try result.value("bath_energy_current", at: at, ["bath": $0]) }
      // Conserved point by point in the integrals: rounding of sums of up to a million terms. In equilibrium all terms
      // vanish, and the error estimates are the scale.
      #expect(LawChecks.particleConservation(currents, tolerance: 1e-11, slack: slack) == [], "\(at)")
      #expect(
        LawChecks.energyConservation(electrodes: energies, intoBosons: energy, tolerance: 1e-11, slack: slack) == [], "\(at)")
      #expect(LawChecks.energyConservation(electrodes: baths, intoBosons: energy, tolerance: 1e-11, slack: slack) == [], "\(at)")
      let entropy = try result.value("entropy_production", at: at)
      #expect(try entropy >= -result.error("entropy_production", at: at), "\(at)")
    }
  }

  @Test(
    "the textbook integrals give the same currents", .tags(.twin),
    arguments: [
      (Example.rectification, ["mu=11.0", "dT=-1.0"]), (Example.thermoelectric, ["mu=9.0", "dT=0.6"]),
      (Example.cooling, ["T=0.3", "V=-1.5"]), (Example.flatBand, ["mu=10.0", "dT=1.0"]),
    ])
  func twin(example: Example, state: [String]) throws {
    let model = try example.model(state + ["compute.observables=[energy_current, charge_current]"])
    let result = try Example.run(model)
    let twin = try TextbookTwin(model.junction).sharpCurrents(at: model.points[0])
    #expect(twin.converged)
    // Tolerance of the model, 1e-8, on the fast path.
    #expect(abs(try result.value("energy_current") - twin.energyCurrent) <= 1e-8 * abs(twin.energyCurrent))
    let current = twin.inelasticParticleCurrents[0]
    #expect(abs(try result.value("charge_current_inelastic", ["electrode": "L"]) - current) <= 1e-8 * abs(current))
  }

  private static func axes(of result: TransportResult, state: Int) -> [String: Double] {
    var rest = state
    var at: [String: Double] = [:]
    for axis in result.axes.reversed() {
      at[axis.name] = axis.values[rest % axis.values.count]
      rest /= axis.values.count
    }
    return at
  }
}
