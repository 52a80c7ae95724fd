import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportResults

/// How the bosons enter the currents: a level of theory is a type (Theory.md section 3).
///
/// A new one is a folder here with a conformance, a case of `ComputeSettings.Level`, and its line in `ComputeSettings.Level.theory`;
/// nothing outside asks which level it has before it.
package protocol BosonLevel: Sendable {
  /// The user's word for it.
  var word: ComputeSettings.Level { get }
  /// What exists at this level.
  var abilities: LevelAbilities { get }
  /// Share of the tolerance that kernels are computed to: below 1 where the level amplifies their errors.
  var kernelAccuracy: Double { get }
  /// Boson energies at which a typical state wants pair kernels besides those of the modes: for estimates of time.
  var typicalFrequencies: Double { get }

  /// Which real part of the electrons' self-energy dresses the bosons; nil where the electrons do not dress them at all.
  func dressing(_ settings: ComputeSettings) -> ComputeSettings.Renormalization?
  /// The level in words, with the settings that matter at it.
  func describe(_ settings: ComputeSettings) -> String

  /// Throws `SolverError.unsuitableModel` when currents, populations or linear response of a request do not exist at this level.
  func check(_ request: LevelRequest) throws(SolverError)
  /// Throws `.unsuitableModel` when fluctuations of a junction with bosons do not exist at this level.
  func checkFluctuations(_ junction: Junction, _ points: OperatingPoints) throws(SolverError)

  /// True when populations and stability come from the rates at the mode energies (Theory.md section 5).
  func hasModeRates(_ junction: Junction) -> Bool
  /// True when the bosons of a request are matrices in the modes: pair kernels of all pairs of modes are needed.
  func couplesModes(_ request: LevelRequest) -> Bool
  /// States that one worker computes together: many where they are cheap.
  func statesPerBlock(_ request: LevelRequest) -> Int
  /// The largest |w|, internal units, at which a pair kernel will be wanted besides the mode energies.
  func highestFrequency(_ request: LevelRequest) -> Double

  /// What all states of a request share. Cost: the pair kernels; they are spread over `pieces`. Throws when kernels cannot be computed
  /// and when a mode has no damping where it needs one.
  func prepare(_ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces) throws(SolverError)
    -> any PreparedLevel
  /// What all equilibria of a request share, for the inelastic part of the Onsager matrix. Cost and errors as `prepare`.
  func prepareResponse(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any LevelResponse
}

/// What a level is prepared from.
package struct LevelBasis: Sendable {
  package let prepared: PreparedJunction
  package let environment: BosonEnvironment

  package init(_ prepared: PreparedJunction, _ environment: BosonEnvironment) {
    (self.prepared, self.environment) = (prepared, environment)
  }
}

/// What is asked of a level: the junction, its states and what is wanted of them.
package struct LevelRequest: Sendable {
  package let junction: Junction
  package let points: OperatingPoints
  package let settings: ComputeSettings
  package let needs: Needs

  package init(_ junction: Junction, _ points: OperatingPoints, _ settings: ComputeSettings) {
    (self.junction, self.points, self.settings) = (junction, points, settings)
    needs = Needs(junction, settings)
  }

  /// The level asked.
  package var level: any BosonLevel { settings.level.theory }

  /// True when currents and populations come from matrices in the modes.
  package var hasMatrices: Bool { (needs.bosonCurrents || needs.populations) && level.couplesModes(self) }

  /// Pair kernels of all pairs of modes are wanted, not only of each mode with itself.
  package var wantsModePairs: Bool { level.couplesModes(self) || needs.spectraOfPairs }
}

extension BosonLevel {
  /// True when modes have widths, false when they are delta functions.
  package var hasWidths: Bool { word.hasWidths }

  /// Costly states are handed out one by one.
  package func statesPerBlock(_ request: LevelRequest) -> Int { request.hasMatrices ? 1 : SharpSolver.statesPerBlock }

  package var kernelAccuracy: Double { 1 }
  package func dressing(_ settings: ComputeSettings) -> ComputeSettings.Renormalization? { nil }
  package func describe(_ settings: ComputeSettings) -> String { word.rawValue }
  package func checkFluctuations(_ junction: Junction, _ points: OperatingPoints) throws(SolverError) {}

  /// Beyond the highest bias and some temperatures nothing is emitted or absorbed; poles are looked for up to above every mode.
  func highestBroadenedFrequency(_ request: LevelRequest) -> Double {
    let response =
      request.needs.linearResponse.isEmpty ? 0 : LinearResponseSolver.highestFrequency(hottest: request.points.hottestEquilibrium)
    return max(LandauerSolver.highestFrequency(request.points), 1.5 * request.junction.bosons.highestEnergy, response)
  }
}
