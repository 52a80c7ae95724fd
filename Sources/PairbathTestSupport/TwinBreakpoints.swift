/// Collects the points where an integrand changes fast, graded geometrically towards each.
struct TwinBreakpoints {
  /// The interval of integration.
  let lower: Double
  let upper: Double
  /// Points that must be panel ends, with spacing zero, and graded ones with the spacing that is fine enough there.
  private var points: [(position: Double, spacing: Double)] = []

  /// No interior points yet.
  init(from lower: Double, to upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// A point that will be the end of a panel.
  mutating func add(_ point: Double) { add(point, spacing: 0) }

  /// A point with neighbours at distances width, 4 width, 16 width, ... on both sides, as far as the interval goes.
  mutating func add(_ point: Double, gradedFrom width: Double) {
    add(point)
    guard width > 0 else { return }
    let reach = max(abs(upper - point), abs(point - lower))
    var distance = width
    while distance < reach {
      // Panels as wide as half the distance to what they resolve are fine: points of other gradings may serve.
      add(point - distance, spacing: 0.4 * distance)
      add(point + distance, spacing: 0.4 * distance)
      distance *= 4
    }
  }

  private mutating func add(_ point: Double, spacing: Double) {
    if point > lower && point < upper { points.append((point, spacing)) }
  }

  /// The panel ends in ascending order, those closer than rounding merged. Empty for an empty interval.
  var sorted: [Double] {
    guard upper > lower else { return [] }
    let rounding = 4e-15 * (upper - lower)
    let fixed = (points.filter { $0.spacing == 0 }.map(\.position) + [upper]).sorted()
    var result = [lower]
    for (position, spacing) in points.sorted(by: { $0.position < $1.position }) {
      let least = max(spacing, rounding, 4e-15 * abs(position))
      if position - result.last! <= least { continue }
      // A graded point gives way to a fixed one close above it, too.
      if spacing > 0, let next = fixed.first(where: { $0 >= position }), next - position <= 0.5 * spacing { continue }
      result.append(position)
    }
    if result.count > 1 && upper - result.last! <= max(rounding, 4e-15 * abs(upper)) { result.removeLast() }
    return result + [upper]
  }
}

extension TextbookTwin {
  /// How many temperatures beyond the outermost chemical potential an integral goes: exp(-150) is 1e-65. A band that only
  /// thermal tails reach may start 60 temperatures away.
  static let thermalReach = 150.0

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
