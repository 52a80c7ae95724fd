import DataFiles
import Foundation
import PairbathTestSupport
import Testing

@testable import ForeignFormats

@Suite("Input files in the Flexible Data Format")
struct FdfFileTests {
  private static func write(_ text: String, _ name: String, in folder: String) throws -> String {
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    return folder + "/" + name
  }

  @Test("Keys do not tell case, dashes and dots apart, the first of two holds, and comments end a line")
  func keys() throws {
    try withTemporaryFolder { folder in
      let path = try Self.write(
        "# a comment\nTBT.Elecs_Eta 2 meV ; behind\nsystem-label = x  ! too\ntbtelecs-eta 5 eV\nFlag\n", "a.fdf", in: folder)
      let fdf = try FdfFile(path)
      #expect(try fdf["TBT.Elecs.Eta"]?.energy() == 2e-3)
      #expect(fdf["SystemLabel"]?[1] == "x")
      #expect(try fdf["flag"]?.isTrue() == true)
      #expect(fdf["absent"] == nil)
    }
  }

  @Test("Other files come in by %include, '<' and blocks of their own; paths are relative to the file that names them")
  func includes() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
      _ = try Self.write("Deep 1\n%block B\n  one 1\n%endblock B\n", "sub/deep.fdf", in: folder)
      _ = try Self.write("%include deep.fdf\nMiddle 2\nUnasked 9\n", "sub/middle.fdf", in: folder)
      let path = try Self.write(
        "Middle Deep < sub/middle.fdf\n%block C < sub/block.fdf\n%include sub/deep.fdf\n", "a.fdf", in: folder)
      _ = try Self.write("%block C\n  two 2\n%endblock\n", "sub/block.fdf", in: folder)
      let fdf = try FdfFile(path)
      #expect(try fdf["middle"]?.integer(1) == 2)
      #expect(try fdf["deep"]?.integer(1) == 1)
      #expect(fdf["unasked"] == nil)
      #expect(fdf.block("B")?.first?.key == "one" && fdf.block("c")?.first?.key == "two")
    }
  }

  @Test("Lists are ranges and numbers, with steps, up and down")
  func lists() throws {
    func list(_ text: String) throws -> [Int] { try FdfLine(text[...], path: "a.fdf", number: 1).list() }
    #expect(try list("A [1 -- 4, 9]") == [1, 2, 3, 4, 9])
    #expect(try list("A [from 2 to 8 step 3]") == [2, 5, 8])
    #expect(try list("A [3 -- 1]") == [3, 2, 1])
    #expect(try list("A 4 5") == [4, 5])
    #expect(throws: FileError.self) { try list("A [1 -- x]") }
    #expect(throws: FileError.self) { try list("A [1 -- 999999999]") }
  }

  @Test("What cannot be read is an error with its line: blocks without an end, circles of files, numbers and units that are none")
  func errors() throws {
    try withTemporaryFolder { folder in
      let open = try Self.write("\n%block X\n a 1\n", "open.fdf", in: folder)
      #expect(#expect(throws: FileError.self) { try FdfFile(open) }?.line == 2)
      let circle = try Self.write("%include circle.fdf\n", "circle.fdf", in: folder)
      #expect(#expect(throws: FileError.self) { try FdfFile(circle) }?.description.contains("include each other") == true)
      let units = try Self.write("A 1 parsec\nB one eV\n", "units.fdf", in: folder)
      let fdf = try FdfFile(units)
      #expect(#expect(throws: FileError.self) { try fdf["A"]!.energy() }?.column == 5)
      #expect(#expect(throws: FileError.self) { try fdf["B"]!.energy() }?.line == 2)
      #expect(throws: FileError.self) { try FdfFile(folder + "/absent.fdf") }
    }
  }

  @Test("Energies of contours are arithmetic in V, |V| and kT")
  func expressions() throws {
    let expression = EnergyExpression(voltage: -0.4, temperature: 0.025)
    for (text, value) in [
      ("V/2", -0.2), ("-V/2", 0.2), ("-|V|/2 - 5 kT", -0.325), ("-1. eV", -1), ("0.25 V", -0.1), ("1.5d-1 eV + 2 kT", 0.2),
      ("10 meV", 0.01), ("1 Ry", 13.605693122994), ("|V|/2 + 1 eV", 1.2),
    ] {
      // 1e-15: sums of a few numbers.
      let found = try #require(expression.value(text))
      #expect(abs(found - value) < 1e-14, "\(text): \(found)")
    }
    for text in ["", "eV", "1 2", "V//2", "kT V", "1 parsec", "V/0"] { #expect(expression.value(text) == nil, "'\(text)'") }
  }

  @Test("A contour without words goes from -2 to 2 eV in 400 middles; points, deltas, parts and Gauss rules as they are told")
  func contours() throws {
    try withTemporaryFolder { folder in
      let expression = EnergyExpression(voltage: 0.2, temperature: 0.025)
      func energies(_ text: String) throws -> [Double] {
        try TransmissionContour(FdfFile(Self.write(text, "a.fdf", in: folder)), expression).energies
      }
      let plain = try energies("")
      #expect(plain.count == 400 && abs(plain[0] + 1.995) < 1e-12 && abs(plain[399] - 1.995) < 1e-12)
      let two = try energies(
        """
        %block TBT.Contours
          a
          b
        %endblock
        %block TBT.Contour.a
          part line
            from -V/2 to 0.1 eV
              points 2
                method mid-rule
        %endblock
        %block TBT.Contour.b
          from prev to 1.1 eV
            delta 0.5 eV
              method simpson-mix
        %endblock
        """)
      for (found, value) in zip(two, [-0.05, 0.05, 0.1, 1.1]) { #expect(abs(found - value) < 1e-12, "\(two)") }
      let gauss = try energies("%block TBT.Contour.line\n from -1 eV to 1 eV\n points 2\n method g-legendre\n%endblock\n")
      #expect(abs(gauss[1] - 1 / 3.0.squareRoot()) < 1e-12)
      #expect(throws: FileError.self) { try energies("%block TBT.Contours\n missing\n%endblock\n") }
      #expect(throws: FileError.self) { try energies("%block TBT.Contour.line\n from 0 eV to 1 eV\n%endblock\n") }
      #expect(throws: FileError.self) {
        try energies("%block TBT.Contour.line\n part circle\n from 0 eV to 1 eV\n points 3\n%endblock\n")
      }
    }
  }

  @Test("k grids are lists, rows or words; time reversal leaves one of k and -k; other rows than the diagonal are refused")
  func grids() throws {
    try withTemporaryFolder { folder in
      func grid(_ text: String) throws -> WavevectorGrid {
        try WavevectorGrid(FdfFile(Self.write(text, "a.fdf", in: folder)))
      }
      let plain = try grid("TBT.k [1 5 1]\n")
      #expect(plain.points(along: [1]).map(\.k) == [[0], [0.2], [0.4]])
      #expect(plain.points(along: [1]).map(\.weight) == [0.2, 0.4, 0.4])
      let whole = try grid(
        "%block kgrid_Monkhorst_Pack\n 3 0 0 0.\n 0 2 0 0.5\n 0 0 1 0.\n%endblock\nTBT.Symmetry.TimeReversal F\n")
      #expect(whole.points(along: [1]).map(\.k) == [[0.25], [0.75]])
      #expect(whole.resolved([1, 2]) == [1])
      let list = try grid("%block TBT.k\n list 2\n 0 0.1 0 3\n 0 0.2 0 1\n%endblock\n")
      #expect(list.points(along: [1]).map(\.weight) == [0.75, 0.25])
      #expect(throws: FileError.self) { try grid("%block TBT.k\n 3 1 0 0.\n 0 2 0 0.\n 0 0 1 0.\n%endblock\n") }
      #expect(throws: FileError.self) { try grid("%block TBT.k\n list 7\n 0 0 0\n%endblock\n") }
    }
  }
}
