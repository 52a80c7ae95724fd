import DataFiles
import DenseMatrices
import JunctionModel

/// An atom of a calculation of forces.
package struct Atom: Sendable {
  /// Symbol of the element, or the program's own name of it.
  package let symbol: String
  /// Mass, amu.
  package let mass: Double
  /// Position, angstrom.
  package let position: SIMD3<Double>
}

/// Atoms of a cell or supercell and the force constants between them, Phi_ij = d^2 E/dr_i dr_j in eV/angstrom^2.
///
/// Rows may be known for some atoms only: those that the program displaced.
package struct ForceConstants: Sendable {
  /// The file that holds the numbers, for messages.
  package let path: String
  package let atoms: [Atom]
  /// Lattice vectors of the (super)cell, angstrom.
  package let cell: [SIMD3<Double>]
  /// Atoms whose rows are known, ascending.
  package let known: [Int]
  /// Place of an atom's row in `values`; nil where it is not known.
  private let rowOf: [Int?]
  /// Shape (3 known, 3 atoms), row-major.
  private var values: [Double]

  /// More atoms than this need more memory than they are worth: a matrix of 2000 atoms has 288 MB.
  package static let mostAtoms = 2000

  /// Takes rows over as they are. `values`: shape (3 known, 3 atoms).
  package init(path: String, atoms: [Atom], cell: [SIMD3<Double>], known: [Int], values: [Double]) {
    precondition(values.count == 9 * known.count * atoms.count, "force constants: \(values.count) numbers")
    (self.path, self.atoms, self.cell, self.known, self.values) = (path, atoms, cell, known, values)
    var rows = [Int?](repeating: nil, count: atoms.count)
    for (row, atom) in known.enumerated() { rows[atom] = row }
    rowOf = rows
  }

  package var count: Int { atoms.count }

  /// True when the row of an atom is known.
  package func isKnown(_ atom: Int) -> Bool { rowOf[atom] != nil }

  /// Phi between coordinate a of atom i and b of atom j: the mean of both rows where both are known.
  package func spring(_ i: Int, _ a: Int, _ j: Int, _ b: Int) -> Double {
    switch (rowOf[i], rowOf[j]) {
    case (let row?, let other?): return 0.5 * (value(row, a, j, b) + value(other, b, i, a))
    case (let row?, nil): return value(row, a, j, b)
    case (nil, let other?): return value(other, b, i, a)
    case (nil, nil): return 0
    }
  }

  private func value(_ row: Int, _ a: Int, _ j: Int, _ b: Int) -> Double { values[(3 * row + a) * 3 * count + 3 * j + b] }

  /// An element of a row that is known, as it was read.
  func readValue(_ i: Int, _ a: Int, _ j: Int, _ b: Int) -> Double { rowOf[i].map { value($0, a, j, b) } ?? 0 }

  /// The largest |Phi|.
  package var largest: Double { values.reduce(0) { max($0, abs($1)) } }

  /// The largest |Phi_ij - Phi_ji| of atoms whose rows are both known.
  package var asymmetry: Double {
    var most = 0.0
    for (row, i) in known.enumerated() {
      for (other, j) in known.enumerated() where other > row {
        for a in 0..<3 {
          for b in 0..<3 { most = max(most, abs(value(row, a, j, b) - value(other, b, i, a))) }
        }
      }
    }
    return most
  }

  /// The largest force on an atom, |sum_j Phi_ij|, when all atoms are displaced alike: zero by the acoustic sum rule.
  package var sumRuleViolation: Double {
    var most = 0.0
    for row in known.indices {
      for a in 0..<3 {
        for b in 0..<3 { most = max(most, abs((0..<count).reduce(0.0) { $0 + value(row, a, $1, b) })) }
      }
    }
    return most
  }

  /// Factor from eV/angstrom^2 over amu to eV^2, with hbar^2: 4.180159e-3.
  package static let springFactor: Double = {
    let hbar = PhysicalConstants.reducedPlanck / PhysicalConstants.elementaryCharge
    return hbar * hbar * PhysicalConstants.elementaryCharge * 1e20 / PhysicalConstants.atomicMass
  }()

  /// 3x3 blocks between two lists of atoms, eV/angstrom^2.
  package func block(_ rows: [Int], _ columns: [Int]) -> Matrix {
    var matrix = Matrix(rows: 3 * rows.count, columns: 3 * columns.count)
    for (i, atom) in rows.enumerated() {
      for (j, other) in columns.enumerated() {
        for a in 0..<3 {
          for b in 0..<3 { matrix[3 * i + a, 3 * j + b] = Scalar(spring(atom, a, other, b), 0) }
        }
      }
    }
    return matrix
  }

  /// K = hbar^2 Phi/sqrt(m_i m_j), eV^2, of a block between two lists of atoms.
  package func massWeighted(_ block: Matrix, _ rows: [Int], _ columns: [Int]) -> Matrix {
    var matrix = block
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns {
        let masses = (atoms[rows[i / 3]].mass * atoms[columns[j / 3]].mass).squareRoot()
        matrix[i, j] = Scalar(block[i, j].real * Self.springFactor / masses, 0)
      }
    }
    return matrix
  }

  /// The largest spring between two lists of atoms, and where.
  package func largest(between rows: [Int], and columns: [Int]) -> (value: Double, i: Int, j: Int) {
    var most = (value: 0.0, i: rows.first ?? 0, j: columns.first ?? 0)
    for i in rows {
      for j in columns {
        for a in 0..<3 {
          for b in 0..<3 where abs(spring(i, a, j, b)) > most.value { most = (abs(spring(i, a, j, b)), i, j) }
        }
      }
    }
    return most
  }

  /// Complains about atoms and lattice vectors that are nowhere: what is looked up by position needs numbers that can be counted in boxes.
  func requirePlaces() throws(FileError) {
    func isNear(_ v: SIMD3<Double>) -> Bool { (0..<3).allSatisfy { abs(v[$0]) < 1e9 } }
    if let bad = cell.first(where: { !isNear($0) }) {
      throw FileError(
        .invalidData, in: path, found: "a lattice vector (\(bad.x), \(bad.y), \(bad.z)) angstrom",
        allowed: "lattice vectors below 1e9 angstrom")
    }
    guard let bad = atoms.firstIndex(where: { !isNear($0.position) }) else { return }
    throw FileError(
      .invalidData, in: path, found: "atom \(bad + 1) at a position that is none, or more than 1e9 angstrom away",
      allowed: "positions in the cell")
  }

  /// Complains where uniform translations meet more than a tenth of the largest spring: then something is missing.
  package func requireSumRule() throws(FileError) {
    let (violation, largest) = (sumRuleViolation, largest)
    guard largest > 0 else {
      throw FileError(.invalidData, in: path, found: "force constants that are all zero", allowed: "springs between atoms")
    }
    guard violation <= 0.1 * largest else {
      throw FileError(
        .invalidData, in: path,
        found: "a force of \(Self.digits(violation)) eV/angstrom^2 on an atom when all atoms move alike, "
          + "\(Self.digits(100 * violation / largest)) % of the largest spring",
        allowed: "the acoustic sum rule, up to 10 % of the largest spring (\(Self.digits(largest)) eV/angstrom^2)",
        hint: "is the file complete, and of this structure? a finer grid or smaller displacements help too")
    }
  }

  /// Three digits.
  package static func digits(_ value: Double) -> String { Wording.digits(value) }
}

/// Numbers in messages.
enum Wording {
  /// Three significant digits.
  static func digits(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
    // Numbers whose scale would overflow.
    guard abs(value) > 1e-290 else { return "\(value)" }
    var (scale, magnitude) = (1.0, abs(value))
    while magnitude < 100 { (scale, magnitude) = (scale * 10, magnitude * 10) }
    while magnitude >= 1000 { (scale, magnitude) = (scale / 10, magnitude / 10) }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e6 ? "\(Int(rounded))" : "\(rounded)"
  }
}
