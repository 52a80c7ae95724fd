/// A number with an absolute error bound; sums and multiples carry the bounds along.
public struct Estimate: Sendable, Equatable {
  /// The number.
  public var value: Double
  /// Bound of its absolute error.
  public var error: Double

  /// A number known to `error`.
  @inlinable public init(_ value: Double = 0, error: Double = 0) {
    self.value = value
    self.error = error
  }

  @inlinable package static func + (a: Estimate, b: Estimate) -> Estimate {
    Estimate(a.value + b.value, error: a.error + b.error)
  }
  @inlinable package static func - (a: Estimate, b: Estimate) -> Estimate {
    Estimate(a.value - b.value, error: a.error + b.error)
  }
  @inlinable package static func * (factor: Double, a: Estimate) -> Estimate {
    Estimate(factor * a.value, error: abs(factor) * a.error)
  }
  @inlinable package static func += (a: inout Estimate, b: Estimate) { a = a + b }
  @inlinable package static func -= (a: inout Estimate, b: Estimate) { a = a - b }

  /// What does not exist or was not computed.
  @inlinable public static var notANumber: Estimate { Estimate(.nan, error: .nan) }
}
