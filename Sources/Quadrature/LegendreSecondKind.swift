import RealModule

/// Legendre functions of the second kind on the real axis, Q_k(y) = (1/2) P int_-1^1 P_k(x)/(y - x) dx.
///
/// Inside [-1, 1] the recurrence of P_k is stable; outside Q_k is its decaying solution and comes from Miller's
/// backward recurrence, normalised by Q_0 = (1/2) ln|(y + 1)/(y - 1)|.
struct LegendreSecondKind {
  /// Growth of rounding errors by the forward recurrence that is still harmless.
  private static let harmlessGrowth = 3.0

  /// Q_0(y) ... Q_{count-1}(y), count >= 2. `logarithm` is ln|(y + 1)/(y - 1)|, which the caller knows best near y = +-1.
  static func values(at y: Double, logarithm: Double, into q: UnsafeMutableBufferPointer<Double>) {
    let count = q.count
    let magnitude = abs(y)
    if magnitude > 1 {
      let decay = Double.log(magnitude + ((magnitude - 1) * (magnitude + 1)).squareRoot())
      if 2 * decay * Double(count) > harmlessGrowth {
        return backward(at: y, logarithm: logarithm, decay: decay, into: q)
      }
    }
    q[0] = 0.5 * logarithm
    q[1] = y * q[0] - 1
    for k in 2..<max(count, 2) { q[k] = (Double(2 * k - 1) * y * q[k - 1] - Double(k - 1) * q[k - 2]) / Double(k) }
  }

  private static func backward(
    at y: Double, logarithm: Double, decay: Double, into q: UnsafeMutableBufferPointer<Double>
  ) {
    // The admixture of the growing solution falls by exp(-2 decay) per step; 40 = -ln(4e-18).
    let start = q.count + Int((40 / (2 * decay)).rounded(.up)) + 1
    var (above, current) = (0.0, 1e-280)
    for k in stride(from: start, through: 1, by: -1) {
      let below = (Double(2 * k + 1) * y * current - Double(k + 1) * above) / Double(k)
      (above, current) = (current, below)
      if k - 1 < q.count { q[k - 1] = current }
      guard abs(current) > 1e250 else { continue }
      (above, current) = (above * 1e-250, current * 1e-250)
      for j in max(k - 1, 0)..<max(q.count, k - 1) { q[j] *= 1e-250 }
    }
    let factor = 0.5 * logarithm / q[0]
    for k in q.indices { q[k] *= factor }
  }
}
