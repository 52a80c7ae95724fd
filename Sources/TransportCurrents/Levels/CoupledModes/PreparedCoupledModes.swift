import ElectronSpectra
import JunctionModel
import TransportResults

/// Matrices in the modes, ready for states; what lies one by one at the mode energies beside them.
struct PreparedCoupledModes: PreparedLevel {
  /// Populations and stability, where they come from the rates at the mode energies.
  let rates: SharpSolver?
  let currents: BosonSolver?
  let fluctuations: LandauerSolver?

  func makeWorker(_ integrator: StateIntegrator, capacity: Int) -> (any LevelWorker)? {
    guard rates != nil || currents != nil else { return nil }
    return CoupledModesWorker(
      rates.map { ModeRatesWorker($0, integrator: integrator, capacity: capacity, currents: false) },
      currents.map { BosonWorker($0) })
  }

  func makeFluctuations() -> (any LevelFluctuations)? { fluctuations.map { LandauerFluctuations($0) } }
}

/// Buffers for states with matrices in the modes.
private final class CoupledModesWorker: LevelWorker {
  private let rates: ModeRatesWorker?
  private let currents: BosonWorker?

  init(_ rates: ModeRatesWorker?, _ currents: BosonWorker?) { (self.rates, self.currents) = (rates, currents) }

  func block(_ points: OperatingPoints, _ states: Range<Int>) -> any LevelBlock {
    CoupledModesBlock(rates: rates?.rates(points, states), currents: currents)
  }
}

/// Evaluates states with matrices in the modes.
private struct CoupledModesBlock: LevelBlock {
  let rates: ModeRatesBlock?
  let currents: BosonWorker?

  func evaluate(_ state: borrowing OperatingState, slot: Int, into result: inout StateCurrents) throws(SolverError) {
    rates?.evaluate(state, slot: slot, into: &result)
    try currents?.evaluate(copy state, into: &result)
  }

  func margin(
    _ state: OperatingState, followsPole: Bool, _ buffer: inout StateCurrents
  ) throws(SolverError) -> StabilityMargin? {
    if let rates { return rates.margin(state, followsPole: followsPole, &buffer) }
    guard let currents else { return nil }
    if followsPole { return try currents.leastDampedPole(state).map { StabilityMargin($0) } }
    try currents.evaluate(state, into: &buffer)
    return StabilityMargin(stable: buffer.isStable)
  }
}

extension BosonSolver {
  /// The solver of a request with its first kernels computed; nil when neither currents nor populations are wanted.
  static func currents(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> BosonSolver? {
    let needs = request.needs
    guard request.hasMatrices else { return nil }
    let solver = try BosonSolver(
      basis.prepared, environment: basis.environment, points: request.points, settings: request.settings,
      wantsExchange: needs.exchange, wantsConductance: needs.conductance,
      wantsPopulation: !request.level.hasModeRates(request.junction) && needs.populationValues, wantsLight: needs.emission)
    try pieces.run(
      solver.panelCount, stage: PieceStage("pair kernels", key: "panels", role: .shared, records: solver.panelRecords),
      body: { panel throws(SolverError) in try solver.prepare(panel: panel) })
    return solver
  }
}

extension MatrixResponse: LevelResponse {
  /// The response of a request with its first kernels computed.
  static func prepared(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> MatrixResponse {
    let response = try MatrixResponse(
      basis.prepared, environment: basis.environment, hottest: request.points.hottestEquilibrium,
      tolerance: request.settings.tolerance)
    try pieces.run(
      response.panelCount,
      stage: PieceStage("pair kernels", key: "panels of the response", role: .shared, records: response.panelRecords),
      body: { panel throws(SolverError) in try response.prepare(panel: panel) })
    return response
  }
}
