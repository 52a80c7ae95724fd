import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// What workers share for the fluctuations of states.
struct FluctuationSolvers: Sendable {
  let elastic: ElasticFluctuations?
  let sharp: SharpSolver?
  let landauer: LandauerSolver?
  let countingTime: Double
  let quanta: Int
  let wantsDistribution: Bool
  let electrodes: Int
  let baths: Int
  let modes: Int

  /// nil when no fluctuations are wanted.
  init?(
    _ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest, _ needs: Needs, sharp: SharpSolver?,
    landauer: LandauerSolver?
  ) throws(SolverError) {
    guard needs.fluctuations else { return nil }
    let (settings, junction) = (request.settings, request.junction)
    elastic = junction.conductor.isEmpty ? nil : ElasticFluctuations(prepared, tolerance: settings.tolerance)
    self.sharp = settings.level == .sharp ? sharp : nil
    if settings.level == .landauer, junction.bosons.count > 0 {
      if let landauer {
        self.landauer = landauer
      } else {
        self.landauer = try LandauerSolver(
          prepared, environment: environment, points: request.points, tolerance: settings.tolerance)
      }
    } else {
      self.landauer = nil
    }
    countingTime = settings.countingTime ?? 0
    quanta = settings.quanta
    wantsDistribution = settings.observables.contains(.quantaDistribution)
    (electrodes, baths, modes) = (junction.electrodes.count, junction.baths.count, junction.bosons.count)
  }
}

/// One worker's buffers for fluctuations.
struct FluctuationWorker {
  private let solvers: FluctuationSolvers
  private let sharp: SharpFluctuations?
  private let landauer: LandauerFluctuations?

  init(_ solvers: FluctuationSolvers) {
    self.solvers = solvers
    sharp = solvers.sharp.map { SharpFluctuations($0) }
    landauer = solvers.landauer.map { LandauerFluctuations($0) }
  }

  /// The fluctuations of a state; all NaN when it is unstable.
  func evaluate(_ state: OperatingState, isStable: Bool) throws(SolverError) -> StateFluctuations {
    var result = StateFluctuations(electrodes: solvers.electrodes, baths: solvers.baths, modes: solvers.modes)
    if isStable {
      try solvers.elastic?.evaluate(state, into: &result)
      sharp?.evaluate(state, into: &result)
      try landauer?.evaluate(state, into: &result)
    }
    if solvers.wantsDistribution { try result.distribute(time: solvers.countingTime, largest: solvers.quanta) }
    if !isStable { result.markUnstable() }
    return result
  }
}
