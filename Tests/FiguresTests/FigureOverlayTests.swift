import Foundation
import Testing

@testable import Figures

@Suite("Marks and contour lines")
struct FigureOverlayTests {
  private let result = SyntheticResults.junction(differences: SyntheticResults.linspace(-100, 100, 21))

  private func map(_ change: (inout FigureSpecification) -> Void) -> FigureSpecification {
    var specification = FigureSpecification("energy_current", map: .init(x: "V", y: "dT"))
    change(&specification)
    return specification
  }

  private func script(_ specification: FigureSpecification) throws(FigureError) -> FigureScript {
    try FigureScript(specification, FigureLayout(specification, of: result), of: result)
  }

  @Test("a mark lies at its values, in a data block of its own behind the map and the line of zeros")
  func marks() throws {
    let script = try script(map { $0.marks = [.init(["V": 0.25, "dT": -40]), .init(["V": -0.5, "dT": 10])] })
    #expect(script.data.blocks.count == 3 && script.data.blocks.last == .init(columns: 2, values: [0.25, -40, -0.5, 10]))
    #expect(script.data.text.components(separatedBy: "\n\n\n").last == "0.25 -40\n-0.5 10\n")
    #expect(script.elements.last?.block == 2 && script.elements.last?.drawing.hasPrefix("using 1:2 with points") == true)
  }

  @Test("a contour line runs where the function has its value")
  func contour() throws {
    let specification = map { _ in }
    let heat = try HeatMap(FigureLayout(specification, of: result), y: "dT", of: result, specification)
    let level = 0.3 * (heat.finiteValues.max() ?? 0)
    let pieces = heat.contour(at: level, logX: false, logY: false)
    #expect(pieces.count > 5)
    for (v, d) in pieces.map(\.from) {
      // The value at the nearest grid point differs by at most the step of a cell.
      let i = try #require(heat.x.indices.min { abs(heat.x[$0] - v) < abs(heat.x[$1] - v) })
      let j = try #require(heat.y.indices.min { abs(heat.y[$0] - d) < abs(heat.y[$1] - d) })
      let neighbours = [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)].filter {
        heat.x.indices.contains($0.0) && heat.y.indices.contains($0.1)
      }
      let step = neighbours.map { abs(heat.z[$0.1][$0.0] - heat.z[j][i]) }.max() ?? 0
      #expect(abs(heat.z[j][i] - level) <= step + 1e-12)
    }
    let drawn = try script(map { $0.contours = [level / heat.zUnit.factor, 1e9] })
    #expect(drawn.notes.contains { $0.hasPrefix("the thin line is where") })
    #expect(drawn.notes.contains { $0.contains("does not occur") })
  }

  @Test("a mark on curves is a vertical line")
  func places() throws {
    var specification = FigureSpecification("energy_current", xAxis: "V", slices: [.init("dT", 0)])
    specification.marks = [.init(["V": 0.5])]
    let found = try script(specification)
    #expect(found.commands.contains { $0.hasPrefix("set arrow from 0.5, graph 0 to 0.5, graph 1 nohead") })
  }

  @Test("marks off the axes and contours of curves are refused")
  func refusals() {
    func failure(_ specification: FigureSpecification) -> FigureError? {
      do {
        _ = try script(specification)
        return nil
      } catch { return error }
    }
    #expect(failure(map { $0.marks = [.init(["V": 0, "dt": 0])] })?.description.contains("did you mean 'dT'?") == true)
    #expect(failure(map { $0.marks = [.init(["V": 0])] })?.description.contains("no value of dT") == true)
    var curves = FigureSpecification("energy_current", xAxis: "V", slices: [.init("dT", 0)])
    curves.contours = [1]
    #expect(failure(curves)?.description.contains("--map X Y") == true)
  }

  @Test("gnuplot draws them")
  func drawn() throws {
    try withFigureFolder { folder in
      let specification = map {
        $0.marks = [.init(["V": 0.25, "dT": -40])]
        $0.contours = [0.05]
      }
      let report = try FigureRenderer().render(specification, of: result, to: folder + "/map.svg")
      #expect(report.files.count == 1)
      #expect((FileManager.default.contents(atPath: folder + "/map.svg") ?? Data()).count > 2000)
    }
  }
}
