import Foundation
import Pairbath
import Testing
import TransportResults

@testable import PairbathCommandSupport

@Suite("Searches in models of every kind")
struct SearchedModelTests {
  private static let bodies = """
    bodies:
      hot: {kind: black-body, gap_energy: Eg}
      cold: {kind: black-body, gap_energy: Eg}
    parameters: {Eg: 0.2 eV}
    state:
      temperature: {hot: 600 K, cold: 300 K}
      bias: {hot: -V, cold: 0}
      gap: infinite
    sweep:
      V: {from: 0, to: 0.12, points: 13}
    compute:
      observables: [energy_flux]
      frequencies: [0.25]
    """
  private static let terminals = """
    units: natural
    terminals:
      particles: fermions
      baths: [cold, warm]
      transmission:
        cold>warm: {kind: power, energy: 1, exponent: 0, height: 1, from: 1}
    state:
      temperature: {cold: 0.3, warm: 0.35}
      chemical_potential: {cold: 0, warm: -V}
    sweep: {V: {from: 0, to: 2, points: 5}}
    compute: {frequencies: [1.5]}
    """

  private static func search(
    _ text: String, _ name: String, _ bounds: ClosedRange<Double>, set: [String] = []
  ) throws -> ModelOptimization {
    try ModelOptimization(
      text: text, file: "m.yaml", folder: ".", overrides: set, over: ["V"], bounds: [bounds], objective: name, maximize: true)
  }

  /// The values of a quantity over a fine sweep of V.
  private static func sweep(_ text: String, _ observable: String, _ range: String) throws -> [[Double]] {
    let model = try ModelFile.read(text: text, overrides: ["sweep.V=\(range)", "compute.observables=[\(observable)]"])
    let values = try #require(model.run().variable(observable)).values
    let states = model.computation.stateCount
    return Swift.stride(from: 0, to: values.count, by: states).map { Array(values[$0..<($0 + states)]) }
  }

  @Test("the bias of a thermoradiative cell with the largest power is that of a fine sweep")
  func bodies() throws {
    let found = try Self.search(Self.bodies, "electrical_power:hot", 0...0.12).run(evaluations: 80, tolerance: 1e-4)
    let fine = try Self.sweep(Self.bodies, "electrical_power", "{from: 0, to: 0.12, points: 1201}")[0]
    let best = try #require(fine.indices.max { fine[$0] < fine[$1] })
    // The grid's step, and the tolerance of the search.
    #expect(try abs(#require(found.values)[0] - 1e-4 * Double(best)) < 3e-4)
    #expect(abs(found.objective.value / fine[best] - 1) < 1e-5 && found.unit.contains("W"))
    let product = try Self.search(Self.bodies, "power*efficiency", 0.01...0.11).run(evaluations: 40, tolerance: 1e-3)
    #expect(product.objective.value > 0 && product.ending != .stopped)
  }

  @Test("the bias that cools the colder terminal most is that of a fine sweep")
  func terminals() throws {
    let found = try Self.search(Self.terminals, "bath_heat_current:warm", 0...2).run(evaluations: 80, tolerance: 1e-4)
    let fine = try Self.sweep(Self.terminals, "bath_heat_current", "{from: 0, to: 2, points: 2001}")[1]
    let best = try #require(fine.indices.max { fine[$0] < fine[$1] })
    #expect(try abs(#require(found.values)[0] - 1e-3 * Double(best)) < 3e-3)
    #expect(abs(found.objective.value - fine[best]) <= 1e-5 * abs(fine[best]))
  }

  @Test("every number of bodies and terminals is an objective, given its labels; a wrong name tells the right ones")
  func addresses() throws {
    for text in [Self.bodies, Self.terminals] {
      let model = SearchedModel(try ModelFile.read(text: text, overrides: ["V=0.05"]))
      for (wanted, quantity) in model.numbers {
        let empty = model.computing([wanted]).emptyResult
        let labels = quantity.dimensions.compactMap { empty.dimension($0.rawValue)?.labels().first }
        let address = quantity.name + (labels.isEmpty ? "" : ":" + labels.joined(separator: ","))
        let objective = try Objective(address, of: model)
        let result = try SweepRunner(workers: 1).run(model.computing([wanted]).computation)
        #expect(objective.reading(in: result) != nil, "\(address)")
      }
    }
    for (name, words) in [
      ("power_electrical", "electrical_power"), ("photocurrent", "hot, cold"), ("photocurrent:warm", "no body 'warm'"),
      ("cooling_power", "number of a state"),
    ] {
      let error = try #require(throws: CommandFailure.self) { try Self.search(Self.bodies, name, 0...0.1) }
      #expect(error.exitCode == 64 && error.message.contains(words), "\(name): \(error.message)")
    }
  }
}
