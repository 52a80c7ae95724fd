import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Second-order force constants of ShengBTE")
struct ShengBTESourceTests {
  private static let control = """
    &allocations
      nelements=2, natoms=2, ngrid(:)=5 1 1
    &end
    &crystal
      lfactor=0.1,   ! nm
      lattvec(:,1)=4.0 0.0 0.0, lattvec(:,2) = 0.0 20.0 0.0,
      lattvec(:,3)=0.0 0.0 20.0
      elements="C" "O"
      types=1 2,
      positions(:,1)=3*0.0,
      positions(:,2)=0.5 0.0 0.0
      scell(:)=5 1 1
    &end

    """

  /// The ring in ShengBTE's order: all first atoms, then all second ones.
  private static func text() -> String {
    var ring = SpringRing()
    (ring.basis, ring.cells) = ([("C", 12.011), ("O", 15.999)], 5)
    let order = (0..<10).map { $0 < 5 ? 2 * $0 : 2 * ($0 - 5) + 1 }
    var lines = ["10"]
    for i in 0..<10 {
      for j in 0..<10 {
        lines.append("\(i + 1) \(j + 1)")
        for a in 0..<3 {
          lines.append((0..<3).map { $0 == a ? "\(ring.spring(order[i], order[j], a))" : "0.0" }.joined(separator: " "))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func imported(_ control: String, _ text: String, options: [ImportOption: String] = [:]) throws -> ImportedModel {
    var imported: ImportedModel?
    try withTemporaryFolder { folder in
      try control.write(to: folder + "/CONTROL")
      try text.write(to: folder + "/FORCE_CONSTANTS_2ND")
      imported = try ImportFormats.read("shengbte", ImportRequest(files: [folder + "/FORCE_CONSTANTS_2ND"], options: options))
    }
    return try #require(imported)
  }

  private static func fault(_ control: String, _ text: String) -> FileError? {
    do { _ = try imported(control, text) } catch { return error as? FileError }
    return nil
  }

  @Test(
    "a chain of two atoms has its optical modes, and is a junction of cells counted through the first atoms and then the second ones"
  )
  func chain() throws {
    let modes = try Self.imported(Self.control, Self.text())
    let inverse: Double = 1 / 12.011 + 1 / 15.999
    let expected: Double = 1000 * (SpringRing.factor * 40 * inverse).squareRoot()
    #expect(
      modes.understood.contains { $0.what == "mode energies" && $0.value.hasSuffix(", \(Int(expected.rounded())) meV") },
      "\(modes.understood)")
    let junction = try Self.imported(
      Self.control, Self.text(), options: [.left: "1,2,6,7", .device: "3,8", .right: "4,5,9,10"])
    #expect(junction.understood.contains { $0.what == "left layer" && $0.value.contains("(2, 7)") })
  }

  @Test("missing keys, wrong numbers and another supercell are told")
  func faults() {
    let text = Self.text()
    #expect(Self.fault(Self.control.replacing("scell", with: "xcell"), text)?.found == "no 'scell'")
    #expect(Self.fault(Self.control.replacing("types=1 2", with: "types=1 3"), text)?.code == .outOfRange)
    #expect(Self.fault(Self.control.replacing("lattvec(:,1)=4.0", with: "lattvec(:,1)=x"), text)?.line == 6)
    #expect(
      Self.fault(Self.control.replacing("scell(:)=5 1 1", with: "scell(:)=4 1 1"), text)?.hint.contains("one supercell") == true)
    #expect(Self.fault(Self.control.replacing("scell(:)=5 1 1", with: "scell(:)=1000 1000 1000"), text)?.code == .outOfRange)
    let cut = Self.fault(Self.control, text.split(separator: "\n").dropLast(3).joined(separator: "\n"))
    #expect(cut?.hint.contains("truncated") == true)
  }
}
