import RealModule

/// Gauss-Legendre rule on [-1, 1] by Newton's method on the three-term recurrence.
struct TwinLegendreRule: Sendable {
  let nodes: [Double]
  let weights: [Double]
  /// (2n + 1)/2 w_i P_n(x_i) for the last three degrees n the rule resolves.
  private let analysis: [[Double]]

  /// The rule of `count` points, exact to degree 2 count - 1.
  init(count: Int) {
    var (nodes, weights) = ([Double](), [Double]())
    for i in 0..<count {
      var x = -Double.cos(Double.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
      var slope = 0.0
      for _ in 0..<100 {
        let p = Self.polynomials(x, upTo: count)
        slope = Double(count) * (x * p[count] - p[count - 1]) / (x * x - 1)
        let step = p[count] / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    let values = nodes.map { Self.polynomials($0, upTo: count) }
    analysis = ((count - 3)..<count).map { n in
      nodes.indices.map { (Double(n) + 0.5) * weights[$0] * values[$0][n] }
    }
    (self.nodes, self.weights) = (nodes, weights)
  }

  /// The largest modulus among the last three Legendre coefficients of a function given at the nodes.
  func lastCoefficients(of values: [Double]) -> Double {
    analysis.map { row in abs(zip(row, values).reduce(0) { $0 + $1.0 * $1.1 }) }.max()!
  }

  /// P_0(x) to P_n(x).
  private static func polynomials(_ x: Double, upTo n: Int) -> [Double] {
    var p = [1, x]
    for k in 1..<max(n, 2) { p.append((Double(2 * k + 1) * x * p[k] - Double(k) * p[k - 1]) / Double(k + 1)) }
    return p
  }
}
