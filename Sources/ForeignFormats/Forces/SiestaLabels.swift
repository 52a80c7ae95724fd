import DataFiles
import Foundation

/// The few words of a SIESTA input (fdf) that go with force constants.
struct SiestaLabels {
  /// `SystemLabel`, "siesta" without.
  let label: String
  /// Atomic numbers by species, of the block `ChemicalSpeciesLabel`.
  let numbers: [Int: Int]
  /// Masses by species, amu, of the block `AtomicMass`.
  let masses: [Int: Double]
  /// `MD.FCfirst`, counted from 1.
  let first: Int?

  /// Reads a file; capitals and `-_.` in keys mean nothing.
  init(_ path: String) throws(FileError) {
    var text = try ForeignText(path, kind: "SIESTA input (fdf)")
    var (label, numbers, masses, first) = ("siesta", [Int: Int](), [Int: Double](), Int?.none)
    var block: String?
    while !text.isAtEnd {
      let words = try text.words("a line")
      let visible = words.prefix { !$0.text.hasPrefix("#") && !$0.text.hasPrefix("!") && !$0.text.hasPrefix(";") }
      guard let head = visible.first else { continue }
      let key = Self.plain(head.text)
      if key == "%block" {
        block = visible.count > 1 ? Self.plain(visible[1].text) : ""
      } else if key == "%endblock" {
        block = nil
      } else if let block {
        guard visible.count >= 2, ["chemicalspecieslabel", "atomicmass"].contains(block) else { continue }
        let species = try text.integer(visible[0], "a species", in: 1...1000)
        if block == "atomicmass" {
          masses[species] = try text.number(visible[1], "a mass")
        } else {
          numbers[species] = try text.integer(visible[1], "an atomic number")
        }
      } else if visible.count >= 2 {
        if key == "systemlabel" { label = visible[1].text }
        if key == "mdfcfirst" { first = try text.integer(visible[1], "MD.FCfirst", in: 1...1_000_000) }
      }
    }
    (self.label, self.numbers, self.masses, self.first) = (label, numbers, masses, first)
  }

  private static func plain(_ key: String) -> String { key.lowercased().filter { !"-_.".contains($0) } }
}
