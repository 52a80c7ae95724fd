import Foundation
import Pairbath
import Testing
import TransportCurrents
import TransportResults

@testable import PairbathCommandSupport

@Suite("Optimization", .serialized)
struct OptimizationTests {
  private static let dot = """
    title: Double dot, electronic cooling   # a remark
    units: natural
    conductor: {energies: [e1, e2]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, orbitals: [1], broadening: 0.5}
    bosons: {modes: [1.0]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0.0, 0.5], [0.5, 0.0]]]}
    parameters: {e1: 10.5, e2: 9.5, mu: 10.0, T: 0.5}
    state:
      chemical_potential: {L: mu + V/2, R: mu - V/2}
      temperature: T
    sweep:
      V: {from: -6.0, to: 0.5, points: 27}
    """

  private static func search(
    _ name: String, over names: [String], _ bounds: [ClosedRange<Double>], set: [String] = [], maximize: Bool = true
  ) throws -> ModelOptimization {
    try ModelOptimization(
      text: dot, file: "dot.yaml", folder: ".", overrides: set, over: names, bounds: bounds, objective: name, maximize: maximize)
  }

  private static func cooling(_ set: [String]) throws -> [Double] {
    let document = try ModelDocument.read(text: dot, overrides: set + ["compute.observables=[bath_energy_current]"])
    return try #require(SweepRunner().run(SweepRequest(document)).variable("bath_energy_current")).values.map { -$0 }
  }

  @Test("the strongest cooling of the double dot is that of a fine sweep of the bias")
  func coolingBias() throws {
    let found = try Self.search("cooling_power", over: ["V"], [-6...0.5]).run(evaluations: 300, tolerance: 1e-5)
    let fine = try Self.cooling(["V={from: -2.3, to: -2.1, points: 2001}"])
    let best = try #require(fine.indices.max { fine[$0] < fine[$1] })
    #expect(found.ending == .rested)
    #expect(try abs(#require(found.values)[0] - (-2.3 + 1e-4 * Double(best))) < 2e-3)
    // The sweep's step of 1e-4 costs less than 1e-8 near the top.
    #expect(found.objective.value > 0.118 && abs(found.objective.value - fine[best]) < 1e-8)
    #expect(found.objective.error > 0 && found.objective.error < 1e-8)
  }

  @Test("levels of the junction and the bias together cool more than the bias alone, and a grid has nothing better")
  func coolingLevels() throws {
    let names = ["e1", "e2", "V"]
    let found = try Self.search("cooling_power", over: names, [10...11.5, 8.5...10, -4...0]).run(
      evaluations: 600, tolerance: 1e-4)
    #expect(found.objective.value > 0.11807)
    var best = 0.0
    for i in 0...12 {
      for j in 0...12 {
        let set = ["e1=\(10 + 0.125 * Double(i))", "e2=\(8.5 + 0.125 * Double(j))", "V={from: -4, to: 0, points: 81}"]
        best = max(best, try Self.cooling(set).max() ?? 0)
      }
    }
    #expect(found.objective.value >= best)
    // Not far above: the objective is smooth on the scale of the grid.
    #expect(found.objective.value < 1.1 * best)
  }

