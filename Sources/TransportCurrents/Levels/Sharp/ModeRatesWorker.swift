import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportResults

/// Buffers for what the rates at the mode energies tell of states: populations and stability, and at level `sharp` the currents.
final class ModeRatesWorker: LevelWorker {
  private let worker: SharpWorker
  private let currents: Bool

  /// Buffers for blocks of up to `capacity` states; `currents` to add the currents.
  init(_ solver: SharpSolver, integrator: StateIntegrator, capacity: Int, currents: Bool) {
    worker = SharpWorker(solver, integrator: integrator, capacity: capacity)
    self.currents = currents
  }

  func block(_ points: OperatingPoints, _ states: Range<Int>) -> any LevelBlock { rates(points, states) }

  /// The block itself, for levels that have more than rates.
  func rates(_ points: OperatingPoints, _ states: Range<Int>) -> ModeRatesBlock {
    ModeRatesBlock(rates: worker.block(points, states), currents: currents)
  }
}

/// Evaluates states from the rates at the mode energies.
struct ModeRatesBlock: LevelBlock {
  let rates: SharpWorker.Block
  let currents: Bool

  func evaluate(_ state: borrowing OperatingState, slot: Int, into result: inout StateCurrents) {
    rates.evaluate(state, slot: slot, currents: currents, into: &result)
  }

  func margin(_ state: OperatingState, followsPole: Bool, _ currents: inout StateCurrents) -> StabilityMargin? {
    rates.evaluate(state, slot: 0, currents: false, into: &currents)
    let dampings = currents.dampingRate
    guard let mode = dampings.indices.min(by: { dampings[$0].value < dampings[$1].value }) else { return nil }
    return StabilityMargin(BosonPole(mode: mode, of: currents))
  }
}

extension SharpSolver {
  /// States of a block: cheap enough for many.
  static let statesPerBlock = 32

  /// The solver of a request where populations and stability come from the rates at the mode energies; nil elsewhere.
  static func rates(
    _ basis: LevelBasis, for request: LevelRequest, pieces: some ParallelPieces
  ) throws(SolverError) -> SharpSolver? {
    guard request.needs.populations, request.level.hasModeRates(request.junction) else { return nil }
    return SharpSolver(basis.prepared, environment: basis.environment, kernels: try basis.prepared.modeKernels(pieces))
  }
}

extension PreparedJunction {
  /// X_kk at the energy of every mode k.
  func modeKernels(_ pieces: some ParallelPieces) throws(SolverError) -> [PanelKernel] {
    let energies = junction.bosons.modeEnergies
    return try pieces.values(
      energies.count, stage: "pair kernels", key: "mode kernels",
      of: { mode throws(SolverError) in try self.pairKernel(at: energies[mode], pairs: .diagonal([mode])) })
  }
}

extension Junction {
  /// True when rates at the mode energies exist: electrons, modes of finite energy, and nothing that mixes them.
  var hasModeRates: Bool { !conductor.isEmpty && bosons.zeroModes.isEmpty && bosons.gyration == nil }
}
