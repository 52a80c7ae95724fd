import JunctionModel

/// Which baths damp a mode, and how strongly.
struct ModeDamping: Sendable {
  /// Bath indices attached to the mode.
  let baths: [Int]
  /// eta_p of these baths.
  let frictions: [Double]
  /// Share of each bath in the mode's spectral weight in the sharp limit: eta_p/sum eta, equal shares when all vanish.
  let shares: [Double]
  let total: Double

  init(_ junction: Junction, mode: Int) {
    var baths: [Int] = []
    var frictions: [Double] = []
    for (p, bath) in junction.baths.enumerated() where bath.coordinates.contains(mode) {
      guard case .ohmic(let friction) = bath.kind else { continue }
      baths.append(p)
      frictions.append(friction)
    }
    let total = frictions.reduce(0, +)
    self.baths = baths
    self.frictions = frictions
    self.total = total
    shares = frictions.map { total > 0 ? $0 / total : 1 / Double(baths.count) }
  }
}

extension Junction {
  /// Modes that no bath touches: their energy currents have no meaning.
  package func requireBaths() throws(SolverError) {
    for mode in bosons.modeEnergies.indices where !baths.contains(where: { $0.coordinates.contains(mode) }) {
      throw SolverError(
        .unsuitableModel, at: ["baths"], "mode \(mode) (energy \(bosons.modeEnergies[mode])) has no bath to exchange energy with",
        hint: "Add a bath with this coordinate, for example ph: {kind: ohmic, coordinates: [\(mode)], friction: 0.01}")
    }
  }

  /// Modes without damping: the frequency integral of level landauer does not exist.
  package func requireDamping() throws(SolverError) {
    try requireBaths()
    for mode in bosons.modeEnergies.indices where ModeDamping(self, mode: mode).total == 0 {
      throw SolverError(
        .unsuitableModel, at: ["baths"],
        "mode \(mode) is undamped: its frictions add up to 0, and level landauer divides by them",
        hint: "Give a bath of this mode a friction above 0, or use level: sharp")
    }
  }
}
