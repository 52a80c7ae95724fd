import JunctionModel
import RadiativeTransfer
import TransportResults

/// The computation of two bodies: the wave-vector integrals once per gap, in parallel, then sums per state.
struct RadiationSweep {
  let request: RadiationRequest
  /// Gaps whose spectra are in memory at a time.
  private static let batch = 16
  /// States handed to a worker at a time.
  private static let chunk = 64

  /// Computes every state; what falls short is noted in the result. Throws `SolverError`, also for states that have no answer.
  func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    let request = self.request
    let window = try request.window()
    let (groups, states) = (request.statesByGap, request.states.count)
    let columns = try request.settings.observables.map { (observable) throws(SolverError) in
      try ResultColumns(components: request.components(of: observable), missingAt: states)
    }
    let emissivities = try emissivities()
    let writer = RadiationStateWriter(request: request, columns: columns, emissivities: emissivities)
    let ledger = StateLedger(request, tolerance: request.settings.tolerance)
    try ledger.stage { stage throws(SolverError) in
      for start in stride(from: 0, to: groups.count, by: Self.batch) {
        let part = Array(groups[start..<min(start + Self.batch, groups.count)])
        let spectra = try work.reporting {
          SweepProgress(stage: $0.stage, done: start + $0.done, total: groups.count)
        }.values(
          part.count, stage: "wave-vector integrals",
          of: { index throws(SolverError) in try Self.spectra(part[index].gap, request, window) })
        try write(part, spectra, writer, work, stage)
      }
    }
    return try ResultGate(describe: request.describe(state:)).checked(RadiationAssembly(request: request).result(columns), ledger)
  }

  /// The spectra of a gap, or why there are none.
  private static func spectra(
    _ gap: Double, _ request: RadiationRequest, _ window: RadiationWindow
  ) throws(SolverError) -> Result<GapSpectra, SolverError> {
    do throws(SolverError) { return .success(try GapSpectra(request.pair, gap: gap, window: window)) } catch {
      guard error.code == .notConverged else { throw error }
      return .failure(error)
    }
  }

  /// Computes the states of some gaps.
  private func write(
    _ gaps: [RadiationRequest.GapStates], _ spectra: [Result<GapSpectra, SolverError>], _ writer: RadiationStateWriter,
    _ work: ParallelWork, _ stage: StateLedger.Stage
  ) throws(SolverError) {
    let pieces = gaps.indices.flatMap { g in
      stride(from: 0, to: gaps[g].states.count, by: Self.chunk).map { (g, $0..<min($0 + Self.chunk, gaps[g].states.count)) }
    }
    try work.silent.run(
      pieces.count, stage: "states",
      body: { index throws(SolverError) in
        let (g, range) = pieces[index]
        for state in gaps[g].states[range] {
          do throws(SolverError) { try writer.write(state, try spectra[g].get(), stage) } catch {
            try stage.fail(state, error)
            continue
          }
          try SolverError.checkInterruption("computing states")
          stage.finish(state)
        }
      })
  }

  /// Emissivities of both bodies by temperature; empty when not wanted.
  private func emissivities() throws(SolverError) -> [[Double: Estimate]] {
    guard request.settings.observables.contains(.emissivity) else { return [[:], [:]] }
    var found: [[Double: Estimate]] = []
    for (body, temperature) in [
      (request.pair.first, \RadiationState.first.temperature), (request.pair.second, \RadiationState.second.temperature),
    ] {
      let temperatures = Set(request.states.map { $0[keyPath: temperature] }).filter { $0 > 0 }.sorted()
      do {
        let values =
          try temperatures.isEmpty
          ? []
          : Emissivity.total(
            of: body, temperatures: temperatures, tolerance: request.settings.tolerance,
            allowedMissingFraction: request.settings.allowedMissingFraction)
        found.append(Dictionary(uniqueKeysWithValues: zip(temperatures, values)))
      } catch let error as SolverError {
        throw error
      } catch let error as ModelError {
        throw SolverError(
          .unsuitableModel, at: .model(error.path), "found \(error.found); allowed: \(error.allowed)",
          hint: SolverText(error.hint))
      } catch {
        throw SolverError(.unsuitableModel, at: .body(body.name), "\(error)")
      }
    }
    return found
  }
}
