import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportResults

/// Bosons dressed by their baths and by the electrons (Theory.md section 4): damping, shift, and heat between the pair baths.
struct DressedLevel: BosonLevel {
  let word = ComputeSettings.Level.dressed
  let abilities: LevelAbilities = []
  /// The error of the self-energy grows by damping of one kind over damping in all.
  let kernelAccuracy = 0.02
  let typicalFrequencies = 0.0

  func dressing(_ settings: ComputeSettings) -> ComputeSettings.Renormalization? { settings.renormalization }

  func describe(_ settings: ComputeSettings) -> String {
    switch settings.renormalization {
    case .full: "dressed by the electrons, renormalization full"
    case .dynamic: "dressed by the electrons, renormalization dynamic (less its static value in equilibrium)"
    case .none: "dressed by the electrons, renormalization none (damping only)"
    }
  }

  func check(_ request: LevelRequest) throws(SolverError) {
    try request.checkModeRates()
    if request.needs.populationValues { try request.junction.requireNoZeroModes(for: "a mode population or damping") }
    try request.checkCrossCheck()
  }

  func hasModeRates(_ junction: Junction) -> Bool { false }
  func couplesModes(_ request: LevelRequest) -> Bool { true }
  func highestFrequency(_ request: LevelRequest) -> Double { highestBroadenedFrequency(request) }

  func prepare(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any PreparedLevel {
    let currents = try BosonSolver.currents(basis, for: request, pieces: pieces)
    return PreparedCoupledModes(rates: nil, currents: currents, fluctuations: nil)
  }

  func prepareResponse(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any LevelResponse {
    try MatrixResponse.prepared(basis, for: request, pieces: pieces)
  }
}
