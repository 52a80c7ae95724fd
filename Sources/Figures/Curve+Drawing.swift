extension Curve {
  /// Most points that a line of a figure needs.
  static let mostPoints = 6000

  /// Corners of steps that change halfway between neighbouring points.
  mutating func becomeSteps() {
    guard x.count > 1 else { return }
    let edges = HeatMap.edges(x, log: false)
    let ends = [x[0]] + edges.dropFirst().dropLast() + [x[x.count - 1]]
    y = y.flatMap { [$0, $0] }
    error = error?.flatMap { [$0, $0] }
    x = x.indices.flatMap { [ends[$0], ends[$0 + 1]] }
  }

  /// Leaves out what no eye can tell: of many neighbours over the width of a line the first, the lowest, the highest and the last
  /// remain, and those where numbers are missing or the error is largest.
  mutating func thin() {
    guard x.count > Self.mostPoints else { return }
    let size = (x.count + Self.mostPoints / 6 - 1) / (Self.mostPoints / 6)
    var kept: [Int] = []
    kept.reserveCapacity(Self.mostPoints + 6)
    for start in stride(from: 0, to: x.count, by: size) {
      let group = start..<min(start + size, x.count)
      var chosen = [group.lowerBound, group.upperBound - 1]
      chosen += [group.min { ordered($0) < ordered($1) }, group.max { ordered($0) < ordered($1) }].compactMap { $0 }
      if let gap = group.first(where: { !y[$0].isFinite }) { chosen.append(gap) }
      if let error, let widest = group.max(by: { error[$0] < error[$1] }) { chosen.append(widest) }
      kept += Array(Set(chosen)).sorted()
    }
    (x, y, error) = (kept.map { x[$0] }, kept.map { y[$0] }, error.map { all in kept.map { all[$0] } })
  }

  private func ordered(_ i: Int) -> Double { y[i].isFinite ? y[i] : 0 }

  /// True where no eye can tell the two lines from each other.
  func coincides(with other: Curve, _ range: AxisRange) -> Bool {
    guard x == other.x, y.contains(where: \.isFinite) else { return false }
    return zip(y, other.y).allSatisfy { a, b in
      a.isFinite == b.isFinite && (!a.isFinite || abs(range.fraction(a) - range.fraction(b)) < 0.004)
    }
  }
}

extension CurveSet {
  /// Makes steps of all curves, a little apart from each other: whole numbers often agree.
  mutating func separateSteps() {
    let apart = min(0.5 / Double(max(curves.count, 1)), 0.07)
    for i in curves.indices {
      curves[i].becomeSteps()
      let shift = apart * (Double(i) - Double(curves.count - 1) / 2)
      curves[i].y = curves[i].y.map { $0 + shift }
    }
  }

  /// Dashes a curve that lies exactly on an earlier one, so that both are seen.
  mutating func separateCoincidences(_ range: AxisRange) {
    guard style != .bars, style != .points, colorBar == nil, curves.count <= 2 * Self.longestKey else { return }
    let hasOwnEntries =
      key.count == curves.count && zip(key, curves).allSatisfy { $0.color == $1.color && $0.dash == $1.dash }
    for i in curves.indices.dropFirst() {
      let below = curves.indices[..<i].filter { curves[i].coincides(with: curves[$0], range) }
      let taken = Set(below.map { curves[$0].dash })
      guard let first = below.first, taken.contains(curves[i].dash) else { continue }
      curves[i].dash = (1..<DashStyle.count).first { !taken.contains($0) } ?? 1
      if hasOwnEntries { key[i].dash = curves[i].dash }
      coincidences.append((curves[i].label, curves[first].label))
    }
  }
}
