import ComplexModule
import RealModule

/// Weights at the 16 Gauss nodes of a piece of a panel for principal-value integrals over it:
/// P int p(e)/(z - e) de = sum_j w_j p_j for what the panel's nodes resolve.
///
/// On a uniform panel p is a polynomial. On a graded panel, e = start + (L/4) u^2 with u = 1 + x (or mirrored), u p is a
/// polynomial in x, so that p may vanish or diverge like a square root at the end; the weights are those of u p. Near z
/// the weights come from the Legendre functions of the second kind, elsewhere from the Gauss rule.
package struct CauchyWeights: Sendable {
  /// The rule behind the weights: 16 Gauss nodes on [-1, 1].
  package static let rule = GaussLegendreRule(order: 16)
  /// Bernstein parameter from which the Gauss rule resolves 1/(z - e).
  private static let far = 3.0

  private let panel: Panel
  /// The piece, -1 <= low < high <= 1 in the panel's x.
  private let low: Double
  private let high: Double
  /// Positions of the nodes, and Gauss weights times de/dx (uniform) or times L/2 (graded, for u p).
  package let nodes: [Double]
  private let gauss: [Double]

  /// The weights of a piece of a panel, all of it by default.
  package init(_ panel: Panel, from low: Double = -1, to high: Double = 1) {
    self.panel = panel
    (self.low, self.high) = (low, high)
    let half = 0.5 * (high - low)
    nodes = Self.rule.nodes.map { panel.position(0.5 * (low + high) + half * $0).0 }
    gauss = Self.rule.weights.map { $0 * half * 0.5 * panel.length }
  }

  /// x of the nodes in the whole panel.
  package var parameters: [Double] { Self.rule.nodes.map { 0.5 * (low + high) + 0.5 * (high - low) * $0 } }

  /// Factor of p that the weights expect at x: 1, or u on a graded panel.
  package static func factor(_ panel: Panel, _ x: Double) -> Double {
    switch panel.grading {
    case .uniform: return 1
    case .towardStart: return 1 + x
    case .towardEnd: return 1 - x
    }
  }

  /// Writes the weights for z on the real axis. Cost: 16 divisions far from the piece, about 600 flops near it.
  package func fill(at z: Double, into weights: UnsafeMutablePointer<Double>) {
    let (start, end) = (nodes[0], nodes[nodes.count - 1])
    let (center, half) = (0.5 * (start + end), 0.5 * (end - start))
    // |y| > (rho + 1/rho)/2 in e; the nodes end a little inside the piece.
    if abs(z - center) > 1.7 * half * (panel.grading == .uniform ? 1 : 1.6) {
      for i in nodes.indices { weights[i] = gauss[i] / (z - nodes[i]) }
      return
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 16) { moments in
      let m = moments.baseAddress!
      for k in 0..<16 { m[k] = 0 }
      addMoments(z, m)
      Self.rule.productWeights(moments: m, into: weights)
    }
  }

  private func addMoments(_ z: Double, _ moments: UnsafeMutablePointer<Double>) {
    switch panel.grading {
    case .uniform:
      let half = 0.5 * panel.length
      // x0 - x_end from the nearer end of the panel.
      let x = z < panel.center ? (z - panel.start) / half - 1 : 1 - (panel.end - z) / half
      addReal(x, factor: 1, moments)
    case .towardStart, .towardEnd:
      let mirror: Double = panel.grading == .towardStart ? 1 : -1
      let square = 4 * mirror * (z - (mirror > 0 ? panel.start : panel.end)) / panel.length
      // Distances below a rounding unit of the panel count as one.
      let u = max(abs(square).squareRoot(), 1e-7)
      if square >= 0 {
        addReal(mirror * (u - 1), factor: 1 / u, moments)
        addReal(-mirror * (1 + u), factor: -1 / u, moments)
      } else {
        // The two conjugate points -mirror (1 +- i u) of a singularity beyond the end.
        addComplex(Complex(-mirror, u), factor: mirror * 2 / u, moments)
      }
    }
  }

  /// Adds factor P int P_k/(x0 - x) dx over the piece.
  private func addReal(_ x: Double, factor: Double, _ moments: UnsafeMutablePointer<Double>) {
    let (fromLow, fromHigh) = (x - low, x - high)
    let length = high - low
    let y = abs(fromLow) < abs(fromHigh) ? 2 * fromLow / length - 1 : 2 * fromHigh / length + 1
    let resolution = 1e-300
    let logarithm: Double
    if fromHigh > length {
      logarithm = Double.log(onePlus: length / fromHigh)
    } else if fromLow < -length {
      logarithm = -Double.log(onePlus: -length / fromLow)
    } else {
      logarithm = Double.log(max(abs(fromLow), resolution) / max(abs(fromHigh), resolution))
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 16) { q in
      LegendreSecondKind.values(at: y, logarithm: logarithm, into: q)
      for k in 0..<16 { moments[k] += 2 * factor * q[k] }
    }
  }

  /// Adds factor Im int P_k/(x0 - x) dx over the piece.
  private func addComplex(_ x: Complex<Double>, factor: Double, _ moments: UnsafeMutablePointer<Double>) {
    let y = (x - Complex(0.5 * (low + high))) / Complex(0.5 * (high - low))
    withUnsafeTemporaryAllocation(of: Complex<Double>.self, capacity: 16) { q in
      LegendreSecondKind.values(at: y, into: q)
      for k in 0..<16 { moments[k] += 2 * factor * q[k].imaginary }
    }
  }
}

extension LegendreSecondKind {
  /// Q_0(y) ... Q_{count-1}(y) off the real axis.
  static func values(at y: Complex<Double>, into q: UnsafeMutableBufferPointer<Complex<Double>>) {
    let count = q.count
    let first = Complex<Double>(0.5) * Complex.log((y + Complex(1)) / (y - Complex(1)))
    let root = Complex.sqrt(y - Complex(1)) * Complex.sqrt(y + Complex(1))
    let decay = abs(Double.log((y + root).length))
    guard 2 * decay * Double(count) > 3 else {
      q[0] = first
      q[1] = y * first - Complex(1)
      for k in 2..<count {
        let next = y * q[k - 1].multiplied(by: Double(2 * k - 1)) - q[k - 2].multiplied(by: Double(k - 1))
        q[k] = next.divided(by: Double(k))
      }
      return
    }
    let start = count + Int((40 / (2 * decay)).rounded(.up)) + 1
    var (above, current) = (Complex<Double>.zero, Complex<Double>(1e-280))
    for k in stride(from: start, through: 1, by: -1) {
      let below = (y * current.multiplied(by: Double(2 * k + 1)) - above.multiplied(by: Double(k + 1))).divided(by: Double(k))
      (above, current) = (current, below)
      if k - 1 < count { q[k - 1] = current }
      guard current.length > 1e250 else { continue }
      (above, current) = (above.multiplied(by: 1e-250), current.multiplied(by: 1e-250))
      for j in max(k - 1, 0)..<max(count, k - 1) { q[j] = q[j].multiplied(by: 1e-250) }
    }
    let factor = first / q[0]
    for k in q.indices { q[k] = q[k] * factor }
  }
}
