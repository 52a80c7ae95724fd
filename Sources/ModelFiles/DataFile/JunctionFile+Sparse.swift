import DataFiles
import DenseMatrices
import JunctionModel

extension JunctionFile {
  /// H and S of `hamiltonian_row`, `hamiltonian_column`, `hamiltonian_value` and the same of `overlap`; nil when the file has no
  /// `hamiltonian_row`.
  package func sparseElectrons() throws(FileError) -> (hamiltonian: SparseHermitianMatrix, overlap: SparseHermitianMatrix?)? {
    guard file.hasVariable("hamiltonian_row") else { return nil }
    let h = try entries("hamiltonian", .energy)
    let s = file.hasVariable("overlap_row") ? try entries("overlap", .plain) : nil
    let largest = (h + (s ?? [])).reduce(-1) { max($0, $1.row, $1.column) }
    let declared = try file.numberOnly(attribute: "orbitals").flatMap { Int(exactly: $0) }
    let size = declared ?? largest + 1
    guard size >= 1 && size <= 1_000_000 else {
      throw wrongShape("hamiltonian_row", found: "\(size) orbitals", allowed: "1 to 1000000 orbitals")
    }
    return (
      try matrix("hamiltonian", h, size: size),
      try s.map { (entries) throws(FileError) in try matrix("overlap", entries, size: size) }
    )
  }

  /// Couplings of `coupling_mode`, `coupling_row`, `coupling_column`, `coupling_value`, with the attribute `convention`; nil when the
  /// file has no `coupling_row`. Every element is given; a Hermitian matrix has both triangles.
  func sparseCoupling() throws(FileError) -> (convention: String?, couplings: [[LocalMatrix]])? {
    guard file.hasVariable("coupling_row") else { return nil }
    let base = file.hasVariable("coupling_value") ? "coupling_value" : "coupling_value_real"
    let convention = try file.hasVariable(base) ? file.textOnly(attribute: "convention", of: base) : nil
    let kind: NumberKind = convention == Coupling.Convention.massWeighted.rawValue ? .plain : .energy
    let elements = try entries("coupling", kind)
    let modes = try indices("coupling_mode", count: elements.count)
    let count = try file.numberOnly(attribute: "modes").flatMap { Int(exactly: $0) } ?? (modes.max() ?? -1) + 1
    guard count >= 0, count <= 1_000_000, modes.allSatisfy({ $0 < count }) else {
      throw wrongShape(
        "coupling_mode", found: "mode \(modes.max() ?? -1) of \(count)", allowed: "modes below the attribute 'modes'")
    }
    var byMode = [[SparseHermitianMatrix.Entry]](repeating: [], count: count)
    for (element, mode) in zip(elements, modes) { byMode[mode].append(element) }
    return (convention, try byMode.map { (entries) throws(FileError) in [try local(entries)] })
  }

  private func local(_ entries: [SparseHermitianMatrix.Entry]) throws(FileError) -> LocalMatrix {
    let orbitals = Set(entries.flatMap { [$0.row, $0.column] }).sorted()
    guard orbitals.count <= 1_000_000, orbitals.count * orbitals.count <= ReadingBudget.available / MemoryLayout<Scalar>.size
    else {
      throw wrongShape(
        "coupling_row", found: "a mode that couples \(orbitals.count) orbitals", allowed: "a matrix that fits into memory")
    }
    var places: [Int: Int] = [:]
    for (place, orbital) in orbitals.enumerated() { places[orbital] = place }
    var matrix = Matrix(rows: orbitals.count, columns: orbitals.count)
    for e in entries { matrix[places[e.row]!, places[e.column]!] = matrix[places[e.row]!, places[e.column]!] + e.value }
    return LocalMatrix(matrix, on: orbitals)
  }

  private func entries(_ name: String, _ kind: NumberKind) throws(FileError) -> [SparseHermitianMatrix.Entry] {
    let (re, im) = try parts(name + "_value", kind, rank: 1)
    let rows = try indices(name + "_row", count: re.values.count)
    let columns = try indices(name + "_column", count: re.values.count)
    return rows.indices.map {
      SparseHermitianMatrix.Entry(rows[$0], columns[$0], Scalar(re.values[$0], im?.values[$0] ?? 0))
    }
  }

  private func indices(_ name: String, count: Int) throws(FileError) -> [Int] {
    let values = try array(name, .plain, rank: 1).values
    guard values.count == count else {
      throw wrongShape(name, found: "\(values.count) indices", allowed: "\(count), one per value")
    }
    var result: [Int] = []
    result.reserveCapacity(count)
    for value in values {
      guard let index = Int(exactly: value), index >= 0 else {
        throw wrongShape(name, found: "\(value)", allowed: "whole numbers from 0")
      }
      result.append(index)
    }
    return result
  }

  private func matrix(
    _ name: String, _ entries: [SparseHermitianMatrix.Entry], size: Int
  ) throws(FileError) -> SparseHermitianMatrix {
    do { return try SparseHermitianMatrix(size: size, entries: entries) } catch {
      switch error {
      case .outOfRange(let entry):
        throw wrongShape(
          name + "_row", found: "element (\(entries[entry].row), \(entries[entry].column))",
          allowed: "indices 0 to \(size - 1), by the attribute 'orbitals'")
      case .notFinite(let entry): throw wrongShape(name + "_value", found: "\(entries[entry].value)", allowed: "finite numbers")
      case .twice(let row, let column):
        throw wrongShape(name + "_row", found: "element (\(row), \(column)) twice", allowed: "each element once")
      case .notHermitian(let row, let column, let defect):
        throw wrongShape(
          name + "_value", found: "|A_ij - conj(A_ji)| = \(defect) at (\(row), \(column))", allowed: "a Hermitian matrix")
      }
    }
  }
}
