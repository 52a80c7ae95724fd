import ElectronSpectra
import Quadrature
import RealModule

/// Weights of linear response at the nodes of a kernel: (1 - f(e)) f(e - w) e^k, k = 0, 1, 2, with e measured from the
/// common chemical potential, T > 0 and w >= 0.
///
/// Where the weight is smooth on a panel it is its value at the node; elsewhere the product with e^k is integrated against
/// the Legendre polynomials of the panel, so that the second moment keeps its relative accuracy however cold it is. One
/// instance per worker.
package final class ResponseWeights {
  private static let rho = 2.5
  private static let order = PanelKernel.order
  /// Beyond this many temperatures the weight is zero in double precision.
  private static let reach = 110.0
  private static let longestTail = 16.0

  /// [k][node], relative to the kernel's own weights.
  package private(set) var weights: [[Double]] = [[], [], []]
  private var moments = [Double](repeating: 0, count: 3 * PanelKernel.order)
  private var subintervals: [(Double, Double)] = []
  private var w = 0.0
  private var t = 1.0

  /// Fills `weights` for an equilibrium and returns the range of nodes where they count.
  package func prepare(_ kernel: PanelKernel, potential mu: Double, temperature: Double) -> Range<Int> {
    (w, t) = (kernel.frequency, temperature)
    if weights[0].count < kernel.count { weights = [[Double]](repeating: [Double](repeating: 0, count: kernel.count), count: 3) }
    let (lower, upper) = (mu - Self.reach * t, mu + w + Self.reach * t)
    if kernel.uniform != nil {
      let first = kernel.nodes.firstIndex { $0 >= lower } ?? kernel.count
      let last = kernel.nodes.lastIndex { $0 <= upper }.map { $0 + 1 } ?? 0
      guard first < last else { return 0..<0 }
      fillAtNodes(kernel, first..<last, mu)
      return first..<last
    }
    guard let first = kernel.panels.firstIndex(where: { $0.end > lower }),
      let last = kernel.panels.lastIndex(where: { $0.start < upper }), first <= last
    else { return 0..<0 }
    for p in first...last {
      let panel = kernel.panels[p]
      if isSmooth(panel.start - mu, panel.end - mu) {
        fillAtNodes(kernel, (p * Self.order)..<((p + 1) * Self.order), mu)
      } else {
        fillByProducts(panel, firstNode: p * Self.order, mu)
      }
    }
    return (first * Self.order)..<((last + 1) * Self.order)
  }

  private func fillAtNodes(_ kernel: PanelKernel, _ range: Range<Int>, _ mu: Double) {
    for i in range {
      let e = kernel.nodes[i] - mu
      let g = weight(e, e - w)
      (weights[0][i], weights[1][i], weights[2][i]) = (g, g * e, g * e * e)
    }
  }

  /// (1 - f) f_w from the distances to both steps.
  @inline(__always)
  private func weight(_ fromFirst: Double, _ fromSecond: Double) -> Double {
    1 / ((1 + Double.exp(-fromFirst / t)) * (1 + Double.exp(fromSecond / t)))
  }

  private func isSmooth(_ start: Double, _ end: Double) -> Bool {
    resolves(start, end, 0) && resolves(start, end, w) && !isLongTail(start - w, end - start) && !isLongTail(-end, end - start)
  }

  private func isLongTail(_ distance: Double, _ length: Double) -> Bool {
    distance >= 0 && distance < Self.reach * t && length > Self.longestTail * t
  }

  private func resolves(_ start: Double, _ end: Double, _ step: Double) -> Bool {
    let half = 0.5 * (end - start)
    let u = (step - 0.5 * (start + end)) / (half * 0.5 * (Self.rho + 1 / Self.rho))
    let v = Double.pi * t / (half * 0.5 * (Self.rho - 1 / Self.rho))
    return u * u + v * v >= 1
  }

  private func fillByProducts(_ panel: Panel, firstNode: Int, _ mu: Double) {
    let rule = PanelKernel.rule
    for i in moments.indices { moments[i] = 0 }
    let (start, end) = (panel.start - mu, panel.end - mu)
    let points = [start] + [0, w].filter { $0 > start && $0 < end } + [end]
    for (a, b) in zip(points, points.dropFirst()) where b > a {
      let half = 0.5 * (b - a)
      addMoments(panel, mu, origin: a, 0, half)
      addMoments(panel, mu, origin: b, -half, 0)
    }
    moments.withUnsafeBufferPointer { m in
      for k in 0..<3 {
        weights[k].withUnsafeMutableBufferPointer { target in
          let out = target.baseAddress! + firstNode
          rule.productWeights(moments: m.baseAddress! + k * Self.order, into: out)
          for i in 0..<Self.order { out[i] /= rule.weights[i] }
        }
      }
    }
  }

  /// Moments over energies origin + d, d in [low, high]: distances to the nearer step keep all their digits.
  private func addMoments(_ panel: Panel, _ mu: Double, origin: Double, _ low: Double, _ high: Double) {
    let rule = PanelKernel.rule
    subintervals.removeAll(keepingCapacity: true)
    subdivide(low, high, origin, depth: 0)
    for (a, b) in subintervals {
      if panel.grading == .uniform {
        let half = 0.5 * (b - a)
        for i in 0..<Self.order {
          let t = rule.nodes[i]
          let d = t < 0 ? a + half * (1 + t) : b - half * (1 - t)
          add(origin + d, origin - w + d, at: panel.parameter(mu + origin + d), rule.weights[i] * half * 2 / panel.length)
        }
      } else {
        // In the panel's own parameter, which takes the square root at a band edge out.
        let (x1, x2) = (panel.parameter(mu + origin + a), panel.parameter(mu + origin + b))
        let half = 0.5 * (x2 - x1)
        guard half > 0 else { continue }
        for i in 0..<Self.order {
          let x = rule.nodes[i] < 0 ? x1 + half * (1 + rule.nodes[i]) : x2 - half * (1 - rule.nodes[i])
          let e = panel.position(x).0 - mu
          add(e, e - w, at: x, rule.weights[i] * half)
        }
      }
    }
  }

  private func add(_ fromFirst: Double, _ fromSecond: Double, at x: Double, _ factor: Double) {
    let g = weight(fromFirst, fromSecond) * factor
    guard g != 0 else { return }
    let rule = PanelKernel.rule
    moments.withUnsafeMutableBufferPointer { m in
      var power = g
      for k in 0..<3 {
        rule.addLegendre(at: x, factor: power, to: m.baseAddress! + k * Self.order)
        power *= fromFirst
      }
    }
  }

  private func subdivide(_ start: Double, _ end: Double, _ origin: Double, depth: Int) {
    let middle = 0.5 * (start + end)
    if depth >= 60 || middle <= start || middle >= end || isSmoothBetween(start, end, origin) {
      subintervals.append((start, end))
      return
    }
    subdivide(start, middle, origin, depth: depth + 1)
    subdivide(middle, end, origin, depth: depth + 1)
  }

  private func isSmoothBetween(_ start: Double, _ end: Double, _ origin: Double) -> Bool {
    resolves(start, end, -origin) && resolves(start, end, w - origin) && !isLongTail(start + origin - w, end - start)
      && !isLongTail(-(end + origin), end - start)
  }
}
