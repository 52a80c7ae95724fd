import DenseMatrices
import JunctionModel
import TerminalTransport
import TransportResults

extension TerminalRequest: Computation {
  package var tolerance: Double { settings.tolerance }

  /// Throws `.unsuitableModel` when the model lacks something the observables need, `.tooLarge` when the result does not fit into memory.
  package func check(for runner: SweepRunner) throws(SolverError) {
    try checkWanted()
    try runner.require(memory, states: points.count)
  }

  /// Memory and time counted from sizes: 10 ns per node for a weight or a product.
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan {
    SweepPlan(
      states: points.count, memory: memory, workers: runner.workers, budget: runner.budget,
      seconds: 0.01 + Double(points.count) * Double(nodes) * 1e-8 / Double(runner.workers))
  }

  /// Every number of the terminals. Throws `SolverError`.
  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    try TerminalSweep(request: self).outcome(work)
  }

  /// Units, baths, transmissions; observables.
  package func description(_ number: (Double) -> String) -> ComputationDescription {
    withoutActuallyEscaping(number) { TerminalDescription(self, number: $0).description }
  }

  /// About sixty panels of sixteen nodes.
  private var nodes: Int { 16 * 60 * (terminals.functions.count + terminals.names.count) }

  private var memory: SweepMemory {
    let (states, baths) = (Double(points.count), Double(terminals.names.count))
    let numbers = settings.observables.compactMap(TerminalVariable.init).map { Double($0.components(self)) }
    var memory = SweepMemory()
    // Inputs, and three errors per state until all have been judged; columns pass into the result one by one.
    memory.result = states * (numbers.reduce(0, +) * 16 + 2 * baths * 8)
    memory.work = states * (48 + 16 * baths)
    memory.copy = 16 * states * (numbers.max() ?? 0)
    if settings.observables.contains(where: \.needsFrequencies) {
      // Twice in the result, as its dimension and in its labels.
      memory.work += 16 * Double(settings.frequencies.count)
    }
    if settings.observables.contains(.transmissionFunction) {
      memory.result += 16 * baths * baths * Double(settings.frequencies.count)
    }
    memory.worker = Double(8 * nodes)
    return memory
  }

  private func checkWanted() throws(SolverError) {
    guard settings.tolerance >= 1e-12 && settings.tolerance <= 0.1 else {
      throw SolverError(
        .unsuitableModel, at: .tolerance, "a relative tolerance of \(settings.tolerance) cannot be served",
        hint: "Choose between 1e-12 and 0.1")
    }
    if terminals.particles == .bosons, settings.observables.contains(.chargeCurrent) {
      throw SolverError(
        .unsuitableModel, at: .observables, "charge_current needs fermions, these are bosons",
        hint: "Use bath_particle_current")
    }
    if settings.frequencies.isEmpty, let observable = settings.observables.first(where: \.needsFrequencies) {
      throw SolverError(
        .unsuitableModel, at: .observables, "\(observable.rawValue) is asked for without frequencies",
        hint: "Add \(part: .frequencies), for example frequencies: {from: 0.1, to: 2, points: 200}")
    }
    let known = settings.observables.compactMap(TerminalVariable.init).map(\.quantity.name)
    try Rectification.check(settings.rectifications, known: known, axes: axes)
  }
}
