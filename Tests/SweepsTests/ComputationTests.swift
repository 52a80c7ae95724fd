import JunctionModel
import PairbathTestSupport
import RadiativeTransfer
import TerminalTransport
import Testing
import TransportResults

@testable import Sweeps

/// What every kind of computation must do alike.
@Suite("Computation")
struct ComputationTests {
  private static func all() throws -> [any Computation] {
    let pair = try RadiatingPair(
      RadiatingBody("hot", .blackBody(interbandGap: 0.2)), RadiatingBody("cold", .blackBody(interbandGap: 0.3)))
    let bodies = RadiationRequest(
      title: "bodies", pair: pair, axes: [SweepAxis("d", [1e-6, 2e-6])],
      states: [600.0, 700].map { RadiationState(BodyState(kelvin: $0), BodyState(kelvin: 300)) }, gaps: [1e-6, 2e-6],
      settings: RadiationSettings(observables: [.energyFlux], tolerance: 1e-3, frequencies: []))
    let terminals = try TerminalSweepTests.request(.bosons, TerminalSettings(observables: [.bathEnergyCurrent]))
    return [SweepProbeTests.request(2, 2), terminals, bodies]
  }

  @Test("one runner plans, runs, names and describes them all")
  func kinds() throws {
    for computation in try Self.all() {
      let runner = SweepRunner(workers: 2)
      #expect(try runner.plan(computation).states == computation.stateCount)
      let result = try runner.run(computation)
      #expect(result.stateCount == computation.stateCount && result.axes == computation.axes)
      #expect(result.variables.contains { $0.errors != nil && $0.values.allSatisfy(\.isFinite) })
      let words = computation.description { "<\($0)>" }
      #expect(words.parts.first?.name == "units" && words.parts.count > 2)
      #expect(words.wanted.first?.name == "observables")
      #expect(words.wanted.contains { $0.name == "tolerance" && $0.value.hasPrefix("<") })
    }
  }

  @Test("progress ends with all states done, and cancelling ends every kind")
  func progress() throws {
    for computation in try Self.all() {
      var last: SweepProgress?
      _ = try SweepRunner(workers: 1).run(computation, progress: { last = $0 })
      #expect(last.map { $0.done == $0.total } == true)
      let error = #expect(throws: SolverError.self) {
        _ = try SweepRunner(workers: 1).run(computation, isCancelled: { true })
      }
      #expect(error?.code == .interrupted)
    }
  }

  @Test("junctions and bodies are measured by parts of their sweep, terminals are counted")
  func timing() throws {
    let kinds = try Self.all()
    #expect(kinds.map(\.timing) == [.measured, .counted, .measured])
    #expect(kinds.map { $0.thinned(to: 1) != nil } == [true, false, true])
    #expect(try SweepRunner(workers: 1).measuredPlan(kinds[1]).timing == .counted)
  }
}
