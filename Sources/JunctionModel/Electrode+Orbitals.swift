import DenseMatrices

extension Electrode {
  /// Orbitals of the conductor the electrode touches, ascending.
  package var touchedOrbitals: [Int] {
    switch kind {
    case .wideBand(let gamma): return gamma.occupiedRows
    case .chain(let lead): return [lead.orbital]
    case .periodic(let lead): return Set(lead.orbitals + (lead.absorption?.orbitals ?? [])).sorted()
    case .table(let table): return Set(table.values.flatMap(\.occupiedRows)).sorted()
    }
  }
}

extension Matrix {
  /// Rows that hold an element other than zero, ascending.
  var occupiedRows: [Int] {
    var isOccupied = [Bool](repeating: false, count: rows)
    for column in 0..<columns {
      for row in 0..<rows where self[row, column] != .zero { isOccupied[row] = true }
    }
    return isOccupied.indices.filter { isOccupied[$0] }
  }
}

extension Junction {
  /// Distance from the diagonal of the elements of e S - H - Sigma over all orbitals, after reordering; nil unless the conductor is long.
  /// Cost: one reordering.
  package var bandwidth: Int? {
    guard let whole = conductor.whole else { return nil }
    let cliques = electrodes.map { $0.touchedOrbitals.map { whole.kept[$0] } }
    return BandOrdering([whole.hamiltonian] + [whole.overlap].compactMap { $0 }, cliques: cliques).bandwidth
  }
}
