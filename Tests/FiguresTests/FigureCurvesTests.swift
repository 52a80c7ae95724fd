import Testing
import TransportResults

import struct JunctionModel.SweepAxis

@testable import Figures

@Suite("What curves say")
struct FigureCurvesTests {
  private static let axis = SweepAxis("V", SyntheticResults.linspace(-1, 1, 21))

  private static func result(_ curves: [[Double]], unit: String = "A", flags: [String] = [], errors: Bool = true)
    -> TransportResult
  {
    var result = TransportResult(units: .electronVolt, axes: [axis], electrodeNames: curves.indices.map { "e\($0)" })
    let values = curves.flatMap { $0 }
    var variable = ResultVariable(
      name: "x", dimensions: ["electrode", "V"], values: values, errors: errors ? values.map { _ in 0 } : nil, unit: unit,
      longName: "d2I/dV2 of something")
    variable.flagMeanings = flags
    result.variables = [variable]
    return result
  }

  private static func panel(_ result: TransportResult, _ change: (inout FigureSpecification) -> Void = { _ in }) throws
    -> FigurePanel
  {
    var specification = FigureSpecification("x")
    change(&specification)
    let layout = try FigureLayout(specification, of: result)
    return try FigurePanel(
      specification, [layout], of: [FigureSource(name: "", result: result)], index: 0, count: 1, thinned: true)
  }

  private static func curves(_ panel: FigurePanel) throws -> CurveSet {
    guard case .curves(let set) = panel.content else {
      Issue.record("no curves")
      throw FigureError(.unsuitable, "no curves")
    }
    return set
  }

  private func failure(_ result: TransportResult, _ change: (inout FigureSpecification) -> Void) -> FigureError? {
    do {
      _ = try Self.panel(result, change)
      return nil
    } catch { return error as? FigureError }
  }

  @Test("a point at infinity is left out and told; a curve of nothing else is refused")
  func infinity() throws {
    func result(_ values: [Double]) -> TransportResult {
      var result = TransportResult(units: .electronVolt, axes: [SweepAxis("d", values, unit: "nm")])
      result.variables = [
        ResultVariable(name: "x", dimensions: ["d"], values: values.map { _ in 1 }, errors: nil, unit: "W m-2", longName: "flux")
      ]
      return result
    }
    let panel = try Self.panel(result([10, 100, .infinity]))
    #expect(panel.notes.contains { $0.contains("infinite value") } && panel.xRange.high == 100)
    #expect(try !Self.panel(result([10, 100])).notes.contains { $0.contains("infinite") })
    #expect(failure(result([.infinity, -.infinity])) { _ in }.map { "\($0)".contains("infinite values only") } == true)
  }

  @Test("a curve that lies exactly on another is dashed, in the legend too, and told")
  func coincidence() throws {
    let x = Self.axis.values
    let panel = try Self.panel(Self.result([x, x.map { -$0 }, x]))
    #expect(try Self.curves(panel).curves.map(\.dash) == [0, 0, 1])
    #expect(panel.legend?.entries.map(\.dash) == [0, 0, 1])
    #expect(panel.notes.contains("'e2' lies on 'e0' and is dashed"))
  }

  @Test("flags are steps between their words, whole numbers that were counted are steps too, and computed numbers are lines")
  func steps() throws {
    let flags = Self.axis.values.map { $0 > 0 ? 1.0 : 0 }
    let coded = try Self.panel(Self.result([flags], unit: "1", flags: ["engine_driven_by_heat", "dissipator"]))
    #expect(try Self.curves(coded).style == .steps)
    #expect(coded.yMarks.major.map(\.label).count == 2)
    let counted = try Self.panel(Self.result([flags], unit: "1", errors: false))
    let set = try Self.curves(counted)
    #expect(set.style == .steps && counted.yMarks.major.map(\.label) == ["0", "1"])
    #expect(zip(set.curves[0].y, set.curves[0].y.dropFirst()).count { $0 != $1 } == 1)
    #expect(try Self.curves(Self.panel(Self.result([flags], unit: "1"))).style == .lines)
  }

  @Test("numbers of quanta are whole: their distribution is steps about them")
  func quanta() throws {
    var result = TransportResult(axes: [])
    result.largestQuanta = 3
    result.variables = [
      ResultVariable(
        name: "x", dimensions: ["quanta"], values: [0, 1, 2, 5, 2, 1, 0], errors: nil, unit: "s-1", longName: "x")
    ]
    let set = try Self.curves(Self.panel(result))
    #expect(set.style == .histogram && set.curves[0].x.contains(0.5) && set.curves[0].y.max() == 5)
  }

