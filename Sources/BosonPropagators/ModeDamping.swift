import JunctionModel
import TransportResults

/// Which baths damp a mode, and how strongly.
package struct ModeDamping: Sendable {
  /// Bath indices attached to the mode.
  package let baths: [Int]
  /// eta_p of these baths.
  package let frictions: [Double]
  /// Share of each bath in the mode's spectral weight in the sharp limit: eta_p/sum eta. When all vanish these are equal shares, the limit
  /// of weak Ohmic baths, and zero outside the bands, where no bath takes or gives anything.
  package let shares: [Double]
  package let total: Double
  /// True for a mode that lies outside the bands of all its baths: nothing but electrons could take its energy.
  package let isOutsideBands: Bool

  /// eta_p = Gamma_p,kk(W)/2W of every bath that touches the mode.
  package init(_ junction: Junction, _ environment: BosonEnvironment, mode: Int) {
    var baths: [Int] = []
    var frictions: [Double] = []
    for (p, bath) in junction.baths.enumerated() where bath.touches(mode, of: junction.bosons) {
      baths.append(p)
      frictions.append(environment.baths[p].friction(ofMode: mode, energy: environment.modeEnergies[mode]))
    }
    let total = frictions.reduce(0, +)
    self.baths = baths
    self.frictions = frictions
    self.total = total
    let isOutside =
      total == 0
      && !baths.isEmpty
      && baths.allSatisfy { p in
        if case .ohmic = junction.baths[p].kind { false } else { true }
      }
    isOutsideBands = isOutside
    shares = frictions.map { total > 0 ? $0 / total : isOutside ? 0 : 1 / Double(baths.count) }
  }
}

extension BosonBath {
  /// True when one of the bath's coordinates takes part in the mode.
  package func touches(_ mode: Int, of bosons: BosonSystem) -> Bool {
    guard let vectors = bosons.modeVectors else { return coordinates.contains(mode) }
    return coordinates.contains { abs(vectors[$0, mode].rawStorage.x) > 1e-12 }
  }
}

extension Junction {
  /// Modes that no bath touches: their energy currents have no meaning. Level sharp has no place for free translations.
  package func requireBaths() throws(SolverError) {
    for mode in bosons.modeEnergies.indices where !baths.contains(where: { $0.touches(mode, of: bosons) }) {
      throw SolverError(
        .unsuitableModel, at: .baths, "mode \(mode) (energy \(bosons.modeEnergies[mode])) has no bath to exchange energy with",
        hint: "Add a bath with this coordinate, for example ph: {kind: ohmic, coordinates: [\(mode)], friction: 0.01}")
    }
  }

  /// True where some mode lies outside the bands of all its baths: at level `sharp` it has no steady population.
  package func hasModesOutsideBands(_ environment: BosonEnvironment) -> Bool {
    bosons.modeEnergies.indices.contains { ModeDamping(self, environment, mode: $0).isOutsideBands }
  }

  /// Modes of energy zero, which have no population.
  package func requireNoZeroModes(for what: String) throws(SolverError) {
    guard let mode = bosons.zeroModes.first else { return }
    throw SolverError(
      .unsuitableModel, at: .bosons,
      "mode \(mode) has energy zero (a free translation or rotation), and \(what) needs a frequency",
      hint: "Leave it out with \(part: .projectedModes): \(bosons.zeroModes), or ask for currents at level landauer or dressed")
  }

  /// Refuses what is known for normal modes one by one only; Theory.md section 10.
  package func requireNoGyration(_ why: String, hint: SolverText) throws(SolverError) {
    guard bosons.gyration != nil else { return }
    throw SolverError(.unsuitableModel, at: .gyration, why, hint: hint)
  }

  /// Modes without damping: the frequency integral of level landauer does not exist.
  package func requireDamping(_ environment: BosonEnvironment) throws(SolverError) {
    try requireBaths()
    for mode in bosons.modeEnergies.indices where ModeDamping(self, environment, mode: mode).total == 0 {
      throw SolverError(
        .unsuitableModel, at: .baths,
        "mode \(mode) is undamped: its frictions add up to 0, and level landauer divides by them",
        hint: "Give a bath of this mode a friction above 0, or use level: sharp")
    }
  }
}
