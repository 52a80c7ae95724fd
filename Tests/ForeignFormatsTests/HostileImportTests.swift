import DataFiles
import Foundation
import PairbathTestSupport
import Testing

@testable import ForeignFormats

/// Files that once ended the command, kept it busy for ever or took all memory: small ones, as a fuzzer or a slip makes them.
@Suite("Hostile files of other programs")
struct HostileImportTests {
  private static func fault(
    _ format: String, _ files: [String: String], named name: String, options: [ImportOption: String] = [:]
  ) throws -> FileError? {
    var fault: FileError?
    try withTemporaryFolder { folder in
      for (name, text) in files { try text.write(to: folder + "/" + name) }
      fault = #expect(throws: FileError.self) {
        try ImportFormats.read(format, ImportRequest(files: [folder + "/" + name], options: options))
      }
    }
    return fault
  }

  /// The error of a transport calculation with some lines in its input.
  private static func tbtransFault(_ lines: String, energies: String = "from -1 eV to 1 eV\n points 3") throws
    -> FileError?
  {
    var fault: FileError?
    try withTemporaryFolder { folder in
      let job = TBtransSourceTests.Job(
        folder: folder, device: .sheet(cells: 4, width: 1), electrode: .sheet(cells: 1, width: 1),
        rest: "TBT.Contours.Eta 0 eV\n" + lines, energies: energies)
      fault = #expect(throws: FileError.self) { try job.imported() }
    }
    return fault
  }

  @Test("the smallest whole number is no atom of a list")
  func smallestInteger() throws {
    let error = try Self.tbtransFault("TBT.Atoms.Device [-9223372036854775808 -- 3]\n")
    #expect(error?.allowed.contains("a range") == true, "\(String(describing: error))")
  }

  @Test("lists of atoms that go on and on are refused before they fill the memory")
  func endlessLists() throws {
    let block = "%block TBT.Atoms.Device\n" + String(repeating: " atom [1 -- 9999999]\n", count: 30) + "%endblock\n"
    #expect(try Self.tbtransFault(block)?.code == .invalidData)
    let pieces = [String](repeating: "1 -- 999999", count: 30).joined(separator: ", ")
    #expect(try Self.tbtransFault("TBT.Atoms.Device [\(pieces)]\n")?.found.contains("more than 1000000") == true)
    // The same atoms again and again are counted once.
    let again = "%block TBT.Atoms.Buffer\n" + String(repeating: " atom [1 -- 900000]\n", count: 30) + "%endblock\n"
    #expect(try Self.tbtransFault(again)?.found.contains("atom") == true)
  }

  @Test("files that include each other several times are counted, not read until the end of time")
  func manyIncludes() throws {
    var files = ["F20.fdf": "Last 1\n"]
    for i in 0..<20 { files["F\(i).fdf"] = String(repeating: "%include F\(i + 1).fdf\n", count: 3) }
    try withTemporaryFolder { folder in
      for (name, text) in files { try text.write(to: folder + "/" + name) }
      let error = #expect(throws: FileError.self) { try FdfFile(folder + "/F1.fdf") }
      #expect(error?.found.contains("more than 1000 files") == true)
    }
  }

  @Test("a contour named thousands of times ends at the most energies there may be")
  func manyContours() throws {
    let contours = "%block TBT.Contours\n" + String(repeating: " line\n", count: 3000) + "%endblock\n"
    let error = try Self.tbtransFault(contours, energies: "from -1 eV to 1 eV\n points 1000000")
    #expect(error?.keyPath == ["TBT.Contours"])
  }

  @Test("a number of sixty thousand digits is no energy, and that is seen at once")
  func longNumber() throws {
    let error = try Self.tbtransFault("", energies: "from \(String(repeating: "1", count: 60_000)) eV to 1 eV\n points 3")
    #expect(error?.allowed.contains("an energy") == true)
  }

  @Test("a grid of a hundred million k points is refused, and its line is named")
  func manyPoints() throws {
    try withTemporaryFolder { folder in
      var device = TestCrystal.sheet(cells: 4, width: 1)
      var electrode = TestCrystal.sheet(cells: 1, width: 1)
      // Coupled along a3, too.
      for i in 0..<4 { for r in [-1, 1] { device.elements.append((i, i, [0, 0, r], [-0.1], 0)) } }
      for r in [-1, 1] { electrode.elements.append((0, 0, [0, 0, r], [-0.1], 0)) }
      let job = TBtransSourceTests.Job(
        folder: folder, device: device, electrode: electrode, rest: "TBT.Contours.Eta 0 eV\nTBT.k [1 10000 10000]\n")
      let error = #expect(throws: FileError.self) { try job.imported() }
      #expect(error?.found.contains("100000000 k points") == true && error?.line != nil, "\(String(describing: error))")
    }
  }

  @Test("a lattice vector ten thousand cells away makes no layer of ten thousand cells")
  func farCells() throws {
    let lines = ["c", "1", "3", "1 1 1", "10000 0 0 1 1 1 0", "0 0 0 1 1 1 0", "-10000 0 0 1 1 1 0"]
    let error = try Self.fault("wannier90", ["X_hr.dat": lines.joined(separator: "\n") + "\n"], named: "X_hr.dat")
    #expect(error?.found.contains("10000 cells") == true && error?.allowed == "1 GB")
  }

  @Test("a few letters of repetition do not stand for billions of words")
  func repetitions() throws {
    for control in [
      "&a\na=" + String(repeating: "1000*1,", count: 150_000) + "\n",
      "&a\n" + (0..<20_000).map { "a\($0)=" + String(repeating: "1000*1,", count: 8) + "\n" }.joined(),
    ] {
      let error = try Self.fault("shengbte", ["CONTROL": control, "F2": "6\n"], named: "F2")
      #expect(error?.found.contains("more than 200000 values") == true)
    }
  }

  @Test("a namelist that is one line of many assignments is read in one pass")
  func longLine() throws {
    let error = try Self.fault("shengbte", ["CONTROL": String(repeating: "a=", count: 300_000) + "\n", "F2": "6\n"], named: "F2")
    #expect(error?.code == .missingKey)
  }

  @Test("a lattice vector of 1e20 angstrom, and an atom that far away, are told before anything is counted in boxes")
  func farAtoms() throws {
    let ring = SpringRing()
    let whole = ring.phonopy(rows: [0])
    let junction: [ImportOption: String] = [.device: "3-5", .left: "1,2", .right: "6,7"]
    for (text, what) in [
      (whole.replacing("[ 0.0, 20.0, 0.0 ]", with: "[ 0.0, 1e20, 0.0 ]"), "lattice vector"),
      (
        whole.replacing(
          "mass: 12.011\n    reduced_to: 1\n  - symbol: C # 4\n    coordinates: [ ",
          with: "mass: 12.011\n    reduced_to: 1\n  - symbol: C # 4\n    coordinates: [ 1e300, 0.5, 0.5 ]\n    ignored: [ "),
        "atom 4"
      ),
    ] {
      for options in [junction, [:]] {
        let error = try Self.fault("phonopy", ["p.yaml": text], named: "p.yaml", options: options)
        #expect(error?.found.contains(what) == true, "\(String(describing: error))")
      }
    }
  }

  @Test("numbers that no orbital, element or cell can have are refused in a Hamiltonian, whatever their size")
  func absurdIntegers() throws {
    func hamiltonian(
      counts: [Int] = [1], columns: [Int] = [0], offsets: [[Int]] = [[0, 0, 0]], last: [Int] = [1], fermi: Double = 0
    ) throws {
      _ = try SiestaHamiltonian(
        path: "a.nc", cell: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], positions: [[0, 0, 0]], lastOrbitals: last, offsets: offsets,
        counts: counts, columns: columns, overlap: columns.map { _ in 1 }, components: [columns.map { _ in 0 }],
        fermiEnergy: fermi)
    }
    try hamiltonian()
    for counts in [[Int.max], [Int.max, Int.max], [Int.min, 1], [2]] {
      let error = #expect(throws: FileError.self) { try hamiltonian(counts: counts, last: [counts.count]) }
      #expect(error?.found.contains("rows") == true)
    }
    #expect(throws: FileError.self) { try hamiltonian(columns: [Int.min]) }
    #expect(throws: FileError.self) { try hamiltonian(offsets: [[0, 0, Int.min]]) }
    #expect(throws: FileError.self) { try hamiltonian(last: [Int.max]) }
    #expect(throws: FileError.self) { try hamiltonian(fermi: .nan) }
  }

  @Test("contacts that are called like each other's dimensions keep their own")
  func contactNames() throws {
    // Along the chain: the device, a contact of two layers of one atom, one of two layers of two.
    let places = [0, 1, -1, -2, 2, 3, 4, 5]
    let input = """
      Geometry = GenFormat {
        8 C
        H
      \(places.enumerated().map { "\($0 + 1) 1 \($1) 0 0" }.joined(separator: "\n"))
      }
      Transport {
        Device { AtomRange = 1 2 }
        Contact { Id = "a"; AtomRange = 3 4 }
        Contact { Id = "a_column"; AtomRange = 5 8 }
      }
      Hamiltonian = DFTB { MaxAngularMomentum = { H = "s" } }

      """
    func matrix(_ diagonal: Double, _ neighbour: Double) -> String {
      let rows = places.map { a in
        places.map { "\($0 == a ? diagonal : abs($0 - a) == 1 ? neighbour : 0)" }.joined(separator: " ")
      }
      return (["# REAL NALLORB NKPOINT", "T 8 1", "# IKPOINT", "1", "# MATRIX"] + rows).joined(separator: "\n") + "\n"
    }
    try withTemporaryFolder { folder in
      try input.write(to: folder + "/dftb_pin.hsd")
      try matrix(0, -0.04).write(to: folder + "/hamsqr1.dat")
      try matrix(1, 0.1).write(to: folder + "/oversqr.dat")
      let imported = try ImportFormats.read("dftb", ImportRequest(files: [folder]))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
    }
  }

  @Test("three digits of the smallest numbers are written")
  func smallestNumbers() {
    #expect(Wording.digits(.leastNonzeroMagnitude) == "5e-324" && Wording.digits(-1e-300) == "-1e-300")
  }
}
