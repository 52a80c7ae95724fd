import Figures
import Testing

@testable import PairbathCommandSupport

@Suite("Words of pairbath plot")
struct PlotNamesTests {
  @Test("files come first and end in .nc, everything else is a variable")
  func split() {
    let words = PlotNames.split(["result", "b.nc", "energy_current", "c.NC"])
    #expect(words.paths == ["result", "b.nc", "c.NC"] && words.variables == ["energy_current"])
  }

  @Test("results of one name are told apart by their folders")
  func legend() {
    #expect(PlotNames.legend(of: ["a/cold.nc", "b/warm.nc"]) == ["cold", "warm"])
    #expect(PlotNames.legend(of: ["a/x.nc", "b/x.nc"]) == ["a/x", "b/x"])
  }

  @Test("ranges have one end or two, in order")
  func limits() throws {
    #expect(try PlotNames.limits("-1:2.5", option: "--x-range") == .init(low: -1, high: 2.5))
    #expect(try PlotNames.limits(":3", option: "--x-range") == .init(low: nil, high: 3))
    #expect(try PlotNames.limits(nil, option: "--x-range") == nil)
    for wrong in ["1", ":", "a:b", "2:1", "1:2:3", "nan:1"] {
      #expect(throws: CommandFailure.self) { try PlotNames.limits(wrong, option: "--x-range") }
    }
  }

  @Test("sizes are two numbers of millimetres")
  func sizes() {
    #expect(PlotNames.size("86x64") == .init(width: 86, height: 64))
    for wrong in ["86", "86x", "10x64", "x", "86x64x1"] { #expect(PlotNames.size(wrong) == nil) }
  }
}
