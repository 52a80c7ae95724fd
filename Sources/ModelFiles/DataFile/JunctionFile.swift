import DataFiles
import DenseMatrices
import JunctionModel

/// A `junction.nc`: Hamiltonian, overlap, couplings, modes and electrodes of one junction, in eV.
///
/// Every matrix X may be complex: variables `X_real` and `X_imag`, or `X` with `X_imag`, instead of `X` alone. A
/// `units` attribute in another energy unit is converted (in units eV). The file stays open as long as this value lives.
package final class JunctionFile {
  let file: any NamedArrays
  private let units: UnitSystem
  /// Matrices over lattice vectors by name, each read once for all wave vectors.
  var blocks: [String: LatticeBlocks] = [:]

  /// Opens a file; `units` natural takes every number as it is.
  package init(path: String, units: UnitSystem) throws(FileError) {
    file = try NetCDFFile(reading: path)
    self.units = units
  }

  /// The same of arrays in memory.
  init(_ arrays: ArraysInMemory, units: UnitSystem) { (file, self.units) = (arrays, units) }

  /// H, shape (orbitals, orbitals), eV.
  package func hamiltonian() throws(FileError) -> Matrix { try square("hamiltonian", .energy) }

  /// S, shape (orbitals, orbitals); nil when the file has none.
  package func overlap() throws(FileError) -> Matrix? { has("overlap") ? try square("overlap", .plain) : nil }

  /// The attribute `fermi_energy_eV`, eV; nil when the file has none.
  package func fermiEnergy() throws(FileError) -> Double? {
    guard let value = try file.numberOnly(attribute: "fermi_energy_eV") else { return nil }
    guard value.isFinite else {
      throw FileError(.invalidData, in: file.path, at: ["fermi_energy_eV"], found: "\(value)", allowed: "a finite energy")
    }
    return value
  }

  /// The coupling matrices, one per mode, and the attribute `convention` (nil when absent).
  package func coupling() throws(FileError) -> (convention: String?, matrices: [Matrix]) {
    let base = file.hasVariable("coupling") ? "coupling" : "coupling_real"
    let convention = try file.hasVariable(base) ? file.textOnly(attribute: "convention", of: base) : nil
    let kind: NumberKind = convention == Coupling.Convention.massWeighted.rawValue ? .plain : .energy
    return (convention, try stack("coupling", kind))
  }

  /// Gamma of a wide-band electrode without lattice vectors, shape (orbitals, orbitals), eV.
  package func broadening(of electrode: String) throws(FileError) -> Matrix {
    try square("electrode_\(electrode)_broadening", .energy)
  }

  /// Sigma(e) of an electrode on the grid `electrode_<name>_energy`, or else `energy`, eV.
  package func selfEnergy(of electrode: String) throws(FileError) -> TabulatedSelfEnergy {
    let own = "electrode_\(electrode)_energy"
    let grid = try array(file.hasVariable(own) ? own : "energy", .energy, rank: 1)
    let name = "electrode_\(electrode)_self_energy"
    let values = try stack(name, .energy)
    guard values.count == grid.values.count else {
      throw wrongShape(name, found: "\(values.count) matrices", allowed: "one per energy, \(grid.values.count)")
    }
    return TabulatedSelfEnergy(energies: grid.values, values: values)
  }

  /// The error of the first matrix of a periodic electrode that is not there.
  func missing(_ parts: String..., of electrode: String) throws(FileError) -> FileError {
    for part in parts where !has("electrode_\(electrode)_\(part)") {
      return try file.missing("electrode_\(electrode)_\(part)")
    }
    return wrongShape("electrode_\(electrode)_\(parts.joined(separator: ", "))", found: "nothing", allowed: "matrices")
  }

  /// The orbitals an electrode is attached to, variable `electrode_<name>_orbitals`, or those another variable of it names; nil when absent.
  package func orbitals(of electrode: String, _ variable: String = "orbitals") throws(FileError) -> [Int]? {
    let name = "electrode_\(electrode)_\(variable)"
    guard file.hasVariable(name) else { return nil }
    var result: [Int] = []
    for value in try array(name, .plain, rank: 1).values {
      guard let index = Int(exactly: value) else {
        throw FileError(.invalidData, in: file.path, at: [name], found: "\(value)", allowed: "whole numbers")
      }
      result.append(index)
    }
    return result
  }

  // MARK: Complex matrices from real arrays

  func has(_ name: String) -> Bool { file.hasVariable(name) || file.hasVariable(name + "_real") }

  func square(_ name: String, _ kind: NumberKind) throws(FileError) -> Matrix {
    let matrix = try matrix(name, kind)
    guard matrix.isSquare else {
      throw wrongShape(name, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "a square matrix")
    }
    return matrix
  }

  func matrix(_ name: String, _ kind: NumberKind) throws(FileError) -> Matrix {
    let (re, im) = try parts(name, kind, rank: 2)
    return slice(re, im, 0, rows: re.shape[0], columns: re.shape[1])
  }

  func stack(_ name: String, _ kind: NumberKind) throws(FileError) -> [Matrix] {
    let (re, im) = try parts(name, kind, rank: 3)
    return (0..<re.shape[0]).map { slice(re, im, $0, rows: re.shape[1], columns: re.shape[2]) }
  }

  /// Matrix number `index` of row-major arrays, in the column-major order of `Matrix`.
  func slice(_ re: DataArray, _ im: DataArray?, _ index: Int, rows: Int, columns: Int) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    let start = index * rows * columns
    for i in 0..<rows {
      for j in 0..<columns {
        let at = start + i * columns + j
        matrix[i, j] = Scalar(re.values[at], im?.values[at] ?? 0)
      }
    }
    return matrix
  }

  func parts(_ name: String, _ kind: NumberKind, rank: Int) throws(FileError) -> (DataArray, DataArray?) {
    let split = !file.hasVariable(name) && file.hasVariable(name + "_real")
    let re = try array(split ? name + "_real" : name, kind, rank: rank)
    guard file.hasVariable(name + "_imag") else { return (re, nil) }
    let im = try array(name + "_imag", kind, rank: rank)
    guard im.shape == re.shape else {
      throw wrongShape(name + "_imag", found: "shape \(words(im.shape))", allowed: "shape \(words(re.shape)) of the real part")
    }
    return (re, im)
  }

  // MARK: Checked arrays

  struct DataArray {
    var values: [Double]
    let shape: [Int]
  }

  func array(_ name: String, _ kind: NumberKind, rank: Int) throws(FileError) -> DataArray {
    let shape = try file.dimensions(of: name).map(\.length)
    guard shape.count == rank else {
      throw wrongShape(name, found: "\(shape.count) dimensions, shape \(words(shape))", allowed: "\(rank) dimensions")
    }
    let values = try file.doubles(name).values
    var array = DataArray(values: values, shape: shape)
    if let bad = values.firstIndex(where: { !$0.isFinite || $0.magnitude > 9.9e36 }) {
      throw FileError(
        .invalidData, in: file.path, at: [name],
        found: values[bad].isFinite
          ? "a value never written at index \(index(bad, shape))" : "\(values[bad]) at index \(index(bad, shape))",
        allowed: "finite numbers")
    }
    let factor = try unitFactor(of: name, kind)
    if factor != 1 { for i in array.values.indices { array.values[i] *= factor } }
    return array
  }

  /// Factor from the file's unit to eV; 1 without a `units` attribute.
  private func unitFactor(of name: String, _ kind: NumberKind) throws(FileError) -> Double {
    for attribute in ["scale_factor", "add_offset"] {
      guard try file.value(attribute, name) == nil else {
        throw FileError(.invalidData, in: file.path, at: [name], found: "packed numbers (\(attribute))", allowed: "plain numbers")
      }
    }
    guard kind == .energy || kind == .energySquared, units == .electronVolt,
      let unit = try file.textOnly(attribute: "units", of: name)
    else { return 1 }
    if kind == .energySquared { return try squaredUnitFactor(unit, of: name) }
    guard let suffix = UnitSuffix.named(unit), suffix.dimension == .energy else {
      throw FileError(
        .invalidData, in: file.path, at: [name, "units"], found: "'\(unit)'", allowed: "an energy unit: eV, meV, Ha, Ry, ...")
    }
    return suffix.factor
  }

  private func squaredUnitFactor(_ unit: String, of name: String) throws(FileError) -> Double {
    guard let factor = ForceConstantUnit.factor(of: unit.replacing("**", with: "^")) else {
      throw FileError(
        .invalidData, in: file.path, at: [name, "units"], found: "'\(unit)'", allowed: ForceConstantUnit.words)
    }
    return factor
  }

  private func index(_ flat: Int, _ shape: [Int]) -> String {
    var rest = flat
    var parts: [String] = []
    for length in shape.reversed() {
      parts.insert("\(rest % max(length, 1))", at: 0)
      rest /= max(length, 1)
    }
    return "(" + parts.joined(separator: ", ") + ")"
  }

  private func words(_ shape: [Int]) -> String { "(" + shape.map { "\($0)" }.joined(separator: ", ") + ")" }

  func wrongShape(_ name: String, found: String, allowed: String) -> FileError {
    FileError(.invalidData, in: file.path, at: [name], found: found, allowed: allowed)
  }
}
