import Foundation
import Quadrature
import TestKinds
import Testing

@Suite("Panel")
struct PanelTests {
  static let rule = GaussLegendreRule(order: 16)

  static func integrate(_ panel: Panel, _ f: (Double) -> Double) -> Double {
    zip(rule.nodes, rule.weights).reduce(0) {
      let (e, jacobian) = panel.position($1.0)
      return $0 + $1.1 * jacobian * f(e)
    }
  }

  @Test("panels graded towards a band edge integrate (e - a)^(+-1/2) and smooth multiples exactly", .tags(.limit))
  func edges() {
    let (a, b) = (-0.3, 1.7)
    let l = b - a
    for (power, exact) in [(0.5, 2 * pow(l, 1.5) / 3), (-0.5, 2 * pow(l, 0.5)), (1.5, 0.4 * pow(l, 2.5))] {
      let start = Self.integrate(Panel(a, b, grading: .towardStart)) { pow($0 - a, power) }
      let end = Self.integrate(Panel(a, b, grading: .towardEnd)) { pow(b - $0, power) }
      // In s the integrand is a polynomial; e - a at the node nearest the edge (s = 0.005) keeps 1e-16/5e-5 of its digits.
      #expect(abs(start - exact) < 1e-12 * exact && abs(end - exact) < 1e-12 * exact, "power \(power)")
    }
    let uniform = Self.integrate(Panel(a, b)) { ($0 - a) * ($0 - a) }
    #expect(abs(uniform - l * l * l / 3) < 1e-14 * 3)
  }

  @Test("parameter inverts position on every grading")
  func inverse() {
    for grading in [Panel.Grading.uniform, .towardStart, .towardEnd] {
      let panel = Panel(0.4, 2.9, grading: grading)
      for i in 0...20 {
        let x = -1 + 0.1 * Double(i)
        // A square root near the edge: half the digits of the distance to it, sqrt(1e-16).
        #expect(abs(panel.parameter(panel.position(x).0) - x) < 3e-8)
      }
      #expect(panel.parameter(0.4) == -1 && panel.parameter(2.9) == 1)
      #expect(panel.parameter(-5) == -1 && panel.parameter(7) == 1)
    }
  }

  @Test("halves cover the panel, keep the edge's grading and end when floating point does")
  func bisection() throws {
    for grading in [Panel.Grading.uniform, .towardStart, .towardEnd] {
      let (left, right) = try #require(Panel(1, 3, grading: grading).bisected)
      #expect(left.start == 1 && left.end == right.start && right.end == 3)
      #expect(left.grading == (grading == .towardStart ? .towardStart : .uniform))
      #expect(right.grading == (grading == .towardEnd ? .towardEnd : .uniform))
    }
    #expect(Panel(1, 1.nextUp).bisected == nil)
  }

  @Test("panels between points are graded towards edges alone, and cover what a gap leaves")
  func breaking() {
    let panels = Panel(0, 4).broken(at: [1, 5], edges: [2, 3, 3])
    #expect(
      panels == [
        Panel(0, 1), Panel(1, 2, grading: .towardEnd), Panel(2, 2.5, grading: .towardStart),
        Panel(2.5, 3, grading: .towardEnd), Panel(3, 4, grading: .towardStart),
      ])
    let graded = Panel(0, 4, grading: .towardEnd)
    #expect(graded.excluding(1...2) == [Panel(0, 1), Panel(2, 4, grading: .towardEnd)])
    #expect(graded.excluding(3...5) == [Panel(0, 3)] && graded.excluding(-1...5).isEmpty)
    #expect(graded.excluding(4...5) == [graded] && graded.excluding(-1...0) == [graded])
  }

  @Test("a pole is resolved exactly when interpolation converges at the rate of its ellipse")
  func poles() {
    let panel = Panel(-1, 1)
    // On the imaginary axis the ellipse of rho ends at (rho - 1/rho)/2.
    #expect(panel.resolves(position: 0, width: 0.5 * (2.5 - 0.4) + 1e-12, rho: 2.5))
    #expect(!panel.resolves(position: 0, width: 0.5 * (2.5 - 0.4) - 1e-12, rho: 2.5))
    #expect(panel.resolves(position: 1.46, width: 0, rho: 2.5) && !panel.resolves(position: 1.44, width: 0, rho: 2.5))
    // Gauss quadrature of a Lorentzian outside the ellipse converges as rho^-2n = 2e-13.
    let width = 1.1
    let found = Self.integrate(panel) { 1 / ($0 * $0 + width * width) }
    #expect(abs(found - 2 * atan(1 / width) / width) < 1e-11)
  }
}
