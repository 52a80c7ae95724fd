import Cancellation
import RealModule

/// Interpolation of functions of a real variable whose poles are known, in pairs z, z*, by real rational functions.
///
/// The basis psi_j(x) = q(x_j)/q(x) prod_{l != j} (x - x_l)/(x_j - x_l), q(x) = prod_i |x - p_i|^2, is 1 at node j, 0 at the others, and
/// exact for 1/(x - p_i) and 1/(x - p_i*). A simple pole z is met with the relative error |rho_z(x)|,
/// rho_z(x) = l(x)/q(x) q(z)/l(z), l(x) = prod_l (x - x_l): known in closed form, for every pole. Poles and nodes are chosen in turn where it is
/// largest (the choice of adaptive rational Krylov subspaces, V. Druskin and V. Simoncini 2011).
package struct RationalInterpolation: Sendable {
  /// x_j.
  package let nodes: [Double]
  /// One pole of each pair, two nodes for each.
  let poles: [(re: Double, im: Double)]
  /// q(x_j)/l'(x_j).
  private let weights: [Double]
  /// Largest |rho_z(x)| over the points and poles the nodes were chosen from.
  package let defect: Double

  /// Number of nodes.
  package var count: Int { nodes.count }

  /// Chooses nodes among `points` (ascending) until every pole is met to the tolerance, or returns nil when that takes more than `limit` nodes.
  /// Errors are weighted with exp(`logWeight`(x)): where little depends on the function few nodes are spent. Poles on the axis are not allowed.
  /// Cost: limit (points + poles) logarithms.
  package init?(
    poles all: [(re: Double, im: Double)], points: [Double], tolerance: Double, limit: Int,
    logWeight: (Double) -> Double = { _ in 0 }
  ) {
    guard let first = points.first, let last = points.last, last > first, !all.isEmpty else { return nil }
    var choice = Choice(all, points, points.map(logWeight))
    let goal = Double.log(tolerance)
    while choice.worst > goal {
      guard choice.nodes.count + 2 <= limit, !CancellationToken.isRequested, choice.extend() else { return nil }
    }
    nodes = choice.nodes.map { points[$0] }
    poles = choice.poles.map { all[$0] }
    defect = Double.exp(choice.worst)
    weights = Self.weights(nodes, poles)
  }

  /// q(x_j)/l'(x_j), products of ratios so that nothing overflows.
  private static func weights(_ nodes: [Double], _ poles: [(re: Double, im: Double)]) -> [Double] {
    nodes.indices.map { j in
      var product = 1.0
      var others = nodes
      others.remove(at: j)
      for (i, p) in poles.enumerated() {
        let (dx, dy) = (nodes[j] - p.re, p.im)
        product *= (dx * dx + dy * dy) / (nodes[j] - others[2 * i])
        if 2 * i + 1 < others.count { product /= nodes[j] - others[2 * i + 1] }
      }
      return product
    }
  }

  /// Writes psi_j(x) for all j. Cost: a few operations per node.
  package func fill(at x: Double, into basis: UnsafeMutablePointer<Double>) {
    var ratio = 1.0
    for (i, p) in poles.enumerated() {
      let (dx, dy) = (x - p.re, p.im)
      let (a, b) = (x - nodes[2 * i], x - nodes[2 * i + 1])
      if a == 0 || b == 0 {
        for j in nodes.indices { basis[j] = 0 }
        basis[a == 0 ? 2 * i : 2 * i + 1] = 1
        return
      }
      ratio *= a / (dx * dx + dy * dy) * b
    }
    for j in nodes.indices { basis[j] = ratio * weights[j] / (x - nodes[j]) }
  }

  /// The state of the choice: logarithms of |l(x)/q(x)| at the points and of |q(z)/l(z)| at the poles.
  private struct Choice {
    let all: [(re: Double, im: Double)]
    let points: [Double]
    var nodes: [Int] = []
    var poles: [Int] = []
    var atPoints: [Double]
    var atPoles: [Double]
    /// A logarithm that stands for zero.
    private static let never = -1e4

    init(_ all: [(re: Double, im: Double)], _ points: [Double], _ logWeights: [Double]) {
      (self.all, self.points) = (all, points)
      atPoints = logWeights
      atPoles = [Double](repeating: 0, count: all.count)
    }

    /// Logarithm of the largest |rho_z(x)|.
    var worst: Double { (atPoints.max() ?? 0) + (atPoles.max() ?? 0) }

    /// Adds the pole met worst and two nodes; false when there is none left to add.
    mutating func extend() -> Bool {
      guard let pole = atPoles.indices.max(by: { atPoles[$0] < atPoles[$1] }), atPoles[pole] > Self.never else { return false }
      let p = all[pole]
      poles.append(pole)
      for (i, x) in points.enumerated() {
        let (dx, dy) = (x - p.re, p.im)
        atPoints[i] -= Double.log(dx * dx + dy * dy)
      }
      for (k, z) in all.enumerated() {
        let (dx, below, above) = (z.re - p.re, z.im - p.im, z.im + p.im)
        let product = (dx * dx + below * below) * (dx * dx + above * above)
        atPoles[k] += product > 0 ? 0.5 * Double.log(product) : 2 * Self.never
      }
      for _ in 0..<2 {
        guard let node = atPoints.indices.max(by: { atPoints[$0] < atPoints[$1] }), atPoints[node] > Self.never else {
          return false
        }
        nodes.append(node)
        let x0 = points[node]
        for (i, x) in points.enumerated() { atPoints[i] += x == x0 ? 2 * Self.never : Double.log(abs(x - x0)) }
        for (k, z) in all.enumerated() {
          let (dx, dy) = (z.re - x0, z.im)
          atPoles[k] -= 0.5 * Double.log(dx * dx + dy * dy)
        }
      }
      return true
    }
  }
}
