import RealModule

/// What an error delta(w) of the Hermitian part of Pi_e in one motion changes in the flows of a frequency panel.
///
/// It moves resonances of D, whose integrals stay: int delta g dw with g the change of an integrand by a shift of one error bound. By parts that is
/// at most |C(end)| + int |delta'| |C| dx with C the integral of g up to x, and delta an interpolant of degree n bounded by Lebesgue's
/// constant (3 for 12 nodes), so that |delta'| is at most three times n^2 (Markov). Where that is more, what it does node by node is counted.
struct CommonShift {
  private var sum = SIMD4<Double>.zero
  private var variation = SIMD4<Double>.zero
  private var last = -1.0
  private var pointwise = SIMD4<Double>.zero

  private static let slope = 3 * Double((SpectraMesh.order - 1) * (SpectraMesh.order - 1))

  /// Adds what a node contributes; x is its place on the panel, -1 to 1, ascending.
  mutating func add(_ part: SIMD4<Double>, at x: Double) {
    variation += (x - last) * Self.modulus(sum)
    last = x
    sum += part
  }

  /// Adds what a shift may change at a node at most, whatever its sign there.
  mutating func bound(_ part: SIMD4<Double>) { pointwise += part }

  /// Adds the bound, twice what the shift changes, of the electrons' energy and rate, and of the baths' beside them.
  func add(to result: inout PanelFlows) {
    let whole = 2 * (3 * Self.modulus(sum) + Self.slope * variation)
    let bound = whole.replacing(with: pointwise, where: pointwise .< whole)
    result.sensitivity += bound[0]
    result.rateSensitivity += bound[1]
    result.totalSensitivity += bound[0] + bound[2]
    result.totalRateSensitivity += bound[1] + bound[3]
  }

  private static func modulus(_ x: SIMD4<Double>) -> SIMD4<Double> { x.replacing(with: -x, where: x .< 0) }
}
