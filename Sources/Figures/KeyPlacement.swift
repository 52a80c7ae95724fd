/// Finds a place for the legend where it hides no curve.
struct KeyPlacement {
  var place: Legend.Place
  /// The y range extended, in fractions of its length, so that a legend at the top finds room.
  var headroom = 0.0

  /// - Parameters:
  ///   - points: curves in fractions (0...1) of the plot area.
  ///   - width, height: the legend's size in the same fractions.
  ///   - mayRaise: whether the upper end of the axis is free.
  init(points: [[(x: Double, y: Double)]], width: Double, height: Double, mayRaise: Bool = true) {
    let dense = points.map(Self.dense)
    let lefts = [0, 1 - width, (1 - width) / 2]
    place = .outside
    guard width < 0.95, height < 0.95 else { return }
    for left in lefts where Self.highest(dense, from: left, width: width) <= 1 - height {
      place = .inside(x: left, y: 1)
      return
    }
    for left in [1 - width, 0] where Self.lowest(dense, from: left, width: width) >= height {
      place = .inside(x: left, y: height)
      return
    }
    // No free corner: make room at the top if little is needed, else put the legend beside the frame.
    let needed = lefts.map { left in
      (left: left, room: Self.highest(dense, from: left, width: width) / max(1 - height, 0.05) - 1)
    }
    if mayRaise, let best = needed.min(by: { $0.room < $1.room }), best.room <= 0.45, width <= 0.9 {
      (place, headroom) = (.inside(x: best.left, y: 1), best.room)
    }
  }

  private static func highest(_ curves: [[(x: Double, y: Double)]], from left: Double, width: Double) -> Double {
    curves.joined().filter { $0.x >= left && $0.x <= left + width }.map(\.y).max() ?? 0
  }

  private static func lowest(_ curves: [[(x: Double, y: Double)]], from left: Double, width: Double) -> Double {
    curves.joined().filter { $0.x >= left && $0.x <= left + width }.map(\.y).min() ?? 1
  }

  /// Points added between distant neighbours, so that a line across the legend is noticed.
  private static func dense(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    zip(points, points.dropFirst()).flatMap { a, b -> [(x: Double, y: Double)] in
      let span = abs(b.x - a.x) * 50
      let steps = span >= 1 && span < 1000 ? Int(span) : 1
      return (0...steps).map { k in
        let t = Double(k) / Double(steps)
        return (a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
      }
    }
  }
}
