import Cancellation
import Quadrature
import Testing

@Suite("Panel refinement")
struct PanelRefinementTests {
  /// An integral over a panel by Simpson's rule, and its distance from the trapezoidal rule.
  struct Strip: WatchedContribution, Equatable {
    let panel: Panel
    let value: Double
    var doubts: SIMD2<Double>
    var sizes: SIMD2<Double>

    init(_ panel: Panel, _ f: (Double) -> Double) {
      self.panel = panel
      let (a, m, b) = (f(panel.start), f(panel.center), f(panel.end))
      value = panel.length * (a + 4 * m + b) / 6
      let gross = panel.length * (abs(a) + 4 * abs(m) + abs(b)) / 6
      doubts = SIMD2(abs(value - panel.length * 0.5 * (a + b)), 0)
      sizes = SIMD2(gross, 1)
    }
  }

  static func strips(_ count: Int, to end: Double, _ f: (Double) -> Double) -> PanelRefinement<Strip> {
    let width = end / Double(count)
    return PanelRefinement((0..<count).map { Strip(Panel(Double($0) * width, Double($0 + 1) * width), f) }, limit: 5000)
  }

  @Test(
    "rounds end when the rule is content: the sum of the doubts is below the tolerance, the parts cover the interval in order")
  func resolved() {
    let f = { (x: Double) in 1 / (1e-4 + (x - 0.3) * (x - 0.3)) }
    var refinement = Self.strips(2, to: 1, f)
    let outcome = refinement.refine(to: RefinementRule(tolerance: 1e-3)) { strip in
      strip.panel.bisected.map { (Strip($0.0, f), Strip($0.1, f)) }
    }
    #expect(outcome == .resolved)
    let doubt = refinement.parts.reduce(0) { $0 + $1.doubts.x }
    let size = refinement.parts.reduce(0) { $0 + $1.sizes.x }
    #expect(doubt <= 0.3e-3 * size)
    #expect(refinement.parts.first?.panel.start == 0 && refinement.parts.last?.panel.end == 1)
    #expect(zip(refinement.parts, refinement.parts.dropFirst()).allSatisfy { $0.panel.end == $1.panel.start })
    // 100 (arctan 70 + arctan 30)
    let exact = 309.3986915124149
    #expect(abs(refinement.parts.reduce(0) { $0 + $1.value } - exact) < 1e-5 * exact)
    // Panels are short where the peak is, and only there.
    let shortest = refinement.parts.min { $0.panel.length < $1.panel.length }
    let longest = refinement.parts.max { $0.panel.length < $1.panel.length }
    #expect(abs((shortest?.panel.center ?? 0) - 0.3) < 0.1 && abs((longest?.panel.center ?? 0.3) - 0.3) > 0.2)
    #expect((longest?.panel.length ?? 0) > 8 * (shortest?.panel.length ?? 1))
  }

  @Test("a rule for open lanes leaves parts alone whose doubts concern resolved sums only")
  func openLanes() {
    let (doubts, sizes) = (SIMD2(1e-3, 1e-9), SIMD2(1.0, 1.0))
    let all = RefinementRule(tolerance: 1e-4, whole: 1, shares: 0.5).thresholds(doubts, of: sizes, parts: 10)
    let open = RefinementRule(tolerance: 1e-4, whole: 1, shares: 0.5, lanes: .open).thresholds(doubts, of: sizes, parts: 10)
    #expect(all == SIMD2(5e-6, 5e-6))
    #expect(open == SIMD2(5e-6, .infinity))
    #expect(RefinementRule(tolerance: 1e-2).thresholds(doubts, of: sizes, parts: 10) == nil)
  }

  @Test("rounds that cannot go on say why: no room, nothing to halve, cancelled")
  func ends() {
    let f = { (x: Double) in abs(x - 1.0 / 3) }
    func outcome(_ refinement: PanelRefinement<Strip>, _ halve: (Strip) -> (Strip, Strip)?) -> PanelRefinement<Strip>.Outcome {
      var refinement = refinement
      return refinement.refine(to: RefinementRule(tolerance: 1e-14), halve: halve)
    }
    func halves(_ strip: Strip) -> (Strip, Strip)? { strip.panel.bisected.map { (Strip($0.0, f), Strip($0.1, f)) } }
    let few = PanelRefinement(Self.strips(2, to: 1, f).parts, limit: 16)
    #expect(outcome(few, halves) == .exhausted)
    #expect(outcome(few) { _ in nil } == .stalled)
    let cancelled = CancellationToken { true }
    #expect(cancelled.perform { outcome(few, halves) } == .interrupted)
  }

  @Test("in depth every panel is visited in ascending order, and halved where it is asked for, no deeper than allowed")
  func depth() {
    var refinement = PanelRefinement([HalvedPanel(Panel(0, 1)), HalvedPanel(Panel(1, 2))])
    var visited: [Double] = []
    let outcome = refinement.descend { part, hasRoom in
      #expect(hasRoom)
      // Towards x = 1.
      if part.panel.start == 1 || part.panel.end == 1, let halves = part.halves(to: 5) { return halves }
      visited.append(part.panel.start)
      return nil
    }
    #expect(outcome == .resolved)
    #expect(visited == visited.sorted() && visited == refinement.parts.map(\.panel.start))
    #expect(refinement.parts.count == 12 && refinement.parts.map(\.depth).max() == 5)
    #expect(refinement.parts.map(\.panel.length).min() == 1.0 / 32)
  }

  @Test("in depth the limit is what the visitor is told, and what the outcome says")
  func room() {
    var refinement = PanelRefinement([Panel(0, 1)], limit: 7)
    let outcome = refinement.descend { panel, hasRoom in hasRoom ? panel.bisected : nil }
    #expect(outcome == .exhausted && refinement.parts.count == 7)
    #expect(refinement.parts.first?.start == 0 && refinement.parts.last?.end == 1)
  }
}
