import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Testing
import TransportResults

@testable import Sweeps

@Suite("Planning of sweeps")
struct SweepProbeTests {
  /// Two axes; mu of the first electrode is 100 times the first plus the second.
  static func request(_ rows: Int, _ columns: Int) -> SweepRequest {
    let random = RandomJunctions.make(seed: 12, limits: .small)
    let points = (0..<(rows * columns)).map { i in
      var point = random.point
      point.temperatures = point.temperatures.map { _ in 0.3 }
      point.chemicalPotentials[0] = 0.1 * Double(i / columns) + 0.001 * Double(i % columns)
      return point
    }
    return SweepRequest(
      title: "", units: .natural, junction: random.junction,
      axes: [SweepAxis("y", (0..<rows).map { 0.1 * Double($0) }), SweepAxis("x", (0..<columns).map { 0.001 * Double($0) })],
      points: OperatingPoints(points, electrodes: random.junction.electrodes.count, baths: random.junction.baths.count),
      settings: ComputeSettings(observables: [.energyCurrent]))
  }

  @Test(
    "parts of a sweep keep the ends of every axis, and their states are those of their axis values",
    arguments: [1, 10, 100, 5000])
  func parts(wanted: Int) throws {
    let request = Self.request(17, 40)
    let part = try #require(request.thinned(to: wanted))
    #expect(part.points.count == part.axes.reduce(1) { $0 * $1.values.count })
    #expect(part.points.count >= min(wanted, 680) && part.points.count <= max(4 * wanted, 4))
    for (axis, whole) in zip(part.axes, request.axes) {
      #expect(axis.values.first == whole.values.first && axis.values.last == whole.values.last)
      #expect(axis.values.allSatisfy(whole.values.contains))
    }
    for (i, mu) in part.points.chemicalPotentials[0].enumerated() {
      let columns = part.axes[1].values.count
      #expect(abs(mu - (part.axes[0].values[i / columns] + part.axes[1].values[i % columns])) < 1e-12)
    }
  }

  @Test("a sweep that can be run at once is measured as it is; the plan's memory does not depend on measuring")
  func plan() throws {
    let request = Self.request(2, 2)
    let runner = SweepRunner(workers: 1, memory: MemoryBudget(available: 1e9))
    // Patient: beside a whole suite it may take a while until a thread is free.
    let (plan, measured) = (try runner.plan(request), try runner.measuredPlan(request, within: 300))
    #expect(measured.peakBytes == plan.peakBytes && measured.resultBytes == plan.resultBytes)
    // The start of the program alone is 0.03 s.
    #expect(measured.seconds > 0.03 && measured.seconds < 60)
    #expect(plan.timing == .counted && measured.timing == .measured)
    #expect(try runner.plan(Self.request(20, 20)).resultBytes == 100 * plan.resultBytes)
  }

  @Test("a probe whose time is over answers nothing, whatever its parts are doing")
  func deadline() {
    let probe = SweepProbe(runner: SweepRunner(workers: 1), computation: Self.request(17, 40), limit: 0)
    #expect(probe.seconds() == nil)
  }

  @Test("the time of a part is told apart by its stages: before they begin, of states, of several at once")
  func stages() {
    var clock = StageClock()
    func note(_ stage: String, _ done: Int, _ total: Int, at seconds: Double) {
      clock.note(SweepProgress(stage: stage, done: done, total: total), at: seconds)
    }
    note("pair kernels", 0, 3, at: 0.5)
    note("pair kernels", 3, 3, at: 2)
    note("states", 0, 4, at: 2.25)
    #expect(clock.shareOfStates == nil)
    note("states", 1, 4, at: 3.25)
    #expect(clock.shareOfStates == 0.25)
    note("states", 4, 4, at: 6.25)
    note("light", 0, 2, at: 6.5)
    note("light", 2, 2, at: 8.5)
    clock.finish(at: 9)
    #expect(clock.shared == 2.25 + 0.25 + 0.5 && clock.states == 4 && clock.joint == 2)
  }

  @Test("columns filled in the memory of the result come back in order; a failure leaves nothing behind")
  func columns() throws {
    let shapes = [(2, 3), (0, 3), (1, 4)].map { ResultColumns.Shape(components: $0.0, states: $0.1) }
    let numbers = try ResultColumns.filled(shapes) { columns throws(SolverError) in
      for (v, column) in columns.enumerated() {
        for c in 0..<column.components {
          for s in 0..<column.states {
            column.set(c, s, Estimate(Double(100 * v + 10 * c + s), error: Double(v) + 0.5), factor: 2)
          }
        }
      }
    }
    #expect(numbers.map(\.values) == [[0, 2, 4, 20, 22, 24], [], [400, 402, 404, 406]])
    #expect(numbers.map(\.errors) == [[1, 1, 1, 1, 1, 1], [], [5, 5, 5, 5]])
    #expect(throws: SolverError.self) {
      try ResultColumns.filled(shapes) { _ throws(SolverError) in throw SolverError(.interrupted, "stop") }
    }
  }
}
