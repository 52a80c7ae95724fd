import DataFiles
import Foundation
import JunctionModel
import RadiativeTransfer

/// Reads eps(w) from a text file (three columns) or a NetCDF file.
struct PermittivityFile {
  /// What the columns behind the first one are.
  enum Columns: String, CaseIterable {
    /// Re eps and Im eps.
    case permittivity
    /// The refractive index n and k: eps = (n + ik)^2.
    case index
  }

  let path: String
  /// What the first column is in: an energy unit, or a length for vacuum wavelengths.
  let unit: UnitSuffix
  let columns: Columns

  /// The table, energies ascending, eV.
  func table(at place: [String]) throws(FileError) -> PermittivityTable {
    let rows = try path.hasSuffix(".nc") ? netCDFRows() : textRows()
    var converted: [(energy: Double, real: Double, imaginary: Double)] = []
    for row in rows {
      let (real, imaginary) = columns == .index ? (row[1] * row[1] - row[2] * row[2], 2 * row[1] * row[2]) : (row[1], row[2])
      converted.append((energy(row[0]), real, imaginary))
    }
    if let first = converted.first, let last = converted.last, first.energy > last.energy { converted.reverse() }
    do {
      return try PermittivityTable(
        energies: converted.map(\.energy), real: converted.map(\.real), imaginary: converted.map(\.imaginary), at: place)
    } catch {
      throw FileError(.invalidData, in: path, at: error.path, found: error.found, allowed: error.allowed, hint: error.hint)
    }
  }

  private func energy(_ number: Double) -> Double {
    guard unit.dimension == .length else { return number * unit.factor }
    return 2 * Double.pi * RadiationUnits.hbarC / (number * unit.factor * 1e-9)
  }

  private func textRows() throws(FileError) -> [[Double]] {
    try NumberColumns(
      path: path, widths: 3...3, meaning: columns == .index ? "photon energy, n, k" : "photon energy, Re eps, Im eps"
    ).rows
  }

  private func netCDFRows() throws(FileError) -> [[Double]] {
    let file = try NetCDFFile(reading: path)
    let names = columns == .index ? ["energy", "n", "k"] : ["energy", "permittivity_real", "permittivity_imag"]
    var found: [[Double]] = []
    for name in names {
      let dimensions = try file.dimensions(of: name)
      guard dimensions.count == 1 else {
        throw FileError(.invalidData, in: path, at: [name], found: "\(dimensions.count) dimensions", allowed: "one dimension")
      }
      found.append(try file.doubles(name).values)
    }
    try file.close()
    guard found.allSatisfy({ $0.count == found[0].count }) else {
      throw FileError(
        .invalidData, in: path, at: [names[1]], found: "\(found.map(\.count)) numbers", allowed: "one per energy")
    }
    return found[0].indices.map { row in found.map { $0[row] } }
  }
}
