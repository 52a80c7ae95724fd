/// What became of a state of a sweep: the codes of the variable `status`.
package enum StateStatus: Int, Sendable, CaseIterable {
  /// Every number is there and as accurate as was asked for.
  case done
  /// No steady state: populations and what depends on them are NaN.
  case noSteadyState
  /// Numbers are there, and some error is larger than the tolerance allows.
  case toleranceMissed
  /// Some numbers are missing, because the run was ended before or because they could not be computed.
  case notComputed

  /// One word for tables and files.
  package var word: String {
    switch self {
    case .done: "done"
    case .noSteadyState: "no_steady_state"
    case .toleranceMissed: "tolerance_missed"
    case .notComputed: "not_computed"
    }
  }

  /// How grave it is: of several verdicts on a state the gravest counts.
  package var gravity: Int {
    switch self {
    case .done: 0
    case .toleranceMissed: 1
    case .noSteadyState: 2
    case .notComputed: 3
    }
  }

  /// True where every number that exists is as accurate as was asked for.
  package var isAnswer: Bool { self == .done || self == .noSteadyState }
}

extension ResultQuantity {
  /// The code of every state.
  package static let status = ResultQuantity(
    "status", .dimensionless, "what became of the state", title: "Status",
    flagMeanings: StateStatus.allCases.map(\.word))
}

extension TransportResult {
  /// Number of states that ended in one way. Where a result has no `status`, all are done that have a steady state.
  package func states(_ wanted: StateStatus) -> Int {
    if let codes = variable(ResultQuantity.status.name)?.values { return codes.count { $0 == Double(wanted.rawValue) } }
    let unstable = variable(ResultQuantity.stable.name)?.values.count { $0 == 0 } ?? 0
    switch wanted {
    case .done: return stateCount - unstable
    case .noSteadyState: return unstable
    case .toleranceMissed, .notComputed: return 0
    }
  }

  /// True when no state at all is as accurate as was asked for.
  package var hasNoAnswer: Bool { stateCount > 0 && states(.done) + states(.noSteadyState) == 0 }

  /// True when the run was ended before all states were computed.
  package var isInterrupted: Bool { shortfalls.contains { $0.code == .interrupted } }
}
