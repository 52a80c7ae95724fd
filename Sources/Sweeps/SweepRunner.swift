import Foundation
import JunctionModel
import TransportSolvers

/// Runs sweeps over local workers; the numbers do not depend on how many.
public struct SweepRunner: Sendable {
  /// Number of threads.
  public let workers: Int
  /// States handed to a worker at a time.
  private static let chunk = 32

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) {
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and
  /// `.unsuitableModel` when the model lacks something the observables need.
  public func plan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    try Self.check(request)
    return try SweepPlan.estimate(request, workers: workers)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    _ request: SweepRequest, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    _ = try plan(request)
    let needs = Needs(request)
    let work = ParallelWork(workers: workers)
    var preparing = try PreparedJunction(
      request.junction, points: request.points, tolerance: request.settings.tolerance,
      largestFrequency: Self.largestFrequency(request, needs))
    preparing.isCancelled = isCancelled
    let prepared = preparing
    var assembly = ResultAssembly(request)
    if needs.populations || needs.elastic {
      let kernels = try modeKernels(prepared, needs, work, progress, isCancelled)
      let elastic = needs.elastic ? try prepared.elasticKernel() : nil
      let solvers = StateSolvers(
        prepared: prepared, request: request, sharp: SharpSolver(prepared, kernels: kernels),
        elastic: elastic.map { ElasticSolver(kernel: $0) }, needs: needs)
      let columns = StateColumns(request, needs)
      let states = request.points.count
      let chunks = (states + Self.chunk - 1) / Self.chunk
      try work.run(
        chunks, stage: "states",
        progress: { progress(SweepProgress(stage: "states", done: min($0.done * Self.chunk, states), total: states)) },
        isCancelled: isCancelled, makeWorker: { StateWorker(solvers, block: Self.chunk) },
        body: { chunk, worker throws(SolverError) in
          try worker.evaluate((chunk * Self.chunk)..<min((chunk + 1) * Self.chunk, states), into: columns)
        })
      try columns.checkConvergence(request)
      assembly.add(columns, needs)
    }
    if !needs.spectra.isEmpty {
      assembly.add(try SpectraSweep(prepared, request, needs).run(work, progress, isCancelled))
    }
    if needs.transmission { try assembly.addTransmission(prepared) }
    return assembly.result
  }

  private func modeKernels(
    _ prepared: PreparedJunction, _ needs: Needs, _ work: ParallelWork, _ progress: (SweepProgress) -> Void,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> [PanelKernel] {
    guard needs.populations else { return [] }
    let energies = prepared.junction.bosons.modeEnergies
    let store = Slots<PanelKernel>(count: energies.count)
    try work.run(
      energies.count, stage: "pair kernels", progress: progress, isCancelled: isCancelled, makeWorker: {},
      body: { mode, _ throws(SolverError) in
        store.set(mode, try prepared.pairKernel(at: energies[mode], pairs: .diagonal([mode])))
      })
    return store.all
  }

  /// The largest |w| at which a pair kernel will be wanted besides the mode energies.
  private static func largestFrequency(_ request: SweepRequest, _ needs: Needs) -> Double {
    let listed = needs.spectra.isEmpty ? 0 : request.settings.frequencies?.reduce(0) { max($0, abs($1)) } ?? 0
    guard needs.bosonCurrents, request.settings.level == .landauer else { return listed }
    return max(listed, LandauerSolver.highestFrequency(request.points))
  }

  private static func check(_ request: SweepRequest) throws(SolverError) {
    let needs = Needs(request)
    let tolerance = request.settings.tolerance
    guard tolerance >= 1e-12 && tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "tolerance"], "a relative tolerance of \(tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    if needs.bosonCurrents || needs.populations {
      switch request.settings.level {
      case .sharp: try request.junction.requireBaths()
      case .landauer, .dressed: try request.junction.requireDamping()
      }
    }
    if !needs.spectra.isEmpty || needs.variables.contains(where: { $0.dimension == "mode" }), request.junction.bosons.count == 0 {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "pair spectra and mode populations need bosons, the model has none",
        hint: "Add bosons, baths and coupling, or ask for charge_current and transmission only")
    }
    if needs.transmission, request.settings.energies.isEmpty {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "transmission is asked for without energies",
        hint: "Add compute.energies, for example energies: {from: -1, to: 1, points: 201}")
    }
  }
}
