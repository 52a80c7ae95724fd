import DenseMatrices
import JunctionModel
import Testing
import TransportResults

@testable import Sweeps

/// Which variables of the second order a result has, and what its totals say they contain.
struct SecondOrderVariablesTests {
  private func run(
    _ observables: [Observable], level: ComputeSettings.Level = .sharp,
    correction: ComputeSettings.ElasticCorrection = .full
  ) throws -> TransportResult {
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.3, -0.6], [-0.6, -0.2]])),
      electrodes: [
        Electrode("L", .wideBand(broadening: Matrix(diagonal: [0.8, 0]))),
        Electrode("R", .wideBand(broadening: Matrix(diagonal: [0, 0.5]))),
      ], bosons: BosonSystem(modes: [0.7]), baths: [BosonBath("ph", .ohmic(friction: 0.3), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0.1, 0.03], [0.03, -0.05]])]))
    let point = OperatingPoint(chemicalPotentials: [0.5, 0], temperatures: [0.1, 0.1], bathTemperatures: [0.2])
    let still = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [0, 0], bathTemperatures: [0])
    let slope = OperatingPoint(chemicalPotentials: [1, 0], temperatures: [0, 0], bathTemperatures: [0])
    var request = SweepRequest(
      title: "", units: .natural, junction: junction, axes: [], points: OperatingPoints([point], electrodes: 2, baths: 1),
      settings: ComputeSettings(level: level, observables: observables, tolerance: 1e-6),
      lineAt: { _, _ in StateDerivatives(first: slope, second: still) })
    request.settings.elasticCorrection = correction
    return try SweepRunner(workers: 1).run(request)
  }

  @Test("a correction that is not computed is not in the result, and the totals say that they lack it")
  func missing() throws {
    let currents: [Observable] = [.chargeCurrent, .electrodeHeatCurrent]
    for (result, names) in [
      (try run(currents, level: .dressed), ["charge_current", "electrode_heat_current"]),
      (
        try run(currents + [.conductance, .iets], correction: .none),
        [
          "charge_current", "electrode_heat_current", "conductance", "iets",
        ]
      ),
    ] {
      for name in names {
        #expect(result.variable(name + "_correction") == nil)
        let total = try #require(result.variable(name))
        #expect(total.longName.contains("without the second-order elastic correction"), "\(total.longName)")
        let parts = try ["_elastic", "_inelastic"].map { try #require(result.variable(name + $0)).values[0] }
        // Rounding of the sum.
        #expect(abs(parts[0] + parts[1] - total.values[0]) <= 1e-14 * abs(total.values[0]))
      }
    }
    let complete = try run(currents + [.conductance])
    for name in ["charge_current", "electrode_heat_current", "conductance"] {
      #expect(try #require(complete.variable(name + "_correction")).values[0] != 0)
      #expect(try #require(complete.variable(name)).longName.hasSuffix("inelastic, and second-order elastic correction"))
    }
  }

  @Test("currents do not depend on whether their derivatives are asked for in the same run")
  func shared() throws {
    let (alone, together) = (try run([.chargeCurrent]), try run([.chargeCurrent, .conductance]))
    for part in ["", "_elastic", "_inelastic", "_correction"] {
      let pair = try [alone, together].map { try #require($0.variable("charge_current" + part)) }
      let error = pair.reduce(0) { $0 + ($1.errors?[0] ?? .nan) }
      #expect(abs(pair[0].values[0] - pair[1].values[0]) <= error, "\(part): \(pair[0].values[0]) and \(pair[1].values[0])")
    }
  }
}
