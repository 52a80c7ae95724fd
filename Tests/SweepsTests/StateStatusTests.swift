import JunctionModel
import PairbathTestSupport
import Synchronization
import Testing
import TransportResults

@testable import Sweeps

@Suite("Status of states")
struct StateStatusTests {
  private static let calm = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.3, 0.3], bathTemperatures: [0.2])

  private static var inverted: OperatingPoint {
    var point = calm
    point.chemicalPotentials = [11, 9]
    return point
  }

  @Test("bare flows exist without a steady state: they are those of any stronger damping", .tags(.law))
  func bareFlows() throws {
    // The lowest-order flows of level sharp do not contain the damping, so a strong bath gives them at states where a weak one is pumped.
    let points = [Self.calm, Self.inverted]
    let weak = try FastPath.currents(try SweepRunnerTests.doubleDot(friction: 1e-3), points, level: .sharp, tolerance: 1e-9)
    let strong = try FastPath.currents(try SweepRunnerTests.doubleDot(friction: 5), points, level: .sharp, tolerance: 1e-9)
    #expect(weak.variable("stable")?.values == [1, 0] && strong.variable("stable")?.values == [1, 1])
    #expect(weak.variable("status")?.values == [0, 1] && strong.variable("status")?.values == [0, 0])
    for name in Agreement.names + ["charge_current", "electrode_heat_current", "entropy_production"]
    where !name.contains("population") && !name.contains("effective") {
      for (a, b) in zip(weak.reported(name, state: 1), strong.reported(name, state: 1)) {
        // Level sharp: the friction enters the baths' shares alone, to rounding.
        #expect(abs(a.value - b.value) <= a.error + b.error, "\(name): \(a), \(b)")
      }
    }
    #expect(weak.numbers("mode_population", state: 1).allSatisfy { $0.isNaN })
  }

  @Test("what misses the tolerance keeps its value and an error that covers the deviation from a finer run", .tags(.law))
  func missed() throws {
    // A narrow steady state close to instability: errors are amplified.
    let junction = try SweepRunnerTests.doubleDot(friction: 0.02)
    var point = Self.calm
    point.chemicalPotentials = [10.5, 9.5]
    let coarse = try FastPath.currents(junction, [Self.calm, point], level: .landauer, tolerance: 1e-12)
    let fine = try FastPath.currents(junction, [Self.calm, point], level: .landauer, tolerance: 1e-9)
    #expect(coarse.variable("status")?.values.last == 2)
    #expect(coarse.shortfalls.contains { $0.message.contains("energy currents") })
    let (a, b) = (coarse.reported("energy_current", state: 1)[0], fine.reported("energy_current", state: 1)[0])
    #expect(a.error > 1e-12 * abs(a.value) && abs(a.value - b.value) <= a.error + b.error)
  }

  @Test("a run that is ended keeps the states it has finished, bit for bit; the others are NaN with status 3")
  func ended() throws {
    let junction = try SweepRunnerTests.doubleDot()
    let points = (0..<400).map { i in
      var point = Self.calm
      point.chemicalPotentials = [10 + 0.001 * Double(i), 10]
      return point
    }
    let request = SweepRunnerTests.request(
      junction, points, ComputeSettings(level: .dressed, observables: [.energyCurrent], tolerance: 1e-9))
    let isEnded = Atomic<Bool>(false)
    let part = try SweepRunner(workers: 2).run(
      request, progress: { if $0.stage == "states" && $0.done > 0 { isEnded.store(true, ordering: .relaxed) } },
      isCancelled: { isEnded.load(ordering: .relaxed) })
    let status = part.variable("status")!.values
    let done = status.indices.filter { status[$0] == 0 }
    #expect(part.isInterrupted && !done.isEmpty && done.count < points.count && status.allSatisfy { $0 == 0 || $0 == 3 })
    let few = Array(done.prefix(3))
    let values = part.variable("energy_current")!.values
    for state in status.indices { #expect(values[state].isNaN == (status[state] == 3)) }
    let whole = try SweepRunner(workers: 2).run(request)
    for state in few { #expect(whole.variable("energy_current")!.values[state] == values[state]) }
  }
}
