import JunctionModel
import Sweeps
import Testing
import TransportResults

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

  @Test("the ratio is that of the currents at opposite temperature differences, in any order of the axis")
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

  @Test("the error bound covers what the errors of the currents can do")
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
