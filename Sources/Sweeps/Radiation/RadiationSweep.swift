import JunctionModel
import RadiativeTransfer
import TransportResults

/// The computation of two bodies: the wave-vector integrals once per gap, in parallel, then sums per state.
struct RadiationSweep {
  let request: RadiationRequest
  /// Gaps whose spectra are in memory at a time, where states are spread over threads.
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
    if groups.count > Self.batch {
      try gapByGap(groups, window, writer, ledger, work)
    } else {
      try allGaps(groups, window, writer, ledger, work)
    }
    return try ResultGate(describe: request.describe(state:)).checked(
      RadiationAssembly(request: request).result(columns), ledger, work)
  }

  /// Many gaps: a piece is a gap, its spectra and all its states.
  private func gapByGap(
    _ groups: [RadiationRequest.GapStates], _ window: RadiationWindow, _ writer: RadiationStateWriter, _ ledger: StateLedger,
    _ work: ParallelWork
  ) throws(SolverError) {
    let request = self.request
    try ledger.run(
      StateStage("wave-vector integrals", key: "gaps", writer.columns, .lists(groups.map(\.states))), groups.count, work,
      makeWorker: {},
      body: { index, _, notes throws(SolverError) in
        let spectra = try Self.spectra(groups[index].gap, request, window)
        try Self.write(groups[index].states, spectra, writer, notes)
      })
  }

  /// Few gaps: first the spectra of all, then the states.
  private func allGaps(
    _ groups: [RadiationRequest.GapStates], _ window: RadiationWindow, _ writer: RadiationStateWriter, _ ledger: StateLedger,
    _ work: ParallelWork
  ) throws(SolverError) {
    let request = self.request
    let pieces = groups.indices.flatMap { g in
      stride(from: 0, to: groups[g].states.count, by: Self.chunk).map { first in
        (group: g, states: Array(groups[g].states[first..<min(first + Self.chunk, groups[g].states.count)]))
      }
    }
    try ledger.run(
      StateStage("states", writer.columns, .lists(pieces.map(\.states))), pieces.count, work.silent,
      prepare: { () throws(SolverError) in
        try work.values(
          groups.count, stage: "wave-vector integrals", key: "wave-vector integrals",
          put: { Self.put($0, into: &$1) }, read: { Self.read(from: &$0, request, window) },
          of: { index throws(SolverError) in try Self.spectra(groups[index].gap, request, window) })
      },
      makeWorker: { $0 },
      body: { index, spectra, notes throws(SolverError) in
        try Self.write(pieces[index].states, spectra[pieces[index].group], writer, notes)
      })
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

  private static func put(_ spectra: Result<GapSpectra, SolverError>, into writer: inout RecordWriter) {
    switch spectra {
    case .success(let spectra):
      writer.put(1)
      spectra.put(into: &writer)
    case .failure(let error):
      writer.put(0)
      error.put(into: &writer)
    }
  }

  private static func read(
    from reader: inout RecordReader, _ request: RadiationRequest, _ window: RadiationWindow
  ) -> Result<GapSpectra, SolverError>? {
    guard let hasSpectra = reader.integer() else { return nil }
    if hasSpectra == 1 { return GapSpectra(from: &reader, request.pair, window).map { .success($0) } }
    return SolverError(from: &reader).map { .failure($0) }
  }

  /// Computes some states of a gap.
  private static func write(
    _ states: [Int], _ spectra: Result<GapSpectra, SolverError>, _ writer: RadiationStateWriter, _ notes: PieceNotes
  ) throws(SolverError) {
    for state in states {
      do throws(SolverError) { try writer.write(state, try spectra.get(), notes) } catch {
        try notes.fail(state, error)
        continue
      }
      try SolverError.checkInterruption("computing states")
      notes.finish(state)
    }
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
