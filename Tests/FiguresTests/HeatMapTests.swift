import Testing

@testable import Figures

@Suite("HeatMap and ranges")
struct HeatMapTests {
  @Test("puts cell edges halfway, on log axes too")
  func edges() {
    #expect(HeatMap.edges([0, 1, 3], log: false) == [-0.5, 0.5, 2, 4])
    let log = HeatMap.edges([1, 100], log: true)
    #expect(abs(log[1] - 10) < 1e-12 && abs(log[0] - 0.1) < 1e-12)
    #expect(HeatMap.isUniform([0, 0.1, 0.2]) && !HeatMap.isUniform([0, 1, 3]) && !HeatMap.isUniform([1]))
  }

  @Test("finds the line of zeros where the function has it")
  func contour() throws {
    let result = SyntheticResults.junction(differences: SyntheticResults.linspace(-100, 100, 21))
    let specification = FigureSpecification("energy_current", map: .init(x: "V", y: "dT"))
    let layout = try FigureLayout(specification, of: result)
    let map = try HeatMap(layout, y: "dT", of: result, specification)
    #expect(map.changesSign)
    let pieces = map.contour(at: 0, logX: false, logY: false)
    #expect(pieces.count > 20)
    for (v, d) in pieces.map(\.from) {
      // Linear interpolation of a parabola on a grid of 1/30.
      #expect(abs(v * v - 0.1 + 0.003 * d * (1 + 0.4 * v)) < 1e-3)
    }
  }

  @Test("leaves out what belongs to an infinite value of an axis, and refuses an axis with nothing else")
  func infiniteAxis() throws {
    let specification = FigureSpecification("energy_current", map: .init(x: "V", y: "dT"))
    func map(_ differences: [Double]) throws -> HeatMap {
      let result = SyntheticResults.junction(differences: differences)
      return try HeatMap(try FigureLayout(specification, of: result), y: "dT", of: result, specification)
    }
    let whole = try map([-50, 0, 50])
    let cut = try map([-50, .infinity, 0, 50])
    #expect(cut.leavesOutInfinity && !whole.leavesOutInfinity)
    #expect(cut.y == whole.y && cut.z == whole.z)
    let endless = SyntheticResults.junction(differences: [.infinity, -.infinity])
    let error = #expect(throws: FigureError.self) {
      try FigureRenderer().render(specification, of: endless, to: "/dev/null", as: .svg)
    }
    #expect(error.map { "\($0)".contains("infinite values only") } == true, "\(String(describing: error))")
  }

  @Test("gives curves room, includes a near zero and survives constants")
  func ranges() {
    let positive = AxisRange(around: [0.1, 1], log: false)
    #expect(positive.low == 0 && positive.high > 1)
    let constant = AxisRange(around: [2, 2], log: false)
    #expect(constant.low < 2 && constant.high > 2)
    let zero = AxisRange(around: [0, 0], log: false)
    #expect(zero.low < zero.high)
    let log = AxisRange(around: [-1, 1, 1000], log: true)
    #expect(log.low > 0 && log.high > 1000)
  }

  @Test("puts the key into a free corner and makes room when there is none")
  func keys() {
    let rising = [(0...50).map { (x: Double($0) / 50, y: Double($0) / 50) }]
    #expect(KeyPlacement(points: rising, width: 0.3, height: 0.3).place == .inside(x: 0, y: 1))
    let flat = [(0...50).map { (x: Double($0) / 50, y: 0.95) }, (0...50).map { (x: Double($0) / 50, y: 0.05) }]
    #expect(KeyPlacement(points: flat, width: 0.3, height: 0.2).headroom > 0)
    #expect(KeyPlacement(points: flat, width: 0.3, height: 0.2, mayRaise: false).place == .outside)
    #expect(KeyPlacement(points: flat, width: 0.3, height: 0.8).place == .outside)
  }
}
