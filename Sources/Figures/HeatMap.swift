import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A colour map over two axes, already in the units of the axes.
struct HeatMap {
  var x: [Double]
  var y: [Double]
  /// Values at [y][x].
  var z: [[Double]]
  var xUnit: UnitLabel
  var yUnit: UnitLabel
  var zUnit: UnitLabel

  /// True where the axis counts modes: all are then equally wide, whatever their energies.
  let countsX: Bool
  let countsY: Bool
  /// True when an axis has infinite numbers, a gap without end for example: they have no place, and are left out.
  private(set) var leavesOutInfinity = false

  init(
    _ layout: FigureLayout, y yName: String, of result: TransportResult, _ specification: FigureSpecification
  ) throws(FigureError) {
    (countsX, countsY) = (Self.counts(layout.x, result), Self.counts(yName, result))
    let xUnit = try Self.unit(layout.x, result, specification.xUnit, "--x-unit", counts: countsX)
    let yUnit = try Self.unit(yName, result, specification.yUnit, "--y-unit", counts: countsY)
    let xs = Self.coordinates(layout.x, result, counts: countsX)
    let ys = Self.coordinates(yName, result, counts: countsY)
    let zero = CurveSet.zero(of: layout.x, specification)
    let label = positions(of: layout.labelled).first ?? [:]
    let raw = ys.indices.map { j in
      layout.row(along: layout.x, count: xs.count, at: label.merging([yName: j]) { a, _ in a }).map {
        layout.view.variable.values[$0]
      }
    }
    let zUnit = try UnitLabel(
      unit: layout.view.variable.unit, largest: raw.joined().lazy.map { abs($0) }.filter(\.isFinite).max() ?? 0,
      wanted: specification.colorUnit, option: "--color-unit")
    (self.xUnit, self.yUnit, self.zUnit) = (xUnit, yUnit, zUnit)
    (x, y) = (xs.map { ($0 - zero) * xUnit.factor }, ys.map { $0 * yUnit.factor })
    z = raw.map { row in row.map { $0 * zUnit.factor } }
    sortAxes()
  }

  private static func counts(_ name: String, _ result: TransportResult) -> Bool {
    StandardDimension(rawValue: name)?.isCounted == true && !result.isNumeric(name)
  }

  private static func coordinates(_ name: String, _ result: TransportResult, counts: Bool) -> [Double] {
    counts ? (0..<(result.length(of: name) ?? 0)).map { Double($0) } : result.coordinates(of: name) ?? []
  }

  private static func unit(
    _ name: String, _ result: TransportResult, _ wanted: String?, _ option: String, counts: Bool
  ) throws(FigureError) -> UnitLabel {
    guard counts else { return try CurveSet.unit(of: name, in: result, wanted: wanted, option: option) }
    return try UnitLabel(unit: "1", largest: 1, wanted: wanted, option: option)
  }

  /// Most pixels along an axis whose points are not equally spaced, and fewest: programs blend large ones into each other.
  static let mostPixels = 900
  static let fewestPixels = 360

  /// Equally wide pixels over the cells of an axis and the number of the point that each shows; the places are exponents on a
  /// logarithmic axis. Cells of their own would leave seams where a program blends their edges.
  static func pixels(_ points: [Double], log isLog: Bool) -> (places: [Double], points: [Int]) {
    let places = isLog ? points.map { log10($0) } : points
    let edges = Self.edges(places, log: false)
    let isPlain = isUniform(places) && points.count <= 2 * mostPixels
    let count = isPlain ? points.count * max((fewestPixels + points.count - 1) / points.count, 1) : mostPixels
    let width = (edges[edges.count - 1] - edges[0]) / Double(count)
    var shown: [Int] = []
    var cell = 0
    let centers = (0..<count).map { edges[0] + (Double($0) + 0.5) * width }
    for center in centers {
      while cell < points.count - 1, center > edges[cell + 1] { cell += 1 }
      shown.append(cell)
    }
    return (centers, shown)
  }

  var finiteValues: [Double] { z.joined().filter(\.isFinite) }

  /// True when zero lies well inside the range, so that its contour means something.
  var changesSign: Bool {
    let (low, high) = (finiteValues.min() ?? 0, finiteValues.max() ?? 0)
    let span = max(abs(low), abs(high))
    return low < -1e-6 * span && high > 1e-6 * span
  }

  /// Pieces of the line z = `level` between neighbouring points (marching squares); cells with NaN are left out.
  func contour(at level: Double, logX: Bool, logY: Bool) -> [(from: (Double, Double), to: (Double, Double))] {
    guard x.count > 1, y.count > 1 else { return [] }
    var pieces: [(from: (Double, Double), to: (Double, Double))] = []
    for j in 0..<y.count - 1 {
      for i in 0..<x.count - 1 {
        let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        let values = corners.map { z[$0.1][$0.0] - level }
        guard values.allSatisfy(\.isFinite) else { continue }
        let crossings = (0..<4).compactMap { k -> (Double, Double)? in
          let (a, b) = (values[k], values[(k + 1) % 4])
          guard (a < 0) != (b < 0) else { return nil }
          let (p, q, t) = (corners[k], corners[(k + 1) % 4], a / (a - b))
          return (Self.between(x[p.0], x[q.0], t, log: logX), Self.between(y[p.1], y[q.1], t, log: logY))
        }
        for k in stride(from: 0, to: crossings.count - 1, by: 2) { pieces.append((crossings[k], crossings[k + 1])) }
      }
    }
    return pieces
  }

  /// Edges of the cells around points: halfway between them.
  static func edges(_ points: [Double], log isLog: Bool) -> [Double] {
    guard points.count > 1 else { return [(points.first ?? 0) - 0.5, (points.first ?? 0) + 0.5] }
    let p = isLog ? points.map { log($0) } : points
    let inner = zip(p, p.dropFirst()).map { ($0 + $1) / 2 }
    let all = [p[0] - (inner[0] - p[0])] + inner + [p[p.count - 1] + (p[p.count - 1] - inner[inner.count - 1])]
    return isLog ? all.map { exp($0) } : all
  }

  /// True for equally spaced points.
  static func isUniform(_ points: [Double]) -> Bool {
    guard points.count > 1 else { return false }
    let step = (points[points.count - 1] - points[0]) / Double(points.count - 1)
    return zip(points, points.dropFirst()).allSatisfy { abs($1 - $0 - step) <= 1e-6 * abs(step) }
  }

  private static func between(_ a: Double, _ b: Double, _ t: Double, log isLog: Bool) -> Double {
    isLog ? exp(log(a) * (1 - t) + log(b) * t) : a + (b - a) * t
  }

  private mutating func sortAxes() {
    let columns = x.indices.filter { x[$0].isFinite }.sorted { x[$0] < x[$1] }
    let rows = y.indices.filter { y[$0].isFinite }.sorted { y[$0] < y[$1] }
    leavesOutInfinity = columns.count < x.count || rows.count < y.count
    z = rows.map { j in columns.map { z[j][$0] } }
    x = columns.map { x[$0] }
    y = rows.map { y[$0] }
  }
}
