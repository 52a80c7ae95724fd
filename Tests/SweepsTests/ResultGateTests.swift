import JunctionModel
import Testing
import TransportResults

@testable import Sweeps

@Suite("ResultGate")
struct ResultGateTests {
  /// A result over two axes of 2 and 3 values with one variable of some dimensions.
  private static func result(
    _ name: String, _ dimensions: [String], _ values: [Double], errors: [Double]? = nil, stable: [Double]? = nil
  ) -> TransportResult {
    var result = TransportResult(
      axes: [SweepAxis("x", [0, 1]), SweepAxis("y", [0, 1, 2])], electrodeNames: ["L", "R"], frequencies: [1, 2, 3, 4])
    result.variables = [
      ResultVariable(
        name: name, dimensions: dimensions, values: values, errors: errors ?? values.map { _ in 0 }, unit: "1", longName: name)
    ]
    if let stable {
      result.variables.append(
        ResultVariable(name: "stable", dimensions: ["x", "y"], values: stable, errors: nil, unit: "1", longName: "stable"))
    }
    return result
  }

  private static func message(_ result: TransportResult, equilibria: [Int] = []) -> String? {
    let ledger = StateLedger(states: result.stateCount, tolerance: 1e-8) { "state \($0)" }
    let stable = result.variable("stable")?.values
    do {
      try ledger.stage { stage in
        stage.note { $0.finish(0..<result.stateCount) { stable?[$0] == 0 ? .noSteadyState : .done } }
      }
      let outcome = try ResultGate(describe: { "state \($0)" }, isEquilibrium: { equilibria.contains($0) }).checked(
        result, ledger, .inline(until: { false }))
      let checked = outcome.ledger.signed(outcome.result)
      #expect(checked.states(.notComputed) == 0 || !checked.shortfalls.isEmpty)
      return checked.shortfalls.first?.message
    } catch {
      return error.code == .notConverged ? error.message : "\(error)"
    }
  }

  @Test("a number that is none is named with its state, wherever it stands", arguments: [Double.nan, .infinity, -.infinity])
  func place(value: Double) {
    for count in [12, 24] {
      for index in 0..<count {
        var values = (0..<count).map { Double($0) * 1e300 }
        values[index] = value
        let isComplex = count == 24
        let dimensions = ["electrode", "x", "y"] + (isComplex ? ["ri"] : [])
        let state = (isComplex ? index / 2 : index) % 6
        let found = Self.message(Self.result("charge_current", dimensions, values))
        #expect(found?.contains("charge_current at state \(state) is") == true, "\(found ?? "nothing")")
        // The error of a number is as good a reason.
        let errors = Self.message(Self.result("charge_current", dimensions, values.map { _ in 1 }, errors: values))
        #expect(errors?.contains("state \(state)") == true)
      }
    }
  }

  @Test("finite numbers pass, however large, and so do NaN at states without a steady state and where ratios are not defined")
  func passing() {
    let large = [Double](repeating: 1.7e308, count: 6) + [Double](repeating: -1.7e308, count: 6)
    #expect(Self.message(Self.result("charge_current", ["electrode", "x", "y"], large)) == nil)
    var values = [Double](repeating: 1, count: 12)
    (values[2], values[8]) = (.nan, .nan)
    let name = "charge_current"
    #expect(Self.message(Self.result(name, ["electrode", "x", "y"], values, stable: [1, 1, 0, 1, 1, 1])) == nil)
    #expect(Self.message(Self.result(name, ["electrode", "x", "y"], values, stable: [1, 1, 1, 0, 0, 0])) != nil)
    for name in ["fano_factor", "machine_performance", "charge_current_rectification", "seebeck_electrode"] {
      #expect(Self.message(Self.result(name, ["electrode", "x", "y"], values)) == nil)
    }
    var infinite = [Double](repeating: 1, count: 6)
    infinite[3] = .infinity
    #expect(Self.message(Self.result("entropy_production", ["x", "y"], infinite)) == nil)
    infinite[3] = .nan
    #expect(Self.message(Self.result("entropy_production", ["x", "y"], infinite)) != nil)
  }

  @Test("linear response is missing where there is no equilibrium, and only there")
  func equilibria() {
    let values = [1, 1, Double.nan, 1, 1, 1]
    let result = Self.result("onsager_matrix_charge_charge", ["x", "y"], values)
    #expect(Self.message(result, equilibria: [0, 1, 3, 4, 5]) == nil)
    #expect(Self.message(result, equilibria: [0, 1, 2, 3, 4, 5]) != nil)
  }

  @Test("variables without states and inputs are looked at and passed by")
  func others() {
    let values = [1, 2, Double.infinity, 4]
    #expect(Self.message(Self.result("phonon_transmission", ["frequency"], values))?.contains("state") == false)
    var input = Self.result("gap", ["frequency"], values)
    let variable = input.variables[0]
    input.variables[0] = ResultVariable(
      name: variable.name, dimensions: variable.dimensions, values: values, errors: nil, unit: "nm", longName: "gap")
    #expect(Self.message(input) == nil)
  }
}
