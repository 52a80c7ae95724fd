import JunctionModel
import TransportResults

/// Which models fluctuations can be computed for.
package enum FluctuationSupport {
  package static let dependentProcesses = SolverError(
    .unsuitableModel, at: .level,
    "fluctuations are known for bosons undressed by electrons: at level dressed the electrons' processes are no longer independent",
    hint: "Use level: sharp or level: landauer")

  /// Throws unless every mode has Ohmic baths of its own and no bath is supplied with particles, as level landauer wants it.
  package static func requireIndependentModes(_ junction: Junction, _ points: OperatingPoints) throws(SolverError) {
    let hint: SolverText = "Use level: sharp, or give the bosons by their modes, with baths of kind ohmic"
    guard junction.bosons.modeVectors == nil else {
      throw SolverError(
        .unsuitableModel, at: .bosons,
        "fluctuations at level landauer are computed for modes that no bath couples; these are given by a dynamical matrix",
        hint: hint)
    }
    for bath in junction.baths {
      guard case .ohmic = bath.kind else {
        throw SolverError(
          .unsuitableModel, at: .bath(bath.name),
          "fluctuations at level landauer are computed for Ohmic baths", hint: hint)
      }
    }
    if points.bathChemicalPotentials.contains(where: { $0.contains { $0 != 0 } }) {
      throw SolverError(
        .unsuitableModel, at: .chemicalPotential(of: nil),
        "fluctuations at level landauer are computed for baths without chemical potential", hint: "Use level: sharp")
    }
  }

  /// Throws for levels and models without counting statistics.
  package static func check(
    _ junction: Junction, _ points: OperatingPoints, _ level: any BosonLevel
  ) throws(SolverError) {
    guard level.abilities.contains(.fluctuations) else { throw dependentProcesses }
    guard !junction.conductor.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .observables, "fluctuations are computed for junctions with electrons",
        hint: "Add conductor and electrodes")
    }
    try junction.requireNoGyration(
      "fluctuations are computed for independent modes, which the gyration mixes", hint: "Leave \(part: .gyration) out")
    if junction.bosons.count > 0 { try level.checkFluctuations(junction, points) }
  }
}
