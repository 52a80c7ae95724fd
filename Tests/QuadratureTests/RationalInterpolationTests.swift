import Testing

@testable import Quadrature

@Suite("Interpolation with known poles")
struct RationalInterpolationTests {
  static let poles: [(re: Double, im: Double)] = [
    (-3.2, 0.5), (-0.4, 0.02), (0.1, 1e-4), (0.9, 0.3), (2.5, 0.01), (5, 2), (-8, 1), (30, 0.1),
  ]
  /// From -1 to 1, finer than the narrowest resonance.
  static let points: [Double] = (0...40_000).map { Double($0) * 5e-5 - 1 }

  static func interpolated(_ rule: RationalInterpolation, _ x: Double, _ f: (Double) -> Double) -> (value: Double, scale: Double)
  {
    var basis = [Double](repeating: 0, count: rule.count)
    rule.fill(at: x, into: &basis)
    return zip(basis, rule.nodes).reduce((0, 0)) { ($0.0 + $1.0 * f($1.1), $0.1 + abs($1.0 * f($1.1))) }
  }

  @Test(
    "products of resonances are met to the tolerance, between and beside narrow and far poles", arguments: [1e-4, 1e-8, 1e-11])
  func products(tolerance: Double) throws {
    let found = RationalInterpolation(poles: Self.poles, points: Self.points, tolerance: tolerance, limit: 60)
    let rule = try #require(found)
    #expect(rule.defect <= tolerance && rule.count % 2 == 0)
    for p in Self.poles {
      for q in Self.poles {
        // Re 1/((x - p)(x - q*)), an element of a spectral function: simple poles at p, p*, q, q*.
        func f(_ x: Double) -> Double {
          let norm = ((x - p.re) * (x - p.re) + p.im * p.im) * ((x - q.re) * (x - q.re) + q.im * q.im)
          return ((x - p.re) * (x - q.re) + p.im * q.im) / norm
        }
        for i in 0..<50 {
          let x = -0.99 + 1.98 * Double(i) / 49.3
          let (value, scale) = Self.interpolated(rule, x, f)
          // The partial fractions of a product cancel when two poles are close; what is left is measured on the sum of moduli.
          #expect(abs(value - f(x)) <= (20 * tolerance + 1e-13) * max(scale, abs(f(x))), "\(p) \(q) at \(x)")
        }
      }
    }
  }

  @Test("at its own nodes the basis is a Kronecker delta")
  func nodes() throws {
    let found = RationalInterpolation(poles: Self.poles, points: Self.points, tolerance: 1e-9, limit: 60)
    let rule = try #require(found)
    var basis = [Double](repeating: 0, count: rule.count)
    for (j, node) in rule.nodes.enumerated() {
      rule.fill(at: node, into: &basis)
      for k in basis.indices { #expect(basis[k] == (k == j ? 1 : 0)) }
    }
  }

  @Test("too few nodes, no interval and no poles are refused")
  func refusals() {
    #expect(RationalInterpolation(poles: Self.poles, points: Self.points, tolerance: 1e-10, limit: 4) == nil)
    #expect(RationalInterpolation(poles: Self.poles, points: [1], tolerance: 1e-3, limit: 40) == nil)
    #expect(RationalInterpolation(poles: [], points: Self.points, tolerance: 1e-3, limit: 40) == nil)
  }
}
