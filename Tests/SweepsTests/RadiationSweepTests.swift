import JunctionModel
import RadiativeTransfer
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

@Suite("Sweeps of two bodies")
struct RadiationSweepTests {
  /// Two ideal diodes of different gap energies that face each other: everything is known in closed form or by symmetry.
  private static func request(
    _ observables: [RadiationObservable], biases: [Double] = [-0.1, 0, 0.05], gaps: [Double] = [.infinity, 1e-6]
  ) throws -> RadiationRequest {
    let pair = try RadiatingPair(
      RadiatingBody("hot", .blackBody(interbandGap: 0.2)), RadiatingBody("cold", .blackBody(interbandGap: 0.3)))
    let axes = [SweepAxis("d", gaps), SweepAxis("V", biases)]
    let states = gaps.flatMap { _ in
      biases.map { RadiationState(BodyState(kelvin: 600), BodyState(kelvin: 300, bias: $0)) }
    }
    return RadiationRequest(
      title: "diodes", pair: pair, axes: axes, states: states, gaps: gaps.flatMap { gap in biases.map { _ in gap } },
      settings: RadiationSettings(observables: observables, tolerance: 1e-8, frequencies: [0.1, 0.35]))
  }

  @Test("black bodies without bias exchange sigma (T1^4 - T2^4), at any gap", .tags(.limit))
  func stefanBoltzmann() throws {
    let result = try SweepRunner().run(Self.request([.energyFlux]))
    let flux = try #require(result.variable("energy_flux"))
    #expect(flux.dimensions == ["d", "V"])
    let expected = RadiationUnits.stefanBoltzmann * (600.0 * 600 * 600 * 600 - 300.0 * 300 * 300 * 300)
    // The relative tolerance asked for is 1e-8 of the gross flux.
    for state in [1, 4] {
      #expect(abs(flux.values[state] - expected) < 1.1e-8 * expected)
      #expect(abs(flux.values[state] - expected) <= 1.1 * (flux.errors?[state] ?? 0) + 1e-12 * expected)
    }
  }

  @Test("energy is conserved: the heats of both bodies add up to their electrical power, at every state", .tags(.law))
  func energyConservation() throws {
    let result = try SweepRunner().run(Self.request([.heatFlux, .electricalPower, .photocurrent, .entropyProduction]))
    let (heat, power) = (try #require(result.variable("heat_flux")), try #require(result.variable("electrical_power")))
    let (current, entropy) = (
      try #require(result.variable("photocurrent")), try #require(result.variable("entropy_production"))
    )
    #expect(heat.dimensions == ["body", "d", "V"])
    for state in 0..<6 {
      let sum = heat.values[state] + heat.values[6 + state]
      let work = power.values[state] + power.values[6 + state]
      #expect(abs(sum - work) < 1e-12 * abs(heat.values[state]), "rounding of sums of a few terms")
      let bias = [-0.1, 0, 0.05][state % 3]
      #expect(abs(power.values[6 + state] - bias * current.values[6 + state]) <= 1e-12 * abs(current.values[6 + state]))
      #expect(entropy.values[state] > 0)
    }
  }

  @Test("spectra stand at the photon energies asked for and their parts add up to the whole", .tags(.law))
  func spectra() throws {
    let result = try SweepRunner().run(
      Self.request([.energyFluxSpectrum, .energyFluxPartSpectrum, .energyFluxPart, .energyFlux]))
    #expect(result.frequencies == [0.1, 0.35])
    let (whole, parts) = (
      try #require(result.variable("energy_flux_spectrum")), try #require(result.variable("energy_flux_part_spectrum"))
    )
    #expect(parts.dimensions == ["polarization", "zone", "frequency", "d", "V"])
    for index in 0..<12 {
      let sum = (0..<4).reduce(0.0) { $0 + parts.values[12 * $1 + index] }
      #expect(abs(sum - whole.values[index]) < 1e-12 * abs(whole.values[index]), "rounding")
    }
    // Black bodies have no evanescent field, and both polarisations alike.
    let part = try #require(result.variable("energy_flux_part"))
    for state in 0..<6 {
      #expect(part.values[6 + state] == 0 && part.values[18 + state] == 0)
      #expect(abs(part.values[state] - part.values[12 + state]) < 1e-12 * abs(part.values[state]))
    }
  }

  @Test("the numbers do not depend on the number of workers")
  func workers() throws {
    let request = try Self.request([.energyFlux, .efficiency, .heatTransferCoefficient, .emissivity])
    let one = try SweepRunner(workers: 1).run(request)
    let three = try SweepRunner(workers: 3).run(request)
    #expect(one.variables.map(\.name) == three.variables.map(\.name))
    for (a, b) in zip(one.variables, three.variables) {
      #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(a.name)")
    }
    #expect(one.variable("emissivity")?.values.allSatisfy { abs($0 - 1) < 1e-7 } == true, "black, to the tolerance")
  }

  @Test("an efficiency exists where a cell delivers power, and stays below Carnot's", .tags(.law))
  func efficiency() throws {
    let result = try SweepRunner().run(Self.request([.efficiency]))
    let values = try #require(result.variable("efficiency")).values
    #expect(values[0].isNaN && values[1].isNaN && values[2] > 0 && values[2] < 0.5)
  }

  @Test("a cancelled sweep ends as interrupted")
  func cancelled() throws {
    let request = try Self.request([.energyFlux])
    #expect(throws: SolverError.self) { try SweepRunner().run(request, isCancelled: { true }) }
  }
}
