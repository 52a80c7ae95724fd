import JunctionModel
import Testing
import TransportResults

@testable import PairbathCommandSupport

@Suite("Large results and parts of results")
struct LargeResultTests {
  /// A million states with two variables, one of them over one axis only.
  private static func large() -> TransportResult {
    var result = TransportResult(
      title: "large", axes: [SweepAxis("V", (0..<1000).map { Double($0) }), SweepAxis("T", (0..<1000).map { Double($0) })],
      electrodeNames: ["L", "R"])
    let values = (0..<1_000_000).map { Double($0 % 7) - 3 }
    result.variables = [
      ResultVariable(
        name: "energy_current", dimensions: ["V", "T"], values: values, errors: values.map { _ in 1e-6 }, unit: "W", longName: "J"
      ),
      ResultVariable(
        name: "conductance", dimensions: ["V"], values: Array(values.prefix(1000)), errors: nil, unit: "A V-1", longName: "G"),
    ]
    return result
  }

  @Test("a million states are summarised, and their tables made of the rows shown")
  func overview() throws {
    let result = Self.large()
    let clock = ContinuousClock()
    let start = clock.now
    let overview = ResultOverview(result, path: "large.nc").text
    #expect(overview.contains("1000000 states") && overview.contains("energy_current  -3        3        W"), "\(overview)")
    #expect(overview.contains("pairbath show large.nc energy_current --at V=0"))
    let table = try StateTable(result).text(rowLimit: 3, width: 60)
    #expect(table.contains("999997 further rows") && table.contains("997 further rows"))
    let part = try StateTable(result, states: try StateSelection.states(["V=12"], of: result)).text(rowLimit: 2, width: 60)
    #expect(part.contains("998 further rows"))
    #expect(start.duration(to: clock.now) < .seconds(5))
  }

  @Test("a part of a result keeps one value on the axes named and all labels")
  func part() throws {
    let whole = SampleResults.dot()
    let part = try StateSelection.part(["V=0.2", "dT=0.5"], of: whole)
    #expect(part.axes.map(\.values) == [[0], [0.5]] && part.stateCount == 1)
    for (a, b) in zip(part.variables, whole.variables) {
      let labels = b.values.count / whole.stateCount
      #expect(a.name == b.name && a.dimensions == b.dimensions && a.values.count == labels)
      // State 3 of 6: V = 0, dT = 0.5.
      #expect(a.values == (0..<labels).map { b.values[$0 * 6 + 3] })
    }
    #expect(try StateSelection.part([], of: whole).variables == whole.variables)
    #expect(throws: CommandFailure.self) { try StateSelection.part(["W=1"], of: whole) }
  }

  @Test("infinite gaps are chosen by their word")
  func infinite() throws {
    let result = TransportResult(axes: [SweepAxis("d", [10, .infinity], unit: "nm")])
    #expect(try StateSelection.states(["d=infinite"], of: result) == [1])
    #expect(try StateSelection.states(["d=900"], of: result) == [0])
    #expect(throws: CommandFailure.self) {
      try StateSelection.states(["d=infinite"], of: TransportResult(axes: [SweepAxis("d", [1, 2])]))
    }
  }

  @Test("what somebody means and was not computed is told so")
  func notComputed() {
    do {
      _ = try StateTable(SampleResults.dot(), names: ["heat_noise_power"])
      Issue.record("no error")
    } catch { #expect(!error.message.contains("under compute.observables")) }
    do {
      _ = try StateTable(SampleResults.dot(), names: ["heat_current"])
      Issue.record("no error")
    } catch { #expect(error.message.contains("put 'electrode_heat_current' under compute.observables"), "\(error.message)") }
  }
}
