import ComplexModule
import DataFiles
import DenseMatrices
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Crystals in Wannier functions")
struct Wannier90SourceTests {
  /// A chain of two orbitals per cell with hoppings -1 and -0.6, and next neighbours -0.1 along a1; degeneracy 2 of every vector.
  private static func text(truncated: Bool = false) -> String {
    let reach = [[-1], [0], [1]]
    var lines = [" written by a test", "           2", "           3", "    2    2    2"]
    for r in reach.map({ $0[0] }) {
      for n in 1...2 {
        for m in 1...2 {
          var value = 0.0
          if r == 0, m != n { value = -1 }
          if r == 1, m == 2, n == 1 { value = -0.6 }
          if r == -1, m == 1, n == 2 { value = -0.6 }
          lines.append("    \(r)    0    0    \(m)    \(n)    \(2 * value)    0.000000")
        }
      }
    }
    return (truncated ? lines.dropLast(3).joined(separator: "\n") : lines.joined(separator: "\n")) + "\n"
  }

  @Test("A chain of dimers has one open channel between 0.4 and 1.6 of both signs, none in its gap, as its band says")
  func dimerChain() throws {
    try withTemporaryFolder { folder in
      try Self.text().write(toFile: folder + "/chain_hr.dat", atomically: true, encoding: .utf8)
      let imported = try ImportFormats.read("wannier90", ImportRequest(files: [folder + "/chain_hr.dat"]))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      let result = try ModelFile.read(
        file: folder + "/out/model.yaml", overrides: ["compute.energies=[-1.5, -0.5, -0.3, 0.1, 0.39, 0.41, 1.59, 1.61]"]
      ).run()
      let t = try #require(result.variable("transmission"))
      // (electrode, electrode2, energy): from L to R.
      let values = Array(t.values[8..<16])
      // 1e-9: lead Green's functions to rounding, 0.01 from band edges.
      for (value, channels) in zip(values, [1.0, 1, 0, 0, 0, 1, 1, 0]) { #expect(abs(value - channels) < 1e-9, "\(values)") }
    }
  }

  @Test("A truncated file is an error with its line, and nothing is written")
  func truncated() throws {
    try withTemporaryFolder { folder in
      try Self.text(truncated: true).write(toFile: folder + "/chain_hr.dat", atomically: true, encoding: .utf8)
      let error = #expect(throws: FileError.self) {
        try ImportFormats.read("wannier90", ImportRequest(files: [folder + "/chain_hr.dat"]))
      }
      #expect(error?.description.contains("truncated") == true && error?.line != nil)
    }
  }

  /// The same chain as `_tb.dat`, with lattice vectors in front and positions behind.
  private static func tightBinding() -> String {
    var lines = [" written by a test", "3.0 0.0 0.0", "0.0 20.0 0.0", "0.0 0.0 20.0", "  2", "  3", "    2    2    2"]
    for r in [-1, 0, 1] {
      lines += ["", "    \(r)    0    0"]
      for n in 1...2 {
        for m in 1...2 {
          var hop = 0.0
          if r == 0, m != n { hop = -1 }
          if r == 1, m == 2, n == 1 { hop = -0.6 }
          if r == -1, m == 1, n == 2 { hop = -0.6 }
          lines.append("  \(m)  \(n)   \(2 * hop)  0.0")
        }
      }
    }
    return (lines + ["", "   -1    0    0", "  1  1  0.0 0.0 0.0 0.0 0.0 0.0"]).joined(separator: "\n") + "\n"
  }

  @Test("H(R) of _tb.dat is that of _hr.dat")
  func tightBindingFile() throws {
    try withTemporaryFolder { folder in
      try Self.text().write(toFile: folder + "/chain_hr.dat", atomically: true, encoding: .utf8)
      try Self.tightBinding().write(toFile: folder + "/chain_tb.dat", atomically: true, encoding: .utf8)
      let read = { (name: String) in try ImportFormats.read("wannier90", ImportRequest(files: [folder + "/" + name])).data }
      let (a, b) = (try #require(try read("chain_hr.dat")), try #require(try read("chain_tb.dat")))
      #expect(a.variables.map(\.name) == b.variables.map(\.name))
      #expect(a.variables.map(\.values) == b.variables.map(\.values))
      let cut = Self.tightBinding().split(separator: "\n", omittingEmptySubsequences: false).prefix(14).joined(separator: "\n")
      try cut.write(toFile: folder + "/cut_tb.dat", atomically: true, encoding: .utf8)
      let error = #expect(throws: FileError.self) { try read("cut_tb.dat") }
      #expect(error?.hint.contains("truncated") == true)
    }
  }
}
