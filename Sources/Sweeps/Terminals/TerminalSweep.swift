import JunctionModel
import TerminalTransport
import TransportResults

/// The computation of Landauer by itself: panels of all transmissions once, then sums per state.
struct TerminalSweep {
  let request: TerminalRequest
  /// States handed to a worker at a time.
  private static let chunk = 64

  /// Computes every state; what misses the tolerance is noted in the result. Throws `SolverError`.
  func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
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
      try ResultColumns(components: variable.components(request), missingAt: request.points.count)
    }
    let ledger = StateLedger(request, tolerance: request.settings.tolerance)
    let (states, size) = (request.points.count, Self.chunk)
    let counting = work.reporting { SweepProgress(stage: $0.stage, done: min($0.done * size, states), total: states) }
    try ledger.run(
      StateStage("states", columns, .blocks(size)), (states + size - 1) / size, counting,
      makeWorker: { (TerminalWorker(solver), TerminalCurrents(baths: request.terminals.names.count)) },
      body: { chunk, worker, notes throws(SolverError) in
        for state in (chunk * size)..<min((chunk + 1) * size, states) {
          do throws(SolverError) { try worker.0.evaluate(state, into: &worker.1) } catch {
            try notes.fail(state, error)
            continue
          }
          try SolverError.checkInterruption("computing states")
          try Self.requireFinite(worker.1, request, state)
          for (variable, column) in zip(variables, columns) {
            variable.store(worker.1, solver, request, state: state, into: column)
          }
          check(worker.1, state, notes)
          notes.finish(state)
        }
      })
    return try ResultGate(describe: request.describe(state:)).checked(assemble(variables, columns), ledger, work)
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

  /// Notes the numbers of a state that missed the tolerance.
  private func check(_ currents: borrowing TerminalCurrents, _ state: Int, _ notes: PieceNotes) {
    let (energy, particles, conductance) = currents.relativeErrors
    let wanted = request.settings.observables
    let hasParticles = wanted.contains {
      [.bathParticleCurrent, .chargeCurrent, .bathHeatCurrent, .entropyProduction].contains($0)
    }
    let numbers = [
      ("energy currents", energy, true), ("particle currents", particles, hasParticles),
      ("thermal conductances", conductance, wanted.contains(.thermalConductance)),
    ]
    for (name, error, isWanted) in numbers where isWanted && !(error <= request.settings.tolerance) {
      notes.miss(
        name, error: error, state: state, advice: ", or name the kinks of the transmissions in \(part: .transmissionKinks)")
    }
  }
}
