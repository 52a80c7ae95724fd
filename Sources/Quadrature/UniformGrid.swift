import RealModule

/// Equidistant energies for the trapezoidal rule, which converges as exp(-2 pi d/h) for an integrand analytic within d of
/// the real axis: the fewest nodes when temperature and level widths are comparable and many poles share the window.
///
/// d is the smaller of pi T (poles of the Fermi functions) and the narrowest resonance of the window.
package struct UniformGrid: Sendable, Equatable {
  package let start: Double
  package let spacing: Double
  /// A multiple of eight.
  package let count: Int
  /// exp(-(5/8) 2 pi d/h): from the Fourier component at 3/8 of the sampling frequency, which the nodes can see, to the
  /// one that aliases into the integral, every contribution decays by at least this factor.
  package let decay: Double

  /// The grid for integrals accurate to the relative tolerance, or nil without a strip of analyticity.
  package init?(window: ClosedRange<Double>, strip: Double, tolerance: Double) {
    let length = window.upperBound - window.lowerBound
    guard strip > 0, length > 0 else { return nil }
    // Contributions of many poles add up: one more decade.
    let digits = 3.2 - Double.log(tolerance)
    let spacing = 2 * Double.pi * strip / digits
    let cells = length / spacing
    guard cells < 1e7 else { return nil }
    count = (Int(cells) + 8) / 8 * 8
    self.spacing = spacing
    start = 0.5 * (window.lowerBound + window.upperBound) - 0.5 * Double(count - 1) * spacing
    decay = Double.exp(-0.625 * digits)
  }

  /// A grid that has been made before.
  package init(start: Double, spacing: Double, count: Int, decay: Double) {
    (self.start, self.spacing, self.count, self.decay) = (start, spacing, count, decay)
  }

  /// First to last node.
  package var window: ClosedRange<Double> { start...(start + Double(count - 1) * spacing) }

  /// Energy of a node.
  package func energy(_ i: Int) -> Double { start + Double(i) * spacing }

  /// cos and sin of (3/8) 2 pi i, which repeat after eight nodes.
  package static let probes: [(cosine: Double, sine: Double)] = (0..<8).map {
    (Double.cos(0.75 * Double.pi * Double($0)), Double.sin(0.75 * Double.pi * Double($0)))
  }

  /// Safety factor on the aliasing error.
  package static let safety = 8.0
}
