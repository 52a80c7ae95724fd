import Foundation
import Testing
import TransportResults

@testable import Figures

@Suite("Several results and several panels in one figure")
struct SeveralResultsTests {
  private let cold = SyntheticResults.junction(differences: [0])
  private let warm = SyntheticResults.junction(voltages: 31, differences: [0])

  private func plan(
    _ specifications: [FigureSpecification], _ results: [(String, TransportResult)]
  ) throws(FigureError) -> FigurePlan {
    try FigurePlan(specifications, of: results.map { FigureSource(name: $0.0, result: $0.1) }, thinned: true)
  }

  private func set(_ plan: FigurePlan) throws -> CurveSet {
    guard case .curves(let set) = plan.panels[0].content else { throw FigureError(.unsuitable, "no curves") }
    return set
  }

  @Test("lone curves have the names and a colour of their results, on their own grids")
  func names() throws {
    let drawn = try set(plan([FigureSpecification("energy_current")], [("cold", cold), ("warm", warm)]))
    #expect(drawn.key.map(\.label) == ["cold", "warm"] && Set(drawn.key.map(\.color)).count == 2)
    #expect(drawn.curves.map(\.x.count) == [61, 31])
  }

  @Test("with labels the colour tells the label and the dash the result")
  func labels() throws {
    let drawn = try set(plan([FigureSpecification("charge_current")], [("cold", cold), ("warm", warm)]))
    #expect(drawn.key.map(\.label) == ["L", "R", "cold", "warm"] && drawn.key.map(\.dash) == [0, 0, 0, 1])
    #expect(drawn.curves.map(\.dash) == [0, 0, 1, 1] && drawn.curves[0].color == drawn.curves[2].color)
  }

  @Test("results that do not fit together are refused with their name")
  func refusals() {
    func failure(_ other: TransportResult, _ name: String = "energy_current") -> String {
      do {
        _ = try plan([FigureSpecification(name)], [("cold", cold), ("other", other)])
        return ""
      } catch { return error.description }
    }
    var natural = warm
    natural.units = .natural
    #expect(failure(natural).hasPrefix("other: its numbers are in other units"))
    var lacking = warm
    lacking.variables.removeAll { $0.name == "energy_current" }
    #expect(failure(lacking).hasPrefix("other: no variable 'energy_current'"))
    #expect(failure(SyntheticResults.junction()).contains("--at dT=VALUE"))
  }

  @Test("panels have letters and frames of one size below each other; the upper ones leave the horizontal numbers to the lowest")
  func panels() throws {
    let specifications = ["energy_current", "charge_current", "stable"].map { name in
      FigureSpecification(name, size: .column(panels: 3))
    }
    let panels = try plan(specifications, [("", cold)]).panels
    #expect(panels.map(\.letter) == ["(a)", "(b)", "(c)"] && panels.map(\.hidesX) == [true, true, false])
    for (upper, lower) in zip(panels, panels.dropFirst()) {
      #expect(upper.geometry.bottom > lower.geometry.top)
      #expect(abs(upper.geometry.frameHeight - lower.geometry.frameHeight) < 1e-9)
    }
    #expect(Set(FigureScript(panels).panels.map { $0.commands.first { $0.hasPrefix("set lmargin") } }).count == 1)
  }

  @Test("maps of several results are panels with the names of their results")
  func maps() throws {
    let fine = SyntheticResults.junction(differences: SyntheticResults.linspace(-100, 100, 21))
    var specification = FigureSpecification("energy_current", map: .init(x: "V", y: "dT"), size: .column(panels: 2))
    specification.colorLimits = .init(low: -1, high: 1)
    let panels = try plan([specification], [("one", fine), ("two", fine)]).panels
    #expect(panels.map(\.heading) == [["one"], ["two"]])
    #expect(panels.allSatisfy { $0.colorScale?.range == AxisRange(low: -1, high: 1) })
  }

  @Test("gnuplot draws them in every format", arguments: FigureFormat.allCases)
  func drawn(format: FigureFormat) throws {
    try withFigureFolder { folder in
      let path = "\(folder)/panels.\(format.rawValue)"
      let map = FigureSpecification("mode_population", map: .init(x: "V", y: "mode"), size: .column(panels: 3))
      let panels = [FigureSpecification("charge_current", size: .column(panels: 3)), map]
      _ = try FigureRenderer().render(panels, of: [("cold", cold), ("warm", warm)], to: path)
      #expect((FileManager.default.contents(atPath: path) ?? Data()).count > 5000)
    }
  }
}

@Suite("Colours of maps")
struct MapColourTests {
  private func panel(_ name: String, _ map: FigureSpecification.MapAxes, _ result: TransportResult) throws -> FigurePanel {
    let specification = FigureSpecification(name, map: map, slices: map.y == "dT" ? [] : [.init("dT", 0)])
    let layout = try FigureLayout(specification, of: result)
    return try FigurePanel(specification, [layout], of: [.init(name: "", result: result)], index: 0, count: 1, thinned: true)
  }

  @Test("values of both signs are blue and red about a white zero, and the bar goes no further than the values")
  func diverging() throws {
    let result = SyntheticResults.junction(differences: SyntheticResults.linspace(-10, 10, 21))
    let scale = try #require(panel("energy_current", .init(x: "V", y: "dT"), result).colorScale)
    #expect(-scale.range.low < 0.2 * scale.range.high)
    let zero = -scale.range.low / (scale.range.high - scale.range.low)
    #expect(Palette.color(at: zero, of: scale.stops).hasPrefix("#F"))
    #expect(scale.stops.last == Palette.diverging.last)
  }

  @Test("a map of flags has one colour for each, with its number or word")
  func flags() throws {
    let result = SyntheticResults.junction(unstable: true)
    let scale = try #require(panel("stable", .init(x: "V", y: "dT"), result).colorScale)
    #expect(scale.marks.major.map(\.label) == ["0", "1"] && scale.range == AxisRange(low: -0.5, high: 1.5))
    #expect(scale.stops.count == 4 && scale.stops[0] == scale.stops[1] && scale.stops[1] != scale.stops[2])
  }

  @Test("modes are counted along an axis, not placed at their energies, and each has the same room")
  func modes() throws {
    let result = SyntheticResults.junction(modes: 5)
    let drawn = try panel("mode_population", .init(x: "V", y: "mode"), result)
    #expect(drawn.yLabels == ["Mode"] && drawn.yMarks.major.map(\.label) == ["0", "1", "2", "3", "4"])
    #expect(drawn.yRange == AxisRange(low: -0.5, high: 4.5))
  }

  @Test("pixels are equally wide on every axis and show the nearest point")
  func pixels() {
    for (points, isLog) in [([0.0, 1, 5, 6], false), ([1.0, 10, 100], true), ([1.0, 3, 1000], true)] {
      let (places, shown) = HeatMap.pixels(points, log: isLog)
      #expect(HeatMap.isUniform(places) && Set(shown).count == points.count && shown == shown.sorted())
      #expect(places.count >= HeatMap.fewestPixels)
    }
  }
}
