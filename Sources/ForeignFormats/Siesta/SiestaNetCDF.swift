import DataFiles

/// `LABEL.nc` of SIESTA, and what sisl writes in its place: group SPARSE with `n_col`, `list_col`, `isc_off`, `S` and `H`.
enum SiestaNetCDF {
  /// Reads a file. Throws `invalidData` with the variable that is missing or wrong.
  static func read(_ path: String) throws(FileError) -> SiestaHamiltonian {
    let file = try NetCDFFile(reading: path)
    func numbers(_ name: String) throws(FileError) -> [Double] {
      guard file.hasVariable(name) else {
        throw FileError(
          .invalidData, in: path, at: [name], found: "no such variable",
          allowed: "a Hamiltonian of SIESTA or sisl: cell, xa, lasto, SPARSE/n_col, list_col, isc_off, S, H")
      }
      return try file.doubles(name).values
    }
    func integers(_ name: String) throws(FileError) -> [Int] {
      var result: [Int] = []
      for value in try numbers(name) {
        guard let whole = Int(exactly: value), whole.magnitude <= 1_000_000_000_000 else {
          throw FileError(.invalidData, in: path, at: [name], found: "\(value)", allowed: "whole numbers up to 1e12")
        }
        result.append(whole)
      }
      return result
    }
    func vectors<T>(_ values: [T], _ name: String) throws(FileError) -> [[T]] {
      guard values.count.isMultiple(of: 3), !values.isEmpty else {
        throw FileError(.invalidData, in: path, at: [name], found: "\(values.count) numbers", allowed: "three for each vector")
      }
      return stride(from: 0, to: values.count, by: 3).map { Array(values[$0..<($0 + 3)]) }
    }
    let length = try unit(of: "cell", in: file, lengths, default: FdfUnits.bohr)
    let cell = try vectors(numbers("cell").map { $0 * length }, "cell")
    let places = try vectors(numbers("xa").map { $0 * length }, "xa")
    guard cell.count == 3 else {
      throw FileError(.invalidData, in: path, at: ["cell"], found: "\(cell.count) vectors", allowed: "three")
    }
    let energy = try unit(of: "SPARSE/H", in: file, FdfUnits.energy, default: FdfUnits.rydberg)
    let overlap = try numbers("SPARSE/S")
    let values = try numbers("SPARSE/H").map { $0 * energy }
    guard !overlap.isEmpty, values.count.isMultiple(of: overlap.count) else {
      throw FileError(
        .invalidData, in: path, at: ["SPARSE/H"], found: "\(values.count) numbers",
        allowed: "a multiple of the \(overlap.count) of S")
    }
    let fermi = try file.hasVariable("Ef") ? numbers("Ef").first.map { $0 * energy } : nil
    return try SiestaHamiltonian(
      path: path, cell: cell, positions: places, lastOrbitals: integers("lasto"),
      offsets: vectors(integers("SPARSE/isc_off"), "SPARSE/isc_off"), counts: integers("SPARSE/n_col"),
      columns: integers("SPARSE/list_col").map { $0 - 1 }, overlap: overlap,
      components: stride(from: 0, to: values.count, by: overlap.count).map { Array(values[$0..<($0 + overlap.count)]) },
      fermiEnergy: fermi)
  }

  private static func lengths(_ unit: String) -> Double? {
    switch unit.lowercased() {
    case "bohr": FdfUnits.bohr
    case "ang", "angstrom": 1
    default: nil
    }
  }

  private static func unit(
    of variable: String, in file: NetCDFFile, _ factor: (String) -> Double?, default standard: Double
  ) throws(FileError) -> Double {
    guard file.hasVariable(variable), let word = try file.text(attribute: "unit", of: variable) else { return standard }
    guard let factor = factor(word) else {
      throw FileError(.invalidData, in: file.path, at: [variable, "unit"], found: "'\(word)'", allowed: "Ry, eV or Bohr, Ang")
    }
    return factor
  }
}
