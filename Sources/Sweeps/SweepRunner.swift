import BosonPropagators
import Cancellation
import DenseMatrices
import ElectronSpectra
import Foundation
import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// Runs sweeps over local workers; the numbers do not depend on how many.
public struct SweepRunner: Sendable {
  /// Number of threads.
  public let workers: Int
  /// The memory it may take; nil asks the system before every sweep.
  private let memory: MemoryBudget?
  /// States handed to a worker at a time.
  private static let chunk = 32
  /// Orbitals of the longest conductor whose sweep is measured beforehand.
  private static let longestProbed = 3000

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) { self.init(workers: workers, memory: nil) }

  /// The same within a budget of memory.
  package init(workers: Int? = nil, memory: MemoryBudget?) {
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
    self.memory = memory
  }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and
  /// `.unsuitableModel` when the model lacks something the observables need.
  public func plan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    try Self.check(request)
    return try SweepPlan.estimate(request, workers: workers, memory: memory ?? .now())
  }

  /// The same with the time found by running parts of the sweep, for about a second and no longer than `SweepProbe.limit`: after that
  /// the time is counted, and a part that does not end at once is left to end by itself on its thread. Throws as `plan`.
  public func measuredPlan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    let plan = try plan(request)
    // The search for narrow levels of a long conductor cannot be broken off.
    guard request.junction.conductor.totalOrbitals <= Self.longestProbed else { return plan.taking(plan.seconds, .abandoned) }
    let start = ContinuousClock.now
    let seconds = SweepProbe(runner: self, request: request).seconds()
    try SolverError.checkInterruption("measuring the time of a sweep")
    guard let seconds else {
      // A part that fails at once tells nothing; `run` will say why.
      guard start.duration(to: .now) > .seconds(0.9 * SweepProbe.limit) else { return plan }
      return plan.taking(max(plan.seconds, SweepProbe.limit), .abandoned)
    }
    // Start of the program, and writing at some 400 MB/s.
    return plan.taking(seconds + 0.03 + Double(plan.resultBytes) / 4e8, .measured)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`: `.notConverged` when a tolerance is missed, `.interrupted` after cancellation. Cost: see `plan`.
  public func run(
    _ request: SweepRequest, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    try CancellationToken.performing(until: isCancelled) { (isCancelled) throws(SolverError) in
      var usesTable = true
      do throws(SolverError) {
        return try run(request, &usesTable, progress, isCancelled)
      } catch  where error.code == .notConverged && usesTable {
        // A table's error may be too large where kernels are far below their resonances: node by node then.
        usesTable = false
        return try run(request, &usesTable, progress, isCancelled)
      }
    }
  }

  private func run(
    _ request: SweepRequest, _ usesTable: inout Bool, _ progress: (SweepProgress) -> Void,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> TransportResult {
    _ = try plan(request)
    let needs = Needs(request)
    let work = ParallelWork(workers: workers)
    var preparing = try PreparedJunction(
      request.junction, points: request.points, tolerance: Self.kernelTolerance(request.settings),
      largestFrequency: Self.largestFrequency(request, needs))
    preparing.isCancelled = isCancelled
    if usesTable { try addPairTable(to: &preparing, request, needs, work, progress, isCancelled) }
    usesTable = preparing.pairTable != nil
    let prepared = preparing
    let environment = try BosonEnvironment(request.junction, highest: Self.highestBosonFrequency(request))
    try Self.check(environment, request, needs)
    var assembly = ResultAssembly(request)
    let elastic = needs.elasticKernel ? try prepared.elasticKernel() : nil
    // Electrons that pass with bosons only have no elastic correction.
    let transmits = elastic?.transmits == true
    let secondOrder =
      !needs.derivatives.isEmpty || transmits && (needs.correction || needs.responseCorrection)
      ? try SecondOrderSolver.prepared(
        prepared, environment, request, withInelastic: !needs.derivatives.isEmpty, work, progress, isCancelled) : nil
    if needs.populations || needs.elastic || needs.fluctuations {
      let kernels = try modeKernels(prepared, request, needs, work, progress, isCancelled)
      let solvers = try StateSolvers(
        prepared: prepared, environment: environment, request: request,
        sharp: kernels.map { SharpSolver(prepared, environment: environment, kernels: $0) },
        elastic: needs.elastic ? elastic.map { ElasticSolver(kernel: $0) } : nil,
        secondOrder: needs.correction && transmits ? secondOrder : nil, needs: needs)
      if let matrix = solvers.matrix {
        try work.run(
          matrix.panelCount, stage: "pair kernels", progress: progress, isCancelled: isCancelled, makeWorker: {},
          body: { panel, _ throws(SolverError) in try matrix.prepare(panel: panel) })
      }
      let states = request.points.count
      // Costly states are handed out one by one.
      let size = solvers.matrix == nil ? Self.chunk : 1
      let chunks = (states + size - 1) / size
      let columns = try StateColumns.filled(request, needs) { columns throws(SolverError) in
        try work.run(
          chunks, stage: "states",
          progress: { progress(SweepProgress(stage: "states", done: min($0.done * size, states), total: states)) },
          isCancelled: isCancelled, makeWorker: { StateWorker(solvers, block: size) },
          body: { chunk, worker throws(SolverError) in
            try worker.evaluate((chunk * size)..<min((chunk + 1) * size, states), into: columns)
          })
      }
      assembly.add(columns, needs)
      assembly.addRectifications()
      try assembly.addInstabilities(
        InstabilitySearch(solvers, request).run(stable: columns.stable, work, progress, isCancelled))
    }
    if !needs.spectra.isEmpty {
      assembly.add(try SpectraSweep(prepared, request, needs).run(work, progress, isCancelled))
    }
    if !needs.light.isEmpty {
      assembly.addLight(try LightSweep(prepared, environment, request, needs).run(work, progress, isCancelled))
    }
    if needs.transmission { try assembly.addTransmission(prepared) }
    if !needs.forces.isEmpty { try assembly.addForces(ForceSweep(prepared, request, needs).run(work, progress, isCancelled)) }
    if needs.phononTransmission { try assembly.addPhononTransmission(environment) }
    if !needs.derivatives.isEmpty, let secondOrder {
      try assembly.addConductances(ConductanceSweep(secondOrder, prepared, request, needs).run(work, progress, isCancelled))
    }
    if !needs.linearResponse.isEmpty {
      assembly.addLinearResponse(
        try LinearResponseSweep(
          prepared, environment, request, needs, elastic: elastic,
          secondOrder: needs.responseCorrection && transmits ? secondOrder : nil
        ).run(work, progress, isCancelled))
    }
    return try ResultGate(describe: request.describe(state:), isEquilibrium: request.points.isEquilibrium).checked(
      assembly.result)
  }

  /// Dressed bosons amplify the error of the self-energy by damping of one kind over damping in all; elements of the Onsager
  /// matrix are held against each other, not against a gross flow.
  private static func kernelTolerance(_ settings: ComputeSettings) -> Double {
    if settings.level == .dressed { return 0.02 * settings.tolerance }
    // Fourth powers of the energy weigh the far ends of the occupations.
    let definitions = settings.observables.map(\.definition)
    if definitions.contains(where: { $0.needs.contains(.fluctuations) }) { return 0.01 * settings.tolerance }
    return (definitions.contains { !$0.responseReadings.isEmpty } ? 0.1 : 1) * settings.tolerance
  }

  /// Large wide-band conductors: all pair kernels from one table, computed by all workers.
  private func addPairTable(
    to prepared: inout PreparedJunction, _ request: SweepRequest, _ needs: Needs, _ work: ParallelWork,
    _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) {
    guard needs.pairKernels else { return }
    let modes = prepared.junction.bosons.count
    let highest = max(Self.largestFrequency(request, needs), prepared.junction.bosons.highestEnergy)
    let pairs = needs.modePairs(request) ? ModePairs.all(count: modes) : .diagonal(Array(0..<modes))
    // Once more with more nodes where the first table misses the tolerance; without a table after that.
    for accuracy in [0.05, 2e-4] where prepared.pairTable == nil {
      guard let builder = prepared.pairTableBuilder(pairs: pairs, upTo: highest, accuracy: accuracy) else { return }
      try work.run(
        builder.count, stage: "pair kernels", progress: progress, isCancelled: isCancelled, makeWorker: { builder.makeWorker() },
        body: { piece, worker throws(SolverError) in try builder.fill(piece, &worker) })
      prepared.pairTable = builder.table(tolerance: prepared.pairTableTolerance)
    }
  }

  private func modeKernels(
    _ prepared: PreparedJunction, _ request: SweepRequest, _ needs: Needs, _ work: ParallelWork,
    _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> [PanelKernel]? {
    guard needs.populations, request.route.usesSharp else { return nil }
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
    let listed =
      needs.spectra.isEmpty && needs.light.isEmpty ? 0 : request.settings.frequencies?.reduce(0) { max($0, abs($1)) } ?? 0
    guard needs.bosonCurrents || needs.populations || !needs.linearResponse.isEmpty || !needs.derivatives.isEmpty,
      request.settings.level != .sharp
    else { return listed }
    let modes = 1.5 * request.junction.bosons.highestEnergy
    let response = needs.linearResponse.isEmpty ? 0 : LinearResponseSweep.highestFrequency(request)
    return max(listed, LandauerSolver.highestFrequency(request.points), modes, response)
  }

  /// The largest w at which a bath will be asked for.
  private static func highestBosonFrequency(_ request: SweepRequest) -> Double {
    let listed = request.settings.frequencies?.reduce(0) { max($0, abs($1)) } ?? 0
    let response = Needs(request).linearResponse.isEmpty ? 0 : LinearResponseSweep.highestFrequency(request)
    return max(
      listed, LandauerSolver.highestFrequency(request.points), response,
      2 * request.junction.bosons.highestEnergy)
  }

  /// What can be said only once the baths are prepared.
  private static func check(_ environment: BosonEnvironment, _ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    let points = request.points
    for (p, column) in points.bathChemicalPotentials.enumerated() {
      let bottom = environment.bandBottom(ofBath: p)
      for (state, nu) in column.enumerated() where nu > bottom || (nu == bottom && nu > 0) {
        guard request.settings.level != .sharp else { break }
        throw SolverError(
          .unsuitableModel, at: ["state", "chemical_potential", request.junction.baths[p].name],
          "the chemical potential \(nu) lies above \(bottom), where the bath's band begins, at \(request.describe(state: state)): "
            + "bosons would condense there without end",
          hint: "Keep it below the band bottom")
      }
    }
  }

  private static func check(_ junction: Junction, _ settings: ComputeSettings, _ needs: Needs) throws(SolverError) {
    if settings.level == .sharp {
      guard !junction.conductor.isEmpty else {
        throw SolverError(
          .unsuitableModel, at: ["compute", "level"], "level sharp needs electrons; this model has bosons alone",
          hint: "Use level: landauer")
      }
      try junction.requireBaths()
      try junction.requireNoZeroModes(for: "level sharp")
      try junction.requireNoGyration(
        "level sharp puts delta functions at the modes of K, which the gyration mixes", hint: "Use level: landauer, or dressed")
      if let unknown = settings.observables.first(where: { !$0.definition.needs.isDisjoint(with: .onlyMatrices) }) {
        throw SolverError(
          .unsuitableModel, at: ["compute", "observables"], "\(unknown.rawValue) does not exist at level sharp",
          hint: "Use level: dressed, or landauer")
      }
    }
    if settings.level == .landauer, settings.observables.contains(.modePopulationMatrix), !junction.conductor.isEmpty {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "mode_population_matrix needs the electrons in the propagator",
        hint: "Use level: dressed")
    }
    if needs.modeRates, !BosonRoute.usesSharp(junction, settings) {
      throw SolverError(
        .unsuitableModel, at: ["compute", "level"],
        "rates of emission and absorption are those at the energies of the modes, and level \(settings.level.rawValue) of this model has none",
        hint: "Use level: sharp or landauer, with electrons, without modes of energy zero and without gyration")
    }
    if needs.populationValues || (needs.poles && settings.level != .dressed) {
      try junction.requireNoZeroModes(for: "a mode population or damping")
      if settings.level == .landauer, !junction.conductor.isEmpty {
        try junction.requireNoGyration(
          "populations and dampings at level landauer are those of the modes of K one by one, which the gyration mixes",
          hint: "Use level: dressed")
      }
    }
    if settings.crossCheck, settings.level != .landauer || junction.conductor.isEmpty {
      throw SolverError(
        .unsuitableModel, at: ["compute", "cross_check"],
        "the double integral checks the currents between electrons and bosons of level landauer",
        hint: "Use level: landauer with electrons, or leave cross_check out")
    }
  }

  private static func check(_ request: SweepRequest) throws(SolverError) {
    let needs = Needs(request)
    let tolerance = request.settings.tolerance
    try request.checkMagnitudes()
    try request.checkContrast()
    guard tolerance >= 1e-12 && tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "tolerance"], "a relative tolerance of \(tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    if needs.fluctuations { try checkFluctuations(request) }
    if needs.bosonCurrents || needs.populations || (!needs.linearResponse.isEmpty && request.junction.bosons.count > 0) {
      try check(request.junction, request.settings, needs)
    }
    if !needs.linearResponse.isEmpty { try LinearResponseSweep.check(request) }
    if !needs.derivatives.isEmpty { try ConductanceSweep.check(request) }
    if !needs.spectra.isEmpty || needs.variables.contains(where: { $0.quantity.dimensions.contains(.mode) }),
      request.junction.bosons.count == 0
    {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "pair spectra and mode populations need bosons, the model has none",
        hint: "Add bosons, baths and coupling, or ask for charge_current and transmission only")
    }
    try LightSupport.check(request, needs)
    try Rectification.check(request, needs)
    if needs.transmission, request.settings.energies.isEmpty {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "transmission is asked for without energies",
        hint: "Add compute.energies, for example energies: {from: -1, to: 1, points: 201}")
    }
  }

  private static func checkFluctuations(_ request: SweepRequest) throws(SolverError) {
    try FluctuationSupport.check(request.junction, request.points, request.settings.level)
    guard request.settings.observables.contains(.quantaDistribution) else { return }
    guard let time = request.settings.countingTime, time >= 0, time.isFinite else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "observables"], "quanta_distribution is asked for without a time to count over",
        hint: "Add compute.counting_time, for example counting_time: 100")
    }
    guard (1...100_000).contains(request.settings.quanta) else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "quanta"], "a distribution of up to \(request.settings.quanta) quanta cannot be served",
        hint: "Choose between 1 and 100000")
    }
  }
}
