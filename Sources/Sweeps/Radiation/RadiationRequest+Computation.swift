import DenseMatrices
import Foundation
import JunctionModel
import RadiativeTransfer
import TransportResults

extension RadiationRequest: Computation {
  package var tolerance: Double { settings.tolerance }

  /// Throws `.tooLarge` when the result does not fit into memory.
  package func check(for runner: SweepRunner) throws(SolverError) {
    try runner.require(memory, states: states.count)
  }

  /// Memory counted from sizes, time from measured rates per gap and state. Throws `.unsuitableModel` for states that have no answer.
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan {
    _ = try window()
    let spectra = settings.observables.contains(where: \.isSpectrum) ? Double(settings.frequencies.count) : 0
    // Measured: 0.02 s for half-spaces at 1e-6, five times as much with a film.
    let perGap = 0.02 * (1 + 4 * Double(films)) * max(1, -log10(settings.tolerance) / 6)
    let seconds = (perGap * Double(statesByGap.count) + Double(states.count) * (2e-4 + 1e-4 * spectra)) / Double(runner.workers)
    return SweepPlan(
      states: states.count, memory: memory, workers: runner.workers, budget: runner.budget, seconds: seconds + 0.05)
  }

  /// Measured by running parts.
  package var timing: SweepPlan.Timing { .measured }

  /// The same sweep with fewer values on every axis, ends included; nil when that is not possible.
  package func thinned(to count: Int) -> RadiationRequest? {
    let thinned = ThinnedSweep(axes, to: count)
    guard !thinned.states.isEmpty else { return nil }
    var part = self
    part.axes = thinned.axes
    part.states = thinned.states.map { states[$0] }
    part.gaps = thinned.states.map { gaps[$0] }
    return part
  }

  /// Every number of the bodies. Throws `SolverError`.
  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    try RadiationSweep(request: self).outcome(work)
  }

  /// Units, bodies, gap; observables.
  package func description(_ number: (Double) -> String) -> ComputationDescription {
    withoutActuallyEscaping(number) { RadiationDescription(self, number: $0).description }
  }

  /// Columns of the result with the states, spectra of a batch of gaps, and the states sorted by gap.
  private var memory: SweepMemory {
    let states = Double(states.count)
    let numbers = settings.observables.map { Double(components(of: $0)) }
    var memory = SweepMemory()
    memory.result = states * (16 * numbers.reduce(0, +) + 40)
    memory.copy = 16 * states * (numbers.max() ?? 0)
    memory.work = states * 2 * Double(MemoryLayout<RadiationState>.stride + 8) + 4_194_304
    memory.worker = 1_048_576
    return memory
  }

  /// Films in both bodies.
  private var films: Int {
    [pair.first, pair.second].reduce(0) {
      guard case .layers(let layers) = $1.kind else { return $0 }
      return $0 + layers.count - 1
    }
  }

  /// Numbers of an observable per state.
  func components(of observable: RadiationObservable) -> Int {
    RadiationAssembly(request: self).empty.components(of: observable.quantity)
  }

  /// The frequencies that matter to all states. Throws `.unsuitableModel` for states that have no answer.
  func window() throws(SolverError) -> RadiationWindow {
    do {
      return try RadiationWindow(
        states, of: pair, tolerance: settings.tolerance,
        allowedMissingFraction: settings.allowedMissingFraction)
    } catch {
      throw SolverError(
        .unsuitableModel, at: .model(error.path), "found \(error.found); allowed: \(error.allowed)", hint: SolverText(error.hint))
    }
  }
}
