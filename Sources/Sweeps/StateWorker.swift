import JunctionModel
import Synchronization
import TransportSolvers

/// Places that several workers fill, each once.
final class Slots<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>

  init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

  func set(_ index: Int, _ value: Value) { values.withLock { $0[index] = value } }

  var all: [Value] { values.withLock { $0.compactMap { $0 } } }
}

/// What every worker shares: prepared kernels and solvers.
struct StateSolvers: Sendable {
  let prepared: PreparedJunction
  let points: OperatingPoints
  let sharp: SharpSolver
  let elastic: ElasticSolver?
  let landauer: LandauerSolver?
  let needsPopulations: Bool
  let needsCurrents: Bool

  init(prepared: PreparedJunction, request: SweepRequest, sharp: SharpSolver, elastic: ElasticSolver?, needs: Needs) {
    self.prepared = prepared
    points = request.points
    self.sharp = sharp
    self.elastic = elastic
    needsPopulations = needs.populations
    needsCurrents = needs.bosonCurrents
    landauer =
      needs.bosonCurrents && request.settings.level == .landauer
      ? LandauerSolver(prepared, points: request.points, tolerance: request.settings.tolerance) : nil
  }
}

/// One worker's private buffers.
struct StateWorker {
  private let solvers: StateSolvers
  private let integrator: StateIntegrator
  private let sharp: SharpWorker?
  private var currents: StateCurrents
  private var state: OperatingState

  init(_ solvers: StateSolvers, block: Int) {
    self.solvers = solvers
    let junction = solvers.prepared.junction
    integrator = StateIntegrator()
    sharp = solvers.needsPopulations ? SharpWorker(solvers.sharp, integrator: integrator, capacity: block) : nil
    currents = StateCurrents(
      electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count)
    state = OperatingState(electrodes: junction.electrodes.count, baths: junction.baths.count)
  }

  /// Computes a block of states and stores its numbers.
  mutating func evaluate(_ states: Range<Int>, into columns: StateColumns) throws(SolverError) {
    sharp?.load(solvers.points, states)
    for index in states {
      currents.reset()
      state.load(solvers.points, state: index, reference: solvers.prepared.referenceEnergy)
      sharp?.evaluate(
        state, slot: index - states.lowerBound, currents: solvers.needsCurrents && solvers.landauer == nil, into: &currents)
      try solvers.landauer?.evaluate(state, integrator: integrator, into: &currents)
      solvers.elastic?.evaluate(state, integrator: integrator, into: &currents)
      if currents.isStable { currents.bookEntropy(state: state) } else { currents.markUnstable() }
      columns.store(currents, state: index)
    }
  }
}
