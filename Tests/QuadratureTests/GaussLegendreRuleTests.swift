import Foundation
import Quadrature
import TestKinds
import Testing

@Suite("GaussLegendreRule")
struct GaussLegendreRuleTests {
  @Test("integrates polynomials up to degree 2n - 1 exactly, and not x^2n", .tags(.limit), arguments: [2, 3, 12, 16, 40])
  func exactness(order: Int) {
    let rule = GaussLegendreRule(order: order)
    #expect(rule.nodes == rule.nodes.sorted())
    for degree in 0..<(2 * order) {
      let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
      // Rounding of n terms below 2/n each.
      #expect(abs(sum - (degree % 2 == 0 ? 2 / Double(degree + 1) : 0)) < 3e-15, "degree \(degree)")
    }
    guard order <= 12 else { return }
    let beyond = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(2 * order)) }
    #expect(abs(beyond - 2 / Double(2 * order + 1)) > 1e-12)
  }

  @Test("Legendre coefficients of a polynomial come back from its values at the nodes")
  func coefficients() {
    let rule = GaussLegendreRule(order: 16)
    let expected = (0..<16).map { 1 / Double($0 + 1) }
    var values = [Double](repeating: 0, count: 16)
    for i in 0..<16 { values[i] = (0..<16).reduce(0) { $0 + expected[$1] * rule.legendreAtNodes[$1 * 16 + i] } }
    // The discrete transform is orthogonal for degrees below n: rounding of 16 terms.
    for k in 0..<16 { #expect(abs(rule.coefficient(k, of: values) - expected[k]) < 2e-14) }
    let strided = values.flatMap { [$0, .nan] }
    for k in 0..<16 { #expect(rule.coefficient(k, of: strided, stride: 2) == rule.coefficient(k, of: values)) }
  }

  @Test("product weights integrate a polynomial against a step, however placed")
  func productWeights() {
    let rule = GaussLegendreRule(order: 12)
    for step in [-0.999, -0.2, 0, 0.7] {
      // Moments of the step function 1 on [-1, step]: a Gauss rule on that interval is exact for them.
      var moments = [Double](repeating: 0, count: 12)
      let half = 0.5 * (step + 1)
      for i in 0..<12 { rule.addLegendre(at: -1 + half * (1 + rule.nodes[i]), factor: rule.weights[i] * half, to: &moments) }
      var weights = [Double](repeating: 0, count: 12)
      rule.productWeights(moments: moments, into: &weights)
      for degree in 0..<12 {
        let sum = zip(rule.nodes, weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
        let exact = (pow(step, Double(degree + 1)) - pow(-1, Double(degree + 1))) / Double(degree + 1)
        // Rounding of 12 x 12 terms of order one.
        #expect(abs(sum - exact) < 1e-13, "degree \(degree), step \(step)")
      }
    }
  }
}
