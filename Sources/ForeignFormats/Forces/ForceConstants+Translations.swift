import DataFiles
import DenseMatrices

extension ForceConstants {
  /// All rows out of those of a primitive cell: Phi(i, j) = Phi(p, j - t) where atom i is atom p moved by the lattice vector t.
  ///
  /// `primitive`: for each atom the one of the primitive cell it is an image of, whose row must be known. Throws `invalidData` where an
  /// atom has no image. Cost: as many look-ups as the square of the number of atoms over the size of the primitive cell, and a copy.
  package func expanded(primitive: [Int]) throws(FileError) -> ForceConstants {
    guard known.count < count else { return self }
    guard let periodic = PeriodicAtoms(atoms: atoms, cell: cell) else {
      throw FileError(.invalidData, in: path, found: "lattice vectors without volume", allowed: "three lattice vectors")
    }
    var all = [Double](repeating: 0, count: 9 * count * count)
    var images: [SIMD3<Double>: [Int]] = [:]
    for i in atoms.indices {
      let p = primitive[i]
      guard isKnown(p) else {
        throw FileError(
          .invalidData, in: path, found: "no force constants of atom \(p + 1)",
          allowed: "those of every atom of the primitive cell (compact) or of all atoms (full)")
      }
      let shift = periodic.shortest(atoms[i].position - atoms[p].position)
      let rounded = (shift * 1e3).rounded(.toNearestOrEven)
      if images[rounded] == nil { images[rounded] = try translated(by: shift, periodic) }
      guard let image = images[rounded] else { continue }
      for j in atoms.indices {
        for a in 0..<3 {
          for b in 0..<3 { all[(3 * i + a) * 3 * count + 3 * j + b] = readValue(p, a, image[j], b) }
        }
      }
    }
    return ForceConstants(path: path, atoms: atoms, cell: cell, known: Array(atoms.indices), values: all)
  }

  /// For each atom j the atom at r_j - t.
  private func translated(by t: SIMD3<Double>, _ periodic: PeriodicAtoms) throws(FileError) -> [Int] {
    try atoms.enumerated().map { (number, atom) throws(FileError) in
      guard let image = periodic.atom(at: atom.position - t, within: 0.05), atoms[image].symbol == atom.symbol else {
        throw FileError(
          .invalidData, in: path,
          found: "no atom of the kind of atom \(number + 1) a lattice vector away from it",
          allowed: "a supercell of equal cells: compact force constants stand for all of them")
      }
      return image
    }
  }

  /// The force constants of one primitive cell for motions that are the same in all: sum over images of Phi(p, j), as a cell of its own.
  ///
  /// `primitive` as above. Atoms keep their positions.
  package func homogeneous(primitive: [Int]) throws(FileError) -> ForceConstants {
    let members = Set(primitive).sorted()
    guard members.count < count || known.count < count else { return self }
    let place = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    var values = [Double](repeating: 0, count: 9 * members.count * members.count)
    for (i, p) in members.enumerated() {
      guard isKnown(p) else {
        throw FileError(
          .invalidData, in: path, found: "no force constants of atom \(p + 1)",
          allowed: "those of every atom of the primitive cell")
      }
      for j in atoms.indices {
        guard let column = place[primitive[j]] else { continue }
        for a in 0..<3 {
          for b in 0..<3 { values[(3 * i + a) * 3 * members.count + 3 * column + b] += readValue(p, a, j, b) }
        }
      }
    }
    return ForceConstants(
      path: path, atoms: members.map { atoms[$0] }, cell: cell, known: Array(members.indices), values: values)
  }

  /// The same between chosen atoms, the others held fast.
  package func fragment(_ chosen: [Int]) -> ForceConstants {
    var values: [Double] = []
    values.reserveCapacity(9 * chosen.count * chosen.count)
    for i in chosen {
      for a in 0..<3 {
        for j in chosen {
          for b in 0..<3 { values.append(spring(i, a, j, b)) }
        }
      }
    }
    return ForceConstants(
      path: path, atoms: chosen.map { atoms[$0] }, cell: cell, known: Array(chosen.indices), values: values)
  }

  /// Phi' = (1 - P) Phi (1 - P), symmetric, with P the projector on uniform translations: the acoustic sum rule, restored evenly.
  package func translationallyInvariant() -> ForceConstants {
    precondition(known.count == count)
    var phi = [Double](repeating: 0, count: 9 * count * count)
    let width = 3 * count
    for i in atoms.indices {
      for a in 0..<3 {
        for j in atoms.indices { for b in 0..<3 { phi[(3 * i + a) * width + 3 * j + b] = spring(i, a, j, b) } }
      }
    }
    var means = [Double](repeating: 0, count: 3 * width)  // (a, column): mean over atoms i
    for i in 0..<width { for c in 0..<width { means[(i % 3) * width + c] += phi[i * width + c] / Double(count) } }
    var total = [Double](repeating: 0, count: 9)
    for a in 0..<3 { for c in 0..<width { total[3 * a + c % 3] += means[a * width + c] / Double(count) } }
    for i in 0..<width {
      for c in 0..<width {
        phi[i * width + c] += total[3 * (i % 3) + c % 3] - means[(i % 3) * width + c] - means[(c % 3) * width + i]
      }
    }
    return ForceConstants(path: path, atoms: atoms, cell: cell, known: known, values: phi)
  }
}
