import DataFiles
import JunctionModel
import TransportResults

/// What a number of a state must obey, beyond being finite.
protocol StateLimit: Sendable {
  /// True when the number (user's units) is allowed.
  func allows(_ number: Double) -> Bool
  /// The error of a number that is not; `place` says at which state.
  func error(_ number: Double, at place: String, in value: ModelValue) -> FileError
}

/// What the chemical potential nu of a boson bath must stay below: where n(w - nu) diverges, the bosons condense.
struct PotentialLimit: StateLimit {
  let bath: String
  /// The lowest energy of the bath's bosons, or at level `sharp` of the modes it touches.
  let energy: Double
  /// What the energy is, in words.
  private let meaning: String
  private let advice: String

  /// The limit of a bath at a level; nil where it has none or only the solver knows it.
  init?(_ bath: BosonBath, of junction: Junction, level: ComputeSettings.Level) {
    self.bath = bath.name
    if !level.hasWidths {
      guard let energy = junction.lowestModeEnergy(of: bath) else { return nil }
      (self.energy, meaning, advice) = (energy, "the lowest mode the bath touches", "lower it, or detach the bath from that mode")
    } else {
      guard let energy = bath.kind.bandBottom else { return nil }
      (self.energy, meaning) = (energy, "the bottom of the bath's band")
      advice = "lower it, or give the bath a gap: kind chain with onsite > 0, or level sharp, where the modes set the limit"
    }
  }

  /// True for energies strictly below the limit, and for the ordinary bath without particle supply.
  func allows(_ potential: Double) -> Bool { potential < energy || (potential == 0 && energy == 0) }

  /// The error of a chemical potential at some state, `place` in words.
  func error(_ potential: Double, at place: String, in value: ModelValue) -> FileError {
    let unit = value.units == .electronVolt ? " eV" : ""
    return value.fail(
      .outOfRange,
      found:
        "the chemical potential \(potential)\(unit) of the bosons of '\(bath)'\(place), not below \(energy)\(unit), \(meaning): "
        + "their number n diverges there, they would condense",
      allowed: energy == 0 ? "0, or negative energies" : "energies below \(energy)\(unit)", hint: advice)
  }
}
