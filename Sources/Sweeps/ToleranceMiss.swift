import Foundation
import TransportResults

/// Numbers of one kind whose errors are larger than allowed: in which states, and by how much at worst.
struct ToleranceMiss: Sendable {
  /// What they are, in words and the plural.
  let name: String
  private let kind: Kind
  private(set) var states: Set<Int>
  /// Largest error relative to the gross value, and the first state that has it.
  private(set) var worst: Double
  private(set) var worstState: Int

  private enum Kind {
    /// An error above the tolerance, and what to do besides asking for less.
    case tolerance(SolverText)
    /// Tables that end too early; what may be missing at most.
    case tables(SolverError.Subject, allowed: Double)
  }

  /// An error, relative to a gross value, above the tolerance.
  init(_ name: String, error: Double, state: Int, advice: SolverText = "") {
    (self.name, kind, states, worstState) = (name, .tolerance(advice), [state], state)
    worst = error.isNaN ? .infinity : error
  }

  /// A share of a flux that is missing because tables do not reach farther.
  init(tablesOf request: RadiationRequest, share: Double, state: Int) {
    let range = request.pair.range
    name = "evanescent waves outside the tables (\(range.lowerBound) to \(range.upperBound) eV)"
    kind = .tables(request.pair.outermostTable, allowed: request.settings.allowedMissingFraction)
    (states, worstState) = ([state], state)
    worst = share.isNaN ? .infinity : share
  }

  /// Adds what another worker found. The same whatever the order.
  mutating func merge(_ other: ToleranceMiss) {
    states.formUnion(other.states)
    if other.worst > worst || (other.worst == worst && other.worstState < worstState) {
      (worst, worstState) = (other.worst, other.worstState)
    }
  }

  /// The same miss with other numbers for its states.
  func moved(_ state: (Int) -> Int) -> ToleranceMiss {
    var moved = self
    (moved.states, moved.worstState) = (Set(states.map(state)), state(worstState))
    return moved
  }

  /// The worst error with two digits, rounded up.
  private var rounded: String {
    guard worst.isFinite, worst > 0 else { return "\(worst)" }
    return String(format: "%.2g", worst * 1.005)
  }

  /// The miss in words, of a number of states.
  func report(of total: Int, tolerance: Double, _ describe: (Int) -> String) -> SolverError {
    switch kind {
    case .tolerance(let advice):
      SolverError(
        .notConverged, at: .tolerance,
        "the \(name) reached the relative tolerance \(tolerance) in \(total - states.count) of \(total) states; worst error \(rounded) at "
          + describe(worstState),
        hint: worst.isFinite ? SolverText("Ask for a tolerance above \(rounded)") + advice : advice)
    case .tables(let subject, let allowed):
      SolverError(
        .notConverged, at: subject,
        "\(name) may carry more than \(allowed) of the energy in \(states.count) of \(total) states; \(rounded) at worst, at "
          + describe(worstState),
        hint: "Extend the table, or accept the loss with \(part: .missingSpectrum); it stands in the errors")
    }
  }
}

extension ToleranceMiss: RecordedValue {
  func put(into writer: inout RecordWriter) {
    writer.put(name)
    switch kind {
    case .tolerance(let advice):
      writer.put(0)
      SolverError(.notConverged, "", hint: advice).put(into: &writer)
    case .tables(let subject, let allowed):
      writer.put(1)
      SolverError(.notConverged, at: subject, "").put(into: &writer)
      writer.put(allowed)
    }
    let sorted = states.sorted()
    writer.put(sorted.count)
    for state in sorted { writer.put(state) }
    writer.put(worst)
    writer.put(worstState)
  }

  init?(from reader: inout RecordReader) {
    guard let name = reader.words(), let code = reader.integer(), let carrier = SolverError(from: &reader) else { return nil }
    self.name = name
    if code == 0 {
      kind = .tolerance(carrier.advice)
    } else {
      guard let subject = carrier.subject, let allowed = reader.number() else { return nil }
      kind = .tables(subject, allowed: allowed)
    }
    guard let count = reader.count(of: 8) else { return nil }
    var states: Set<Int> = []
    for _ in 0..<count {
      guard let state = reader.integer() else { return nil }
      states.insert(state)
    }
    guard let worst = reader.number(), let worstState = reader.integer() else { return nil }
    (self.states, self.worst, self.worstState) = (states, worst, worstState)
  }
}
