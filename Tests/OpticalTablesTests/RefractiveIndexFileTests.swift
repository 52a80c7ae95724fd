import DataFiles
import Foundation
import PairbathTestSupport
import Testing

@testable import OpticalTables

@Suite("Files of refractiveindex.info")
struct RefractiveIndexFileTests {
  private static func file(_ data: String) throws -> RefractiveIndexFile {
    var file: RefractiveIndexFile?
    try withTemporaryFolder { folder in
      let text = "# a remark\nREFERENCES: \"A. Author, <i>J.</i> <b>1</b>, 2\"\nDATA:\n" + data
      try text.write(toFile: folder + "/x.yml", atomically: true, encoding: .utf8)
      file = try RefractiveIndexFile(folder + "/x.yml")
    }
    return try #require(file)
  }

  private static func fault(_ data: String) -> FileError? {
    do { _ = try file(data) } catch { return error as? FileError }
    return nil
  }

  @Test("rows of n and k keep their order and know their lines")
  func table() throws {
    let file = try Self.file("  - type: tabulated nk\n    data: |\n        0.5 1.5 0.1\n        1.0 1.4 0.2\n")
    #expect(file.rows == [.init(wavelength: 0.5, n: 1.5, k: 0.1, line: 6), .init(wavelength: 1, n: 1.4, k: 0.2, line: 7)])
    #expect(file.kinds == "tabulated nk")
  }

  @Test("n and k in blocks of their own meet where both are known")
  func separateBlocks() throws {
    let file = try Self.file(
      "  - type: tabulated n\n    data: |\n        0.5 1\n        1.5 3\n  - type: tabulated k\n    data: |\n        1.0 0\n        2.0 1\n"
    )
    #expect(file.rows.map(\.wavelength) == [1, 1.5])
    // Straight lines: n(1.0) between 1 and 3, k(1.5) between 0 and 1.
    #expect(abs(file.rows[0].n - 2) < 1e-15 && abs(file.rows[1].k - 0.5) < 1e-15)
  }

  @Test("a formula is taken over its range, with the losses of a table where there is one")
  func formula() throws {
    let formula = "  - type: formula 5\n    wavelength_range: 0.4 1.6\n    coefficients: 1.5 0.01 -2\n"
    let alone = try Self.file(formula)
    #expect(alone.rows.first?.wavelength == 0.4 && alone.rows.last?.wavelength == 1.6 && alone.rows.count > 250)
    let joined = try Self.file(formula + "  - type: tabulated k\n    data: |\n        1.0 0.1\n        2.0 0.3\n")
    #expect(joined.rows.first?.wavelength == 1 && joined.rows.last?.wavelength == 1.6)
    for row in joined.rows {
      // 1e-14: rounding.
      #expect(abs(row.n - (1.5 + 0.01 / (row.wavelength * row.wavelength))) < 1e-14)
      #expect(abs(row.k - (0.1 + 0.2 * (row.wavelength - 1))) < 1e-14)
    }
  }

  @Test(
    "what cannot be used is told with its line",
    arguments: [
      ("  - type: tabulated nk\n    data: |\n        0.5 1.5\n", 6, "3 finite numbers"),
      ("  - type: formula 12\n    coefficients: 1\n", 4, "formula 1 to formula 9"),
      ("  - type: formula 5\n    wavelength_range: 2 1\n    coefficients: 1\n", 5, "ascending"),
      ("  - type: formula 3\n    range:\n    coefficients: 0.1 0.5 -2\n", 5, "ascending"),
      ("  - type: formula 3\n    wavelength_range: 1 2\n    coefficients: -1\n", 6, "in all of its wavelength_range"),
      ("  - type: formula 1\n    wavelength_range: 1 2\n    coefficients: 1 x\n", 6, "finite numbers"),
    ])
  func faults(data: String, line: Int, allowed: String) {
    let error = Self.fault(data)
    #expect(error?.line == line && error?.allowed.contains(allowed) == true && error?.found != "", "\(String(describing: error))")
  }

  @Test("losses without an index, three blocks and blocks that do not meet are no material")
  func blocks() {
    #expect(Self.fault("  - type: tabulated k\n    data: |\n        1 0\n        2 1\n")?.found.contains("tabulated k") == true)
    let n = "  - type: tabulated n\n    data: |\n        1 2\n        2 2\n"
    #expect(Self.fault(n + n) != nil)
    #expect(
      Self.fault(n + "  - type: tabulated k\n    data: |\n        3 0\n        4 1\n")?.found.contains("do not meet") == true)
  }
}
