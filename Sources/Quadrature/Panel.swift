/// An interval of integration with a map from x in [-1, 1] that takes square-root singularities out at one end.
///
/// uniform: e linear in x. towardStart: e = start + length s^2, s = (1 + x)/2, so that (e - start)^(+-1/2) times de/dx is
/// smooth in x. towardEnd: the mirror image.
public struct Panel: Sendable, Equatable {
  /// How the nodes crowd.
  public enum Grading: Sendable, Equatable {
    case uniform
    case towardStart
    case towardEnd
  }

  public let start: Double
  public let end: Double
  public let grading: Grading

  /// The panel from `start` to `end` > `start`.
  public init(_ start: Double, _ end: Double, grading: Grading = .uniform) {
    self.start = start
    self.end = end
    self.grading = grading
  }

  public var length: Double { end - start }
  public var center: Double { 0.5 * (start + end) }

  /// Position e(x) and Jacobian de/dx.
  @inline(__always)
  public func position(_ x: Double) -> (Double, Double) {
    switch grading {
    case .uniform:
      let half = 0.5 * length
      // Measured from the nearer end, so that nodes close to a narrow resonance at the end keep their relative position.
      return (x < 0 ? start + half * (1 + x) : end - half * (1 - x), half)
    case .towardStart:
      let s = 0.5 * (1 + x)
      return (start + length * s * s, length * s)
    case .towardEnd:
      let s = 0.5 * (1 - x)
      return (end - length * s * s, length * s)
    }
  }

  /// The x that a position in [start, end] comes from.
  @inline(__always)
  public func parameter(_ e: Double) -> Double {
    let x: Double
    switch grading {
    case .uniform: x = (e - center) / (0.5 * length)
    case .towardStart: x = 2 * (max(e - start, 0) / length).squareRoot() - 1
    case .towardEnd: x = 1 - 2 * (max(end - e, 0) / length).squareRoot()
    }
    return min(max(x, -1), 1)
  }

  /// The two halves in x; nil when they cannot be told apart in floating point.
  public var bisected: (Panel, Panel)? {
    let (middle, _) = position(0)
    guard middle > start && middle < end else { return nil }
    switch grading {
    case .uniform: return (Panel(start, middle), Panel(middle, end))
    case .towardStart: return (Panel(start, middle, grading: .towardStart), Panel(middle, end))
    case .towardEnd: return (Panel(start, middle), Panel(middle, end, grading: .towardEnd))
    }
  }

  /// True when a pole at position + i width lies outside the Bernstein ellipse of the panel with parameter rho, so that
  /// interpolation at n Gauss nodes converges as rho^-n (in x for a uniform panel; a bound good enough for the others).
  public func resolves(position: Double, width: Double, rho: Double) -> Bool {
    let half = 0.5 * length
    let u = (position - center) / (half * 0.5 * (rho + 1 / rho))
    let v = width / (half * 0.5 * (rho - 1 / rho))
    return u * u + v * v >= 1
  }

  /// The panel halved until every piece resolves every pole, or cannot be halved any more.
  public func split(resolving features: [(position: Double, width: Double)], rho: Double) -> [Panel] {
    let fits = features.allSatisfy { resolves(position: $0.position, width: $0.width, rho: rho) }
    guard !fits, let (left, right) = bisected else { return [self] }
    return left.split(resolving: features, rho: rho) + right.split(resolving: features, rho: rho)
  }
}
