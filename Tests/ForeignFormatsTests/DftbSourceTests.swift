import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Transport geometries of DFTB+")
struct DftbSourceTests {
  private static let hartree = 27.211386245988
  /// Places along the chain: the device, then each contact outwards.
  private static let places = [0, 1, 2, 3, -1, -2, -3, -4, 4, 5, 6, 7]

  /// A chain with e = -0.1 eV, t = -1 eV and overlap 0.1, in DFTB+'s layout.
  private static func matrix(_ diagonal: Double, _ neighbour: Double) -> String {
    var lines = ["#      REAL    NALLORB    NKPOINT", "     T   12   1", "#   IKPOINT", "   1", "# MATRIX"]
    for a in places {
      lines.append(places.map { "\($0 == a ? diagonal : abs($0 - a) == 1 ? neighbour : 0)" }.joined(separator: "  "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let input = """
    Geometry = GenFormat {
      12 C   # a cluster
      H
    \(places.enumerated().map { "  \($0 + 1) 1 \(Double($1)) 0.0 0.0" }.joined(separator: "\n"))
    }
    Transport {
      Device { AtomRange = 1 4 }
      Contact { Id = "source"; AtomRange = 5 8
        FermiLevel [eV] = -0.2 }
      Contact {
        Id = "drain"
        AtomRange = 9 12
      }
    }
    Hamiltonian = DFTB { MaxAngularMomentum = { H = "s" } }

    """

  private static func imported(
    input: String = input, hamiltonian: String = matrix(-0.1 / hartree, -1 / hartree), overlap: String = matrix(1, 0.1),
    _ check: (ImportedModel, String) throws -> Void = { _, _ in }
  ) throws {
    try withTemporaryFolder { folder in
      try input.write(to: folder + "/dftb_pin.hsd")
      try hamiltonian.write(to: folder + "/hamsqr1.dat")
      try overlap.write(to: folder + "/oversqr.dat")
      let imported = try ImportFormats.read("dftb", ImportRequest(files: [folder]))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      try check(imported, folder + "/out/model.yaml")
    }
  }

  private static func fault(input: String = input, hamiltonian: String? = nil) -> FileError? {
    do {
      try imported(input: input, hamiltonian: hamiltonian ?? matrix(-0.1 / hartree, -1 / hartree))
    } catch { return error as? FileError }
    return nil
  }

  @Test("a perfect chain with overlaps is open in its band, (e + 2 t cos k)/(1 + 2 s cos k), and closed outside")
  func chain() throws {
    try Self.imported { imported, model in
      // The band ends at (-0.1 - 2)/1.2 = -1.75 and (-0.1 + 2)/0.8 = 2.375 eV.
      let result = try ModelFile.read(file: model, overrides: ["compute.energies=[-1.76, -1.74, 0.5, 2.37, 2.38]"]).run()
      let t = try #require(result.variable("transmission")).values
      // From source to drain; 1e-6: the tolerance of the model.
      for (found, open) in zip(t[5..<10], [0.0, 1, 1, 1, 0]) { #expect(abs(found - open) < 1e-6, "\(t)") }
      #expect(imported.understood.contains { $0.what == "Fermi energy" && $0.value == "-0.2 eV" })
      #expect(imported.leftOut.isEmpty)
    }
  }

  @Test("truncated matrices, atoms that are nothing, unknown shells and contacts of unequal layers are told")
  func faults() {
    let whole = Self.matrix(-0.1, -1)
    let cut = Self.fault(hamiltonian: whole.split(separator: "\n").dropLast().joined(separator: "\n"))
    #expect(
      cut?.found.contains("element (12, 1)") == true && cut?.hint.contains("truncated") == true, "\(String(describing: cut))")
    #expect(Self.fault(hamiltonian: whole.replacing("T   12   1", with: "T   12   4"))?.found.contains("4 wave vectors") == true)
    #expect(Self.fault(hamiltonian: whole.replacing("T   12", with: "T   99999999"))?.line == 2)
    #expect(
      Self.fault(input: Self.input.replacing("AtomRange = 9 12", with: "AtomRange = 10 12"))?.found.contains("atoms 9 to 9")
        == true)
    #expect(Self.fault(input: Self.input.replacing("H = \"s\"", with: "H = SelectedShells {\"s\"}"))?.allowed == "s, p, d or f")
    #expect(Self.fault(input: Self.input.replacing("H = \"s\"", with: "C = \"s\""))?.found.contains("'H'") == true)
    #expect(Self.fault(input: Self.input.replacing("H = \"s\"", with: "H = \"p\""))?.allowed.contains("48") == true)
    let unequal = Self.input.replacing("AtomRange = 1 4", with: "AtomRange = 1 5").replacing(
      "AtomRange = 5 8", with: "AtomRange = 6 8")
    #expect(Self.fault(input: unequal)?.allowed.contains("two equal principal layers") == true)
    #expect(
      Self.fault(input: Self.input.replacing("Transport {", with: "Nothing {"))?.hint.contains("device atoms first") == true)
    #expect(Self.fault(input: String(repeating: "a {", count: 100_000))?.code == .syntax)
  }
}
