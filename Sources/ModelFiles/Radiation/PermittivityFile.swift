import DataFiles
import Foundation
import JunctionModel
import OpticalTables
import RadiativeTransfer

/// Reads eps(w) from a text file, a NetCDF file or a file of refractiveindex.info (.yml).
///
/// Text: photon energy (or wavelength) and one or two numbers, real and imaginary part or n and k, in one block or, as
/// refractiveindex.info writes them, in two; a heading may say what the columns are.
struct PermittivityFile {
  /// What the columns behind the first one are.
  enum Columns: String, CaseIterable {
    /// Re eps and Im eps.
    case permittivity
    /// The refractive index n and k: eps = (n + ik)^2.
    case index
  }

  let path: String
  /// What the first column is in: an energy unit, or a length for vacuum wavelengths; nil where the heading decides.
  let unit: UnitSuffix?
  /// Nil where the heading decides.
  let columns: Columns?

  /// A row as it stands in the file: where, how, and what it means.
  struct Row {
    /// Line of the file, or number of the row, in words.
    let place: String
    let line: Int?
    let grid: Double
    let energy: Double
    let real: Double
    let imaginary: Double
  }

  /// The table, energies ascending, eV. `note` gets a sentence about rows that contradict each other a little.
  func table(at place: [String], note: (String) -> Void = { _ in }) throws(FileError) -> PermittivityTable {
    let rows = try ascending(allRows(), note)
    do {
      return try PermittivityTable(
        energies: rows.map(\.energy), real: rows.map(\.real), imaginary: rows.map(\.imaginary), at: place)
    } catch {
      let row = rows.first { $0.imaginary < 0 && error.found.contains("\($0.imaginary)") }
      throw FileError(
        .invalidData, in: path, line: row?.line, column: row?.line.map { _ in 1 }, at: row?.line == nil ? error.path : place,
        found: error.found, allowed: error.allowed, hint: error.hint)
    }
  }

  /// The rows in the order of the file, by the extension of its name.
  private func allRows() throws(FileError) -> [Row] {
    if path.hasSuffix(".nc") { return try netCDFRows() }
    return RefractiveIndexFile.isNamed(path) ? try refractiveIndexRows() : try PermittivityText(self).rows()
  }

  /// n and k over wavelengths in um, which the file says itself.
  private func refractiveIndexRows() throws(FileError) -> [Row] {
    let micrometre = UnitSuffix(factor: 1000, dimension: .length)
    guard unit == nil || unit == micrometre, columns ?? .index == .index else {
      throw FileError(
        .invalidData, in: path, found: "a file of refractiveindex.info with 'unit' or 'columns' in the model",
        allowed: "wavelengths in um, n and k, as the file says itself", hint: "leave 'unit' and 'columns' out of the model")
    }
    return try RefractiveIndexFile(path).rows.map { point in
      let place = point.line.map { "line \($0)" } ?? "\(point.wavelength) um"
      return row(place, point.line, point.wavelength, point.n, point.k, micrometre, .index)
    }
  }

  /// A row of a grid value and two columns.
  func row(
    _ place: String, _ line: Int?, _ grid: Double, _ first: Double, _ second: Double, _ unit: UnitSuffix, _ columns: Columns
  ) -> Row {
    let (real, imaginary) = columns == .index ? (first * first - second * second, 2 * first * second) : (first, second)
    return Row(place: place, line: line, grid: grid, energy: energy(grid, unit), real: real, imaginary: imaginary)
  }

  private func energy(_ number: Double, _ unit: UnitSuffix) -> Double {
    guard unit.dimension == .length else { return number * unit.factor }
    return 2 * Double.pi * RadiationUnits.hbarC / (number * unit.factor * 1e-9)
  }

  /// Rows in ascending order of the energy, whatever that of the file; a row that stands twice counts once.
  private func ascending(_ rows: [Row], _ note: (String) -> Void) throws(FileError) -> [Row] {
    var kept: [Row] = []
    let isReversed = (rows.first?.energy ?? 0) > (rows.last?.energy ?? 0)
    for row in rows {
      guard row.grid > 0 else {
        throw fault(row, found: "\(row.grid) in the first column", allowed: "photon energies or wavelengths above zero")
      }
      guard let last = kept.last else {
        kept.append(row)
        continue
      }
      if row.energy == last.energy {
        kept[kept.count - 1] = try joined(last, row, note)
        continue
      }
      guard (row.energy < last.energy) == isReversed else {
        throw fault(row, found: "\(row.grid) after \(last.grid)", allowed: "rows in ascending or in descending order")
      }
      kept.append(row)
    }
    return isReversed ? kept.reversed() : kept
  }

  /// Rows at one energy that differ by no more than this share are two measurements of the same.
  private static let sameWithin = 0.05

  /// One row out of two at the same energy: their mean where they nearly agree.
  private func joined(_ a: Row, _ b: Row, _ note: (String) -> Void) throws(FileError) -> Row {
    guard a.real != b.real || a.imaginary != b.imaginary else { return a }
    let size = hypot(a.real, a.imaginary)
    guard hypot(a.real - b.real, a.imaginary - b.imaginary) <= Self.sameWithin * size else {
      throw fault(
        b, found: "\(b.grid) again with other values than in \(a.place)", allowed: "one value for each photon energy",
        hint: "remove one of the two")
    }
    note(
      "\(path)\(b.line.map { ":\($0):1" } ?? ""): found \(b.grid) again, with other values than in \(a.place); the mean of both is taken"
    )
    return Row(
      place: a.place, line: a.line, grid: a.grid, energy: a.energy, real: 0.5 * (a.real + b.real),
      imaginary: 0.5 * (a.imaginary + b.imaginary))
  }

  private func fault(_ row: Row, found: String, allowed: String, hint: String = "") -> FileError {
    FileError(
      .invalidData, in: path, line: row.line, column: row.line.map { _ in 1 }, at: row.line == nil ? [row.place] : [],
      found: found,
      allowed: allowed, hint: hint)
  }

  private func netCDFRows() throws(FileError) -> [Row] {
    let columns = columns ?? .permittivity
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
    let unit = unit ?? UnitSuffix(factor: 1, dimension: .energy)
    return found[0].indices.map { i in row("row \(i)", nil, found[0][i], found[1][i], found[2][i], unit, columns) }
  }
}