  @Test("the file that is written is the model at the values found, remarks and all")
  func rewritten() throws {
    let search = try Self.search(
      "cooling_power", over: ["electrodes.L.broadening", "mu"], [0.2...1, 9.5...10.5], set: ["V=-2.0", "T=0.4"])
    let finding = search.run(evaluations: 60, tolerance: 1e-3)
    let rewriting = try search.rewritten(with: try #require(finding.values))
    #expect(rewriting.keepsComments && rewriting.text.contains("# a remark"))
    let document = try ModelDocument.read(text: rewriting.text, overrides: ["compute.observables=[bath_energy_current]"])
    let value = try #require(SweepRunner().run(SweepRequest(document)).variable("bath_energy_current")).values
    #expect(value.count == 1 && abs(-value[0] - finding.objective.value) <= 2 * finding.objective.error)
    let report = OptimizationReport(search, finding, tolerance: 1e-3)
    #expect(report.comments.hasPrefix("# pairbath optimize: largest cooling_power = 0.1"))
    #expect(report.text(seconds: 1, path: "x.yaml", keepsComments: true).contains("electrodes.L.broadening"))
  }

  @Test("states without a steady state are infinitely bad and are told")
  func unstable() throws {
    // Above V = 1 the dot pumps the mode; heating grows up to there.
    let search = try Self.search("energy_current", over: ["V"], [-1...4], set: ["T=0.1"])
    let found = search.run(evaluations: 150, tolerance: 1e-4)
    #expect(found.failures.contains { $0.reason == "no steady state" && $0.count > 5 })
    let bias = try #require(found.values)[0]
    let here = try ModelDocument.read(text: Self.dot, overrides: ["T=0.1", "V=[\(bias)]"])
    #expect(try SweepRunner().run(SweepRequest(here)).variable("stable")?.values == [1])
    #expect(OptimizationReport(search, found, tolerance: 1e-4).notes.contains { $0.hasPrefix("Without a value at") })
  }

  @Test("efficiency counts for engines only, and --minimize turns the sign")
  func machines() throws {
    let engine = try Self.search(
      "efficiency", over: ["V"], [-1...1], set: ["state.temperature={L: 0.3, R: 0.3, ph: 0.6}", "baths.ph.friction=2"]
    ).run(evaluations: 120, tolerance: 1e-4)
    #expect(engine.objective.value > 0 && engine.objective.value < 0.5)
    #expect(try #require(engine.values)[0] > 0)
    let coldest = try Self.search("effective_temperature", over: ["V"], [-6...0], maximize: false).run(
      evaluations: 120, tolerance: 1e-4)
    // The table of the example double-dot-cooling: 0.268 at T = 0.5.
    #expect(abs(coldest.objective.value - 0.268) < 5e-4)
  }

  @Test("products and quotients of numbers are objectives with an error of their own")
  func products() throws {
    let set = ["state.temperature={L: 0.3, R: 0.3, ph: 0.6}", "baths.ph.friction=2", "V=0.2"]
    let document = try ModelDocument.read(text: Self.dot, overrides: set)
    let model = SearchedModel.junction(SweepRequest(document))
    let product = try ObjectiveProduct("power*efficiency/charge_current:L", of: model)
    let result = try SweepRunner().run(model.computing(product.wanted).computation)
    let factors = try ["power", "efficiency", "charge_current:L"].map { name in
      try #require(try Objective(name, of: model).reading(in: result)).value
    }
    let value = try #require(product.reading(in: result)).value
    let expected = factors[0].value * factors[1].value / factors[2].value
    #expect(abs(value.value / expected - 1) < 1e-14 && value.error > 0)
    // Relative errors add up.
    let relative = factors.reduce(0) { $0 + $1.error / abs($1.value) }
    #expect(abs(value.error / abs(value.value) / relative - 1) < 1e-3)
    for text in ["power*", "*power", "power**efficiency", "power*colour"] {
      #expect(throws: CommandFailure.self, "\(text)") { try ObjectiveProduct(text, of: model) }
    }
  }

  @Test("every real number of a state can be an objective, given its labels")
  func everyNumber() throws {
    let request = SweepRequest(try ModelDocument.read(text: Self.dot, overrides: ["V=0"]))
    for observable in Observable.allCases {
      for quantity in observable.definition.quantities where quantity.flagMeanings.isEmpty {
        var wanted = request
        wanted.settings.observables = [observable]
        wanted.settings.energies = [0.1]
        wanted.settings.frequencies = [0.1]
        let empty = wanted.emptyResult
        let dimensions = (quantity.dimensions + (quantity.isComplex ? [.complexPart] : [])).compactMap {
          empty.dimension($0.rawValue)
        }
        guard dimensions.allSatisfy({ $0.count > 0 }) else { continue }
        let labels = dimensions.map { $0.labels()[0] }
        let text = quantity.name + (labels.isEmpty ? "" : ":" + labels.joined(separator: ","))
        #expect(throws: Never.self, "\(text)") { try Objective(text, of: .junction(wanted)) }
      }
    }
  }

  @Test("a search can be stopped")
  func stopped() throws {
    let found = try Self.search("cooling_power", over: ["V"], [-6...0.5]).run(
      evaluations: 200, tolerance: 1e-4, isCancelled: { true })
    #expect(found.ending == .stopped && found.values == nil && found.evaluations == 0)
  }

  @Test(
    "names, labels and bounds that make no sense are refused with the nearest that do",
    arguments: [
      ("coolingpower", ["V"], "did you mean 'cooling_power'?"), ("charge_current", ["V"], "charge_current:L"),
      ("charge_current:X", ["V"], "no electrode 'X'; allowed: L, R"), ("cooling_power", ["W"], "allowed: parameters and sweep"),
      ("cooling_power", ["T"], "--set V=..."), ("cooling_power", ["V", "sweep.V"], "the same number"),
    ])
  func refusals(objective: String, names: [String], words: String) {
    do {
      _ = try Self.search(objective, over: names, names.map { _ in 0...1 })
      Issue.record("not refused")
    } catch {
      #expect((error as? CommandFailure)?.message.contains(words) == true, "\(error)")
    }
  }

  @Test(
    "bounds are taken apart strictly",
    arguments: ["V", "V=1", "V=1:0", "V=0:0", "V=nan:1", "V=0:inf", "W=0:1", "V=0:1,V=0:2", "V=0:1:2", "T=0:1"])
  func badBounds(text: String) {
    #expect(throws: CommandFailure.self) { try SearchOptions.bounds([text], for: ["V"]) }
  }

  @Test("names and bounds may be joined by commas or repeated")
  func goodBounds() throws {
    #expect(try SearchOptions.names(["e1,e2", "V"]) == ["e1", "e2", "V"])
    #expect(try SearchOptions.bounds(["V=-1:2.5,e1=0:1", "e2=1e-3:2"], for: ["e1", "e2", "V"]) == [0...1, 1e-3...2, -1...2.5])
    #expect(throws: CommandFailure.self) { try SearchOptions.names(["V,V"]) }
  }

  @Test("every component of a quantity is named by its labels, and an incomplete name lists them")
  func addresses() throws {
    for (name, words) in [
      ("heat_noise", ["terminal", "L, R, ph", "heat_noise:"]), ("heat_noise:R", ["1 of 2", "terminal2"]),
      ("charge_cumulants:2", ["cumulant", "1, 2, 3, 4", "L, R"]), ("energy_current:L", ["one number per state"]),
      ("charge_current:X", ["X"]),
    ] {
      let error = try #require(throws: CommandFailure.self) { try Self.search(name, over: ["V"], [0...0.4]) }
      #expect(error.exitCode == 64)
      for word in words { #expect(error.message.contains(word), "\(name): \(error.message)") }
    }
    let found = try Self.search("heat_noise:R,ph", over: ["V"], [0.2...0.4]).run(evaluations: 6, tolerance: 1e-2)
    let v = try #require(found.values)[0]
    let document = try ModelDocument.read(text: Self.dot, overrides: ["sweep.V=[\(v)]", "compute.observables=[heat_noise]"])
    let noise = try #require(SweepRunner().run(SweepRequest(document)).variable("heat_noise")).values
    // Terminals L, R, ph: row R, column ph.
    #expect(abs(found.objective.value - noise[5]) <= 1e-9 * abs(noise[5]))
    #expect(abs(noise[5] - noise[0]) > 1e-6 * abs(noise[0]))
  }
}
