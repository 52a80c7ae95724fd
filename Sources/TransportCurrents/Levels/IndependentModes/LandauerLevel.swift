import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportResults

/// Bosons dressed by their own baths: the full frequency integral, mode by mode where every bath is Ohmic on the modes themselves, with
/// matrices in the modes elsewhere (`CoupledModes`).
struct LandauerLevel: BosonLevel {
  let word = ComputeSettings.Level.landauer
  let abilities: LevelAbilities = [
    .secondOrder, .linearResponse, .fluctuations, .photonRates, .doubleIntegral, .bareFlows,
  ]
  let typicalFrequencies = 150.0

  func check(_ request: LevelRequest) throws(SolverError) {
    let (junction, needs) = (request.junction, request.needs)
    let hasElectrons = !junction.conductor.isEmpty
    if hasElectrons, request.settings.observables.contains(.modePopulationMatrix) {
      throw SolverError(
        .unsuitableModel, at: .observables, "mode_population_matrix needs the electrons in the propagator",
        hint: "Use level: dressed")
    }
    try request.checkModeRates()
    if needs.populationValues || needs.poles {
      try junction.requireNoZeroModes(for: "a mode population or damping")
      if hasElectrons {
        try junction.requireNoGyration(
          "populations and dampings at level landauer are those of the modes of K one by one, which the gyration mixes",
          hint: "Use level: dressed")
      }
    }
    try request.checkCrossCheck()
  }

  func checkFluctuations(_ junction: Junction, _ points: OperatingPoints) throws(SolverError) {
    try FluctuationSupport.requireIndependentModes(junction, points)
  }

  func hasModeRates(_ junction: Junction) -> Bool { junction.hasModeRates }

  func couplesModes(_ request: LevelRequest) -> Bool {
    let isSupplied = request.points.bathChemicalPotentials.contains { $0.contains { $0 != 0 } }
    let isSpecial = request.settings.observables.contains { !$0.definition.needs.isDisjoint(with: .onlyMatrices) }
    return request.junction.conductor.isEmpty || isSupplied || isSpecial || !request.junction.hasIndependentModes
  }

  func highestFrequency(_ request: LevelRequest) -> Double { highestBroadenedFrequency(request) }

  func prepare(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any PreparedLevel {
    let rates = try SharpSolver.rates(basis, for: request, pieces: pieces)
    guard couplesModes(request) else {
      let currents = request.needs.bosonCurrents ? try solver(basis, for: request) : nil
      let fluctuations = currents == nil ? try fluctuations(basis, for: request) : currents
      return PreparedIndependentModes(
        rates: rates, currents: currents, fluctuations: request.needs.fluctuations ? fluctuations : nil)
    }
    let fluctuations = try fluctuations(basis, for: request)
    let currents = try BosonSolver.currents(basis, for: request, pieces: pieces)
    return PreparedCoupledModes(rates: rates, currents: currents, fluctuations: fluctuations)
  }

  func prepareResponse(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> any LevelResponse {
    guard couplesModes(request) else {
      return try LandauerResponse(
        basis.prepared, environment: basis.environment, hottest: request.points.hottestEquilibrium,
        tolerance: request.settings.tolerance)
    }
    return try MatrixResponse.prepared(basis, for: request, pieces: pieces)
  }

  /// The solver of fluctuations, which are those of independent modes.
  private func fluctuations(_ basis: LevelBasis, for request: LevelRequest) throws(SolverError) -> LandauerSolver? {
    request.needs.fluctuations && request.junction.bosons.count > 0 ? try solver(basis, for: request) : nil
  }

  private func solver(_ basis: LevelBasis, for request: LevelRequest) throws(SolverError) -> LandauerSolver {
    try LandauerSolver(
      basis.prepared, environment: basis.environment, points: request.points, tolerance: request.settings.tolerance,
      wantsLight: request.needs.bosonCurrents && request.needs.emission)
  }
}

/// Independent modes: populations and stability by the rates at their energies, currents by scalar frequency integrals.
private struct PreparedIndependentModes: PreparedLevel {
  let rates: SharpSolver?
  let currents: LandauerSolver?
  let fluctuations: LandauerSolver?

  func makeWorker(_ integrator: StateIntegrator, capacity: Int) -> (any LevelWorker)? {
    guard rates != nil || currents != nil else { return nil }
    return IndependentModesWorker(
      rates.map { ModeRatesWorker($0, integrator: integrator, capacity: capacity, currents: false) },
      currents.map { LandauerWorker($0, integrator: integrator) })
  }

  func makeFluctuations() -> (any LevelFluctuations)? { fluctuations.map { LandauerFluctuations($0) } }
}

/// Buffers for states with independent modes.
private final class IndependentModesWorker: LevelWorker {
  private let rates: ModeRatesWorker?
  private let currents: LandauerWorker?

  init(_ rates: ModeRatesWorker?, _ currents: LandauerWorker?) { (self.rates, self.currents) = (rates, currents) }

  func block(_ points: OperatingPoints, _ states: Range<Int>) -> any LevelBlock {
    IndependentModesBlock(rates: rates?.rates(points, states), currents: currents?.block(points, states))
  }
}

/// Evaluates states with independent modes.
private struct IndependentModesBlock: LevelBlock {
  let rates: ModeRatesBlock?
  let currents: LandauerWorker.Block?

  func evaluate(_ state: borrowing OperatingState, slot: Int, into result: inout StateCurrents) throws(SolverError) {
    rates?.evaluate(state, slot: slot, into: &result)
    try currents?.evaluate(copy state, slot: slot, into: &result)
  }

  func margin(_ state: OperatingState, followsPole: Bool, _ currents: inout StateCurrents) -> StabilityMargin? {
    rates?.margin(state, followsPole: followsPole, &currents)
  }
}

extension LandauerFluctuations: LevelFluctuations {}
extension LandauerResponse: LevelResponse {}

extension Junction {
  /// True when every bath is Ohmic, the coordinates are the modes and nothing gyrates.
  fileprivate var hasIndependentModes: Bool {
    bosons.modeVectors == nil && bosons.gyration == nil
      && baths.allSatisfy { if case .ohmic = $0.kind { true } else { false } }
  }
}