  @Test("more curves than colours have dashes besides, so that no two look the same")
  func manyCurves() throws {
    let set = try Self.curves(Self.panel(Self.result((1...16).map { k in Self.axis.values.map { Double(k) * $0 } })))
    #expect(Set(set.curves.map { "\($0.color) \($0.dash)" }).count == 16 && set.key.count == 16)
  }

  @Test("conductances are in quanta 2e^2/h, or in what was asked for")
  func conductance() throws {
    let quantum = 7.748091729e-5
    let result = Self.result([Self.axis.values.map { _ in quantum }], unit: "A V-1")
    let panel = try Self.panel(result)
    #expect(abs(try Self.curves(panel).curves[0].y[0] - 1) < 1e-9 && panel.yLabels[0].hasSuffix("({/:Italic G}_0)"))
    let siemens = try Self.panel(result) { $0.yUnit = "uS" }
    #expect(abs(try Self.curves(siemens).curves[0].y[0] - 77.48091729) < 1e-6 && siemens.yLabels[0].hasSuffix("(μS)"))
    #expect(failure(result) { $0.yUnit = "K" }?.description.contains("allowed: A V-1, S, G0") == true)
  }

  @Test("a symbol at the beginning of a label keeps its small letter")
  func capitals() throws {
    #expect(try Self.panel(Self.result([Self.axis.values])).yLabels[0].hasPrefix("d2I/dV2 of something"))
  }

