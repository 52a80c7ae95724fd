import Cancellation
import DenseMatrices
import Foundation
import JunctionModel
import RadiativeTransfer
import TransportResults

/// Computes two bodies at every state: the wave-vector integrals once per gap, in parallel, then sums per state.
public struct RadiationSweep: Sendable {
  let request: RadiationRequest
  private let workers: Int
  private let memory: MemoryBudget?
  /// Gaps whose spectra are in memory at a time.
  private static let batch = 16
  /// States handed to a worker at a time.
  private static let chunk = 64

  /// A sweep on the given number of threads, all cores when nil; the numbers do not depend on it.
  public init(_ request: RadiationRequest, workers: Int? = nil) { self.init(request, workers: workers, memory: nil) }

  /// The same within a budget of memory; nil asks the system before every sweep.
  package init(_ request: RadiationRequest, workers: Int? = nil, memory: MemoryBudget?) {
    self.request = request
    self.memory = memory
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// What `run` will cost, from measured rates per gap and state. Throws as `run`
  /// for states that have no answer.
  public func plan() throws(SolverError) -> SweepPlan {
    let budget = memory ?? .now()
    let memory = predictedMemory
    try memory.require(budget, workers: workers, states: request.states.count)
    _ = try window()
    let gaps = request.statesByGap.count
    let spectra = request.settings.observables.contains(where: \.isSpectrum) ? Double(request.settings.frequencies.count) : 0
    // Measured: 0.02 s for half-spaces at 1e-6, five times as much with a film.
    let perGap = 0.02 * (1 + 4 * Double(films)) * max(1, -log10(request.settings.tolerance) / 6)
    let seconds = (perGap * Double(gaps) + Double(request.states.count) * (2e-4 + 1e-4 * spectra)) / Double(workers)
    return SweepPlan(
      states: request.states.count, memory: memory, workers: workers, budget: budget, seconds: seconds + 0.05)
  }

  /// Columns of the result with the states, spectra of a batch of gaps, and the states sorted by gap.
  private var predictedMemory: SweepMemory {
    let states = Double(request.states.count)
    let numbers = request.settings.observables.map { Double(components(of: $0)) }
    var memory = SweepMemory()
    memory.result = states * (16 * numbers.reduce(0, +) + 40)
    memory.copy = 16 * states * (numbers.max() ?? 0)
    memory.work = states * 2 * Double(MemoryLayout<RadiationState>.stride + 8) + 4_194_304
    memory.worker = 1_048_576
    return memory
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    progress: (SweepProgress) -> Void = { _ in }, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    try CancellationToken.performing(until: isCancelled) { (isCancelled) throws(SolverError) in
      try run(progress, isCancelled)
    }
  }

  private func run(
    _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> TransportResult {
    try predictedMemory.require(memory ?? .now(), workers: workers, states: request.states.count)
    let window = try window()
    let (groups, states) = (request.statesByGap, request.states.count)
    let columns = try request.settings.observables.map { (observable) throws(SolverError) in
      try ResultColumns(components: components(of: observable), states: states)
    }
    let work = ParallelWork(workers: workers)
    let emissivities = try emissivities()
    let request = request
    let writer = RadiationStateWriter(request: request, columns: columns, emissivities: emissivities)
    for start in stride(from: 0, to: groups.count, by: Self.batch) {
      let part = Array(groups[start..<min(start + Self.batch, groups.count)])
      let spectra = Slots<GapSpectra>(count: part.count)
      try work.run(
        part.count, stage: "wave-vector integrals",
        progress: { progress(SweepProgress(stage: $0.stage, done: start + $0.done, total: groups.count)) },
        isCancelled: isCancelled, makeWorker: {},
        body: { index, _ throws(SolverError) in
          spectra.set(index, try GapSpectra(request.pair, gap: part[index].gap, window: window))
        })
      let ready = spectra.all
      let pieces = part.indices.flatMap { g in
        stride(from: 0, to: part[g].states.count, by: Self.chunk).map { (g, $0..<min($0 + Self.chunk, part[g].states.count)) }
      }
      try work.run(
        pieces.count, stage: "states", progress: { _ in }, isCancelled: isCancelled, makeWorker: {},
        body: { index, _ throws(SolverError) in
          let (g, range) = pieces[index]
          for state in part[g].states[range] { try writer.write(state, ready[g]) }
        })
    }
    return try ResultGate(describe: request.describe(state:)).checked(RadiationAssembly(request: request).result(columns))
  }

  /// Films in both bodies.
  private var films: Int {
    [request.pair.first, request.pair.second].reduce(0) {
      guard case .layers(let layers) = $1.kind else { return $0 }
      return $0 + layers.count - 1
    }
  }

  private func components(of observable: RadiationObservable) -> Int {
    RadiationAssembly(request: request).empty.components(of: observable.quantity)
  }

  private func window() throws(SolverError) -> RadiationWindow {
    do {
      return try RadiationWindow(
        request.states, of: request.pair, tolerance: request.settings.tolerance,
        allowedMissingFraction: request.settings.allowedMissingFraction)
    } catch {
      throw SolverError(.unsuitableModel, at: error.path, "found \(error.found); allowed: \(error.allowed)", hint: error.hint)
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
        throw SolverError(.unsuitableModel, at: error.path, "found \(error.found); allowed: \(error.allowed)", hint: error.hint)
      } catch {
        throw SolverError(.unsuitableModel, at: ["bodies", body.name], "\(error)")
      }
    }
    return found
  }
}
