import Cancellation
import DenseMatrices
import Foundation
import JunctionModel
import TerminalTransport
import TransportResults

/// Runs sweeps of Landauer by itself over local workers; the numbers do not depend on how many.
public struct TerminalRunner: Sendable {
  /// Number of threads.
  public let workers: Int
  private let memory: MemoryBudget?
  /// States handed to a worker at a time.
  private static let chunk = 64

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) { self.init(workers: workers, memory: nil) }

  /// The same within a budget of memory; nil asks the system before every sweep.
  package init(workers: Int? = nil, memory: MemoryBudget?) {
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
    self.memory = memory
  }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and `.unsuitableModel`
  /// when the model lacks something the observables need.
  public func plan(_ request: TerminalRequest) throws(SolverError) -> SweepPlan {
    try Self.check(request)
    let states = Double(request.points.count)
    let numbers = request.settings.observables.compactMap(TerminalVariable.init).map { Double($0.components(request)) }
    // About sixty panels of sixteen nodes; 10 ns per node for a weight or a product.
    let nodes = 16 * 60 * (request.terminals.functions.count + request.terminals.names.count)
    var memory = SweepMemory()
    // Inputs, and three errors per state until all have been judged; columns pass into the result one by one.
    memory.result = states * (numbers.reduce(0, +) * 16 + Double(2 * request.terminals.names.count) * 8)
    memory.work = states * Double(48 + 16 * request.terminals.names.count)
    memory.copy = 16 * states * (numbers.max() ?? 0)
    memory.worker = Double(8 * nodes)
    let budget = self.memory ?? .now()
    try memory.require(budget, workers: workers, states: request.points.count)
    return SweepPlan(
      states: request.points.count, memory: memory, workers: workers, budget: budget,
      seconds: 0.01 + states * Double(nodes) * 1e-8 / Double(workers))
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    _ request: TerminalRequest, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    try CancellationToken.performing(until: isCancelled) { (isCancelled) throws(SolverError) in
      try run(request, progress, isCancelled)
    }
  }

  private func run(
    _ request: TerminalRequest, _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> TransportResult {
    _ = try plan(request)
    let wanted = request.settings.observables
    let solver = try TerminalSolver(
      request.terminals, points: request.points, tolerance: request.settings.tolerance,
      options: TerminalSolver.Options(
        particles: wanted.contains(.bathParticleCurrent) || wanted.contains(.chargeCurrent),
        heat: wanted.contains(.bathHeatCurrent) || wanted.contains(.entropyProduction),
        conductance: wanted.contains(.thermalConductance)),
      describe: request.describe(state:))
    let variables = wanted.compactMap(TerminalVariable.init)
    let columns = try variables.map { (variable) throws(SolverError) in
      try ResultColumns(components: variable.components(request), states: request.points.count)
    }
    let convergence = try ResultColumns(components: 3, states: request.points.count)
    let (states, size) = (request.points.count, Self.chunk)
    try ParallelWork(workers: workers).run(
      (states + size - 1) / size, stage: "states",
      progress: { progress(SweepProgress(stage: "states", done: min($0.done * size, states), total: states)) },
      isCancelled: isCancelled,
      makeWorker: { (TerminalWorker(solver), TerminalCurrents(baths: request.terminals.names.count)) },
      body: { chunk, worker throws(SolverError) in
        for state in (chunk * size)..<min((chunk + 1) * size, states) {
          try worker.0.evaluate(state, into: &worker.1)
          try Self.requireFinite(worker.1, request, state)
          for (variable, column) in zip(variables, columns) {
            variable.store(worker.1, solver, request, state: state, into: column)
          }
          let (energy, particles, conductance) = worker.1.relativeErrors
          convergence.set(0, state, Estimate(energy), factor: 1)
          convergence.set(1, state, Estimate(particles), factor: 1)
          convergence.set(2, state, Estimate(conductance), factor: 1)
        }
      })
    try Self.checkConvergence(convergence, request)
    return try ResultGate(describe: request.describe(state:)).checked(assemble(request, variables, columns))
  }

  private func assemble(
    _ request: TerminalRequest, _ variables: [TerminalVariable], _ columns: [ResultColumns]
  ) -> TransportResult {
    var result = TerminalAssembly.empty(request)
    for (variable, column) in zip(variables, columns) {
      let (values, errors) = column.take()
      result.variables.append(
        ResultVariable(
          variable.quantity, units: request.units, sweep: request.axes.map(\.name), values: values, errors: errors))
    }
    if request.settings.observables.contains(.transmissionFunction) { TerminalAssembly.addTransmission(request, to: &result) }
    result.addRectifications(request.settings.rectifications)
    return result
  }

  /// Refuses currents beyond the largest number.
  private static func requireFinite(
    _ currents: borrowing TerminalCurrents, _ request: TerminalRequest, _ state: Int
  ) throws(SolverError) {
    let isFinite = { (e: Estimate) in e.value.isFinite && e.error.isFinite }
    // Particles may be NaN, infinitely many soft bosons, where nobody asks for them; heat with them.
    guard !currents.energy.allSatisfy(isFinite) || !currents.thermalConductance.allSatisfy(isFinite) else { return }
    throw SolverError(
      .unsuitableModel, at: ["state"],
      "an energy current is larger than the largest number (1.8e308) or not a number at \(request.describe(state: state))",
      hint: "Lower the temperatures, chemical potentials or transmissions")
  }

  private static func checkConvergence(_ columns: ResultColumns, _ request: TerminalRequest) throws(SolverError) {
    let wanted = Set(request.settings.observables)
    let needed: [(String, Bool)] = [
      ("energy currents", true),
      (
        "particle currents",
        !wanted.isDisjoint(with: [.bathParticleCurrent, .chargeCurrent, .bathHeatCurrent, .entropyProduction])
      ),
      ("thermal conductances", wanted.contains(.thermalConductance)),
    ]
    let (values, states, tolerance) = (columns.allValues, request.points.count, request.settings.tolerance)
    for (component, (name, isNeeded)) in needed.enumerated() where isNeeded {
      let column = values[(component * states)..<((component + 1) * states)]
      let failed = column.count { $0 > tolerance }
      guard failed > 0, let worst = column.max() else { continue }
      let state = column.firstIndex(of: worst)! - component * states
      throw SolverError(
        .notConverged, at: ["compute", "tolerance"],
        "the \(name) reached the relative tolerance \(tolerance) in \(states - failed) of \(states) states; worst error \(worst) at "
          + request.describe(state: state),
        hint: "Ask for a tolerance above \(worst), or name the kinks of the transmissions in terminals.breakpoints")
    }
  }

  private static func check(_ request: TerminalRequest) throws(SolverError) {
    let settings = request.settings
    guard settings.tolerance >= 1e-12 && settings.tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "tolerance"], "a relative tolerance of \(settings.tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    if request.terminals.particles == .bosons, settings.observables.contains(.chargeCurrent) {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "charge_current needs fermions, these are bosons",
        hint: "Use bath_particle_current")
    }
    if settings.frequencies.isEmpty, let observable = settings.observables.first(where: \.needsFrequencies) {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "\(observable.rawValue) is asked for without frequencies",
        hint: "Add compute.frequencies, for example frequencies: {from: 0.1, to: 2, points: 200}")
    }
    let known = settings.observables.compactMap(TerminalVariable.init).map(\.quantity.name)
    try Rectification.check(settings.rectifications, known: known, axes: request.axes)
  }
}

