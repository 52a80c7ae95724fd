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
  let states: Int
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
        notes.misses.merge(miss)
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

  /// Takes in what became of the states of a piece.
  fileprivate func take(_ piece: PieceNotes, _ stage: Int) {
    notes.withLock { notes in
      for range in piece.finished {
        for state in range where notes.codes[stage][state] == .notComputed { notes.codes[stage][state] = .done }
      }
      for (state, code) in piece.verdicts where notes.codes[stage][state] != .noSteadyState || code == .notComputed {
        notes.codes[stage][state] = code
      }
      for miss in piece.misses { notes.misses.merge(miss) }
      notes.failures += piece.failures
    }
  }

  /// What fell short so far.
  var shortcomings: (misses: [ToleranceMiss], failures: [StateFailure]) { notes.withLock { ($0.misses, $0.failures) } }

  /// All that is noted of a stage, for another process.
  fileprivate func bytes(of stage: Int) -> [UInt8] {
    let notes = notes.withLock { $0 }
    var writer = RecordWriter()
    writer.put(notes.codes[stage].map { UInt8($0.rawValue) })
    let rest = PieceNotes(tolerance: tolerance, misses: notes.misses, failures: notes.failures)
    rest.put(into: &writer)
    return writer.bytes
  }

  /// Takes over what another process has noted of a stage.
  fileprivate func replace(_ stage: Int, _ bytes: [UInt8]) {
    var reader = RecordReader(bytes)
    guard let codes = reader.raw(), codes.count == states,
      let rest = PieceNotes(from: &reader, states: states, tolerance: tolerance)
    else { return }
    notes.withLock { notes in
      notes.codes[stage] = codes.map { StateStatus(rawValue: Int($0)) ?? .notComputed }
      (notes.misses, notes.failures) = (rest.misses, rest.failures)
    }
  }
}

extension StateLedger.Stage {
  /// Takes in what became of the states of a piece.
  func take(_ piece: PieceNotes) { ledger.take(piece, index) }

  /// Notes what `body` says of states.
  func note(_ body: (PieceNotes) -> Void) {
    let notes = PieceNotes(tolerance: ledger.tolerance)
    body(notes)
    take(notes)
  }

  /// Every process knows afterwards what the root knows.
  func agree(_ work: ParallelWork) {
    guard !work.isInline, let bytes = work.scope.keeper.broadcast({ ledger.bytes(of: index) }), !work.scope.keeper.isRoot else {
      return
    }
    ledger.replace(index, bytes)
  }

  /// Takes in what became of the states of a part of the run; `state` finds them among all.
  func absorb(_ part: StateLedger, _ state: (Int) -> Int) { ledger.absorb(part, state, keepingWorst: false, index) }

  /// The same for states of which several become one, which has the gravest code of them.
  func absorb(worst part: StateLedger, ignoringSteadiness: Bool, _ state: (Int) -> Int) {
    ledger.absorb(part, state, keepingWorst: true, ignoringSteadiness: ignoringSteadiness, index)
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
