import DenseMatrices
import JunctionModel
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Overrides (--set)")
struct OverrideTests {
  private func read(_ overrides: String..., tolerance: Double? = nil) throws -> ModelDocument {
    try ModelDocument.read(text: doubleDot, overrides: overrides, tolerance: tolerance)
  }

  @Test("a number for a sweep variable fixes it and drops the axis")
  func fixesAxis() throws {
    let model = try read("V=0.5")
    #expect(model.axes.map(\.name) == ["dT"])
    #expect(model.points[0].chemicalPotentials == [10.25, 9.75])
    #expect(try read("V=0.5", "dT=0").points.count == 1)
  }

  @Test("a list or mapping for a sweep variable replaces its values")
  func replacesAxis() throws {
    #expect(try read("V=[1, 2]").axes[0] == SweepAxis("V", [1, 2]))
    #expect(try read("sweep.V={from: 0, to: 1, points: 3}").axes[0] == SweepAxis("V", [0, 0.5, 1]))
    #expect(try read("sweep.V.points=4").axes[0].values == [-3, -1, 1, 3])
    #expect(try read("sweep.dT.1=0.25").axes[1].values == [-0.5, 0.25, 0.5])
  }

  @Test("parameters, nested keys and absent sections are set")
  func setsKeys() throws {
    #expect(try read("mu=11", "V=0", "dT=0").points[0].chemicalPotentials == [11, 11])
    #expect(try read("parameters.mu=T+3", "V=0", "dT=0").points[0].chemicalPotentials == [4, 4])
    #expect(try read("compute.level=sharp").settings.level == .sharp)
    #expect(
      try read("electrodes.L.broadening=0.125").junction.electrodes[0].kind
        == .wideBand(broadening: Matrix(diagonal: [0.125, 0])))
    let model = try ModelDocument.read(text: singleLevel, overrides: ["compute.level=landauer", "title=a b"])
    #expect(model.settings.level == .landauer && model.title == "a b")
  }

  @Test("overrides and the tolerance are recorded in the text and the hash")
  func recorded() throws {
    let model = try read("V=0.5", "dT=0", tolerance: 1e-4)
    #expect(model.settings.tolerance == 1e-4)
    #expect(model.text == doubleDot + "\n# --set V=0.5\n# --set dT=0\n# --tolerance 0.0001\n")
    #expect(model.hash != (try read().hash))
    #expect(try ModelDocument.read(text: model.text).points.count == 21)
  }

  @Test(
    "faults name the option and the nearest key",
    arguments: [
      ("W=1", FileError.Code.unknownKey, "'W'"), ("muu=1", .unknownKey, "did you mean 'mu'"), ("V", .syntax, "no '='"),
      ("V=", .syntax, "nothing"),
      ("compute.levle=sharp", .unknownKey, "did you mean 'level'"), ("compute.level=sharpp", .unknownKey, "did you mean 'sharp'"),
      ("electrodes.Q.broadening=1", .unknownKey, "'Q'"), ("parameters.x=1", .unknownKey, "'x'"),
      ("sweep.dT.7=1", .unknownKey, "0 to 2"),
      ("title.x=1", .unknownKey, "single value"), ("electrodes.L.broadening=wide", .wrongType, "'wide'"),
      ("mu=[1", .syntax, "found"),
      ("electrodes.L.broadening=-1", .invalidModel, "smallest eigenvalue -1.0"), ("a..b=1", .syntax, "a..b"),
      ("mu=1 +", .badExpression, "the end"),
      ("T=0.1", .outOfRange, "negative temperature"), ("mu=.nan", .outOfRange, "'.nan'"),
      ("conductor.file=x.nc", .invalidModel, "together"),
    ])
  func faults(option: String, code: FileError.Code, word: String) throws {
    let error = try #require(failure(doubleDot, overrides: [option]))
    #expect(error.code == code, "\(error)")
    #expect(error.description.contains(word), "\(error)")
    #expect(option == "T=0.1" || error.description.hasPrefix("--set \(option): "), "\(error)")
    #expect(error.line == nil || option == "T=0.1")
  }

  @Test("a tolerance outside 0 to 1 is refused")
  func tolerance() {
    #expect(throws: FileError.self) { try read(tolerance: 0) }
    #expect(throws: FileError.self) { try read(tolerance: .nan) }
  }
}
