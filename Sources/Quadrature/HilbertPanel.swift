import Cancellation

/// A polynomial sum_k c_k P_k(x) on an interval, x in [-1, 1].
struct HilbertPanel: Sendable {
  static let rule = GaussLegendreRule(order: 16)

  let start: Double
  let end: Double
  let coefficients: [Double]

  /// The polynomial's last coefficients, the size of what it leaves out.
  var remainder: Double { max(abs(coefficients[Self.rule.order - 1]), abs(coefficients[Self.rule.order - 2])) }

  /// True when the coefficients fall off exponentially, false near a kink or an edge of square-root kind.
  var isSmooth: Bool {
    let middle = Self.rule.order / 2
    return remainder <= 1e-2 * max(abs(coefficients[middle - 1]), abs(coefficients[middle])) || remainder == 0
  }

  /// The x that a frequency inside or outside stands for.
  func parameter(_ w: Double) -> Double { ((w - start) + (w - end)) / (end - start) }

  /// P_k(1) = 1 and P_k(-1) = (-1)^k.
  func value(atEnd: Bool) -> Double {
    coefficients.enumerated().reduce(0) { $0 + (atEnd || $1.offset % 2 == 0 ? $1.element : -$1.element) }
  }
}

/// Halves panels until a function is a polynomial of degree 15 on each.
struct HilbertSampler {
  let tolerance: Double
  /// Largest |f| seen.
  private(set) var scale = 0.0
  private static let mostPanels = 20_000

  init(tolerance: Double) { self.tolerance = tolerance }

  /// Panels between breakpoints; `scale` is a lower bound on the size errors are relative to.
  mutating func panels(_ breakpoints: [Double], scale floor: Double, of function: (Double) -> Double) -> [HilbertPanel] {
    scale = floor
    var waiting = zip(breakpoints, breakpoints.dropFirst()).map { sampled($0, $1, function) }
    var done: [HilbertPanel] = []
    let range = (breakpoints.last ?? 0) - (breakpoints.first ?? 0)
    while let panel = waiting.popLast() {
      let middle = panel.start + 0.5 * (panel.end - panel.start)
      // Only frequencies inside a short panel see its error; near an edge of square-root kind it is rounding of w anyway.
      let weight = ((panel.end - panel.start) / range).squareRoot().squareRoot()
      let isFine = panel.remainder * weight <= tolerance * scale
      let isSmall = panel.end - panel.start <= 1e-14 * max(abs(panel.start), abs(panel.end))
      guard !isFine, !isSmall, !CancellationToken.isRequested, done.count + waiting.count < Self.mostPanels, middle > panel.start,
        middle < panel.end
      else {
        done.append(panel)
        continue
      }
      waiting.append(sampled(panel.start, middle, function))
      waiting.append(sampled(middle, panel.end, function))
    }
    return done.sorted { $0.start < $1.start }
  }

  private mutating func sampled(_ start: Double, _ end: Double, _ function: (Double) -> Double) -> HilbertPanel {
    let panel = Panel(start, end)
    let values = HilbertPanel.rule.nodes.map { function(panel.position($0).0) }
    scale = values.reduce(scale) { max($0, abs($1)) }
    let coefficients = values.withUnsafeBufferPointer { buffer in
      (0..<values.count).map { k in buffer.baseAddress.map { HilbertPanel.rule.coefficient(k, of: $0) } ?? 0 }
    }
    return HilbertPanel(start: start, end: end, coefficients: coefficients)
  }
}
