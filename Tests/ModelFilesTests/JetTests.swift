import Foundation
import Quadrature
import TestKinds
import Testing

@testable import ModelFiles

struct JetTests {
  @Test(
    "derivatives of the model file's arithmetic are those of differences", .tags(.law),
    arguments: [
      "x^3 - 2*x", "sqrt(1 + x^2)", "exp(-x)/x", "log(x)*sin(3*x)", "cos(x)^2", "tan(x/2)", "2^x", "x^0", "-x^1", "abs(-x)*x",
      "min(x, 1)*x", "max(x, 0.2)/(1 + x)", "x^x",
    ])
  func derivatives(text: String) throws {
    let program = try ExpressionProgram(
      ExpressionParser.parse(text), registers: ["x": (0, .free)], boltzmann: (1, .free))
    func value(_ x: Double) -> Double { program.taylor([Jet(x, 1)]).value }
    let (x, h) = (0.7, 1e-3)
    let t = program.taylor([Jet(x, 1)])
    let first = (8 * (value(x + h) - value(x - h)) - (value(x + 2 * h) - value(x - 2 * h))) / (12 * h)
    let second =
      (-value(x + 2 * h) + 16 * value(x + h) - 30 * value(x) + 16 * value(x - h) - value(x - 2 * h)) / (12 * h * h)
    // Fourth-order differences: 1e-12 times higher derivatives, rounding over h and h^2.
    #expect(abs(t.first - first) < 1e-10 * max(1, abs(first)), "\(t) against \(first)")
    #expect(abs(t.second - second) < 1e-7 * max(1, abs(second)), "\(t) against \(second)")
  }
}
