import JunctionModel
import TerminalTransport
import TransportResults

/// The computation of Landauer by itself: panels of all transmissions once, then sums per state.
struct TerminalSweep {
  let request: TerminalRequest
  /// States handed to a worker at a time.
  private static let chunk = 64

  /// Computes every state. Throws `SolverError`.
  func result(_ work: ParallelWork) throws(SolverError) -> TransportResult {
    let (request, wanted) = (request, request.settings.observables)
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
    let work = work.reporting { SweepProgress(stage: $0.stage, done: min($0.done * size, states), total: states) }
    try work.run(
      (states + size - 1) / size, stage: "states",
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
    try checkConvergence(convergence)
    return try ResultGate(describe: request.describe(state:)).checked(assemble(variables, columns))
  }

  private func assemble(_ variables: [TerminalVariable], _ columns: [ResultColumns]) -> TransportResult {
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
      .unsuitableModel, at: .states,
      "an energy current is larger than the largest number (1.8e308) or not a number at \(request.describe(state: state))",
      hint: "Lower the temperatures, chemical potentials or transmissions")
  }

  private func checkConvergence(_ columns: ResultColumns) throws(SolverError) {
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
        .notConverged, at: .tolerance,
        "the \(name) reached the relative tolerance \(tolerance) in \(states - failed) of \(states) states; worst error \(worst) at "
          + request.describe(state: state),
        hint: "Ask for a tolerance above \(worst), or name the kinks of the transmissions in \(part: .transmissionKinks)")
    }
  }
}
