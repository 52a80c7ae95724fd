import Synchronization
import TransportResults

/// What became of the states of a run: all workers note here which states they finished, and what fell short where.
///
/// What is noted does not depend on the order of notes, so neither do results on the number of workers. Every stage of a run (states,
/// conductances, linear response, spectra) has its own notes; a state is done when all stages are.
final class StateLedger: Sendable {
  /// One part of a run that computes numbers of every state.
  struct Stage: Sendable {
    fileprivate let ledger: StateLedger
    fileprivate let index: Int
  }

  private struct Notes {
    /// [stage][state]
    var codes: [[StateStatus]] = []
    var misses: [ToleranceMiss] = []
    var failures: [StateFailure] = []
    var interruption: SolverError?
  }

  let tolerance: Double
  private let states: Int
  private let describe: @Sendable (Int) -> String
  private let notes = Mutex(Notes())

  /// A ledger of a number of states, `describe` in words, with nothing noted.
  init(states: Int, tolerance: Double, describe: @escaping @Sendable (Int) -> String) {
    (self.states, self.tolerance, self.describe) = (states, tolerance, describe)
  }

  /// Opens the notes of a stage, in which no state is computed yet, and runs it. A run that is ended during a stage keeps what the
  /// stage has finished. Throws what `body` throws besides.
  func stage(_ body: (Stage) throws(SolverError) -> Void) throws(SolverError) {
    let stage = notes.withLock { notes in
      notes.codes.append([StateStatus](repeating: .notComputed, count: states))
      return Stage(ledger: self, index: notes.codes.count - 1)
    }
    try keeping { () throws(SolverError) in try body(stage) }
  }

  /// Runs a part of the run; when the run is ended there, what has been finished is kept. Throws what `body` throws besides.
  func keeping(_ body: () throws(SolverError) -> Void) throws(SolverError) {
    do throws(SolverError) { try body() } catch {
      guard error.code == .interrupted, hasFinished else { throw error }
      notes.withLock { if $0.interruption == nil { $0.interruption = error } }
    }
  }

  /// A stage that computes numbers of all states at one frequency after the other, so that states are done only together. `body` notes
  /// misses with the collector. Throws what `body` throws.
  func jointStage(_ body: (MissCollector) throws(SolverError) -> Void) throws(SolverError) {
    try stage { stage throws(SolverError) in
      let collector = MissCollector(tolerance: tolerance)
      try body(collector)
      stage.finish(0..<states)
      stage.merge(collector.misses)
    }
  }

  /// Takes in the ledger of a part of the run; `state` finds its states among all. Call inside a stage. With `ignoringSteadiness` states
  /// without a steady state count as done: somebody else knows.
  fileprivate func absorb(
    _ part: StateLedger, _ state: (Int) -> Int, keepingWorst: Bool, ignoringSteadiness: Bool = false, _ stage: Int
  ) {
    let codes = part.codes
    let found = part.notes.withLock { $0 }
    notes.withLock { notes in
      for (index, code) in codes.enumerated() {
        let place = state(index)
        if ignoringSteadiness, code == .noSteadyState { continue }
        if keepingWorst, code.gravity <= notes.codes[stage][place].gravity { continue }
        notes.codes[stage][place] = code
      }
      for miss in found.misses {
        let miss = miss.moved(state)
        if ignoringSteadiness {
          for place in miss.states where notes.codes[stage][place] == .done { notes.codes[stage][place] = .toleranceMissed }
        }
        if let i = notes.misses.firstIndex(where: { $0.name == miss.name }) {
          notes.misses[i].merge(miss)
        } else {
          notes.misses.append(miss)
        }
      }
      notes.failures += found.failures.map { StateFailure(state: state($0.state), error: $0.error) }
      if notes.interruption == nil { notes.interruption = found.interruption }
    }
  }

  /// True when the run has been ended: what has not begun need not begin.
  var isInterrupted: Bool { notes.withLock { $0.interruption != nil } }

  /// True when any state has been finished in the first stage.
  private var hasFinished: Bool { notes.withLock { $0.codes.first?.contains { $0 != .notComputed } ?? false } }

  /// Why the first state that failed could not be computed; nil where none failed.
  var firstFailure: SolverError? { notes.withLock { $0.failures.min { $0.state < $1.state }?.error } }

  /// Number of states with a code.
  func count(of code: StateStatus) -> Int { codes.count { $0 == code } }

  /// The code of every state.
  var codes: [StateStatus] {
    notes.withLock { notes in
      var codes = notes.codes.first ?? [StateStatus](repeating: .done, count: states)
      for stage in notes.codes.dropFirst() {
        for state in codes.indices where stage[state] != .done && stage[state].gravity > codes[state].gravity {
          codes[state] = stage[state]
        }
      }
      return codes
    }
  }

