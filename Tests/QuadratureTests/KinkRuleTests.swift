import Quadrature
import Testing

@Suite("Kink rule")
struct KinkRuleTests {
  static let rule = GaussLegendreRule(order: 16)

  /// Gauss sums over panels.
  static func integrate(_ panels: [Panel], _ f: (Double) -> Double) -> Double {
    panels.reduce(0) { total, panel in
      zip(rule.nodes, rule.weights).reduce(total) {
        let (x, jacobian) = panel.position($1.0)
        return $0 + $1.1 * jacobian * f(x)
      }
    }
  }

  static func isCover(_ panels: [Panel], _ start: Double, _ end: Double) -> Bool {
    panels.first?.start == start && panels.last?.end == end && zip(panels, panels.dropFirst()).allSatisfy { $0.end == $1.start }
  }

  @Test("panels end at every kink and break, resolve every pole, and cover the interval")
  func cover() {
    var rule = KinkRule([(0.3, 1e-3), (0.5, 0)], breaks: [0.7, 4])
    rule.addPoles([KinkRule.fermiStep(at: 0.9, temperature: 1e-4)])
    rule.addBreaks([0.1])
    let panels = rule.panels(from: 0, to: 1, rho: 2)
    #expect(Self.isCover(panels, 0, 1))
    for place in [0.1, 0.3, 0.5, 0.7] { #expect(panels.contains { $0.start == place }, "no panel begins at \(place)") }
    #expect(panels.allSatisfy { $0.resolves(rule.features, rho: 2) })
    #expect(!Panel(0.4, 0.6).resolves(rule.features, rho: 2) && !Panel(0.85, 0.95).resolves(rule.features, rho: 2))
    // The pole next to the axis is resolved, but no panel need end there.
    #expect(panels.filter { abs($0.center - 0.9) < 0.02 }.map(\.length).max() ?? 1 < 0.02)
  }

  @Test("integrals over the panels are as good as rho says: a Lorentzian of width 1e-6 to 2^-32 of its peaks")
  func accuracy() {
    let (position, width) = (0.3, 1e-6)
    let f = { (x: Double) in width / ((x - position) * (x - position) + width * width) }
    let panels = KinkRule([(position, width)]).panels(from: 0, to: 1, rho: 2.5)
    // arctan(7e5) + arctan(3e5) = pi - (1/7e5 + 1/3e5)
    let exact = Double.pi - (1 / 7e5 + 1 / 3e5)
    #expect(abs(Self.integrate(panels, f) - exact) < 1e-11)
    #expect(panels.count < 80)
  }

  @Test("square-root edges are graded towards, and stay when another place is close to them")
  func edges() {
    let rule = KinkRule(breaks: [0.5 - 1e-14, 0.25], edges: [0.5])
    let panels = rule.panels(from: 0, to: 1, rho: 2, longerThan: 1e-12)
    #expect(panels.map(\.start) == [0, 0.25, 0.5])
    #expect(panels.map(\.grading) == [.uniform, .towardEnd, .towardStart])
    // int |x - 1/2|^(-1/2) from 1/4 to 1.
    let exact = 2 * (0.25.squareRoot() + 0.5.squareRoot())
    #expect(abs(Self.integrate(Array(panels.dropFirst()), { 1 / abs($0 - 0.5).squareRoot() }) - exact) < 1e-12)
  }

  @Test("places that rounding cannot tell apart are one; the ends stay where they are")
  func distinct() {
    let rule = KinkRule(breaks: [0.5, 0.5 * (1 + 1e-15), 2 * (1 - 1e-15), 1e-17])
    #expect(rule.panels(from: 0, to: 2, rho: 2, rounding: 4e-15).map(\.start) == [0, 1e-17, 0.5])
    #expect(rule.panels(from: 0, to: 2, rho: 2, longerThan: 1e-14).map(\.start) == [0, 0.5])
    #expect(rule.panels(from: 2, to: 2, rho: 2).isEmpty)
  }

  @Test("halving ends where floating point or depth does: a pole on top of a panel's end, however near to the axis")
  func deepest() {
    let pieces = Panel(0, 1).split(resolving: [(0, 1e-300)], rho: 2)
    #expect(Self.isCover(pieces, 0, 1) && pieces.count == 62)
    let kink = Panel(0, 1).split(resolving: [(1.0 / 3, 0)], rho: 2)
    #expect(Self.isCover(kink, 0, 1) && kink.count < 62)
  }

  @Test("the tail bounds what interpolation misses, and its square what the Gauss sum misses")
  func tails() {
    for pole in [0.4, 0.7, 1.5] {
      let f = { (x: Double) in 1 / (x * x + pole * pole) }
      let values = Self.rule.nodes.map(f)
      let (bound, tail) = values.withUnsafeBufferPointer {
        (Self.rule.interpolationError(of: $0.baseAddress!), Self.rule.tail(of: $0.baseAddress!))
      }
      var (legendre, weights) = ([Double](repeating: 0, count: 16), [Double](repeating: 0, count: 16))
      var worst = 0.0
      for i in 0...200 {
        let x = -1 + 0.01 * Double(i)
        Self.rule.fillInterpolation(at: x, legendre: &legendre, into: &weights)
        worst = max(worst, abs(zip(weights, values).reduce(-f(x)) { $0 + $1.0 * $1.1 }))
      }
      #expect(worst < 2 * bound && worst > 1e-3 * bound, "pole \(pole): \(worst) against \(bound)")
      let panels = Panel(-1, 1).split(resolving: [(0, pole)], rho: 4)
      let sum = abs(Self.integrate([Panel(-1, 1)], f) - Self.integrate(panels, f))
      let size = values.reduce(0, max)
      #expect(sum <= 2 * GaussLegendreRule.sumError(tail: tail, size: size) + 1e-15 * size, "pole \(pole): \(sum)")
    }
    #expect(GaussLegendreRule.sumError(tail: 0, size: 0) == 0)
  }
}
