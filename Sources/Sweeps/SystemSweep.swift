import JunctionModel
import Synchronization
import TransportResults

/// A computation whose system changes along the sweep: a junction (terminals, two bodies) for every value of the variables that a number
/// of it depends on, each with the states of the other variables.
///
/// Every system is computed as it would be by itself, so that its numbers are the same bits, except that systems which are one system at
/// other states are computed together (`Computation.joined`); `SystemAssembly` puts the results in their places.
package struct SystemSweep<System: Computation>: Computation {
  /// The first system with all states of the sweep; what does not depend on the system is asked of it.
  private let whole: System
  /// Positions in `axes` of the variables that change the system, ascending.
  private let systemAxes: [Int]
  private let rectifications: [Rectification]
  /// A system by its number, the first variable slowest. Throws `SolverError` where there is none.
  private let system: @Sendable (Int) throws(SolverError) -> System

  /// The systems of a sweep; `whole` has all axes and all states, and wants what each system wants. `rectifications` are ratios over the
  /// axes of the sweep, which single systems need not have.
  package init(
    _ whole: System, systemAxes: [Int], rectifications: [Rectification],
    system: @escaping @Sendable (Int) throws(SolverError) -> System
  ) {
    (self.whole, self.systemAxes, self.rectifications, self.system) = (whole, systemAxes, rectifications, system)
  }

  package var title: String { whole.title }
  package var axes: [SweepAxis] { whole.axes }
  package var tolerance: Double { whole.tolerance }
  package var emptyResult: TransportResult { whole.emptyResult }

  /// Number of systems.
  package var count: Int { systemAxes.reduce(1) { $0 * axes[$1].values.count } }

  /// Throws what the whole sweep asks for in vain, and where the last system is of another shape than the first.
  package func check(for runner: SweepRunner) throws(SolverError) {
    try whole.check(for: runner)
    guard count > 1 else { return }
    let places = SystemPlaces(axes: axes, systemAxes: systemAxes)
    try SystemShape(whole.emptyResult).require(try system(count - 1).emptyResult, at: places.words(ofSystem: count - 1))
  }

  /// What one system costs, measured where that is possible, times their number.
  package func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan {
    let plan = try whole.plan(for: runner)
    let alone = try runner.measuredPlan(try system(0), within: 0.5 * SweepPlan.probingLimit)
    // Systems go side by side where there are enough of them.
    let sideBySide = count >= 2 * runner.workers ? 1 : Double(runner.workers)
    let start = 0.03
    let seconds = start + max(alone.seconds - start, 0) * Double(count) * sideBySide / Double(runner.workers)
    return plan.taking(seconds, alone.timing)
  }

  package func description(_ number: (Double) -> String) -> ComputationDescription {
    let words = whole.description(number)
    let names = systemAxes.map { "\(axes[$0].name) (\(counted(axes[$0].values.count, "value")))" }
    let row = ("systems", "\(count), one for each value of \(names.joined(separator: " and ")); what follows is of the first")
    return ComputationDescription(parts: [row] + words.parts, wanted: words.wanted)
  }

  package func reservations(about result: TransportResult) -> [String] { whole.reservations(about: result) }

  package func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    let places = SystemPlaces(axes: axes, systemAxes: systemAxes)
    let ledger = StateLedger(states: stateCount, tolerance: tolerance) { [axes] in axes.describe(state: $0) }
    let parts = SystemParts(count: count)
    try ledger.stage { stage throws(SolverError) in
      let worker = SystemWorker(
        system: system, shape: SystemShape(whole.emptyResult), places: places, tolerance: tolerance,
        records: SystemRecords(stage, parts, states: stateCount, tolerance: tolerance, empty: whole.emptyResult))
      try compute(worker, work)
      stage.agree(work)
    }
    guard work.agreed(parts.hasAny) || work.isPartial else {
      throw ledger.firstFailure ?? SolverError(.notConverged, "no system could be computed")
    }
    var result = SystemAssembly(places: places, parts: parts.all, empty: whole.emptyResult).result
    result.addRectifications(rectifications)
    return ComputationOutcome(result: result, ledger: ledger)
  }

  /// One thread for each system where there are enough of them, all threads for one after the other else.
  private func compute(_ worker: SystemWorker<System>, _ work: ParallelWork) throws(SolverError) {
    let count = count
    let stage = PieceStage("systems", key: "systems", role: .results, records: worker.records)
    if let groups = try joinable() {
      for (index, group) in groups.enumerated() {
        let words = groups.count == 1 ? "" : "system \(index + 1) of \(groups.count): "
        try worker.compute(group, work.at("group \(index)").prefixed(words))
      }
      return
    }
    guard count >= 2 * work.allWorkers else {
      let joint = try work.scope.openJoint(stage, count: count)
      for index in 0..<count where !joint.isDone(index) {
        try worker.compute(index, work.at("system \(index)").prefixed("system \(index + 1) of \(count): "))
        joint.finish(index)
      }
      return
    }
    let isCancelled = work.isCancelled
    try work.run(
      count, stage: stage, body: { index throws(SolverError) in try worker.compute(index, .inline(until: isCancelled)) })
  }
}

