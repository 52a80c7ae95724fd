import JunctionModel
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

@Suite("Rectification")
struct RectificationTests {
  private static let bases = [0.8, 1.0]
  private static let differences = [-0.6, 0.0, 0.6, -0.2, 0.2]

  private static func request(over axis: String = "dT", differences: [Double] = differences, of name: String = "energy_current")
    throws -> SweepRequest
  {
    let points = bases.flatMap { base in
      differences.map {
        OperatingPoint(
          chemicalPotentials: [10, 10], temperatures: [base + $0 / 2, base + $0 / 2], bathTemperatures: [base - $0 / 2])
      }
    }
    var settings = ComputeSettings(observables: [.energyCurrent])
    settings.rectifications = [Rectification(of: name, over: axis)]
    return SweepRequest(
      title: "", units: .natural, junction: try SweepRunnerTests.doubleDot(),
      axes: [SweepAxis("T", bases), SweepAxis("dT", differences)],
      points: OperatingPoints(points, electrodes: 2, baths: 1), settings: settings)
  }

  @Test("the ratio is that of the currents at opposite temperature differences, in any order of the axis", .tags(.law))
  func ratio() throws {
    let result = try SweepRunner(workers: 1).run(try Self.request())
    let current = try #require(result.variable("energy_current")).values
    let ratio = try #require(result.variable("energy_current_rectification"))
    #expect(ratio.dimensions == ["T", "dT"] && ratio.unit == "1")
    for t in 0..<2 {
      for (i, j) in [(0, 2), (2, 0), (3, 4), (4, 3)] {
        let (a, b) = (current[5 * t + i], current[5 * t + j])
        #expect(abs(ratio.values[5 * t + i] - (a + b) / (a - b)) < 1e-14)
        #expect(ratio.values[5 * t + i] == -ratio.values[5 * t + j])
      }
      #expect(ratio.values[5 * t + 1].isNaN)
    }
    // The double dot does rectify.
    #expect(abs(ratio.values[0]) > 0.05)
  }

  @Test("opposite values are the nearest ones, in any order, with doubles and without partners")
  func opposites() {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
    print("opposites: seed \(seed)")
    var state = seed
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<300 {
      let values = (0..<(1 + next(9))).map { _ in Double(next(7) - 3) * (next(2) == 0 ? 1 : 1 + 1e-10) + 0 }
      let axis = SweepAxis("x", values)
      let largest = values.reduce(0) { max($0, abs($1)) }
      for (i, found) in axis.opposites().enumerated() {
        let nearest = values.reduce(Double.infinity) { min($0, abs($1 + values[i])) }
        #expect((found != nil) == (nearest <= 1e-9 * largest), "\(values)")
        if let found { #expect(abs(values[found] + values[i]) == nearest, "\(values)") }
      }
    }
  }

  @Test("a million values find their opposites")
  func manyOpposites() {
    let half = 500_000
    let axis = SweepAxis("x", (-half...half).map { Double($0) * 1e-3 })
    let opposites = axis.opposites()
    #expect(opposites[0] == 2 * half && opposites[half] == half && opposites[7] == 2 * half - 7 && !opposites.contains(nil))
  }

  @Test("the error bound covers what the errors of the currents can do", .tags(.law))
  func errors() throws {
    let request = try Self.request()
    var coarse = request
    coarse.settings.tolerance = 1e-3
    let exact = try #require(try SweepRunner(workers: 1).run(request).variable("energy_current_rectification"))
    let rough = try #require(try SweepRunner(workers: 1).run(coarse).variable("energy_current_rectification"))
    for i in exact.values.indices where !exact.values[i].isNaN {
      #expect(abs(exact.values[i] - rough.values[i]) <= rough.errors![i] + exact.errors![i])
      #expect(exact.errors![i] < 1e-6)
    }
  }

  @Test(
    "an axis that is not symmetric, an unknown axis and a variable that is not computed are refused by name",
    arguments: [
      ("dT", [-0.6, 0.0, 0.5, -0.2, 0.2], "energy_current", "-0.6 is there and 0.6 is not"),
      ("dt", differences, "energy_current", "'dt', which is no sweep variable"),
      ("dT", differences, "charge_current", "'charge_current', which this model does not compute"),
    ])
  func refusals(axis: String, differences: [Double], name: String, words: String) throws {
    let request = try Self.request(over: axis, differences: differences, of: name)
    do {
      _ = try SweepRunner(workers: 1).plan(request)
      Issue.record("not refused")
    } catch {
      #expect(error.code == .unsuitableModel && error.message.contains(words), "\(error)")
      #expect(!error.hint.isEmpty)
    }
  }
}
