/// Why a factorisation could not be done.
package struct LinearAlgebraError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, to match in a `catch`.
  package enum Code: Sendable, Equatable {
    /// A pivot of the LU factorisation vanished: the matrix is singular.
    case singular
    /// The Cholesky factorisation met a pivot that is not positive.
    case notPositiveDefinite
    /// An iterative eigenvalue or singular-value algorithm did not converge.
    case notConverged
    /// A search for resonances found more structure than it may resolve; `index` counts the narrow resonances found.
    case tooManyLevels
    /// Somebody asked the work to end (`CancellationToken`).
    case interrupted
  }

  /// The kind of failure.
  package let code: Code
  /// The LAPACK routine that reported it.
  package let routine: String
  /// LAPACK's `info`: the index (from 1) of the pivot or eigenvalue concerned.
  package let index: Int

  /// An error as LAPACK reports it.
  package init(_ code: Code, routine: String, index: Int) {
    self.code = code
    self.routine = routine
    self.index = index
  }

  /// The routine, what went wrong and where.
  package var description: String {
    guard code == .tooManyLevels else { return "\(routine): \(code) (index \(index))" }
    return "\(routine): the window of energies holds too many of them (\(index) narrow ones found so far); "
      + "lower temperatures or biases narrow it"
  }
}
