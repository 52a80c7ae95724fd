import Foundation
import TestKinds
import Testing

@testable import Quadrature

struct CauchyWeightsTests {
  private func integral(_ panel: Panel, at z: Double, of f: (Double) -> Double) -> Double {
    let rule = CauchyWeights(panel)
    var weights = [Double](repeating: 0, count: 16)
    rule.fill(at: z, into: &weights)
    var sum = 0.0
    for (i, x) in rule.parameters.enumerated() {
      sum += weights[i] * CauchyWeights.factor(panel, x) * f(rule.nodes[i])
    }
    return sum
  }

  @Test(
    "principal values of a polynomial on a panel, inside, near and far", .tags(.limit),
    arguments: [-5.0, 0.9, 1.01, 1.3, 2.2, 2.99, 3.2, 40])
  func polynomial(z: Double) {
    // P int_1^3 e^2/(z - e) de = -[z e + e^2/2 + z^2 ln|z - e|].
    func primitive(_ e: Double) -> Double { -(z * e + 0.5 * e * e + z * z * log(abs(z - e))) }
    let exact = primitive(3) - primitive(1)
    // The closed form itself cancels by z^2 ln z.
    #expect(abs(integral(Panel(1, 3), at: z) { $0 * $0 } - exact) < 1e-15 * (100 + 4 * z * z))
  }

  @Test(
    "square roots that vanish or diverge at the edge of a band are integrated exactly", .tags(.limit),
    arguments: [-3.0, -0.2, -1e-3, 0.01, 0.3, 0.99, 1.2, 7])
  func edges(z: Double) {
    // P int_0^1 e^(-1/2)/(z - e) de: ln|(s + 1)/(s - 1)|/s, s = sqrt z; for z < 0, -2 atan(1/s)/s, s = sqrt(-z).
    let s = abs(z).squareRoot()
    let diverging = z > 0 ? log(abs((s + 1) / (s - 1))) / s : -2 * atan(1 / s) / s
    // e^(1/2)/(z - e) = z e^(-1/2)/(z - e) - e^(-1/2).
    let vanishing = z * diverging - 2
    let toStart = Panel(0, 1, grading: .towardStart)
    #expect(abs(integral(toStart, at: z) { 1 / $0.squareRoot() } - diverging) < 2e-13 * max(1, abs(diverging)))
    #expect(abs(integral(toStart, at: z) { $0.squareRoot() } - vanishing) < 2e-13 * max(1, abs(vanishing)))
    // Mirrored about 1/2: e -> 1 - e, z -> 1 - z turns the sign; 1 - z rounds the distance to the edge.
    let toEnd = Panel(0, 1, grading: .towardEnd)
    #expect(abs(integral(toEnd, at: 1 - z) { 1 / (1 - $0).squareRoot() } + diverging) < 2e-12 * max(1, abs(diverging)))
  }

  @Test("pieces of a panel add up to the panel", .tags(.law))
  func pieces() {
    let panel = Panel(0, 2, grading: .towardStart)
    var (whole, sum) = (0.0, 0.0)
    var weights = [Double](repeating: 0, count: 16)
    for (low, high) in [(-1.0, 1.0), (-1.0, 0.25), (0.25, 1.0)] {
      let rule = CauchyWeights(panel, from: low, to: high)
      rule.fill(at: 0.7, into: &weights)
      let part = zip(rule.parameters, rule.nodes).enumerated().reduce(0) {
        $0 + weights[$1.offset] * CauchyWeights.factor(panel, $1.element.0) * exp(-$1.element.1).squareRoot()
      }
      if high - low == 2 { whole = part } else { sum += part }
    }
    #expect(abs(whole - sum) < 1e-13)
  }
}
