import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// The filled states h(e) = sum_a f_a(e) A_a(e) on Gauss panels, and their transform
/// F(z) = int de/2pi h(e)/(z - e + i0), by subtraction of the singularity.
///
/// F = (1/2pi) [P int h/(z - e) - i pi h(z)]. On the panel that holds z and on those next to it the rule is applied to
/// [h(e) - h(z)]/(z - e), as smooth as h, and h(z) ln|(z - lower)/(z - upper)| is added; further away it is applied to
/// h/(z - e) itself. Where h has a step (T = 0) or a square root (a band edge), panels shrink geometrically towards it from both
/// sides, so that no other panel is near to a z that is not within 1e-12 of it.
struct TwinFilledStates {
  /// An interval of the parameter of a map from [0, 1] to energies.
  private struct Panel {
    let segment: Segment
    let from: Double
    let to: Double
    /// Number of the first node.
    var first = 0
    var lower: Double { segment.energy(from).position }
    var upper: Double { segment.energy(to).position }
  }

  /// A map from t in [0, 1] to energies.
  private struct Segment {
    enum Shape { case plain, edgeBelow, edgeAbove, tail }
    let shape: Shape
    let lower: Double
    let upper: Double
    /// Number of breaks below.
    let piece: Int

    /// e(t) and de/dt. A tail runs from -infinity at t = 0 to `upper` at t = 1, e = lower - (lower - upper)/t.
    func energy(_ t: Double) -> (position: Double, slope: Double) {
      let length = upper - lower
      switch shape {
      case .plain: return (lower + length * t, length)
      case .edgeBelow: return (lower + length * t * t, 2 * length * t)
      case .edgeAbove: return (upper - length * (1 - t) * (1 - t), 2 * length * (1 - t))
      case .tail: return (lower + length / t, -length / (t * t))
      }
    }
  }

  /// Order of the matrices.
  private let order: Int
  /// Where h is not smooth, ascending.
  private let breaks: [Double]
  private var panels: [Panel] = []
  private var energies: [Double] = []
  private var weights: [Double] = []
  /// h at the nodes, real and imaginary parts.
  private var values: [Double] = []
  private var width: Int { 2 * order * order }

  /// Resolves h by bisection until its last Legendre coefficients on every panel are below `tolerance` of its largest value.
  init(_ electrons: TextbookTwin, states: [Occupancy], tolerance: Double = 1e-12) throws {
    order = electrons.overlap.rows
    let highest = states.map { $0.mu + TextbookTwin.thermalReach * $0.temperature }.max()!
    let steps = states.filter { $0.temperature == 0 }.map(\.mu)
    breaks = Array(Set(steps + electrons.edges)).sorted().filter { $0 <= highest }
    let work = TwinSecondOrderPoint(electrons, states: states)
    var open = segments(electrons, states, highest).map { Panel(segment: $0, from: 0, to: 1) }
    var done: [(Panel, [Double])] = []
    var largest = 0.0
    while let panel = open.popLast() {
      let sample = try Self.sample(panel, work)
      largest = max(largest, sample.norm)
      let width = panel.to - panel.from
      // What an unresolved panel costs is its length times the defect, next to int h of order one: close to a band edge, where
      // the distance to it has lost its digits, that is nothing.
      let length = panel.upper - panel.lower
      let fine = sample.tail <= tolerance * max(sample.norm, 1e-7 * largest) || sample.tail * length <= 1e-3 * tolerance
      if fine || width < 1e-9 || done.count + open.count > Self.panelLimit {
        done.append((panel, sample.values))
      } else {
        let middle = 0.5 * (panel.from + panel.to)
        open.append(Panel(segment: panel.segment, from: panel.from, to: middle))
        open.append(Panel(segment: panel.segment, from: middle, to: panel.to))
      }
    }
    done.sort { $0.0.upper < $1.0.upper }
    for (panel, h) in done { append(panel, h) }
  }

  /// Number of panels.
  var count: Int { panels.count }

  /// The same with every panel cut in two: what the difference shows is the error.
  func refined(_ electrons: TextbookTwin, states: [Occupancy]) throws -> TwinFilledStates {
    let work = TwinSecondOrderPoint(electrons, states: states)
    var result = self
    (result.panels, result.energies, result.weights, result.values) = ([], [], [], [])
    for panel in panels {
      let middle = 0.5 * (panel.from + panel.to)
      for (from, to) in [(panel.from, middle), (middle, panel.to)] {
        let half = Panel(segment: panel.segment, from: from, to: to)
        result.append(half, try Self.sample(half, work).values)
      }
    }
    return result
  }

  /// int de/2pi h(e), shape (orbitals, orbitals).
  var density: Matrix {
    var sum = [Double](repeating: 0, count: width)
    for i in weights.indices {
      for j in 0..<width { sum[j] += weights[i] * values[i * width + j] }
    }
    let elements = (0..<(order * order)).map { Scalar(sum[2 * $0], sum[2 * $0 + 1]) / Scalar(2 * Double.pi, 0) }
    return Matrix(rows: order, columns: order, elements: elements)
  }

