import DenseMatrices

extension Junction {
  /// True when a self-energy is known on a grid only.
  package var hasTables: Bool {
    electrodes.contains { if case .table = $0.kind { true } else { false } }
      || baths.contains { if case .table = $0.kind { true } else { false } }
  }

  /// The same junction with every second inner point of its tables left out, the first or the second of them first; what its results
  /// differ by tells what interpolation is worth. Four points are joined by straight lines instead.
  package func leavingOutTablePoints(from first: Int) -> Junction {
    let electrodes = electrodes.map { electrode in
      guard case .table(let table) = electrode.kind else { return electrode }
      let (grid, values) = Self.thinned(table.energies, table.values, from: first)
      return Electrode(
        electrode.name, .table(TabulatedSelfEnergy(energies: grid, values: values)), on: electrode.orbitals)
    }
    let baths = baths.map { bath in
      guard case .table(let table) = bath.kind else { return bath }
      let (grid, values) = Self.thinned(table.frequencies, table.values, from: first)
      return BosonBath(
        bath.name, .table(TabulatedBosonSelfEnergy(frequencies: grid, values: values)), coordinates: bath.coordinates)
    }
    return Junction(unchecked: conductor, electrodes: electrodes, bosons: bosons, baths: baths, coupling: coupling)
  }

  private static func thinned(_ grid: [Double], _ values: [Matrix], from first: Int) -> ([Double], [Matrix]) {
    guard grid.count > 4 else {
      let middles = grid.indices.dropLast().flatMap { i in
        [(grid[i], values[i]), (0.5 * (grid[i] + grid[i + 1]), 0.5 * (values[i] + values[i + 1]))]
      }
      return (middles.map(\.0) + grid.suffix(1), middles.map(\.1) + values.suffix(1))
    }
    var left = grid.count - 4
    let kept = grid.indices.filter { i in
      guard i > 0, i < grid.count - 1, (i - 1 - first).isMultiple(of: 2), left > 0 else { return true }
      left -= 1
      return false
    }
    return (kept.map { grid[$0] }, kept.map { values[$0] })
  }
}
