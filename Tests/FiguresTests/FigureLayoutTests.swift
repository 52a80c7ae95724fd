import Testing
import TransportResults

import struct JunctionModel.SweepAxis

@testable import Figures

@Suite("FigureLayout")
struct FigureLayoutTests {
  private let result = SyntheticResults.junction(voltages: 5)

  private func failure(_ specification: FigureSpecification, of result: TransportResult) -> FigureError? {
    do {
      _ = try FigureLayout(specification, of: result)
      return nil
    } catch { return error }
  }

  @Test("names the nearest variable, axis and label")
  func nearestNames() {
    let variable = failure(FigureSpecification("enrgy_current"), of: result)
    #expect(variable?.code == .unknownName)
    #expect(variable?.description.contains("did you mean 'energy_current'?") == true)
    let axis = failure(FigureSpecification("energy_current", xAxis: "dt"), of: result)
    #expect(axis?.description.contains("allowed: V, dT") == true)
    let label = failure(FigureSpecification("charge_current", selection: ["LL"]), of: result)
    #expect(label?.description.contains("allowed: L, R") == true)
    #expect(variable?.exitCode == 64)
  }

  @Test("draws one curve per pair of baths or reservoirs where both directions agree up to the sign")
  func pairs() throws {
    var result = TransportResult(axes: [SweepAxis("T", [1, 2, 3])], electrodeNames: [])
    result.bathNames = ["a", "b", "c"]
    func add(_ name: String, _ dimensions: [String], _ value: (Int, Int) -> Double) {
      let values = (0..<9).flatMap { i in [1.0, 2, 3].map { $0 * value(i / 3, i % 3) } }
      result.variables.append(
        ResultVariable(name: name, dimensions: dimensions + ["T"], values: values, errors: nil, unit: "W", longName: name))
    }
    add("thermal_conductance", ["bath", "bath2"]) { $0 == $1 ? -5 : Double($0 + $1) }
    add("reservoir_energy_current", ["reservoir", "reservoir2"]) { Double($0 - $1) }
    add("one_way", ["bath", "bath2"]) { $0 < $1 ? 1 : 2 }
    func labels(_ name: String) throws -> [String] {
      let specification = FigureSpecification(name)
      let layout = try FigureLayout(specification, of: result)
      return try CurveSet([layout], of: [FigureSource(name: "", result: result)], specification).curves.map(\.label)
    }
    #expect(try labels("thermal_conductance") == ["a, b", "a, c", "b, c"])
    #expect(try labels("reservoir_energy_current") == ["a to b", "a to c", "b to c"])
    #expect(try labels("one_way").count == 6)
  }

  @Test("puts the longest axis to the right and the other one into colours")
  func defaults() throws {
    let wide = SyntheticResults.junction(voltages: 3, differences: [0, 1, 2, 3])
    let layout = try FigureLayout(FigureSpecification("energy_current"), of: wide)
    #expect(layout.x == "dT")
    #expect(layout.family == "V")
    #expect(layout.notes.isEmpty)
  }

  @Test("holds further axes at their first value and says so; takes the nearest value for --at")
  func slices() throws {
    let silent = try FigureLayout(FigureSpecification("mode_population", xAxis: "V"), of: result)
    #expect(silent.fixed["dT"] == 0)
    #expect(silent.notes.count == 1 && silent.notes[0].contains("--at dT=VALUE"))
    let asked = try FigureLayout(FigureSpecification("energy_current", slices: [.init("dT", 60)]), of: result)
    #expect(asked.fixed["dT"] == 3)
    #expect(asked.notes.count == 1 && asked.notes[0].contains("50"))
  }

  @Test("shows one label in a map unless told which, and draws the diagonal of pair spectra")
  func labels() throws {
    let map = try FigureLayout(FigureSpecification("charge_current", map: .init(x: "V", y: "dT")), of: result)
    #expect(map.labelled.map(\.indices) == [[0]])
    #expect(map.notes.count == 1)
    let spectra = SyntheticResults.spectra()
    let layout = try FigureLayout(FigureSpecification("emission", selection: ["L>R"]), of: spectra)
    #expect(layout.x == "frequency")
    #expect(layout.complete(["mode": 1, "channel": 1])["mode2"] == 1)
    #expect(layout.fixed["ri"] == 0)
  }

  @Test("refuses what cannot be drawn")
  func refusals() {
    var single = TransportResult(title: "one state")
    single.variables = [ResultVariable(name: "J", dimensions: [], values: [1], errors: [0], unit: "W", longName: "J")]
    #expect(failure(FigureSpecification("J"), of: single)?.code == .unsuitable)
    let same = FigureSpecification("energy_current", map: .init(x: "V", y: "V"))
    #expect(failure(same, of: result)?.code == .unsuitable)
    single.variables = [ResultVariable(name: "J", dimensions: ["V"], values: [1], errors: nil, unit: "W", longName: "J")]
    #expect(failure(FigureSpecification("J"), of: single)?.code == .unsuitable)
  }

  @Test("says so when every state is unstable or a log axis has nothing positive")
  func nothingToDraw() throws {
    var empty = TransportResult(axes: [SweepAxis("V", [0, 1])])
    empty.variables = [
      ResultVariable(name: "J", dimensions: ["V"], values: [.nan, .nan], errors: nil, unit: "W", longName: "J"),
      ResultVariable(name: "K", dimensions: ["V"], values: [-1, 0], errors: nil, unit: "W", longName: "K"),
    ]
    for name in ["J", "K"] {
      let specification = FigureSpecification(name, logY: true)
      let layout = try FigureLayout(specification, of: empty)
      #expect(throws: FigureError.self) { try FigureScript(specification, layout, of: empty) }
    }
  }
}
