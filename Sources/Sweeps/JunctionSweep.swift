import BosonPropagators
import ElectronSpectra
import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// The computation of a junction: what all states share first, then the states, then what is wanted beside them.
struct JunctionSweep {
  private let request: SweepRequest
  private let needs: Needs
  private let work: ParallelWork
  private let prepared: PreparedJunction
  private let environment: BosonEnvironment
  private let ledger: StateLedger

  /// Every number of a request; what falls short is noted in the ledger. Throws `SolverError` when the model has no answer.
  static func outcome(_ request: SweepRequest, _ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    let work = work.identified { request.digest }
    let direct = try PreparedJunction(
      request.junction, points: request.points, tolerance: request.kernelTolerance, largestFrequency: request.largestFrequency,
      isIntegrated: request.needs.integratesElectrons)
    guard let table = try pairTable(of: direct, request, work) else { return try JunctionSweep(request, direct, work).outcome() }
    let outcome = try JunctionSweep(request, direct.reading(table), work).outcome()
    let misses = outcome.ledger.count(of: .toleranceMissed)
    guard work.agreed(misses > 0), !outcome.ledger.isInterrupted else { return outcome }
    // A table's error may be too large where kernels are far below their resonances: node by node then, if that is the cause.
    let ideal = try JunctionSweep(request, direct.reading(table.withoutErrors), work.at("without errors of the table")).outcome()
    guard !ideal.ledger.isInterrupted, work.agreed(ideal.ledger.count(of: .toleranceMissed) < misses) else { return outcome }
    return try JunctionSweep(request, direct, work.at("without table")).outcome()
  }

  private init(_ request: SweepRequest, _ prepared: PreparedJunction, _ work: ParallelWork) throws(SolverError) {
    (self.request, needs, self.work, self.prepared) = (request, request.needs, work, prepared)
    // Single frequencies are asked of the leads themselves: no tables for them.
    let isIntegrated = needs.populations || !needs.light.isEmpty || !needs.linearResponse.isEmpty || !needs.derivatives.isEmpty
    environment = try BosonEnvironment(
      request.junction, highest: request.highestBosonFrequency, isTabulated: isIntegrated)
    ledger = StateLedger(request)
    try checkSupply()
  }

  /// Large wide-band conductors: all pair kernels from one table, computed by all workers; nil where sampling node by node costs less.
  private static func pairTable(
    of prepared: PreparedJunction, _ request: SweepRequest, _ work: ParallelWork
  ) throws(SolverError) -> PairKernelTable? {
    guard request.needs.pairKernels else { return nil }
    let modes = prepared.junction.bosons.count
    let highest = max(request.largestFrequency, prepared.junction.bosons.highestEnergy)
    let pairs = request.levelRequest.wantsModePairs ? ModePairs.all(count: modes) : .diagonal(Array(0..<modes))
    // Once more with more nodes where the first table misses the tolerance; without a table after that.
    for accuracy in [0.05, 2e-4] {
      guard let builder = prepared.pairTableBuilder(pairs: pairs, upTo: highest, accuracy: accuracy) else { return nil }
      try work.run(
        builder.count, stage: PieceStage("pair kernels", key: "pair table to \(accuracy)", role: .shared, records: builder),
        makeWorker: { builder.makeWorker() },
        body: { piece, worker throws(SolverError) in try builder.fill(piece, &worker) })
      if let table = builder.table(tolerance: prepared.pairTableTolerance) { return table }
    }
    return nil
  }

  private func outcome() throws(SolverError) -> ComputationOutcome {
    var assembly = ResultAssembly(request)
    let elastic = needs.elasticKernel ? try prepared.elasticKernel() : nil
    // Electrons that pass with bosons only have no elastic correction.
    let transmits = elastic?.transmits == true
    let conductances = needs.derivatives.isEmpty ? nil : ConductanceSolvers(prepared, environment, request)
    let secondOrder = Deferred { [self] () throws(SolverError) in try secondOrderSolver(transmits: transmits, conductances) }
    if needs.populations || needs.elastic || needs.fluctuations {
      try addStates(to: &assembly, elastic: elastic, secondOrder: needs.correction && transmits ? secondOrder : nil)
    }
    if !ledger.isInterrupted { try ledger.keeping { () throws(SolverError) in try addSpectra(to: &assembly) } }
    if let conductances, !ledger.isInterrupted {
      try assembly.addConductances(
        ConductanceSweep(conductances, request, needs).run(work.at("conductances"), ledger))
    }
    if !needs.linearResponse.isEmpty, !ledger.isInterrupted {
      let sweep = LinearResponseSweep(
        LevelBasis(prepared, environment), request, elastic: elastic,
        secondOrder: needs.responseCorrection && transmits ? try secondOrder.value() : nil)
      try assembly.addLinearResponse(sweep.run(work.at("linear response"), ledger))
    }
    return try ResultGate(describe: request.describe(state:), isEquilibrium: request.points.isEquilibrium).checked(
      assembly.result, ledger, work)
  }

