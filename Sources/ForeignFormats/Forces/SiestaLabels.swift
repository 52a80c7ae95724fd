import DataFiles

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

  /// Reads an input with all it includes.
  init(_ path: String) throws(FileError) {
    let fdf = try FdfFile(path)
    label = try fdf["SystemLabel"]?.word(1, "a label") ?? "siesta"
    first = try fdf["MD.FCfirst"]?.integer(1, in: 1...1_000_000)
    var (numbers, masses) = ([Int: Int](), [Int: Double]())
    for line in fdf.block("ChemicalSpeciesLabel") ?? [] {
      numbers[try line.integer(0, in: 1...1000)] = try line.integer(1, in: -1000...1000)
    }
    for line in fdf.block("AtomicMass") ?? [] { masses[try line.integer(0, in: 1...1000)] = try line.number(1) }
    (self.numbers, self.masses) = (numbers, masses)
  }
}
