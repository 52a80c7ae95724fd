import DenseMatrices
import Synchronization
import TransportResults

/// Spectral factors without the channels that the couplings cannot see, found when first asked for and shared.
package final class CompressedFactors: Sendable {
  private let full: SpectralFactors
  private let window: ClosedRange<Double>
  private let tolerance: Double
  private let found = Mutex<SpectralFactors?>(nil)

  package init(_ full: SpectralFactors, window: ClosedRange<Double>, tolerance: Double) {
    self.full = full
    self.window = window
    self.tolerance = tolerance
  }

  /// The compressed factors; the full ones when that does not pay. Throws when a matrix cannot be factored.
  package func factors() throws(SolverError) -> SpectralFactors {
    try found.withLock { (known) throws(SolverError) -> SpectralFactors in
      if let known { return known }
      do {
        let factors = try full.compressed(for: window, tolerance: tolerance)
        known = factors
        return factors
      } catch {
        throw SolverError(.linearAlgebra, "the channels of the electrodes could not be compressed: \(error)")
      }
    }
  }
}
