import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Force constants of SIESTA")
struct SiestaForcesSourceTests {
  private static let fdf = """
    # a remark
    System.Label  ring
    %block Chemical_Species_Label
     1 6 C.pbe
    %endblock
    %block AtomicMass
     1 13.0
    %endblock AtomicMass
    MD.FCfirst 1

    """

  private static func imported(
    _ ring: SpringRing, fdf: String = fdf, forces: String? = nil, options: [ImportOption: String] = [:],
    _ check: (ImportedModel, String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try fdf.write(to: folder + "/RUN.fdf")
      try (forces ?? ring.siestaForceConstants(skew: 0.3)).write(to: folder + "/ring.FC")
      try ring.siestaGeometry().write(to: folder + "/ring.XV")
      let imported = try ImportFormats.read("siesta-forces", ImportRequest(files: [folder + "/RUN.fdf"], options: options))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      try check(imported, folder + "/out/model.yaml")
    }
  }

  private static func fault(_ ring: SpringRing, fdf: String = fdf, forces: String? = nil, options: [ImportOption: String] = [:])
    -> FileError?
  {
    do { try imported(ring, fdf: fdf, forces: forces, options: options) { _, _ in } } catch { return error as? FileError }
    return nil
  }

  @Test(
    "a ring of springs has the mode energies 2 sqrt(k/m) sin(pi n/N), with the masses of the input, and both displacements count")
  func ring() throws {
    let ring = SpringRing()
    try Self.imported(ring) { imported, model in
      let result = try ModelFile.read(file: model).run()
      let energies = try #require(result.variable("renormalized_energy")).values
      var expected: [Double] = []
      for k in ring.springs {
        for n in 1..<ring.cells {
          let phase: Double = Double.pi * Double(n) / Double(ring.cells)
          expected.append(2 * (SpringRing.factor * k / 13.0).squareRoot() * sin(phase))
        }
      }
      // 1e-6: a bath of 0.1 meV damps and shifts modes of 20 meV and more by (0.1/2)^2/W^2.
      for (found, wanted) in zip(energies, expected.sorted()) { #expect(abs(found / wanted - 1) < 5e-6, "\(found) \(wanted)") }
      #expect(energies.count == 18 && imported.leftOut.contains { $0.contains("3 free motions") })
      #expect(imported.understood.contains { $0.what == "anharmonicity" && $0.value.contains("0.6") })
    }
  }

  @Test("masses are those of the option before those of the input, and standard ones without either")
  func masses() throws {
    for (fdf, options, mass) in [
      (Self.fdf, [ImportOption.masses: "C=14.003"], 14.003), (Self.fdf.replacing("AtomicMass", with: "NoMass"), [:], 12.011),
    ] {
      try Self.imported(SpringRing(), fdf: fdf, options: options) { _, model in
        let energies = try #require(try ModelFile.read(file: model).run().variable("renormalized_energy")).values
        let top: Double = 2 * (SpringRing.factor * 20 / mass).squareRoot() * sin(3 * Double.pi / 7)
        #expect(abs(energies[energies.count - 1] / top - 1) < 5e-6)
      }
    }
  }

  @Test("displaced atoms alone move, the others are held fast: two coordinates between walls")
  func range() throws {
    let ring = SpringRing()
    let fdf = Self.fdf.replacing("MD.FCfirst 1", with: "MD.FCfirst 3")
    try Self.imported(ring, fdf: fdf, forces: ring.siestaForceConstants(displaced: 2..<4)) { imported, model in
      let energies = try #require(try ModelFile.read(file: model).run().variable("renormalized_energy")).values
      // W^2 = k/m and 3 k/m for each direction.
      var expected: [Double] = []
      for k in ring.springs { for times in [1.0, 3.0] { expected.append((SpringRing.factor * k * times / 13).squareRoot()) } }
      expected.sort()
      for (found, wanted) in zip(energies, expected) { #expect(abs(found / wanted - 1) < 5e-6) }
      #expect(imported.leftOut.contains { $0.contains("displaced were atoms 3-4") })
    }
  }

  @Test("an imaginary mode is named with its energy, left out, and the rest runs")
  func imaginary() throws {
    var ring = SpringRing()
    ring.springs = [20, 8, -0.2]
    try Self.imported(ring) { imported, model in
      #expect(imported.leftOut.contains { $0.contains("6 imaginary modes") && $0.contains("mode 0") && $0.contains("relax") })
      let energies = try #require(try ModelFile.read(file: model).run().variable("renormalized_energy")).values
      #expect(energies.count == 12 && energies.allSatisfy { $0 > 0 })
    }
  }

  @Test("truncated files, wrong counts, missing files and violated sum rules are told")
  func faults() throws {
    let ring = SpringRing()
    let whole = ring.siestaForceConstants()
    let lines = whole.split(separator: "\n")
    let cut = Self.fault(ring, forces: lines.dropLast(5).joined(separator: "\n"))
    #expect(
      cut?.found.contains("\(lines.count - 6) lines") == true && cut?.hint.contains("truncated") == true,
      "\(String(describing: cut))")
    let word = Self.fault(ring, forces: whole.replacing("-20.0", with: "-2O.0", maxReplacements: 1))
    #expect(word?.line != nil && word?.found.contains("-2O.0") == true, "\(String(describing: word))")
    var bent = ring
    bent.far = [0, 0, 0]
    bent.springs = [20, 8, 5]
    let violated = Self.fault(bent, forces: whole.replacing("40.0", with: "60.0"))
    #expect(violated?.found.contains("% of the largest spring") == true && violated?.found.contains("20") == true)
    #expect(Self.fault(ring, fdf: "SystemLabel other\n")?.file.hasSuffix("other.FC") == true)
    #expect(Self.fault(ring, options: [.masses: "C=heavy"])?.allowed.contains("amu") == true)
    #expect(Self.fault(ring, options: [.masses: "1,2"])?.allowed.contains("one for every atom, 7") == true)
  }

  @Test("phonons of vibra are read at the first wave vector, in 1/cm")
  func vectors() throws {
    try withTemporaryFolder { folder in
      var text = ""
      for (k, shift) in [(0.0, 0.0), (0.5, 50.0)] {
        text += "k            = \(k) 0.0 0.0\n"
        for (n, w) in [-12.5, 0.0, 100, 800].enumerated() {
          text += "Eigenvector  = \(n + 1)\nFrequency    = \(w + shift)\nEigenmode (real part)\n 1.0 0.0 0.0\n"
        }
      }
      try text.write(to: folder + "/x.vectors")
      let imported = try ImportFormats.read("siesta-forces", ImportRequest(files: [folder + "/x.vectors"]))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      let energies = try #require(
        try ModelFile.read(file: folder + "/out/model.yaml").run().variable("renormalized_energy")
      ).values
      // 1/cm = 1.239841984e-4 eV.
      #expect(energies.count == 2 && abs(energies[1] / (800 * 1.239841984e-4) - 1) < 5e-6)
      #expect(imported.leftOut.contains { $0.contains("-12.5") })
    }
  }
}
