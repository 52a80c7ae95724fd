import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("bosons.sum_rule")
struct SumRuleModelTests {
  private static func trimer(_ rule: String) -> String {
    """
    bosons:
      dynamical_matrix: [[0.025134, -0.029009, 0.0], [-0.029009, 0.066962, -0.029009], [0.0, -0.029009, 0.025134]]
      \(rule)
    baths: {a: {kind: ohmic, coordinates: [0], friction: 1 meV}, b: {kind: ohmic, coordinates: [2], friction: 1 meV}}
    state: {temperature: {a: 310 K, b: 300 K}}
    """
  }

  @Test("an imaginary mode made by rounding is offered the sum rule, which all its forms mend")
  func forms() throws {
    let error = failure(Self.trimer(""))
    #expect(error?.hint.contains("bosons.sum_rule: 1") == true, "\(String(describing: error))")
    for rule in ["sum_rule: 1", "sum_rule: {masses: [16, 12.0107, 16]}", "sum_rule: {masses: [16, 12.0107, 16], directions: 1}"] {
      let modes = try ModelDocument.read(text: Self.trimer(rule)).junction.bosons.modeEnergies
      #expect(modes[0] == 0 && modes.count == 3, "\(rule): \(modes)")
    }
  }

  @Test("a data file brings its masses, one per coordinate or atom")
  func file() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/k.nc")
      try file.defineDimension("dof", length: 6)
      try file.defineDimension("atom", length: 2)
      try file.defineVariable("dynamical_matrix", over: ["dof", "dof"])
      try file.defineVariable("masses", over: ["atom"])
      // Two atoms of masses 1 and 4, a spring in every direction, rounded.
      let rows = (0..<6).map { i in
        (0..<6).map { j in i % 3 != j % 3 ? 0.0 : i == j ? (i < 3 ? 1.0001 : 0.25) : -0.5 }
      }
      try file.write(rows.flatMap { $0 }, to: "dynamical_matrix")
      try file.write([1, 4], to: "masses")
      try file.close()
      let text = """
        bosons: {file: k.nc, sum_rule: acoustic}
        baths: {a: {kind: ohmic, friction: 1 meV}}
        state: {temperature: 300}
        """
      let modes = try ModelDocument.read(text: text, folder: folder).junction.bosons.modeEnergies
      #expect(modes.prefix(3) == [0, 0, 0] && modes.dropFirst(3).allSatisfy { abs($0 - 1.25.squareRoot()) < 1e-3 })
    }
  }

  @Test("what is no sum rule is refused with its place")
  func refused() {
    for (rule, words) in [
      ("sum_rule: acoustic", "masses"), ("sum_rule: rotations", "the number of free motions"), ("sum_rule: 3", "1 to 2"),
      ("sum_rule: {masses: [1, 2]}", "2 masses for 3 coordinates"),
    ] {
      let error = failure(Self.trimer(rule))
      #expect(
        error?.description.contains(words) == true && error?.keyPath.prefix(2) == ["bosons", "sum_rule"],
        "\(rule): \(String(describing: error))")
    }
  }
}
