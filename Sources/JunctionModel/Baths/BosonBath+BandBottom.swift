import ComplexModule
import DenseMatrices

extension BosonBathKind {
  /// The lowest frequency the bath takes energy at: its bosons condense when their chemical potential reaches it.
  ///
  /// 0 for ohmic and closed forms, sqrt(onsite) for a chain, the last frequency of a table below which Gamma vanishes. nil where
  /// only the solver can tell (periodic) or no bath exists (an empty table).
  package var bandBottom: Double? {
    switch self {
    case .ohmic, .closed: return 0
    case .chain(let lead): return lead.onsite.squareRoot()
    case .periodic: return nil
    case .table(let table): return table.bandBottom
    }
  }
}

extension TabulatedBosonSelfEnergy {
  /// |Im Pi| below this fraction of the largest is no band.
  private static let negligible = 1e-9

  /// The last frequency before the first one with Gamma > 0; between them Gamma rises. nil when Gamma vanishes everywhere.
  var bandBottom: Double? {
    let sizes = values.map(\.largestImaginary)
    let floor = Self.negligible * (sizes.max() ?? 0)
    guard let first = sizes.firstIndex(where: { $0 > floor }) else { return nil }
    return first == 0 ? 0 : frequencies[first - 1]
  }
}

extension Junction {
  /// The lowest energy of the modes a bath touches; nil when it touches none.
  public func lowestModeEnergy(of bath: BosonBath) -> Double? {
    bosons.modeEnergies.indices.filter { touches(bath, mode: $0) }.map { bosons.modeEnergies[$0] }.min()
  }

  private func touches(_ bath: BosonBath, mode: Int) -> Bool {
    guard let vectors = bosons.modeVectors else { return bath.coordinates.contains(mode) }
    return bath.coordinates.contains { vectors[$0, mode].length > 1e-10 }
  }
}
