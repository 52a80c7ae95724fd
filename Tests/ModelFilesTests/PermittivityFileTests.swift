import Foundation
import PairbathTestSupport
import RadiativeTransfer
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Tables of permittivities as people have them")
struct PermittivityFileTests {
  private static let hc = 1239.8419843320026

  private static func table(
    _ text: String, unit: String? = nil, columns: PermittivityFile.Columns? = nil
  ) throws -> PermittivityTable {
    var table: PermittivityTable?
    try withTemporaryFolder { folder in
      try text.write(toFile: folder + "/eps.txt", atomically: true, encoding: .utf8)
      table = try PermittivityFile(path: folder + "/eps.txt", unit: unit.flatMap { UnitSuffix.named($0) }, columns: columns)
        .table(at: ["materials", "m", "x"])
    }
    return try #require(table)
  }

  private static func fault(_ text: String, unit: String? = nil, columns: PermittivityFile.Columns? = nil) -> FileError? {
    do { _ = try table(text, unit: unit, columns: columns) } catch { return error as? FileError }
    return nil
  }

  @Test("two columns are n, or the real part, without loss")
  func twoColumns() throws {
    let index = try Self.table("0.5 2\n1.0 3\n", columns: .index)
    #expect(index.real == [4, 9] && index.imaginary == [0, 0] && index.energies == [0.5, 1])
    #expect(try Self.table("0.5 2\n1.0 3\n").real == [2, 3])
  }

  @Test("the two blocks of refractiveindex.info are n and k over wavelengths in um")
  func twoBlocks() throws {
    let table = try Self.table("wl,n\n0.5,1.5\n1.0,2\n2.0,3\n\nwl,k\n0.5,0.1\n1.0,0.2\n2.0,0.5\n")
    for (found, expected) in zip(table.energies, [Self.hc / 2000, Self.hc / 1000, Self.hc / 500]) {
      #expect(abs(found / expected - 1) < 1e-12)
    }
    for (found, expected) in zip(table.real, [8.75, 3.96, 2.24]) { #expect(abs(found - expected) < 1e-12) }
    for (found, expected) in zip(table.imaginary, [3, 0.8, 0.3]) { #expect(abs(found - expected) < 1e-12) }
  }

  @Test("blocks on different grids meet where both are known")
  func differentGrids() throws {
    let table = try Self.table("wl,n\n0.5,1\n1.5,3\nwl,k\n1.0,0\n2.0,1\n")
    #expect(table.energies.count == 2)  // 1.0 and 1.5 um
    #expect(abs(table.real[1] - 4) < 1e-12 && abs(table.imaginary[0] - 2 * 3 * 0.5) < 1e-12)
  }

  @Test(
    "headings say what the first column is",
    arguments: [
      ("Wavelength (nm), n, k", 1000.0, hc / 1000), ("lambda/um n k", 1, hc / 1000), ("# wavelength_nm n k", 1000, hc / 1000),
      ("energy (meV) eps1 eps2", 1000, 1.0), ("wavenumber (cm-1)\tn\tk", 8065.543937, 1), ("eV n k", 1, 1),
      ("wl n k", 1, hc / 1000),
    ])
  func headings(heading: String, value: Double, energy: Double) throws {
    let table = try Self.table("\(heading)\n\(value) 2 0.1\n\(2 * value) 2 0.1\n")
    #expect(table.energies.contains { abs($0 / energy - 1) < 1e-9 }, "\(table.energies)")
    #expect(abs(table.real[0] - (heading.contains("eps1") ? 2 : 3.99)) < 1e-12)
  }

  @Test("headings that contradict the model, or lack a unit, are told")
  func contradictions() {
    #expect(Self.fault("wavelength,n,k\n1,2,0\n2,2,0\n")?.hint.contains("unit: um") == true)
    #expect(Self.fault("wl,n,k\n1,2,0\n2,2,0\n", unit: "eV")?.description.contains("as 'unit' of the model says") == true)
    #expect(Self.fault("wl,n,k\n1,2,0\n2,2,0\n", columns: .permittivity)?.description.contains("'columns'") == true)
    #expect(Self.fault("wl,n\n1,2\n2,2\nwl,k\n1,2\n2,2\nwl,x\n1,2\n")?.line == 8)
  }

  @Test("rows may descend, and stand twice if they agree; others are told with their line")
  func order() throws {
    let descending = try Self.table("# eV\n2 5 0.1\n1 4 0.2\n1 4 0.2\n0.5 3 0.3\n")
    #expect(descending.energies == [0.5, 1, 2] && descending.real == [3, 4, 5])
    let near = try Self.table("2 5 0.1\n1 4 0.2\n1 4.1 0.2\n0.5 3 0.3\n")
    #expect(near.energies == [0.5, 1, 2] && near.real == [3, 4.05, 5])
    let twice = Self.fault("# eV\n2 5 0.1\n1 4 0.2\n1 5 0.3\n0.5 3 0.3\n")
    #expect(twice?.line == 4 && twice?.found.contains("line 3") == true, "\(String(describing: twice))")
    let disorder = Self.fault("1 4 0\n2 4 0\n1.5 4 0\n")
    #expect(disorder?.line == 3 && disorder?.found == "1.5 after 2.0")
    #expect(Self.fault("0 4 0\n2 4 0\n")?.line == 1)
  }

  @Test("a loss below zero by rounding is zero, a real gain is told with its line")
  func rounding() throws {
    let table = try Self.table("1 2.3 -1e-17\n2 2.4 0.1\n", columns: .index)
    #expect(table.imaginary[0] == 0)
    let gain = Self.fault("1 2.3 0.1\n2 2.4 -0.1\n", columns: .index)
    #expect(gain?.line == 2 && gain?.hint.contains("sign") == true, "\(String(describing: gain))")
  }
}
