/// Finds a place for the key where it hides no curve.
struct KeyPlacement {
  /// Arguments of gnuplot's `set key`.
  var command: String
  /// The y range extended, in fractions of its length, so that a key at the top finds room.
  var headroom: Double

  /// - Parameters:
  ///   - points: curves in fractions (0...1) of the plot area.
  ///   - width, height: the key's size in the same fractions.
  init(points: [[(x: Double, y: Double)]], width: Double, height: Double) {
    let dense = points.map(Self.dense)
    let corners: [(command: String, left: Double)] = [
      ("top left Left reverse", 0), ("top right Left reverse", 1 - width), ("top center Left reverse", (1 - width) / 2),
    ]
    for corner in corners where Self.highest(dense, from: corner.left, width: width) <= 1 - height {
      (command, headroom) = (corner.command, 0)
      return
    }
    let bottoms: [(command: String, left: Double)] = [
      ("bottom right Left reverse", 1 - width), ("bottom left Left reverse", 0),
    ]
    for corner in bottoms where Self.lowest(dense, from: corner.left, width: width) >= height {
      (command, headroom) = (corner.command, 0)
      return
    }
    // No free corner: make room at the top if little is needed, else put the key beside the figure.
    let needed = corners.map { corner -> (command: String, room: Double) in
      let top = Self.highest(dense, from: corner.left, width: width)
      return (corner.command, top / max(1 - height, 0.05) - 1)
    }
    if let best = needed.min(by: { $0.room < $1.room }), best.room <= 0.45, width <= 0.9 {
      (command, headroom) = (best.command, best.room)
    } else {
      (command, headroom) = ("outside right top Left reverse", 0)
    }
  }

  private static func highest(_ curves: [[(x: Double, y: Double)]], from left: Double, width: Double) -> Double {
    curves.joined().filter { $0.x >= left && $0.x <= left + width }.map(\.y).max() ?? 0
  }

  private static func lowest(_ curves: [[(x: Double, y: Double)]], from left: Double, width: Double) -> Double {
    curves.joined().filter { $0.x >= left && $0.x <= left + width }.map(\.y).min() ?? 1
  }

  /// Points added between distant neighbours, so that a line across the key is noticed.
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
