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

  /// Lower end.
  public let start: Double
  /// Upper end.
  public let end: Double
  /// Towards which end the nodes crowd.
  public let grading: Grading

  /// The panel from `start` to `end` > `start`.
  public init(_ start: Double, _ end: Double, grading: Grading = .uniform) {
    self.start = start
    self.end = end
    self.grading = grading
  }

  /// end - start.
  public var length: Double { end - start }
  /// The middle between the ends.
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

  /// Panels between consecutive points, graded towards those that are square-root edges; an interval with edges at both ends
  /// becomes two panels. Intervals of length `smallest` or less are left out. Points ascend. Cost: points times edges.
  public static func between(_ points: [Double], edges: [Double], longerThan smallest: Double = 0) -> [Panel] {
    var result: [Panel] = []
    for (a, b) in zip(points, points.dropFirst()) where b - a > smallest {
      switch (edges.contains(a), edges.contains(b)) {
      case (false, false): result.append(Panel(a, b))
      case (true, false): result.append(Panel(a, b, grading: .towardStart))
      case (false, true): result.append(Panel(a, b, grading: .towardEnd))
      case (true, true):
        let middle = 0.5 * (a + b)
        result += [Panel(a, middle, grading: .towardStart), Panel(middle, b, grading: .towardEnd)]
      }
    }
    return result
  }

  /// The panel broken at the points and edges inside it, graded towards the edges: first intervals for quadrature.
  public func broken(at points: [Double], edges: [Double]) -> [Panel] {
    let inside = (points + edges).filter { $0 > start && $0 < end }
    return Self.between(([start, end] + inside).sorted(), edges: edges, longerThan: 4e-16 * max(abs(start), abs(end)))
  }

  /// What is left of the panel outside an open gap: itself, one or two pieces, or nothing. An end that was graded stays so.
  public func excluding(_ gap: ClosedRange<Double>) -> [Panel] {
    guard gap.lowerBound < end, gap.upperBound > start else { return [self] }
    var result: [Panel] = []
    if gap.lowerBound > start {
      result.append(Panel(start, gap.lowerBound, grading: grading == .towardStart ? grading : .uniform))
    }
    if gap.upperBound < end { result.append(Panel(gap.upperBound, end, grading: grading == .towardEnd ? grading : .uniform)) }
    return result
  }
}
