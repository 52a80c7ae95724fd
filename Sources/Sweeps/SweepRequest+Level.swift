import JunctionModel
import TransportCurrents
import TransportResults

extension SweepRequest {
  /// The level of theory asked for.
  var level: any BosonLevel { settings.level.theory }

  /// What is asked of the level.
  var levelRequest: LevelRequest { LevelRequest(junction, points, settings) }

  /// What the observables require to be computed.
  var needs: Needs { Needs(junction, settings) }

  /// Where spectra are wanted, internal units.
  var frequencies: [Double] { settings.frequencies ?? junction.bosons.modeEnergies }

  /// True when the real part of the electrons' self-energy dresses the bosons.
  var hasDispersion: Bool {
    guard let part = level.dressing(settings) else { return false }
    return part != .none
  }

  /// True when the result tells the pair density of every mode and channel, which comes from the rates at the mode energies.
  var hasModePairDensity: Bool { needs.bosonCurrents && level.hasModeRates(junction) }

  /// Accuracy relative to the tolerance of a run: that of kernels.
  ///
  /// Fourth powers of the energy weigh the far ends of the occupations; elements of the Onsager matrix are held against each other, not
  /// against a gross flow; and where a motion has no spring, the channels cancel at w = 0.
  var kernelTolerance: Double {
    let definitions = settings.observables.map(\.definition)
    let fluctuations = definitions.contains { $0.needs.contains(.fluctuations) } ? 0.01 : 1
    let response = definitions.contains { !$0.responseReadings.isEmpty } ? 0.1 : 1
    let freedom = junction.bosons.zeroModes.isEmpty ? 1 : 0.1
    return min(level.kernelAccuracy, fluctuations, response, freedom) * settings.tolerance
  }

  /// The largest |w|, internal units, at which a pair kernel will be wanted besides the mode energies.
  var largestFrequency: Double {
    let needs = needs
    let listed = needs.spectra.isEmpty && needs.light.isEmpty ? 0 : largestListedFrequency
    let hasBosons =
      needs.bosonCurrents || needs.populations || !needs.linearResponse.isEmpty || !needs.derivatives.isEmpty
    return hasBosons ? max(listed, level.highestFrequency(levelRequest)) : listed
  }

  /// The largest w, internal units, at which a bath will be asked for.
  var highestBosonFrequency: Double {
    let response = needs.linearResponse.isEmpty ? 0 : LinearResponseSolver.highestFrequency(hottest: points.hottestEquilibrium)
    return max(
      largestListedFrequency, LandauerSolver.highestFrequency(points), response, 2 * junction.bosons.highestEnergy)
  }

  private var largestListedFrequency: Double { settings.frequencies?.reduce(0) { max($0, abs($1)) } ?? 0 }
}
