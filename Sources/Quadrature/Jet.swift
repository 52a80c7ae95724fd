/// A number and its first two derivatives with respect to one variable: along a line of states t -> (mu(t), T(t)), or in the
/// arithmetic of a model file.
public struct Jet: Sendable, Equatable {
  /// The number.
  public var value = 0.0
  /// Its first derivative.
  public var first = 0.0
  /// Its second derivative.
  public var second = 0.0

  @inlinable package init(_ value: Double = 0, _ first: Double = 0, _ second: Double = 0) {
    (self.value, self.first, self.second) = (value, first, second)
  }

  @inlinable package static var zero: Jet { Jet() }

  @inlinable package static func + (a: Jet, b: Jet) -> Jet { Jet(a.value + b.value, a.first + b.first, a.second + b.second) }
  @inlinable package static func - (a: Jet, b: Jet) -> Jet { Jet(a.value - b.value, a.first - b.first, a.second - b.second) }
  @inlinable package static prefix func - (a: Jet) -> Jet { Jet(-a.value, -a.first, -a.second) }

  /// Leibniz' rule.
  @inlinable package static func * (a: Jet, b: Jet) -> Jet {
    Jet(
      a.value * b.value, a.first * b.value + a.value * b.first,
      a.second * b.value + 2 * a.first * b.first + a.value * b.second)
  }

  @inlinable package static func / (a: Jet, b: Jet) -> Jet {
    let inverse = 1 / b.value
    return a * b.chain(inverse, -inverse * inverse, 2 * inverse * inverse * inverse)
  }

  /// g(self) from g, g' and g'' at the value; a derivative that is not needed may be infinite.
  @inlinable package func chain(_ g: Double, _ slope: Double, _ curvature: Double) -> Jet {
    guard first != 0 || second != 0 else { return Jet(g) }
    return Jet(g, slope * first, curvature * first * first + slope * second)
  }

  @inlinable package var isFinite: Bool { value.isFinite && first.isFinite && second.isFinite }

  /// Derivative of order 0, 1 or 2.
  @inlinable package subscript(order: Int) -> Double { order == 0 ? value : order == 1 ? first : second }
}
