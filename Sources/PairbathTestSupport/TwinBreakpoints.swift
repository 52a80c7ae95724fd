/// Collects the points where an integrand changes fast, graded geometrically towards each.
struct TwinBreakpoints {
  /// The interval of integration.
  let lower: Double
  let upper: Double
  private var points: [Double]

  /// No interior points yet.
  init(from lower: Double, to upper: Double) {
    self.lower = lower
    self.upper = upper
    points = [lower, upper]
  }

  /// A single point.
  mutating func add(_ point: Double) {
    if point > lower && point < upper { points.append(point) }
  }

  /// A point with neighbours at distances width, 4 width, 16 width, ... on both sides, as far as the interval goes.
  mutating func add(_ point: Double, gradedFrom width: Double) {
    add(point)
    guard width > 0 else { return }
    let reach = max(abs(upper - point), abs(point - lower))
    var distance = width
    while distance < reach {
      add(point - distance)
      add(point + distance)
      distance *= 4
    }
  }

  /// All points in ascending order, those closer than rounding merged. Empty for an empty interval.
  var sorted: [Double] {
    guard upper > lower else { return [] }
    var result: [Double] = [lower]
    for point in points.sorted() where point - result.last! > 4e-15 * max(abs(point), abs(upper - lower)) {
      result.append(point)
    }
    result[result.count - 1] = upper
    return result.count > 1 ? result : [lower, upper]
  }
}

extension TextbookTwin {
  /// How many temperatures beyond the outermost chemical potential an integral goes: exp(-60) is 1e-26.
  static let thermalReach = 60.0

  /// Panels for int de of a pair channel at frequency w: mu_a, mu_b + w, levels, levels + w, edges, thermal scales.
  func breakpoints(frequency w: Double, occupancies: [(position: Double, temperature: Double)]) -> [Double] {
    let reach = Self.thermalReach * (occupancies.map(\.temperature).max() ?? 0)
    let positions = occupancies.map(\.position)
    var result = TwinBreakpoints(from: positions.min()! - reach, to: positions.max()! + reach)
    for occupancy in occupancies { result.add(occupancy.position, gradedFrom: occupancy.temperature) }
    for shift in w == 0 ? [0] : [0, w] {
      for level in levels { result.add(level.energy + shift, gradedFrom: level.width) }
      for edge in edges { result.add(edge + shift) }
    }
    return result.sorted
  }
}
