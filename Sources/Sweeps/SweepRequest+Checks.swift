import JunctionModel
import TransportCurrents
import TransportResults

/// Which requests can be served.
extension SweepRequest {
  /// Throws `.unsuitableModel` when the numbers of this junction and its states cannot be served.
  package func checkNumbers() throws(SolverError) {
    try checkMagnitudes()
    try checkContrast()
    let needs = needs
    if needs.fluctuations { try checkFluctuations() }
    if needs.bosonCurrents || needs.populations || (!needs.linearResponse.isEmpty && junction.bosons.count > 0) {
      try level.check(levelRequest)
    }
  }

  /// Throws `.unsuitableModel` when the model lacks something the observables need.
  func check() throws(SolverError) {
    let (needs, tolerance) = (needs, settings.tolerance)
    guard tolerance >= 1e-12 && tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: .tolerance, "a relative tolerance of \(tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    try checkNumbers()
    if !needs.linearResponse.isEmpty { try LinearResponseSweep.check(self) }
    if !needs.derivatives.isEmpty { try ConductanceSweep.check(self) }
    if !needs.spectra.isEmpty || needs.variables.contains(where: { $0.quantity.dimensions.contains(.mode) }),
      junction.bosons.count == 0
    {
      throw SolverError(
        .unsuitableModel, at: .observables, "pair spectra and mode populations need bosons, the model has none",
        hint: "Add bosons, baths and coupling, or ask for charge_current and transmission only")
    }
    try LightSupport.check(self, needs)
    try Rectification.check(self, needs)
    if needs.transmission, settings.energies.isEmpty {
      throw SolverError(
        .unsuitableModel, at: .observables, "transmission is asked for without energies",
        hint: "Add \(part: .energies), for example energies: {from: -1, to: 1, points: 201}")
    }
  }

  private func checkFluctuations() throws(SolverError) {
    try FluctuationSupport.check(junction, points, level)
    guard settings.observables.contains(.quantaDistribution) else { return }
    guard let time = settings.countingTime, time >= 0, time.isFinite else {
      throw SolverError(
        .unsuitableModel, at: .observables, "quanta_distribution is asked for without a time to count over",
        hint: "Add \(part: .countingTime), for example 100")
    }
    guard (1...100_000).contains(settings.quanta) else {
      throw SolverError(
        .unsuitableModel, at: .largestQuanta, "a distribution of up to \(settings.quanta) quanta cannot be served",
        hint: "Choose between 1 and 100000")
    }
  }
}
