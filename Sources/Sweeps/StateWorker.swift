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
  /// Relative error allowed for every flow.
  let tolerance: Double
  /// True where flows do not depend on the populations of the modes: they exist without a steady state.
  let hasBareFlows: Bool
  /// True when the energy current is computed a second time.
  var isCheckedTwice: Bool { crossCheck != nil }

  /// Prepares the level, its kernels spread over `work`. Throws as the level does.
  init(
    _ basis: LevelBasis, _ request: SweepRequest, _ work: ParallelWork, elastic: ElasticSolver?, secondOrder: SecondOrderSolver?
  ) throws(SolverError) {
    (prepared, points, machines) = (basis.prepared, request.points, request.needs.machines)
    (self.elastic, self.secondOrder, keepsModeRates) = (elastic, secondOrder, request.needs.modeRates)
    level = try request.level.prepare(basis, for: request.levelRequest, pieces: work)
    crossCheck = try CrossCheck(request, environment: basis.environment)
    (tolerance, hasBareFlows) = (request.settings.tolerance, request.level.abilities.contains(.bareFlows))
    fluctuations = request.needs.fluctuations ? FluctuationSolvers(basis.prepared, level, request) : nil
  }
}

/// One worker's private buffers.
struct StateWorker {
  private let solvers: StateSolvers
  private let integrator: StateIntegrator
  private let level: (any LevelWorker)?
  private let elastic: ElasticWorker?
  private let secondOrder: SecondOrderWorker?
  private let fluctuations: FluctuationWorker?
  private var currents: StateCurrents
  private var state: OperatingState
  private var block: OperatingBlock
  private let reference: Double
  /// What became of the states of a block.
  private var statuses: [StateStatus] = []

  init(_ solvers: StateSolvers, block: Int) {
    self.solvers = solvers
    let junction = solvers.prepared.junction
    let integrator = StateIntegrator()
    self.integrator = integrator
    level = solvers.level.makeWorker(integrator, capacity: block)
    elastic = solvers.elastic.map {
      ElasticWorker($0, integrator: integrator, electrodes: junction.electrodes.count, capacity: block)
    }
    secondOrder = solvers.secondOrder.map { SecondOrderWorker($0) }
    fluctuations = solvers.fluctuations.map { FluctuationWorker($0) }
    currents = StateCurrents(
      electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count,
      keepsModeRates: solvers.keepsModeRates)
    state = OperatingState(electrodes: junction.electrodes.count, baths: junction.baths.count)
    self.block = OperatingBlock(electrodes: junction.electrodes.count, baths: junction.baths.count, capacity: block)
    reference = solvers.prepared.referenceEnergy
  }

  /// Computes a block of states, stores their numbers and notes what became of them. Throws when the run is ended, and when the model
  /// has no answer.
  mutating func evaluate(
    _ states: Range<Int>, into columns: StateColumns, noting notes: PieceNotes
  ) throws(SolverError) {
    let shared: any LevelBlock = level?.block(solvers.points, states) ?? NoLevelBlock()
    elastic?.load(solvers.points, states)
    block.load(solvers.points, states)
    var convergence = Convergence(tolerance: solvers.tolerance)
    statuses.removeAll(keepingCapacity: true)
    for index in states {
      currents.reset()
      block.unpack(index - states.lowerBound, reference: reference, into: &state)
      do throws(SolverError) { try compute(index, slot: index - states.lowerBound, shared, &convergence) } catch {
        try notes.fail(index, error)
        currents.forgetEverything()
        currents.fluctuations?.markUnstable()
        statuses.append(.notComputed)
        columns.store(currents, isStable: nil, state: index)
        continue
      }
      statuses.append(currents.isStable && !currents.hasUnsteadyModes ? .done : .noSteadyState)
      columns.store(currents, isStable: currents.isStable, state: index)
    }
    // Numbers of a run that has been ended meanwhile may be half done.
    try SolverError.checkInterruption("computing states")
    notes.finish(states) { statuses[$0 - states.lowerBound] }
    notes.merge(convergence.misses)
  }

  private mutating func compute(
    _ index: Int, slot: Int, _ shared: any LevelBlock, _ convergence: inout Convergence
  ) throws(SolverError) {
    try shared.evaluate(state, slot: slot, into: &currents)
    let isStable = currents.isStable
    elastic?.evaluate(state, slot: slot, into: &currents)
    if isStable || solvers.hasBareFlows {
      try addBosonFlows(index)
      if currents.hasDivergentRates { currents.noteUnboundMotion(hasCharge: elastic != nil) }
      if !isStable { currents.forgetPopulations() }
      currents.bookEntropy(state: state)
      currents.bookErrors()
    } else {
      currents.forgetBosons()
      currents.bookErrors(hasBosons: false)
    }
    if isStable && solvers.machines { currents.bookMachine(state: state) }
    convergence.add(currents.relativeErrors, state: index)
    guard let fluctuations else { return }
    let found = try fluctuations.evaluate(state, exists: isStable || solvers.hasBareFlows)
    currents.fluctuations = found
    if isStable || solvers.hasBareFlows { convergence.add(cumulants: found.relativeError, state: index) }
  }

  /// What bosons add to the flows beside what the level itself does.
  private mutating func addBosonFlows(_ index: Int) throws(SolverError) {
    if let secondOrder {
      try SolverError.checkInterruption("computing states")
      let parts = try secondOrder.evaluate(StateLine(state), parts: .correction, reference: currents.grossParticles)
      currents.set(correction: parts.correction, state: state)
    }
    if solvers.isCheckedTwice { try solvers.crossCheck?.evaluate(solvers.points[index], into: &currents) }
  }
}

/// The level of states for which bosons do not matter.
private struct NoLevelBlock: LevelBlock {
  func evaluate(_ state: borrowing OperatingState, slot: Int, into result: inout StateCurrents) {}

  func margin(_ state: OperatingState, followsPole: Bool, _ currents: inout StateCurrents) -> StabilityMargin? { nil }
}
