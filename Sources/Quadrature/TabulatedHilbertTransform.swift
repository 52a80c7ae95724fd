import RealModule

/// The Hilbert transform H(w) = (1/pi) P int f(w')/(w - w') dw' of tabulated functions on one grid.
///
/// f is the natural cubic spline through the points, integrated exactly, and zero beyond the first and last point: let a
/// table begin and end with 0, or H diverges there. The error is what the spline differs from straight lines, a measure of
/// the grid's resolution: an estimate for smooth functions, not a bound.
package struct TabulatedHilbertTransform: Sendable {
  /// The grid, ascending.
  package let points: [Double]
  private let symmetry: HilbertTransform.Symmetry

  /// The transform of functions on a grid of at least three points; `odd` functions are given at w >= 0.
  package init(points: [Double], symmetry: HilbertTransform.Symmetry = .none) {
    precondition(points.count >= 3, "a Hilbert transform of \(points.count) points")
    precondition(zip(points, points.dropFirst()).allSatisfy { $0 < $1 }, "points of a Hilbert transform must ascend")
    self.points = points
    self.symmetry = symmetry
  }

  /// The linear forms that give H(w): sum_j values[j] f_j + curvatures[j] f''_j.
  package struct Weights: Sendable {
    /// Weights of the values; alone they transform the straight lines between the points.
    package fileprivate(set) var values: [Double]
    /// Weights of the spline's second derivatives.
    package fileprivate(set) var curvatures: [Double]
  }

  /// The weights for one w, the same for every function on the grid. Cost: O(points).
  package func weights(at w: Double) -> Weights {
    let zeros = [Double](repeating: 0, count: points.count)
    var weights = Weights(values: zeros, curvatures: zeros)
    add(&weights, at: w)
    if symmetry == .odd { add(&weights, at: -w) }
    return weights
  }

  /// H(w) of one function from its values and the second derivatives of `curvatures(of:)`.
  package func callAsFunction(_ weights: Weights, _ values: [Double], _ curvatures: [Double]) -> HilbertTransform.Value {
    var (linear, correction) = (0.0, 0.0)
    for j in points.indices {
      linear += weights.values[j] * values[j]
      correction += weights.curvatures[j] * curvatures[j]
    }
    return HilbertTransform.Value(linear + correction, error: abs(correction))
  }

  /// H(w) of one function.
  package func callAsFunction(of values: [Double], at w: Double) -> HilbertTransform.Value {
    self(weights(at: w), values, curvatures(of: values))
  }

  /// Second derivatives of the natural spline, zero at both ends. Cost: O(points).
  package func curvatures(of values: [Double]) -> [Double] {
    precondition(values.count == points.count, "\(values.count) values on \(points.count) points")
    let n = points.count
    var diagonal = [Double](repeating: 1, count: n)
    var right = [Double](repeating: 0, count: n)
    for i in 1..<(n - 1) {
      let (left, next) = (points[i] - points[i - 1], points[i + 1] - points[i])
      let factor = i == 1 ? 0 : left / diagonal[i - 1]
      diagonal[i] = 2 * (left + next) - factor * left
      let bend = 6 * ((values[i + 1] - values[i]) / next - (values[i] - values[i - 1]) / left)
      right[i] = bend - factor * right[i - 1]
    }
    var result = [Double](repeating: 0, count: n)
    for i in stride(from: n - 2, through: 1, by: -1) {
      result[i] = (right[i] - (points[i + 1] - points[i]) * result[i + 1]) / diagonal[i]
    }
    return result
  }

  // MARK: One interval

  /// On an interval of length h, f = (1 - s) f_a + s f_b + (h^2/6)[q(1 - s) f''_a + q(s) f''_b], q(s) = s^3 - s.
  private func add(_ weights: inout Weights, at w: Double) {
    for j in 1..<points.count {
      let (a, b) = (points[j - 1], points[j])
      let h = b - a
      let (s, reflected) = ((w - a) / h, (b - w) / h)
      let logarithm = Self.logarithm(w, a, b)
      weights.values[j - 1] += (reflected * logarithm + 1) / Double.pi
      weights.values[j] += (s * logarithm - 1) / Double.pi
      let scale = h * h / (6 * Double.pi)
      weights.curvatures[j - 1] -= scale * Self.cubic(reflected, -logarithm)
      weights.curvatures[j] += scale * Self.cubic(s, logarithm)
    }
  }

  /// P int_0^1 q(x)/(s - x) dx; the polynomial part cancels the logarithm far away, where Gauss quadrature is exact.
  private static func cubic(_ s: Double, _ logarithm: Double) -> Double {
    guard abs(s - 0.5) > 8 else { return (s * s - 1) * s * logarithm - (s * s + 0.5 * s - 2.0 / 3) }
    var sum = 0.0
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let x = 0.5 * (1 + node)
      sum += 0.5 * weight * (x * x - 1) * x / (s - x)
    }
    return sum
  }

  private static let rule = GaussLegendreRule(order: 8)

  /// ln|(w - a)/(w - b)|; distances that floating point does not resolve count as the smallest one it does.
  private static func logarithm(_ w: Double, _ a: Double, _ b: Double) -> Double {
    let (fromStart, fromEnd) = (max(abs(w - a), max(2e-16 * abs(a), 1e-300)), max(abs(w - b), max(2e-16 * abs(b), 1e-300)))
    return Double.log(fromStart / fromEnd)
  }
}