  private func secondOrderSolver(
    transmits: Bool, _ conductances: ConductanceSolvers?
  ) throws(SolverError) -> SecondOrderSolver? {
    guard transmits && (needs.correction || needs.responseCorrection) else { return nil }
    if let conductances, conductances.isCertain { return try conductances.secondOrder(work) }
    return try SecondOrderSolver.prepared(
      prepared, environment, request, parts: .correction, hasDerivatives: needs.responseCorrection, work)
  }

  /// One number per component and state, and where the steady state is lost between two states.
  private func addStates(
    to assembly: inout ResultAssembly, elastic: PanelKernel?, secondOrder: Deferred<SecondOrderSolver?>?
  ) throws(SolverError) {
    let work = work.at("states")
    let solvers = Deferred { [self] () throws(SolverError) in
      try StateSolvers(
        LevelBasis(prepared, environment), request, work,
        elastic: needs.elastic ? elastic.map { ElasticSolver(prepared, kernel: $0) } : nil,
        secondOrder: try secondOrder?.value())
    }
    let states = request.points.count
    let size = request.level.statesPerBlock(request.levelRequest)
    let counting = work.reporting { SweepProgress(stage: $0.stage, done: min($0.done * size, states), total: states) }
    let columns = try StateColumns.filled(request, needs) { columns throws(SolverError) in
      try ledger.run(
        StateStage("states", columns.all, .blocks(size)), (states + size - 1) / size, counting,
        prepare: { () throws(SolverError) in try solvers.value() }, makeWorker: { StateWorker($0, block: size) },
        body: { block, worker, notes throws(SolverError) in
          try worker.evaluate((block * size)..<min((block + 1) * size, states), into: columns, noting: notes)
        })
    }
    assembly.add(columns, needs)
    assembly.addRectifications()
    guard !ledger.isInterrupted, !work.isPartial else { return }
    try ledger.keeping { () throws(SolverError) in
      let stable = work.agreed(columns.stable)
      try assembly.addInstabilities(InstabilitySearch(solvers, request).run(stable: stable, work))
    }
  }

  /// What depends on an energy or a frequency beside the state.
  private func addSpectra(to assembly: inout ResultAssembly) throws(SolverError) {
    if !needs.spectra.isEmpty { assembly.add(try SpectraSweep(prepared, request, needs).run(work.at("pair spectra"), ledger)) }
    if !needs.light.isEmpty {
      assembly.addLight(try LightSweep(prepared, environment, request, needs).run(work.at("light"), ledger))
    }
    if needs.transmission { try assembly.addTransmission(prepared, work) }
    if !needs.forces.isEmpty { try assembly.addForces(ForceSweep(prepared, request, needs).run(work, ledger)) }
    if needs.phononTransmission {
      let leads = try BosonEnvironment(request.junction, highest: request.highestBosonFrequency, isTabulated: false)
      try assembly.addPhononTransmission(leads, work)
    }
  }

  /// Refuses bosons supplied above the bottom of their bath's band, which is known only once the baths are prepared.
  private func checkSupply() throws(SolverError) {
    guard request.level.hasWidths else { return }
    for (p, column) in request.points.bathChemicalPotentials.enumerated() {
      let bottom = environment.bandBottom(ofBath: p)
      guard let state = column.firstIndex(where: { $0 > bottom || ($0 == bottom && $0 > 0) }) else { continue }
      throw SolverError(
        .unsuitableModel, at: .chemicalPotential(of: request.junction.baths[p].name),
        "the chemical potential \(column[state]) lies above \(bottom), where the bath's band begins, at "
          + "\(request.describe(state: state)): bosons would condense there without end",
        hint: "Keep it below the band bottom")
    }
  }
}

/// A value that is made when it is first asked for, by whoever asks.
final class Deferred<Value: Sendable> {
  private let make: () throws(SolverError) -> Value
  private var made: Value?

  init(_ make: @escaping () throws(SolverError) -> Value) { self.make = make }

  /// The value. Throws what making it throws.
  func value() throws(SolverError) -> Value {
    if let made { return made }
    let value = try make()
    made = value
    return value
  }
}

extension SweepRequest {
  /// What kernels of the request depend on, as 64 hexadecimal digits: the junction, its states and the settings.
  fileprivate var digest: String {
    var digest = StructuralDigest()
    for part in [junction, points, settings, level.word] as [Any] { digest.add(part) }
    return digest.hexadecimal
  }
}
