import Foundation

/// A ring of equal cells along x with springs between neighbouring atoms, as a supercell of force constants.
///
/// Atoms alternate between the elements of the cell; springs are diagonal, one for each direction, eV/angstrom^2.
struct SpringRing {
  /// Symbols and masses (amu) of the atoms of a cell.
  var basis: [(symbol: String, mass: Double)] = [("C", 12.011)]
  /// Cells in the ring.
  var cells = 7
  /// Springs to the next atom, by direction.
  var springs = [20.0, 8, 5]
  /// Springs to the atom behind the next one.
  var far = [0.0, 0, 0]

  var count: Int { cells * basis.count }
  /// Distance of atoms, angstrom.
  let spacing = 2.0

  /// Atoms in the order of the ring: symbol, mass, x.
  var atoms: [(symbol: String, mass: Double, x: Double)] {
    (0..<count).map { (basis[$0 % basis.count].symbol, basis[$0 % basis.count].mass, spacing * Double($0)) }
  }

  /// Phi(i, j), diagonal in the directions.
  func spring(_ i: Int, _ j: Int, _ direction: Int) -> Double {
    let distance = min((i - j + count) % count, (j - i + count) % count)
    switch distance {
    case 0: return 2 * (springs[direction] + far[direction])
    case 1: return -springs[direction]
    case 2: return -far[direction]
    default: return 0
    }
  }

  private func row(_ i: Int, _ j: Int, _ a: Int) -> String {
    (0..<3).map { $0 == a ? "\(spring(i, j, a))" : "0.0" }.joined(separator: " ")
  }

  /// SIESTA's LABEL.FC of displaced atoms: minus and plus differ by `skew`.
  func siestaForceConstants(displaced: Range<Int>? = nil, skew: Double = 0) -> String {
    var lines = ["Force constants matrix. n_atoms, displacement [Ang]: \(count) 0.02"]
    for i in displaced ?? 0..<count {
      for a in 0..<3 {
        for sign in [-1.0, 1] {
          for j in 0..<count {
            lines.append((0..<3).map { $0 == a ? "\(spring(i, j, a) + sign * skew)" : "0.0" }.joined(separator: "   "))
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// SIESTA's LABEL.XV, lengths in bohr.
  func siestaGeometry(number: Int = 6) -> String {
    let bohr = 0.529177210903
    let length = spacing * Double(count) / bohr
    var lines = ["\(length) 0 0 0 0 0", "0 20 0 0 0 0", "0 0 20 0 0 0", "\(count)"]
    for atom in atoms { lines.append("1 \(number) \(atom.x / bohr) 0 0 0 0 0") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// phonopy's text form of the rows of some atoms.
  func forceConstantsText(rows: [Int]? = nil, factor: Double = 1) -> String {
    let rows = rows ?? Array(0..<count)
    var lines = [rows.count == count ? "\(count)" : "\(rows.count) \(count)"]
    for i in rows {
      for j in 0..<count {
        lines.append("\(i + 1) \(j + 1)")
        for a in 0..<3 { lines.append((0..<3).map { $0 == a ? "\(factor * spring(i, j, a))" : "0.0" }.joined(separator: "  ")) }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A phonopy file; `rows` of force constants as a section of it, none for nil.
  func phonopy(rows: [Int]?, unit: String = "eV/angstrom^2", masses: Bool = true) -> String {
    let length = spacing * Double(count)
    var lines = [
      "phonopy:", "  version: \"2.20\"", "physical_unit:", "  atomic_mass: \"AMU\"", "  length: \"angstrom\"",
      "  force_constants: \"\(unit)\"", "supercell:", "  lattice:", "  - [ \(length), 0.0, 0.0 ] # a",
      "  - [ 0.0, 20.0, 0.0 ] # b",
      "  - [ 0.0, 0.0, 20.0 ] # c*", "  points:",
    ]
    for (i, atom) in atoms.enumerated() {
      lines += ["  - symbol: \(atom.symbol) # \(i + 1)", "    coordinates: [ \(atom.x / length), 0.5, 0.5 ]"]
      if masses { lines.append("    mass: \(atom.mass)") }
      lines.append("    reduced_to: \(i % basis.count + 1)")
    }
    guard let rows else { return lines.joined(separator: "\n") + "\n" }
    lines += [
      "force_constants:", "  format: \"\(rows.count == count ? "full" : "compact")\"", "  shape: [ \(rows.count), \(count) ]",
      "  elements:",
    ]
    for i in rows {
      for j in 0..<count {
        lines.append("  - # (\(i + 1), \(j + 1))")
        for a in 0..<3 { lines.append("    - [ " + row(i, j, a).split(separator: " ").joined(separator: ", ") + " ]") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// hbar^2 eV/(angstrom^2 amu) in eV^2, out of CODATA 2018.
  static let factor = 1.054571817e-34 * 1.054571817e-34 / 1.602176634e-19 * 1e20 / 1.66053906660e-27
}

extension String {
  func write(to path: String) throws { try write(toFile: path, atomically: true, encoding: .utf8) }
}