  /// What fell short, the worst of each kind, in words; with what to do about it.
  var shortfalls: [SolverError] {
    let (misses, failures, interruption) = notes.withLock { ($0.misses, $0.failures, $0.interruption) }
    var found = misses.sorted { $0.name < $1.name }.map { $0.report(of: states, tolerance: tolerance, describe) }
    if let first = failures.min(by: { $0.state < $1.state }) {
      found.append(first.report(of: Set(failures.map(\.state)).count, states, describe))
    }
    if let interruption { found.append(interruption) }
    return found
  }

  fileprivate func note(_ change: (inout [StateStatus], Int) -> Void, _ range: Range<Int>, _ stage: Int) {
    notes.withLock { notes in for state in range { change(&notes.codes[stage], state) } }
  }

  fileprivate func merge(_ found: [ToleranceMiss], _ stage: Int) {
    guard !found.isEmpty else { return }
    notes.withLock { notes in
      for miss in found {
        for state in miss.states where notes.codes[stage][state] != .noSteadyState {
          notes.codes[stage][state] = .toleranceMissed
        }
        if let i = notes.misses.firstIndex(where: { $0.name == miss.name }) {
          notes.misses[i].merge(miss)
        } else {
          notes.misses.append(miss)
        }
      }
    }
  }

  fileprivate func fail(_ state: Int, _ error: SolverError, _ stage: Int) {
    notes.withLock { notes in
      notes.codes[stage][state] = .notComputed
      notes.failures.append(StateFailure(state: state, error: error))
    }
  }
}

extension StateLedger.Stage {
  /// Notes states as computed: done, unless something else was noted of them or `status` says so.
  func finish(_ states: Range<Int>, _ status: (Int) -> StateStatus = { _ in .done }) {
    ledger.note({ codes, state in if codes[state] == .notComputed { codes[state] = status(state) } }, states, index)
  }

  /// Notes a state as computed.
  func finish(_ state: Int, _ status: StateStatus = .done) { finish(state..<(state + 1)) { _ in status } }

  /// Adds numbers whose errors are larger than allowed; of states that are finished already or will be.
  func merge(_ found: [ToleranceMiss]) { ledger.merge(found, index) }

  /// Takes in what became of the states of a part of the run; `state` finds them among all.
  func absorb(_ part: StateLedger, _ state: (Int) -> Int) { ledger.absorb(part, state, keepingWorst: false, index) }

  /// The same for states of which several become one, which has the gravest code of them.
  func absorb(worst part: StateLedger, ignoringSteadiness: Bool, _ state: (Int) -> Int) {
    ledger.absorb(part, state, keepingWorst: true, ignoringSteadiness: ignoringSteadiness, index)
  }

  /// Notes that states cannot be computed, whatever the error.
  func fail(_ states: [Int], _ error: SolverError) { for state in states { ledger.fail(state, error, index) } }

  /// Notes that a number of a state has an error of `error`, relative to its gross value, which is larger than allowed.
  func miss(_ name: String, error: Double, state: Int, advice: SolverText = "") {
    merge([ToleranceMiss(name, error: error, state: state, advice: advice)])
  }

  /// Notes that tables may lack more of the spectrum of a state than allowed: `share` of the flux.
  func lack(_ share: Double, of request: RadiationRequest, state: Int) {
    merge([ToleranceMiss(tablesOf: request, share: share, state: state)])
  }

  /// Notes that a state cannot be computed. Throws the error itself where that is no matter of one state.
  func fail(_ state: Int, _ error: SolverError) throws(SolverError) {
    guard error.code == .notConverged || error.code == .linearAlgebra else { throw error }
    ledger.fail(state, error, index)
  }
}

/// A state that could not be computed, and why.
private struct StateFailure {
  let state: Int
  let error: SolverError

  func report(of count: Int, _ total: Int, _ describe: (Int) -> String) -> SolverError {
    SolverError(
      error.code, at: error.subject,
      "\(count) of \(total) states could not be computed; the first one is \(describe(state)): \(error.message)",
      hint: error.advice)
  }
}

extension StateLedger {
  /// The ledger of a computation at a relative tolerance.
  convenience init(_ computation: some Computation, tolerance: Double) {
    let axes = computation.axes
    self.init(states: computation.stateCount, tolerance: tolerance) { axes.describe(state: $0) }
  }

  /// The ledger of a junction.
  convenience init(_ request: SweepRequest) { self.init(request, tolerance: request.settings.tolerance) }

  /// The result with the status of every state, and with what fell short.
  func signed(_ result: TransportResult) -> TransportResult {
    var signed = result
    signed.variables.append(
      ResultVariable(
        .status, units: result.units, sweep: result.axes.map(\.name), values: codes.map { Double($0.rawValue) }, errors: nil))
    signed.shortfalls += shortfalls
    return signed
  }
}
