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

  /// Computes every state. Throws `SolverError`, also for states that have no answer.
  func result(_ work: ParallelWork) throws(SolverError) -> TransportResult {
    let request = self.request
    let window = try request.window()
    let (groups, states) = (request.statesByGap, request.states.count)
    let columns = try request.settings.observables.map { (observable) throws(SolverError) in
      try ResultColumns(components: request.components(of: observable), states: states)
    }
    let emissivities = try emissivities()
    let writer = RadiationStateWriter(request: request, columns: columns, emissivities: emissivities)
    for start in stride(from: 0, to: groups.count, by: Self.batch) {
      let part = Array(groups[start..<min(start + Self.batch, groups.count)])
      let ready = try work.reporting {
        SweepProgress(stage: $0.stage, done: start + $0.done, total: groups.count)
      }.values(
        part.count, stage: "wave-vector integrals",
        of: { index throws(SolverError) in try GapSpectra(request.pair, gap: part[index].gap, window: window) })
      let pieces = part.indices.flatMap { g in
        stride(from: 0, to: part[g].states.count, by: Self.chunk).map { (g, $0..<min($0 + Self.chunk, part[g].states.count)) }
      }
      try work.silent.run(
        pieces.count, stage: "states",
        body: { index throws(SolverError) in
          let (g, range) = pieces[index]
          for state in part[g].states[range] { try writer.write(state, ready[g]) }
        })
    }
    return try ResultGate(describe: request.describe(state:)).checked(RadiationAssembly(request: request).result(columns))
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
