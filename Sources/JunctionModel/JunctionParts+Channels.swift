import DenseMatrices

/// Electrons of several channels that do not mix (spins), as one conductor: H = H_up + H_down as a direct sum.
extension JunctionParts.Electrons {
  /// The conductors one after another; all have the spin degeneracy of the first. Matrices are dense where there is more than one.
  package static func directSum(_ channels: [JunctionParts.Electrons]) -> JunctionParts.Electrons {
    guard channels.count > 1 else { return channels.first ?? .dense(.none) }
    let conductors = channels.map(\.dense)
    let hasOverlap = conductors.contains { $0.overlap != nil }
    let overlap = hasOverlap ? Matrix.directSum(conductors.map { $0.overlap ?? Matrix.identity($0.orbitals) }) : nil
    return .dense(
      Conductor(
        hamiltonian: Matrix.directSum(conductors.map(\.hamiltonian)), overlap: overlap,
        spinDegeneracy: conductors[0].spinDegeneracy))
  }

  /// The conductor with dense matrices.
  package var dense: Conductor {
    switch self {
    case .dense(let conductor): conductor
    case .sparse(let hamiltonian, let overlap, let spin):
      Conductor(hamiltonian: hamiltonian.dense, overlap: overlap?.dense, spinDegeneracy: spin)
    }
  }
}

extension Matrix {
  /// Square matrices along the diagonal, zero elsewhere.
  package static func directSum(_ blocks: [Matrix]) -> Matrix {
    let size = blocks.reduce(0) { $0 + $1.rows }
    var (sum, first) = (Matrix(rows: size, columns: size), 0)
    for block in blocks {
      for j in 0..<block.columns { for i in 0..<block.rows { sum[first + i, first + j] = block[i, j] } }
      first += block.rows
    }
    return sum
  }
}

extension Electrode {
  /// The electrode of a conductor with `size` orbitals, as one of a larger conductor in which these begin at `first`.
  package func moved(to first: Int, size: Int, named name: String) -> Electrode {
    let all = (orbitals ?? Array(0..<size)).map { first + $0 }
    switch kind {
    case .wideBand, .table: return Electrode(name, kind, on: all)
    case .chain(let lead):
      return Electrode(
        name,
        .chain(ChainLead(orbital: first + lead.orbital, energy: lead.energy, hopping: lead.hopping, coupling: lead.coupling)))
    case .periodic(let lead):
      return Electrode(name, .periodic(lead.placed { first + $0 }))
    }
  }
}

extension LocalMatrix {
  /// The matrix of a conductor with `size` orbitals, as one of a larger conductor in which these begin at `first`.
  package func moved(to first: Int, size: Int) -> LocalMatrix {
    LocalMatrix(matrix, on: (orbitals ?? Array(0..<size)).map { first + $0 })
  }
}
