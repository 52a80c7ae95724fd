import DataFiles
import Testing

@testable import ForeignFormats

@Suite("Atoms by their numbers, and elements by their names")
struct AtomSelectionTests {
  @Test("ranges keep their order, up or down, and words are short")
  func ranges() throws {
    #expect(try AtomSelection.atoms("1-3,7", count: 9, option: .left) == [0, 1, 2, 6])
    #expect(try AtomSelection.atoms("4-2", count: 9, option: .left) == [3, 2, 1])
    #expect(AtomSelection.words([6, 0, 2, 1]) == "1-3, 7")
    for text in ["", "1-", "1-2-3", "0", "10", "1,1", "x", "99999999999999999999"] {
      #expect(throws: FileError.self) { try AtomSelection.atoms(text, count: 9, option: .left) }
    }
  }

  @Test("masses belong to symbols and numbers; what is not stable has none")
  func masses() {
    #expect(AtomicMasses.number(of: "C") == 6 && AtomicMasses.number(of: "u") == 92 && AtomicMasses.symbol(of: 79) == "Au")
    #expect(AtomicMasses.mass(of: 1) == 1.008 && AtomicMasses.mass(of: 79) == 196.966570 && AtomicMasses.mass(of: 43) == nil)
    #expect(AtomicMasses.mass(of: 0) == nil && AtomicMasses.symbol(of: 93) == nil && AtomicMasses.number(of: "Xx") == nil)
    // Masses grow with the number but for the pairs of Mendeleev's table.
    let inversions = (1..<92).filter { n in
      guard let a = AtomicMasses.mass(of: n), let b = AtomicMasses.mass(of: n + 1) else { return false }
      return a > b
    }
    #expect(inversions == [18, 27, 52, 90])
  }
}
