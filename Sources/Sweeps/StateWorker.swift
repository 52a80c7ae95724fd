import ElectronSpectra
import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// What every worker shares: prepared kernels and solvers.
struct StateSolvers: Sendable {
  let prepared: PreparedJunction
  let points: OperatingPoints
  /// Bosons and what they exchange with electrons, as the level has it.
  let level: any PreparedLevel
  let elastic: ElasticSolver?
  let crossCheck: CrossCheck?
  let secondOrder: SecondOrderSolver?
  /// True when states are to be read as machines.
  let machines: Bool
  /// True when the rates of every mode are results.
  let keepsModeRates: Bool
  let fluctuations: FluctuationSolvers?

  /// Prepares the level, its kernels spread over `work`. Throws as the level does.
  init(
    _ basis: LevelBasis, _ request: SweepRequest, _ work: ParallelWork, elastic: ElasticSolver?, secondOrder: SecondOrderSolver?
  ) throws(SolverError) {
    (prepared, points, machines) = (basis.prepared, request.points, request.needs.machines)
    (self.elastic, self.secondOrder, keepsModeRates) = (elastic, secondOrder, request.needs.modeRates)
    level = try request.level.prepare(basis, for: request.levelRequest, pieces: work)
    crossCheck = try CrossCheck(request, environment: basis.environment)
    fluctuations = request.needs.fluctuations ? FluctuationSolvers(basis.prepared, level, request) : nil
  }
}

/// One worker's private buffers.
struct StateWorker {
  private let solvers: StateSolvers
  private let integrator: StateIntegrator
  private let level: (any LevelWorker)?
  private let secondOrder: SecondOrderWorker?
  private let fluctuations: FluctuationWorker?
  private var currents: StateCurrents
  private var state: OperatingState
  private var block: OperatingBlock
  private let reference: Double

  init(_ solvers: StateSolvers, block: Int) {
    self.solvers = solvers
    let junction = solvers.prepared.junction
    let integrator = StateIntegrator()
    self.integrator = integrator
    level = solvers.level.makeWorker(integrator, capacity: block)
    secondOrder = solvers.secondOrder.map { SecondOrderWorker($0) }
    fluctuations = solvers.fluctuations.map { FluctuationWorker($0) }
    currents = StateCurrents(
      electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count,
      keepsModeRates: solvers.keepsModeRates)
    state = OperatingState(electrodes: junction.electrodes.count, baths: junction.baths.count)
    self.block = OperatingBlock(electrodes: junction.electrodes.count, baths: junction.baths.count, capacity: block)
    reference = solvers.prepared.referenceEnergy
  }

  /// Computes a block of states and stores its numbers.
  mutating func evaluate(_ states: Range<Int>, into columns: StateColumns) throws(SolverError) {
    // Locals: members that hold references are counted at every call.
    let (level, elastic, integrator) = (level, solvers.elastic, integrator)
    let isCheckedTwice = solvers.crossCheck != nil
    let shared = level?.block(solvers.points, states)
    block.load(solvers.points, states)
    var convergence = columns.emptyConvergence
    for index in states {
      currents.reset()
      block.unpack(index - states.lowerBound, reference: reference, into: &state)
      try shared?.evaluate(state, slot: index - states.lowerBound, into: &currents)
      if currents.isStable {
        elastic?.evaluate(state, integrator: integrator, into: &currents)
        if let secondOrder {
          try SolverError.checkInterruption("computing states")
          let parts = try secondOrder.evaluate(
            StateLine(state), parts: .correction, reference: currents.grossParticles)
          currents.set(correction: parts.correction, state: state)
        }
        if isCheckedTwice { try solvers.crossCheck?.evaluate(solvers.points[index], into: &currents) }
        currents.bookEntropy(state: state)
        if solvers.machines { currents.bookMachine(state: state) }
      } else {
        currents.markUnstable()
      }
      convergence.add(currents, state: index)
      if let fluctuations {
        let found = try fluctuations.evaluate(state, isStable: currents.isStable)
        if currents.isStable { convergence.add(cumulants: found.relativeError, state: index) }
        currents.fluctuations = found
      }
      columns.store(currents, state: index)
    }
    columns.merge(convergence)
  }
}
