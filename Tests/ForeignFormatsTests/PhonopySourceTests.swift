import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Force constants of phonopy")
struct PhonopySourceTests {
  private static var dimers: SpringRing {
    var ring = SpringRing()
    (ring.basis, ring.cells) = ([("C", 12.0), ("O", 16.0)], 5)
    return ring
  }

  private static func energies(
    _ yaml: String, files: [String: String] = [:], options: [ImportOption: String] = [:]
  ) throws -> [Double] {
    var energies: [Double] = []
    try withTemporaryFolder { folder in
      try yaml.write(to: folder + "/phonopy_params.yaml")
      for (name, text) in files { try text.write(to: folder + "/" + name) }
      let imported = try ImportFormats.read("phonopy", ImportRequest(files: [folder + "/phonopy_params.yaml"], options: options))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      energies = try #require(
        try ModelFile.read(file: folder + "/out/model.yaml").run().variable("renormalized_energy")
      ).values
    }
    return energies
  }

  private static func fault(_ yaml: String, files: [String: String] = [:]) -> FileError? {
    do { _ = try energies(yaml, files: files) } catch { return error as? FileError }
    return nil
  }

  @Test(
    "the optical mode of a chain of two atoms has W^2 = 2 k (1/m + 1/M), from full and compact constants, in YAML and in text")
  func forms() throws {
    let ring = Self.dimers
    let inverse: Double = 1 / 12.0 + 1 / 16.0
    let expected: [Double] = ring.springs.map { (spring: Double) -> Double in
      (SpringRing.factor * 2 * spring * inverse).squareRoot()
    }
    .sorted()
    let bare = ring.phonopy(rows: nil)
    let found = [
      try Self.energies(ring.phonopy(rows: Array(0..<ring.count))), try Self.energies(ring.phonopy(rows: [0, 1])),
      try Self.energies(bare, files: ["FORCE_CONSTANTS": ring.forceConstantsText()]),
      try Self.energies(bare, files: ["FORCE_CONSTANTS": ring.forceConstantsText(rows: [0, 1])]),
    ]
    for energies in found {
      #expect(energies.count == 3)
      // 5e-6: the bath of 0.1 meV.
      for (energy, wanted) in zip(energies, expected) { #expect(abs(energy / wanted - 1) < 5e-6, "\(energies)") }
    }
  }

  /// Units and how many eV/angstrom^2 they are.
  private static let units: [(unit: String, factor: Double)] = {
    let bohr: Double = 0.529177210903
    let rydberg: Double = 13.605693122994
    return [("Ry/au^2", rydberg / (bohr * bohr)), ("hartree/au^2", 2 * rydberg / (bohr * bohr)), ("eV/angstrom.au", 1 / bohr)]
  }()

  @Test("units of calculators are told apart", arguments: units.indices)
  func unit(number: Int) throws {
    let (unit, factor) = Self.units[number]
    let ring = Self.dimers
    let reference = try Self.energies(ring.phonopy(rows: [0, 1]))
    let scaled = try Self.energies(ring.phonopy(rows: [0, 1], unit: unit))
    // 1e-5: the bath of 0.1 meV, whose shift is smaller at higher energies.
    for (a, b) in zip(scaled, reference) { #expect(abs(a / b / factor.squareRoot() - 1) < 1e-5) }
    #expect(Self.fault(ring.phonopy(rows: [0, 1], unit: "N/m"))?.found == "'N/m'")
  }

  @Test("a file without masses has the standard ones")
  func standardMasses() throws {
    let energies = try Self.energies(Self.dimers.phonopy(rows: [0, 1], masses: false))
    let inverse: Double = 1 / 12.011 + 1 / 15.999
    let expected: Double = (SpringRing.factor * 40 * inverse).squareRoot()
    #expect(abs(energies[2] / expected - 1) < 5e-6)
  }

  @Test("truncated, mismatched and foreign files are told with their place")
  func faults() throws {
    let ring = Self.dimers
    let whole = ring.phonopy(rows: [0, 1])
    let lines = whole.split(separator: "\n")
    let cut = Self.fault(lines.dropLast(2).joined(separator: "\n"))
    #expect(cut?.line != nil && cut?.hint.contains("truncated") == true, "\(String(describing: cut))")
    #expect(Self.fault(whole.replacing("shape: [ 2, 10 ]", with: "shape: [ 2, 12 ]"))?.allowed.contains("10 atoms") == true)
    #expect(Self.fault(whole.replacing("shape: [ 2, 10 ]", with: "shape: [ 1, 10 ]")) != nil)
    #expect(Self.fault(ring.phonopy(rows: nil))?.hint.contains("--writefc") == true)
    #expect(Self.fault("phonopy:\n  version: 2\n")?.found.contains("supercell") == true)
    #expect(Self.fault(whole.replacing("reduced_to: 2", with: "reduced_to: 99"))?.found == "99")
    #expect(Self.fault(whole.replacing("coordinates: [ 0.0,", with: "coordinates: [ nought,"))?.line == 14)
    #expect(Self.fault(whole.replacing("symbol: C # 1", with: "symbol: &a C # 1"))?.code == .syntax)
    var other = ring
    other.cells = 6
    let text = ["FORCE_CONSTANTS": other.forceConstantsText()]
    #expect(Self.fault(ring.phonopy(rows: nil), files: text)?.hint.contains("one supercell") == true)
    #expect(Self.fault(SpringRing().phonopy(rows: [0]))?.hint.contains("--device") == true)
  }
}
