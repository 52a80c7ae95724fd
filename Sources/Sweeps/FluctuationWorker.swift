import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// What workers share for the fluctuations of states.
struct FluctuationSolvers: Sendable {
  let elastic: ElasticFluctuations?
  let level: any PreparedLevel
  let countingTime: Double
  let quanta: Int
  let wantsDistribution: Bool
  let electrodes: Int
  let baths: Int
  let modes: Int

  init(_ prepared: PreparedJunction, _ level: any PreparedLevel, _ request: SweepRequest) {
    let (settings, junction) = (request.settings, request.junction)
    elastic = junction.conductor.isEmpty ? nil : ElasticFluctuations(prepared, tolerance: settings.tolerance)
    self.level = level
    countingTime = settings.countingTime ?? 0
    quanta = settings.quanta
    wantsDistribution = settings.observables.contains(.quantaDistribution)
    (electrodes, baths, modes) = (junction.electrodes.count, junction.baths.count, junction.bosons.count)
  }
}

/// One worker's buffers for fluctuations; a reference, which is copied at every state for nothing.
final class FluctuationWorker {
  private let solvers: FluctuationSolvers
  private let inelastic: (any LevelFluctuations)?

  init(_ solvers: FluctuationSolvers) {
    self.solvers = solvers
    inelastic = solvers.level.makeFluctuations()
  }

  /// The fluctuations of a state; all NaN where they do not exist.
  func evaluate(_ state: OperatingState, exists: Bool) throws(SolverError) -> StateFluctuations {
    var result = StateFluctuations(electrodes: solvers.electrodes, baths: solvers.baths, modes: solvers.modes)
    if exists {
      try solvers.elastic?.evaluate(state, into: &result)
      try inelastic?.evaluate(state, into: &result)
    }
    if solvers.wantsDistribution { try result.distribute(time: solvers.countingTime, largest: solvers.quanta) }
    if !exists { result.markUnstable() }
    return result
  }
}
