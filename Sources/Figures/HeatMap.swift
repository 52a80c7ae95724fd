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

  init(_ layout: FigureLayout, y yName: String, of result: TransportResult) {
    let xUnit = CurveSet.unit(of: layout.x, in: result)
    let yUnit = CurveSet.unit(of: yName, in: result)
    let xs = result.coordinates(of: layout.x) ?? []
    let ys = result.coordinates(of: yName) ?? []
    let label = positions(of: layout.labelled).first ?? [:]
    let raw = ys.indices.map { j in
      layout.row(along: layout.x, count: xs.count, at: label.merging([yName: j]) { a, _ in a }).map {
        layout.view.variable.values[$0]
      }
    }
    let zUnit = UnitLabel(unit: layout.view.variable.unit, largest: raw.joined().map(abs).filter(\.isFinite).max() ?? 0)
    (self.xUnit, self.yUnit, self.zUnit) = (xUnit, yUnit, zUnit)
    (x, y) = (xs.map { $0 * xUnit.factor }, ys.map { $0 * yUnit.factor })
    z = raw.map { row in row.map { $0 * zUnit.factor } }
    sortAxes()
  }

  var finiteValues: [Double] { z.joined().filter(\.isFinite) }

  /// True when zero lies well inside the range, so that its contour means something.
  var changesSign: Bool {
    let (low, high) = (finiteValues.min() ?? 0, finiteValues.max() ?? 0)
    let span = max(abs(low), abs(high))
    return low < -1e-6 * span && high > 1e-6 * span
  }

  /// The line z = 0.
  func zeroContour(logX: Bool, logY: Bool) -> [(from: (Double, Double), to: (Double, Double))] {
    contour(at: 0, logX: logX, logY: logY)
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
    let columns = x.indices.sorted { x[$0] < x[$1] }
    let rows = y.indices.sorted { y[$0] < y[$1] }
    z = rows.map { j in columns.map { z[j][$0] } }
    x = columns.map { x[$0] }
    y = rows.map { y[$0] }
  }
}
