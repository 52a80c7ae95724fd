import RealModule

/// Gauss-Legendre rule on [-1, 1] with the transforms between values at its nodes and Legendre coefficients.
public struct GaussLegendreRule: Sendable {
  /// Number of nodes n.
  public let order: Int
  /// Nodes, ascending.
  public let nodes: [Double]
  /// Weights, summing to 2.
  public let weights: [Double]
  /// P_k(x_i) at [k * order + i].
  public let legendreAtNodes: [Double]
  /// (k + 1/2) w_i P_k(x_i), same order: what takes values at the nodes to Legendre coefficients.
  private let analysis: [Double]
  /// (2 k + 1)/(k + 1) and k/(k + 1) of the recurrence of the polynomials, one pair after the other: divisions are slow.
  private let recurrence: [Double]

  /// The rule with n >= 2 nodes; exact for polynomials of degree 2n - 1. Cost: O(n^2).
  public init(order: Int) {
    precondition(order >= 2, "a Gauss rule of order \(order)")
    self.order = order
    var nodes = [Double](repeating: 0, count: order)
    var weights = nodes
    for i in 0..<order {
      // Tricomi's starting value, then Newton on P_n.
      let n = Double(order)
      let angle = Double.pi * (Double(order - i) - 0.25) / (n + 0.5)
      var x = (1 - (n - 1) / (8 * n * n * n)) * Double.cos(angle)
      var slope = 0.0
      for _ in 0..<100 {
        let (p, q) = Self.legendrePair(order, x)
        slope = n * (q - x * p) / (1 - x * x)
        let step = p / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      let (p, q) = Self.legendrePair(order, x)
      slope = n * (q - x * p) / (1 - x * x)
      nodes[i] = x
      weights[i] = 2 / ((1 - x * x) * slope * slope)
    }
    self.nodes = nodes
    self.weights = weights
    var table = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      var (previous, current) = (0.0, 1.0)
      for k in 0..<order {
        table[k * order + i] = current
        (previous, current) = (current, (Double(2 * k + 1) * nodes[i] * current - Double(k) * previous) / Double(k + 1))
      }
    }
    legendreAtNodes = table
    var analysis = table
    for k in 0..<order { for i in 0..<order { analysis[k * order + i] *= (Double(k) + 0.5) * weights[i] } }
    self.analysis = analysis
    var factors: [Double] = []
    for k in 0..<order { factors += [Double(2 * k + 1) / Double(k + 1), Double(k) / Double(k + 1)] }
    recurrence = factors
  }

  /// The Legendre coefficient c_k = (k + 1/2) sum_i w_i P_k(x_i) v_i of the polynomial through the values at the nodes.
  public func coefficient(_ k: Int, of values: UnsafePointer<Double>, stride: Int = 1) -> Double {
    precondition(k >= 0 && k < order, "a coefficient \(k) of \(order)")
    return analysis.withUnsafeBufferPointer { table in
      var sum = 0.0
      for i in 0..<order { sum += table[k * order + i] * values[i * stride] }
      return sum
    }
  }

  /// |c_(n-1)| + |c_(n-2)|: how far the Legendre series of a function has decayed at the last coefficients its nodes show.
  public func tail(of values: UnsafePointer<Double>, stride: Int = 1) -> Double {
    abs(coefficient(order - 1, of: values, stride: stride)) + abs(coefficient(order - 2, of: values, stride: stride))
  }

  /// Bound of the error of the interpolating polynomial anywhere between the nodes: twice the tail.
  public func interpolationError(of values: UnsafePointer<Double>, stride: Int = 1) -> Double {
    2 * tail(of: values, stride: stride)
  }

  /// Error of the Gauss sum of a function with this tail and this largest modulus at the nodes. The sum converges as the square of
  /// the interpolant: about tail^2/size once tail < size.
  @inlinable public static func sumError(tail: Double, size: Double) -> Double {
    size > 0 ? min(tail, 8 * tail * tail / size) : 0
  }

  /// Weights at the nodes that integrate a polynomial against a density known by its moments int P_k rho dx:
  /// w_i sum_k (k + 1/2) P_k(x_i) moment_k (product integration).
  public func productWeights(moments: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
    for i in 0..<order { result[i] = 0 }
    analysis.withUnsafeBufferPointer { table in
      for k in 0..<order {
        let (moment, row) = (moments[k], table.baseAddress! + k * order)
        for i in 0..<order { result[i] += row[i] * moment }
      }
    }
  }

  /// Adds `factor` P_k(x), k = 0 ..< order, to the moments.
  @inline(__always)
  public func addLegendre(at x: Double, factor: Double, to moments: UnsafeMutablePointer<Double>) {
    var (previous, current) = (0.0, factor)
    recurrence.withUnsafeBufferPointer { r in
      for k in 0..<order {
        moments[k] += current
        (previous, current) = (current, r[2 * k] * x * current - r[2 * k + 1] * previous)
      }
    }
  }

  /// Lagrange weights of the nodes at x (which may lie outside [-1, 1]); both buffers hold `order` numbers.
  public func fillInterpolation(at x: Double, legendre: inout [Double], into result: inout [Double]) {
    precondition(legendre.count == order && result.count == order, "buffers of \(order) numbers are needed")
    legendre.withUnsafeMutableBufferPointer { l in
      l.update(repeating: 0)
      addLegendre(at: x, factor: 1, to: l.baseAddress!)
      result.withUnsafeMutableBufferPointer { productWeights(moments: l.baseAddress!, into: $0.baseAddress!) }
    }
  }

  private static func legendrePair(_ n: Int, _ x: Double) -> (Double, Double) {
    var (previous, current) = (1.0, x)
    for k in 1..<n {
      (previous, current) = (current, (Double(2 * k + 1) * x * current - Double(k) * previous) / Double(k + 1))
    }
    return (current, previous)
  }
}
