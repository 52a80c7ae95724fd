import DataFiles

/// The k points of TBtrans: a Monkhorst-Pack grid, or a list. In units of the device's reciprocal lattice vectors.
struct WavevectorGrid: Sendable {
  /// Points along the lattice vectors; 1 for each of a list.
  private(set) var counts = [1, 1, 1]
  private(set) var shifts = [0.0, 0.0, 0.0]
  /// Points of a list with their weights; empty for a grid.
  private(set) var list: [(k: [Double], weight: Double)] = []
  /// True when one of k and -k is computed for both.
  let usesTimeReversal: Bool
  /// The line that says it; nil for the Gamma point by default.
  private(set) var place: FdfLine?

  /// k = 0 alone.
  static let gamma = WavevectorGrid()

  private init() { usesTimeReversal = true }

  init(_ fdf: FdfFile) throws(FileError) {
    usesTimeReversal = try fdf["TBT.Symmetry.TimeReversal"]?.isTrue() ?? true
    if let line = fdf["TBT.k.File"], FdfFile.key(line[1] ?? "none") != "none" {
      throw line.error(
        1, found: "k points of a file", allowed: "TBT.k with a grid or a list", hint: "%block TBT.k: list N, then N lines")
    }
    for name in ["TBT.k", "TBT.kgrid.MonkhorstPack", "kgrid.MonkhorstPack"] {
      if let line = fdf[name], line[1]?.hasPrefix("[") == true {
        place = line
        counts = try line.list()
        guard counts.count == 3, counts.allSatisfy({ (1...10_000).contains($0) }) else {
          throw line.error(1, found: "'\(line[1] ?? "")'", allowed: "three numbers of points from 1: [1 11 1]")
        }
        return
      }
      guard let lines = fdf.block(name) else { continue }
      place = fdf.place(ofBlock: name)
      try read(lines)
      return
    }
  }

  private mutating func read(_ lines: [FdfLine]) throws(FileError) {
    var (row, index) = (0, 0)
    while index < lines.count {
      let line = lines[index]
      index += 1
      let key = FdfFile.key(line.key)
      if FdfLine.number(line.key) != nil {
        guard row < 3 else { throw line.error(0, found: "a fourth row of the grid", allowed: "three rows") }
        for axis in 0..<3 {
          let value = try line.integer(axis, in: -10_000...10_000)
          guard axis == row ? value >= 1 : value == 0 else {
            throw line.error(
              axis, found: "\(value) in row \(row + 1), column \(axis + 1) of the k grid",
              allowed: axis == row ? "a number of points from 1" : "0: a grid along the reciprocal lattice vectors")
          }
          if axis == row { counts[row] = value }
        }
        if line[3] != nil { shifts[row] = try line.number(3) }
        row += 1
        continue
      }
      switch key {
      case "diag", "diagonal":
        for axis in 0..<3 where line[axis + 1] != nil { counts[axis] = try line.integer(axis + 1, in: 1...10_000) }
      case "displ", "displacement":
        for axis in 0..<3 { shifts[axis] = try line.number(axis + 1) }
      case "method":
        guard ["monkhorstpack", "mp"].contains(FdfFile.key(line[1] ?? "")) else {
          throw line.error(1, found: "the method '\(line[1] ?? "")'", allowed: "Monkhorst-Pack, or a list")
        }
      case "list":
        let count = try line.integer(1, in: 1...100_000)
        guard index + count <= lines.count else {
          throw line.error(1, found: "\(lines.count - index) lines behind it", allowed: "\(count) lines: k1 k2 k3 weight")
        }
        for point in lines[index..<(index + count)] {
          let k = try [point.number(0), point.number(1), point.number(2)]
          let weight = point[3] == nil ? 1 : try point.number(3)
          guard weight > 0 else { throw point.error(3, found: "a weight of \(weight)", allowed: "weights above 0") }
          list.append((k, weight))
        }
        index += count
      default: throw line.error(0, found: "'\(line.key)'", allowed: "three rows of a grid, diagonal, displacement or list")
      }
    }
  }

  /// The points in the directions `axes`, with weights that sum to 1. Along the others they must be 0.
  func points(along axes: [Int]) -> [(k: [Double], weight: Double)] {
    guard list.isEmpty else {
      let sum = list.reduce(0) { $0 + $1.weight }
      return list.map { point in (axes.map { point.k[$0] }, point.weight / sum) }
    }
    var points: [[Double]] = [[]]
    for axis in axes {
      let n = counts[axis]
      points = points.flatMap { head in (0..<n).map { head + [(Double($0) + shifts[axis]) / Double(n)] } }
    }
    let weight = 1 / Double(points.count)
    return usesTimeReversal ? Self.halved(points).map { ($0, $1 * weight) } : points.map { ($0, weight) }
  }

  /// One of k and -k, with the number it stands for.
  private static func halved(_ points: [[Double]]) -> [([Double], Double)] {
    func key(_ k: [Double]) -> [Int] { k.map { x in Int(((x - x.rounded(.down)) * 1e9).rounded()) % 1_000_000_000 } }
    var (kept, places) = ([([Double], Double)](), [[Int]: Int]())
    for k in points {
      if let place = places[key(k.map { -$0 })] {
        kept[place].1 += 1
      } else {
        places[key(k)] = kept.count
        kept.append((k, 1))
      }
    }
    return kept
  }

  /// Directions among `axes` with more than the point 0.
  func resolved(_ axes: [Int]) -> [Int] {
    axes.filter { axis in
      list.isEmpty ? counts[axis] > 1 || shifts[axis] != 0 : list.contains { $0.k[axis] != 0 }
    }
  }
}