extension ParallelWork {
  /// The same work, whose stages are said to be of something.
  fileprivate func prefixed(_ words: String) -> ParallelWork {
    reporting { SweepProgress(stage: words + $0.stage, done: $0.done, total: $0.total) }
  }
}

extension SystemSweep {
  /// The most systems whose junctions are held at once.
  private static var mostJoined: Int { 10_000 }

  /// Systems that are one system at other states, together with their numbers; nil where that spares nothing: unless a neighbour of the first
  /// system is one, all are computed by themselves.
  private func joinable() throws(SolverError) -> [[NumberedSystem<System>]]? {
    guard count > 1, count <= Self.mostJoined else { return nil }
    guard let first = try? system(0), let neighbours = try? neighbours(of: first), neighbours else { return nil }
    var groups: [[NumberedSystem<System>]] = []
    for index in 0..<count {
      try SolverError.checkInterruption("reading systems")
      // What cannot be read says so where it is computed.
      guard let system = try? system(index) else { return nil }
      let member = NumberedSystem(number: index, system: system)
      if let place = groups.firstIndex(where: { System.joined([$0[0].system, system]) != nil }) {
        groups[place].append(member)
      } else {
        groups.append([member])
      }
      if groups.count > max(count / 2, 1) { return nil }
    }
    return groups
  }

  /// True when a step along one of the variables leads to a system that can be joined with the first.
  private func neighbours(of first: System) throws(SolverError) -> Bool {
    var stride = 1
    for axis in systemAxes.reversed() {
      let length = axes[axis].values.count
      if length > 1, System.joined([first, try system(stride)]) != nil { return true }
      stride *= length
    }
    return false
  }
}

/// What all systems of a sweep have in common: how many of everything there are, and the numbers along axes of results.
struct SystemShape: Sendable {
  private let dimensions: [ResultDimension]

  init(_ result: TransportResult) { dimensions = result.dimensions }

  /// Throws `.unsuitableModel` for a system of another shape, which `place` names.
  func require(_ other: TransportResult, at place: String) throws(SolverError) {
    for dimension in dimensions {
      guard let twin = other.dimensions.first(where: { $0.name == dimension.name }), twin.count == dimension.count else {
        let found = other.dimensions.first { $0.name == dimension.name }?.count ?? 0
        throw SolverError(
          .unsuitableModel, at: .sweep(nil),
          "the system at \(place) has \(counted(found, dimension.name)) and the first one has \(dimension.count): one sweep has systems of "
            + "one shape",
          hint: "Use runs of their own for systems of other sizes")
      }
      guard dimension.coordinates == twin.coordinates else {
        let isFrequency = dimension.name == StandardDimension.frequency.name
        throw SolverError(
          .unsuitableModel, at: isFrequency ? .frequencies : .sweep(nil),
          "the values along '\(dimension.name)' change with the system: they are others at \(place)"
            + (isFrequency ? ", because the frequencies are the energies of the modes where none are given" : ""),
          hint: isFrequency ? "Give \(part: .frequencies), the same for all systems" : "Use a run for each")
      }
    }
  }
}

/// Where the states of each system are among all states of a sweep.
struct SystemPlaces: Sendable {
  let axes: [SweepAxis]
  let systemAxes: [Int]
  /// Positions in `axes` of the axes of a single system.
  let stateAxes: [Int]
  private let strides: [Int]

  init(axes: [SweepAxis], systemAxes: [Int]) {
    (self.axes, self.systemAxes) = (axes, systemAxes)
    stateAxes = axes.indices.filter { !systemAxes.contains($0) }
    var strides = [Int](repeating: 1, count: axes.count)
    for a in axes.indices.dropLast().reversed() { strides[a] = strides[a + 1] * axes[a + 1].values.count }
    self.strides = strides
  }

  /// Number of systems, and of states of each.
  var systems: Int { systemAxes.reduce(1) { $0 * axes[$1].values.count } }
  var statesPerSystem: Int { stateAxes.reduce(1) { $0 * axes[$1].values.count } }

  private func offset(_ index: Int, over chosen: [Int]) -> Int {
    var (rest, offset) = (index, 0)
    for a in chosen.reversed() {
      let length = axes[a].values.count
      offset += rest % length * strides[a]
      rest /= length
    }
    return offset
  }

  /// The number among all states of a system's state.
  func state(_ state: Int, ofSystem system: Int) -> Int { offset(system, over: systemAxes) + offset(state, over: stateAxes) }

  /// All states of a system.
  func states(ofSystem system: Int) -> [Int] { (0..<statesPerSystem).map { state($0, ofSystem: system) } }

  /// The values of a system's variables in words.
  func words(ofSystem system: Int) -> String {
    zip(systemAxes, indices(ofSystem: system)).map { "\(axes[$0].name) = \(axes[$0].words(at: $1))" }.joined(separator: ", ")
  }

  /// The values of a system's variables.
  func values(ofSystem system: Int) -> [Double] {
    zip(systemAxes, indices(ofSystem: system)).map { axes[$0].values[$1] }
  }

  private func indices(ofSystem system: Int) -> [Int] { systemAxes.map { axes[$0] }.positions(of: system) }
}
