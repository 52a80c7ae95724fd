import BosonPropagators
import JunctionModel
import TransportResults

/// What several levels require of a request.
extension LevelRequest {
  /// Throws when rates at the mode energies are wanted and there are none.
  func checkModeRates() throws(SolverError) {
    guard needs.modeRates, !level.hasModeRates(junction) else { return }
    throw SolverError(
      .unsuitableModel, at: .level,
      "rates of emission and absorption are those at the energies of the modes, and level \(level.word.rawValue) of this model has none",
      hint: "Use level: sharp or landauer, with electrons, without modes of energy zero and without gyration")
  }

  /// Throws when the double integral is wanted where it says nothing.
  func checkCrossCheck() throws(SolverError) {
    guard settings.crossCheck, !level.abilities.contains(.doubleIntegral) || junction.conductor.isEmpty else { return }
    throw SolverError(
      .unsuitableModel, at: .crossCheck,
      "the double integral checks the currents between electrons and bosons of level landauer",
      hint: "Use level: landauer with electrons, or leave the \(part: .crossCheck) out")
  }
}

extension StateNeeds {
  /// What only matrices in the modes know.
  package static let onlyMatrices: StateNeeds = [.exchange, .thermalConductance, .matrices]
}
