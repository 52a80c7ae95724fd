import JunctionModel
import TransportResults

/// What the interpolation of tabulated self-energies adds to the errors of results.
///
/// The whole computation is made again with every second point of the tables left out, once the odd and once the even ones, and both
/// differences count: a spline on half of the points errs by 2^p times as much, p = 4 where Sigma is smooth, 3/2 in integrals over a
/// square-root edge, 1/2 at the edge itself, where one difference alone would be 0.4 of the error.
extension SweepRequest {
  /// The same computation on half of the points of each table; empty without tables.
  private var halved: [SweepRequest] {
    guard junction.hasTables else { return [] }
    return [0, 1].map { first in
      var result = self
      result.junction = junction.leavingOutTablePoints(from: first)
      return result
    }
  }

  /// Every number, with what tables are uncertain by in its error. Cost: three times the computation where there are tables. Throws
  /// `SolverError`.
  func outcomeWithTables(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome {
    var outcome = try JunctionSweep.outcome(self, work)
    for request in halved where !outcome.ledger.isInterrupted {
      let other: ComputationOutcome
      do throws(SolverError) { other = try JunctionSweep.outcome(request, work) } catch {
        guard error.code == .interrupted else {
          throw SolverError(
            error.code, at: error.subject,
            "with every second point of the tables left out, to learn what their interpolation is worth: \(error.message)",
            hint: "Give the tables more points")
        }
        throw error
      }
      guard !other.ledger.isInterrupted else { throw SolverError(.interrupted, "interrupted while halving tables") }
      outcome.result = outcome.result.widened(by: other.result)
    }
    return outcome
  }

  /// The observables for which tables are too coarse: name and error relative to the largest value, the worst first.
  func coarseTables(in result: TransportResult) -> [(name: String, error: Double)] {
    guard junction.hasTables else { return [] }
    return result.variables.compactMap { variable in
      guard let errors = variable.errors else { return nil }
      let finite = zip(variable.values, errors).filter { $0.0.isFinite && $0.1.isFinite }
      guard let largest = finite.map({ abs($0.0) }).max(), largest > 0, let worst = finite.map(\.1).max() else { return nil }
      return worst > settings.tolerance * largest ? (variable.name, worst / largest) : nil
    }.sorted { $0.error > $1.error }
  }
}

extension TransportResult {
  /// Errors grown by how far another result deviates, where both have numbers.
  fileprivate func widened(by other: TransportResult) -> TransportResult {
    var result = self
    result.variables = variables.map { variable in
      guard let errors = variable.errors, let twin = other.variable(variable.name), twin.values.count == errors.count else {
        return variable
      }
      var grown = variable
      grown.errors = errors.indices.map { i in
        let difference = abs(variable.values[i] - twin.values[i])
        return difference.isFinite ? errors[i] + difference : errors[i]
      }
      return grown
    }
    return result
  }
}
