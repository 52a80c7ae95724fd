import BosonPropagators
import ElectronSpectra
import JunctionModel
import SecondOrderTransport
import Synchronization
import TransportCurrents
import TransportResults

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
  let environment: BosonEnvironment
  let points: OperatingPoints
  /// Rates at the mode energies: populations, and the currents of level `sharp`.
  let sharp: SharpSolver?
  let elastic: ElasticSolver?
  let landauer: LandauerSolver?
  let matrix: BosonSolver?
  let crossCheck: CrossCheck?
  let secondOrder: SecondOrderSolver?
  /// True when the rates at the mode energies are the currents.
  let sharpCurrents: Bool
  /// True when states are to be read as machines.
  let machines: Bool
  /// True when the rates of every mode are results.
  let keepsModeRates: Bool
  let fluctuations: FluctuationSolvers?

  init(
    prepared: PreparedJunction, environment: BosonEnvironment, request: SweepRequest, sharp: SharpSolver?,
    elastic: ElasticSolver?, secondOrder: SecondOrderSolver?, needs: Needs
  ) throws(SolverError) {
    self.prepared = prepared
    self.environment = environment
    points = request.points
    self.sharp = sharp
    self.elastic = elastic
    self.secondOrder = secondOrder
    let (settings, route) = (request.settings, request.route)
    machines = needs.machines
    keepsModeRates = needs.modeRates
    sharpCurrents = needs.bosonCurrents && route.solver == .sharp
    landauer =
      needs.bosonCurrents && route.solver == .diagonal
      ? try LandauerSolver(
        prepared, environment: environment, points: points, tolerance: settings.tolerance,
        wantsLight: needs.emission) : nil
    matrix =
      (needs.bosonCurrents || needs.populations) && route.solver == .matrix
      ? try BosonSolver(
        prepared, environment: environment, points: points, settings: settings,
        wantsExchange: needs.exchange, wantsConductance: needs.conductance,
        wantsPopulation: !route.usesSharp && needs.populationValues, wantsLight: needs.emission) : nil
    crossCheck = try CrossCheck(request, environment: environment)
    fluctuations = try FluctuationSolvers(
      prepared, environment, request, needs, sharp: sharp, landauer: landauer)
  }
}

/// One worker's private buffers.
struct StateWorker {
  private let solvers: StateSolvers
  private let integrator: StateIntegrator
  private let sharp: SharpWorker?
  private let landauer: LandauerWorker?
  private let matrix: BosonWorker?
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
    sharp = solvers.sharp.map { SharpWorker($0, integrator: integrator, capacity: block) }
    landauer = solvers.landauer.map { LandauerWorker($0, integrator: integrator) }
    matrix = solvers.matrix.map { BosonWorker($0) }
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
    sharp?.load(solvers.points, states)
    landauer?.load(solvers.points, states)
    block.load(solvers.points, states)
    var convergence = columns.emptyConvergence
    for index in states {
      currents.reset()
      block.unpack(index - states.lowerBound, reference: reference, into: &state)
      sharp?.evaluate(state, slot: index - states.lowerBound, currents: solvers.sharpCurrents, into: &currents)
      if currents.isStable {
        try landauer?.evaluate(state, slot: index - states.lowerBound, into: &currents)
        try matrix?.evaluate(state, into: &currents)
      }
      if currents.isStable {
        solvers.elastic?.evaluate(state, integrator: integrator, into: &currents)
        if let secondOrder {
          try SolverError.checkInterruption("computing states")
          let parts = try secondOrder.evaluate(
            StateLine(state), parts: .correction, reference: currents.grossParticles)
          currents.set(correction: parts.correction, state: state)
        }
        try solvers.crossCheck?.evaluate(solvers.points[index], into: &currents)
        currents.bookEntropy(state: state)
        if solvers.machines { currents.bookMachine(state: state) }
      } else {
        currents.markUnstable()
      }
      currents.fluctuations = try fluctuations?.evaluate(state, isStable: currents.isStable)
      convergence.add(currents, state: index)
      columns.store(currents, state: index)
    }
    columns.merge(convergence)
  }
}
