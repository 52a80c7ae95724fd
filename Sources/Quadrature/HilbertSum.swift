import RealModule

/// Adds up the principal-value integrals of panels with their errors.
struct HilbertSum {
  private var value = 0.0
  private var error = 0.0
  /// Coefficient of the diverging logarithm at w: a jump of f there.
  private var jump = 0.0
  /// Jumps below this fraction of the largest |f| are interpolation errors.
  private static let smallestJump = 1e-7

  /// The sum for a function of the given size; at a jump the integral does not exist and the error is infinite.
  func total(scale: Double) -> HilbertTransform.Value {
    guard abs(jump) <= Self.smallestJump * scale else { return HilbertTransform.Value(value, error: .infinity) }
    // The logarithm at the edge is at most ln(1e16) = 37 in units of the panel.
    return HilbertTransform.Value(value, error: error + 40 * abs(jump) + 4e-16 * abs(value))
  }

  /// Adds factor P int p(w')/(w - w') dw' over a panel.
  mutating func add(_ panel: HilbertPanel, at w: Double, factor: Double) {
    let order = panel.coefficients.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: order) { q in
      LegendreSecondKind.values(at: panel.parameter(w), logarithm: Self.logarithm(panel, w), into: q)
      var (sum, gross) = (0.0, 0.0)
      for k in 0..<order {
        sum += panel.coefficients[k] * q[k]
        gross += abs(panel.coefficients[k] * q[k])
      }
      var missing = 2 * panel.remainder * (abs(q[order - 1]) + abs(q[order - 2]))
      if !panel.isSmooth {
        missing += panel.remainder * abs(q[0])
        for k in (order / 2)..<order { missing += abs(panel.coefficients[k] * q[k]) }
      }
      value += 2 * factor * sum
      error += 2 * abs(factor) * (missing + 8e-16 * gross)
    }
    if abs(w - panel.end) <= Self.resolution(panel.end) { jump += factor * panel.value(atEnd: true) }
    if abs(w - panel.start) <= Self.resolution(panel.start) { jump -= factor * panel.value(atEnd: false) }
  }

  /// Adds factor int p(w') dw' over a panel.
  mutating func addIntegral(of panel: HilbertPanel, factor: Double) {
    let length = panel.end - panel.start
    value += factor * length * panel.coefficients[0]
    error += abs(factor) * length * (1e-15 * abs(panel.coefficients[0]) + panel.remainder)
  }

  /// What floating point resolves near an edge: distances below count as this, so that the logarithms of two neighbours cancel.
  private static func resolution(_ edge: Double) -> Double { max(2e-16 * abs(edge), 1e-30) }

  /// ln|(y + 1)/(y - 1)| from the distances of w to both ends.
  private static func logarithm(_ panel: HilbertPanel, _ w: Double) -> Double {
    let fromStart = max(abs(w - panel.start), resolution(panel.start))
    let fromEnd = max(abs(w - panel.end), resolution(panel.end))
    let length = panel.end - panel.start
    if w > panel.end + length { return Double.log(onePlus: length / fromEnd) }
    if w < panel.start - length { return -Double.log(onePlus: length / fromStart) }
    return Double.log(fromStart / fromEnd)
  }
}