  /// F(z) from h(z).
  func transform(at z: Double, filled h: UnsafePointer<Scalar>, into result: UnsafeMutablePointer<Scalar>) {
    let size = order * order
    let piece = piece(of: z)
    var logarithm = 0.0
    // Neighbours near to z are taken together: z may be their common end.
    var run: (lower: Double, upper: Double)?
    func close() {
      if let run { logarithm += Double.log(abs((z - run.lower) / (z - run.upper))) }
      run = nil
    }
    var sum = [Double](repeating: 0, count: 2 * size)
    sum.withUnsafeMutableBufferPointer { sum in
      values.withUnsafeBufferPointer { values in
        for panel in panels {
          let (lower, upper) = (panel.lower, panel.upper)
          let distance = max(lower - z, z - upper)
          let near = panel.segment.shape != .tail && panel.segment.piece == piece && distance < 0.25 * (upper - lower)
          if near { run = (run?.lower ?? lower, upper) } else { close() }
          for i in panel.first..<(panel.first + Self.rule.nodes.count) where z != energies[i] {
            let c = weights[i] / (z - energies[i])
            let v = values.baseAddress! + i * 2 * size
            for j in 0..<(2 * size) { sum[j] += c * v[j] }
            if near {
              for j in 0..<size {
                sum[2 * j] -= c * h[j].rawStorage.x
                sum[2 * j + 1] -= c * h[j].rawStorage.y
              }
            }
          }
        }
      }
    }
    close()
    for j in 0..<size {
      let principal = Scalar(sum[2 * j], sum[2 * j + 1]) + Scalar(logarithm, 0) * h[j]
      result[j] = (principal - Scalar(0, Double.pi) * h[j]) / Scalar(2 * Double.pi, 0)
    }
  }

  private func piece(of z: Double) -> Int { breaks.reduce(0) { $0 + ($1 < z ? 1 : 0) } }

  private mutating func append(_ panel: Panel, _ h: [Double]) {
    var panel = panel
    panel.first = energies.count
    panels.append(panel)
    for (t, w) in zip(Self.rule.nodes, Self.rule.weights) {
      let (e, slope) = panel.segment.energy(panel.from + (panel.to - panel.from) * 0.5 * (1 + t))
      energies.append(e)
      weights.append(0.5 * (panel.to - panel.from) * w * slope)
    }
    values += h
  }
}

extension TwinFilledStates {
  private static let panelLimit = 6000
  private static let rule = TwinLegendreRule(count: 20)

  /// h at the nodes of a panel, the largest of h de/dt there and of its last three Legendre coefficients.
  private static func sample(
    _ panel: Panel, _ work: TwinSecondOrderPoint
  ) throws -> (values: [Double], norm: Double, tail: Double) {
    let size = work.pad.order * work.pad.order
    var values: [Double] = []
    var slopes: [Double] = []
    for t in rule.nodes {
      let (e, slope) = panel.segment.energy(panel.from + (panel.to - panel.from) * 0.5 * (1 + t))
      try work.fillShifted(energy: e)
      slopes.append(slope)
      for i in 0..<size {
        values.append(work.pad[work.shiftedLesser][i].rawStorage.x)
        values.append(work.pad[work.shiftedLesser][i].rawStorage.y)
      }
    }
    let (width, mean) = (2 * size, slopes.reduce(0, +) / Double(slopes.count))
    var (norm, tail) = (0.0, 0.0)
    for j in 0..<width {
      let g = slopes.indices.map { values[$0 * width + j] * slopes[$0] / mean }
      norm = max(norm, g.map { abs($0) }.max()!)
      tail = max(tail, rule.lastCoefficients(of: g))
    }
    return (values, norm, tail)
  }

  /// Segments from -infinity to the highest energy: cut at levels, Fermi energies and breaks, shrinking towards breaks.
  private func segments(_ electrons: TextbookTwin, _ states: [Occupancy], _ highest: Double) -> [Segment] {
    var points = breaks + states.map(\.mu) + [highest] + electrons.levels.map(\.energy)
    // Every z lies within this distance of the highest energy.
    let hottest = states.map(\.temperature).max()!
    let modes = electrons.junction.bosons.modeEnergies.max() ?? 0
    let widest = electrons.levels.map(\.width).max() ?? 0
    let scale = points.max()! - points.min()! + 2 * TextbookTwin.thermalReach * hottest + 2 * modes + widest
    let bottom = highest - 8 * scale
    // Bisection cannot find a step of f or a level that falls between all nodes of a panel: distances 1, 4, 16, ... widths.
    let features = states.map { ($0.mu, $0.temperature) } + electrons.levels.map { ($0.energy, $0.width) }
    for (position, width) in features where width > 0 {
      for distance in sequence(first: width, next: { 4 * $0 }).prefix(while: { $0 < scale }) {
        points += [position - distance, position + distance].filter { $0 > bottom }
      }
    }
    points = Array(Set(points.filter { $0 <= highest } + [bottom])).sorted()
    let kinks = Set(
      electrons.junction.electrodes.flatMap { electrode -> [Double] in
        if case .table(let table) = electrode.kind { return table.energies } else { return [] }
      })
    var result = [Segment(shape: .tail, lower: highest, upper: bottom, piece: 0)]
    for (lower, upper) in zip(points, points.dropFirst()) {
      let length = upper - lower
      // Distances 1/6, 1/18, ... of the interval from an end that is a break.
      func ladder(_ end: Double) -> [Double] {
        guard breaks.contains(end) else { return [] }
        let least = (kinks.contains(end) ? 1e-6 : 1e-12) * max(length, 1e-3 * scale)
        return Array(sequence(first: length / 6) { $0 / 3 }.prefix { $0 > least })
      }
      let (below, above) = (ladder(lower), ladder(upper))
      let piece = piece(of: lower + 0.5 * length)
      let ends = below.reversed().map { lower + $0 } + [lower + 0.5 * length] + above.map { upper - $0 } + [upper]
      var start = lower
      for (i, end) in ends.enumerated() where end > start {
        let shape: Segment.Shape =
          i == 0 && !below.isEmpty ? .edgeBelow : i == ends.count - 1 && !above.isEmpty ? .edgeAbove : .plain
        result.append(Segment(shape: shape, lower: start, upper: end, piece: piece))
        start = end
      }
    }
    return result
  }
}
