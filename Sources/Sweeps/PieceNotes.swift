import Foundation
import Synchronization
import TransportResults

/// What became of the states of one piece of a stage, noted by the thread that does it.
///
/// Of several verdicts on a state the first counts, except that errors above the tolerance outdo "done" and failures outdo both.
final class PieceNotes {
  /// States that are finished.
  private(set) var finished: [Range<Int>] = []
  /// States that are not simply done.
  private(set) var verdicts: [Int: StateStatus] = [:]
  private(set) var misses: [ToleranceMiss] = []
  private(set) var failures: [StateFailure] = []
  private let tolerance: Double

  /// Nothing noted; `tolerance` is what `check` compares with.
  init(tolerance: Double) { self.tolerance = tolerance }

  /// Notes of shortcomings alone.
  convenience init(tolerance: Double, misses: [ToleranceMiss], failures: [StateFailure]) {
    self.init(tolerance: tolerance)
    (self.misses, self.failures) = (misses, failures)
  }

  /// Notes states as computed: done, unless something else was noted of them or `status` says so.
  func finish(_ states: Range<Int>, _ status: (Int) -> StateStatus = { _ in .done }) {
    for state in states where verdicts[state] == nil {
      let code = status(state)
      if code != .done { verdicts[state] = code }
    }
    if let last = finished.last, last.upperBound == states.lowerBound {
      finished[finished.count - 1] = last.lowerBound..<states.upperBound
    } else {
      finished.append(states)
    }
  }

  /// Notes a state as computed.
  func finish(_ state: Int, _ status: StateStatus = .done) { finish(state..<(state + 1)) { _ in status } }

  /// Adds numbers whose errors are larger than allowed; of states that are finished already or will be.
  func merge(_ found: [ToleranceMiss]) {
    for miss in found {
      for state in miss.states where verdicts[state] != .noSteadyState { verdicts[state] = .toleranceMissed }
      misses.merge(miss)
    }
  }

  /// Notes that a number of a state has an error of `error`, relative to its gross value, which is larger than allowed.
  func miss(_ name: String, error: Double, state: Int, advice: SolverText = "") {
    merge([ToleranceMiss(name, error: error, state: state, advice: advice)])
  }

  /// Notes the error of a number of a state, relative to its gross value, where it is larger than allowed.
  func check(_ name: String, error: Double, state: Int) {
    if !(error <= tolerance) { miss(name, error: error, state: state) }
  }

  /// Notes that tables may lack more of the spectrum of a state than allowed: `share` of the flux.
  func lack(_ share: Double, of request: RadiationRequest, state: Int) {
    merge([ToleranceMiss(tablesOf: request, share: share, state: state)])
  }

  /// Notes that a state cannot be computed. Throws the error itself where that is no matter of one state.
  func fail(_ state: Int, _ error: SolverError) throws(SolverError) {
    guard error.code == .notConverged || error.code == .linearAlgebra else { throw error }
    record(state, error)
  }

  /// Notes that states cannot be computed, whatever the error.
  func fail(_ states: [Int], _ error: SolverError) { for state in states { record(state, error) } }

  private func record(_ state: Int, _ error: SolverError) {
    verdicts[state] = .notComputed
    failures.append(StateFailure(state: state, error: error))
  }

  /// Takes in what became of the states of a part of the run; `state` finds them among all.
  func absorb(_ part: StateLedger, _ state: (Int) -> Int) {
    for (index, code) in part.codes.enumerated() {
      if code != .notComputed { finish(state(index), code) } else { verdicts[state(index)] = code }
    }
    let (found, failed) = part.shortcomings
    for miss in found { misses.merge(miss.moved(state)) }
    failures += failed.map { StateFailure(state: state($0.state), error: $0.error) }
  }
}

extension [ToleranceMiss] {
  /// Adds a miss to those of its name.
  mutating func merge(_ miss: ToleranceMiss) {
    if let i = firstIndex(where: { $0.name == miss.name }) { self[i].merge(miss) } else { append(miss) }
  }
}

/// A state that could not be computed, and why.
struct StateFailure: Sendable {
  let state: Int
  let error: SolverError

  func report(of count: Int, _ total: Int, _ describe: (Int) -> String) -> SolverError {
    SolverError(
      error.code, at: error.subject,
      "\(count) of \(total) states could not be computed; the first one is \(describe(state)): \(error.message)",
      hint: error.advice)
  }
}

extension PieceNotes {
  /// Writes the notes down.
  func put(into writer: inout RecordWriter) {
    writer.put(finished.count)
    for range in finished {
      writer.put(range.lowerBound)
      writer.put(range.upperBound)
    }
    writer.put(verdicts.count)
    for (state, code) in verdicts.sorted(by: { $0.key < $1.key }) {
      writer.put(state)
      writer.put(code.rawValue)
    }
    writer.put(misses.count)
    for miss in misses { miss.put(into: &writer) }
    writer.put(failures.count)
    for failure in failures {
      writer.put(failure.state)
      failure.error.put(into: &writer)
    }
  }

  /// Reads notes on some of `states` states; nil where the bytes are something else.
  convenience init?(from reader: inout RecordReader, states: Int, tolerance: Double) {
    self.init(tolerance: tolerance)
    guard let ranges = reader.count(of: 16) else { return nil }
    for _ in 0..<ranges {
      guard let first = reader.integer(), let end = reader.integer(), 0 <= first, first <= end, end <= states else { return nil }
      finished.append(first..<end)
    }
    guard let codes = reader.count(of: 16) else { return nil }
    for _ in 0..<codes {
      guard let state = reader.integer(), (0..<states).contains(state),
        let code = reader.integer().flatMap(StateStatus.init(rawValue:))
      else { return nil }
      verdicts[state] = code
    }
    guard let missCount = reader.count(of: 8) else { return nil }
    for _ in 0..<missCount {
      guard let miss = ToleranceMiss(from: &reader), miss.states.allSatisfy((0..<states).contains) else { return nil }
      misses.append(miss)
    }
    guard let failureCount = reader.count(of: 8) else { return nil }
    for _ in 0..<failureCount {
      guard let state = reader.integer(), (0..<states).contains(state), let error = SolverError(from: &reader) else { return nil }
      failures.append(StateFailure(state: state, error: error))
    }
  }
}
