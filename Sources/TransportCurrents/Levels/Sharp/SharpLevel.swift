import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportResults

/// Each mode a delta function at its energy: the damping drops out.
struct SharpLevel: BosonLevel {
  let word = ComputeSettings.Level.sharp
  let abilities: LevelAbilities = [
    .secondOrder, .rotatingWaveSecondOrder, .linearResponse, .fluctuations, .photonRates, .bareFlows,
  ]
  let typicalFrequencies = 0.0

  func check(_ request: LevelRequest) throws(SolverError) {
    let junction = request.junction
    guard !junction.conductor.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .level, "level sharp needs electrons; this model has bosons alone",
        hint: "Use level: landauer")
    }
    try junction.requireBaths()
    try junction.requireNoZeroModes(for: "level sharp")
    try junction.requireNoGyration(
      "level sharp puts delta functions at the modes of K, which the gyration mixes", hint: "Use level: landauer, or dressed")
    if let unknown = request.settings.observables.first(where: { !$0.definition.needs.isDisjoint(with: .onlyMatrices) }) {
      throw SolverError(
        .unsuitableModel, at: .observables, "\(unknown.rawValue) does not exist at level sharp",
        hint: "Use level: dressed, or landauer")
    }
    try request.checkCrossCheck()
  }

  func hasModeRates(_ junction: Junction) -> Bool { junction.hasModeRates }
  func couplesModes(_ request: LevelRequest) -> Bool { false }
  func highestFrequency(_ request: LevelRequest) -> Double { 0 }

  func prepare(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any PreparedLevel {
    PreparedSharpLevel(rates: try SharpSolver.rates(basis, for: request, pieces: pieces), request.needs)
  }

  func prepareResponse(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any LevelResponse {
    let kernels = try basis.prepared.modeKernels(pieces)
    return SharpResponse(request.junction, environment: basis.environment, kernels: kernels)
  }
}

/// Rates at the mode energies, which are the currents too.
private struct PreparedSharpLevel: PreparedLevel {
  let rates: SharpSolver?
  let currents: Bool
  let fluctuations: Bool

  init(rates: SharpSolver?, _ needs: Needs) {
    (self.rates, currents, fluctuations) = (rates, needs.bosonCurrents, needs.fluctuations)
  }

  func makeWorker(_ integrator: StateIntegrator, capacity: Int) -> (any LevelWorker)? {
    rates.map { ModeRatesWorker($0, integrator: integrator, capacity: capacity, currents: currents) }
  }

  func makeFluctuations() -> (any LevelFluctuations)? { fluctuations ? rates.map { SharpFluctuations($0) } : nil }
}

extension SharpFluctuations: LevelFluctuations {}
extension SharpResponse: LevelResponse {}
