import Testing
import TransportResults

import struct JunctionModel.SweepAxis

@testable import Figures

@Suite("Logarithmic scales")
struct LogarithmicScaleTests {
  /// A flux that falls as 1/d^2 over gaps that grow by factors, and changes sign with V.
  private static func result(sign: Double = 1) -> TransportResult {
    let gaps = (0...30).map { 10 * SyntheticResults.power(10, Double($0) / 10) }
    let voltages = SyntheticResults.linspace(-1, 1, 21)
    var result = TransportResult(
      units: .electronVolt, axes: [SweepAxis("d", gaps, unit: "nm"), SweepAxis("V", voltages)])
    result.variables = [
      ResultVariable(
        name: "energy_flux", dimensions: ["d", "V"],
        values: gaps.flatMap { d in voltages.map { v in 1e6 / (d * d) * (sign < 0 ? v : 2 + v) } }, errors: nil, unit: "W m-2",
        longName: "net radiative energy flux per area")
    ]
    return result
  }

  private func script(_ specification: FigureSpecification, _ result: TransportResult) throws(FigureError) -> FigureScript {
    try FigureScript(specification, FigureLayout(specification, of: result), of: result)
  }

  @Test("colours of a map follow the logarithm when asked for, and what has none is told and left out")
  func map() throws {
    var specification = FigureSpecification("energy_flux", map: .init(x: "V", y: "d"), logY: true)
    specification.logColor = true
    let positive = try script(specification, Self.result())
    #expect(positive.commands.contains("set logscale cb") && !positive.notes.contains { $0.contains("zero or negative") })
    let signed = try script(specification, Self.result(sign: -1))
    #expect(signed.notes.contains { $0.contains("zero or negative") })
    // Of the 21 columns the 10 with V > 0 remain (the step at V = 0 has no colour either).
    let pixels = try #require(signed.data.blocks.first)
    let coloured = stride(from: 2, to: pixels.values.count, by: 3).count { pixels.values[$0].isFinite }
    #expect(coloured * 21 == pixels.rows * 10)
  }

  @Test("without it a map of positive numbers that begin near zero has a bar from zero")
  func linear() throws {
    let found = try script(FigureSpecification("energy_flux", map: .init(x: "V", y: "d"), logY: true), Self.result())
    #expect(found.commands.contains { $0.hasPrefix("set cbrange [0:") || $0.hasPrefix("set cbrange [0.0:") })
  }

  @Test("a family that grows by factors has colours by its logarithm, any other by its value")
  func family() throws {
    let found = try script(FigureSpecification("energy_flux", xAxis: "V", familyAxis: "d"), Self.result())
    #expect(found.commands.contains("set logscale cb"))
    let other = try script(FigureSpecification("energy_flux", xAxis: "d", familyAxis: "V"), Self.result())
    #expect(!other.commands.contains("set logscale cb"))
  }

  @Test("curves say what a logarithmic axis hides, and the axis has the unit of the sweep")
  func curves() throws {
    let specification = FigureSpecification(
      "energy_flux", xAxis: "d", slices: [.init("V", -0.5)], logX: true, logY: true)
    #expect(throws: FigureError.self) { try script(specification, Self.result(sign: -1)) }
    var both = specification
    both.slices = []
    let found = try script(both, Self.result(sign: -1))
    #expect(found.notes.contains { $0.contains("zero or negative") })
    #expect(found.commands.contains { $0.hasPrefix("set label") && $0.contains("(nm)") })
  }
}