  @Test("axes end where they were asked to, and the vertical one fits what is then seen")
  func ranges() throws {
    let result = Self.result([Self.axis.values.map { $0 * $0 }], unit: "1")
    let panel = try Self.panel(result) { $0.xLimits = .init(low: -0.3, high: 0.3) }
    #expect(panel.xRange.low == -0.3 && panel.xRange.high == 0.3 && panel.yRange.high < 0.15)
    let half = try Self.panel(result) { $0.yLimits = .init(low: nil, high: 7) }
    #expect(half.yRange.low == 0 && half.yRange.high == 7)
    #expect(
      failure(result) { $0.yLimits = .init(low: 5, high: nil) }?.description.contains("--y-range: found the range 5 to") == true)
  }

  @Test("energies are counted from the Fermi energy that was given")
  func fermi() throws {
    let spectra = SyntheticResults.spectra()
    var specification = FigureSpecification("transmission")
    (specification.fermiEnergy, specification.xUnit) = (0.5, "meV")
    let layout = try FigureLayout(specification, of: spectra)
    let panel = try FigurePanel(
      specification, [layout], of: [.init(name: "", result: spectra)], index: 0, count: 1, thinned: true)
    #expect(panel.xLabel == "{/:Italic E} − {/:Italic E}_F (meV)" && panel.xRange.low == -2500 && panel.xRange.high == 1500)
    specification.marks = [.init(["energy": 0.5])]
    let marked = try FigureScript(specification, layout, of: spectra)
    #expect(marked.commands.contains { $0.hasPrefix("set arrow from 0, graph 0") })
    #expect(failure(Self.result([Self.axis.values])) { $0.fermiEnergy = 0 }?.description.contains("--fermi") == true)
  }

  @Test("natural units stand at every axis")
  func natural() {
    for (name, unit) in [("V", "energy unit/e"), ("dT", "energy unit"), ("mu", "energy unit"), ("energy", "energy unit")] {
      #expect(Typography.axisUnit(name, units: .natural) == unit)
    }
  }

  @Test("what is held stands above the figure, unless something else is to stand there")
  func heading() throws {
    let result = Self.result([Self.axis.values, Self.axis.values.map { 2 * $0 }])
    #expect(try Self.panel(result) { $0.selection = ["e1"] }.heading == ["electrode e1"])
    #expect(try Self.panel(result).heading.isEmpty)
    #expect(
      try Self.panel(result) {
        $0.selection = ["e1"]
        $0.heading = ""
      }.heading.isEmpty)
    // Of the four transmissions between two electrodes one is drawn: L to R.
    let spectra = SyntheticResults.spectra()
    let layout = try FigureLayout(FigureSpecification("transmission"), of: spectra)
    let pair = try FigurePanel(
      FigureSpecification("transmission"), [layout], of: [.init(name: "", result: spectra)], index: 0, count: 1, thinned: true)
    #expect(pair.heading == ["L→R"])
    #expect(Typography.written("*E* - *E*_{F}") == "{/:Italic E} − {/:Italic E}_{F}")
    let junction = SyntheticResults.junction()
    let map = FigureSpecification("mode_population", map: .init(x: "V", y: "mode"), slices: [.init("dT", 50)])
    #expect(CurveWords.cut(try FigureLayout(map, of: junction), junction) == "Δ{/:Italic T} = 50 K")
  }

  @Test("the legend has the words and the place that were asked for, and as many words as entries")
  func legend() throws {
    let result = Self.result([Self.axis.values, Self.axis.values.map { 2 * $0 }])
    let panel = try Self.panel(result) {
      $0.legendLabels = ["*I*_{L}", "right"]
      $0.legend = .bottomRight
    }
    let legend = try #require(panel.legend)
    #expect(legend.entries.map(\.label) == ["{/:Italic I}_{L}", "right"])
    guard case .inside(let x, let y) = legend.place else { return #expect(Bool(false), "outside") }
    #expect(x > 0.5 && y < 0.5)
    #expect(try Self.panel(result) { $0.legend = .none }.legend == nil)
    #expect(failure(result) { $0.legendLabels = ["one"] }?.description.contains("found 1; allowed: 2") == true)
  }

  @Test("a figure too small for its labels is refused with the size that it needs, and that size is drawn")
  func small() throws {
    let result = Self.result([Self.axis.values, Self.axis.values.map { 2 * $0 }])
    let error = try #require(failure(result) { $0.size = .init(width: 20, height: 20) })
    let needed = try #require(error.hint.split(separator: " ").last?.split(separator: "x").compactMap { Double($0) })
    let panel = try Self.panel(result) { $0.size = .init(width: needed[0], height: needed[1]) }
    #expect(panel.geometry.left < panel.geometry.right && panel.geometry.bottom < panel.geometry.top)
  }

  @Test("labels lie inside the figure and outside the frame at every size that is drawn", arguments: [30.0, 40, 60, 86, 172])
  func inside(width: Double) throws {
    let result = Self.result([Self.axis.values.map { 1e-6 * $0 }, Self.axis.values.map { -2e-6 * $0 }], unit: "A V-2")
    guard let panel = try? Self.panel(result, { $0.size = .init(width: width, height: 0.75 * width) }) else { return }
    let g = panel.geometry
    #expect(g.left - panel.yMarks.width - FigureFormat.fontSize > 0)
    #expect(g.right <= g.width && g.top <= g.height && g.bottom > 0)
    for command in panel.frameCommands where command.hasPrefix("set label") {
      let numbers = command.split(separator: " ").enumerated().filter { $0.element == "screen" }
      #expect(numbers.count == 2, "\(command)")
    }
  }

  @Test("bands are as many error estimates wide as was asked for")
  func bands() throws {
    var result = Self.result([Self.axis.values], unit: "1")
    result.variables[0].errors = Self.axis.values.map { _ in 1e-3 }
    func drawsBand(_ scale: Double) throws -> Bool {
      let panel = try Self.panel(result) { $0.bandScale = scale }
      return FigureScript([panel]).elements.contains { $0.drawing.contains("filledcurves") }
    }
    #expect(try !drawsBand(1) && drawsBand(100) && !drawsBand(0))
  }

  @Test("of a million points the extremes, the ends and the gaps are drawn, within a second")
  func million() {
    let x = SyntheticResults.linspace(0, 1, 1_000_000)
    var curve = Curve(label: "", value: nil, color: "", dash: 0, x: x, y: x.map { $0 * (1 - $0) }, error: x.map { _ in 0 })
    (curve.y[123_456], curve.y[654_321], curve.y[777_777]) = (5, -5, .nan)
    let time = ContinuousClock().measure { curve.thin() }
    #expect(curve.x.count <= 2 * Curve.mostPoints && time < .seconds(1))
    #expect(curve.y.contains(5) && curve.y.contains(-5) && curve.y.contains { $0.isNaN })
    #expect(curve.x.first == 0 && curve.x.last == 1 && zip(curve.x, curve.x.dropFirst()).allSatisfy { $0 < $1 })
  }
}