/// The parts of a result that need no computation.
enum TerminalAssembly {
  /// Labels, grids, axes and the model, without numbers.
  static func labels(_ request: TerminalRequest) -> TransportResult {
    let energy = request.units.outputFactor(of: .energy)
    let hasSpectra = request.settings.observables.contains(where: \.needsFrequencies)
    return TransportResult(
      title: request.title, units: request.units, axes: request.axes, electrodeNames: [], bathNames: request.terminals.names,
      channelLabels: [], modeEnergies: [], frequencies: hasSpectra ? request.settings.frequencies.map { $0 * energy } : [],
      energies: [], level: "landauer", tolerance: request.settings.tolerance, modelText: request.modelText,
      modelHash: request.modelHash)
  }

  /// A result with the states themselves.
  static func empty(_ request: TerminalRequest) -> TransportResult {
    var result = labels(request)
    let columns: [(ResultQuantity, [[Double]])] = [
      (.bathTemperature.with(words: "temperature of each bath"), request.points.bathTemperatures),
      (.bathChemicalPotential.with(words: "chemical potential of each bath"), request.points.bathChemicalPotentials),
    ]
    for (quantity, values) in columns where !values.isEmpty {
      let factor = request.units.outputFactor(of: quantity.quantity)
      result.variables.append(
        ResultVariable(
          quantity, units: request.units, sweep: request.axes.map(\.name), values: values.flatMap { $0.map { $0 * factor } },
          errors: nil))
    }
    return result
  }

  /// tau from bath2 to bath at the frequencies asked for.
  static func addTransmission(_ request: TerminalRequest, to result: inout TransportResult) {
    let (count, frequencies) = (request.terminals.names.count, request.settings.frequencies)
    var (values, errors): ([Double], [Double]) = ([], [])
    for p in 0..<count {
      for q in 0..<count {
        for w in frequencies {
          let (value, error) = request.terminals.transmissionWithError(from: q, to: p, at: w)
          values.append(value)
          errors.append(error)
        }
      }
    }
    result.variables.append(
      ResultVariable(
        TerminalSettings.Observable.transmissionFunction.quantity, units: request.units, sweep: [], values: values,
        errors: errors))
  }
}
