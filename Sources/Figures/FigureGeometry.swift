/// Where a panel lies in a figure: its frame and what surrounds it, in points from the lower left corner of the figure.
///
/// All places are computed here, from the widths of letters, and none is left to gnuplot, whose terminals disagree about them.
struct FigureGeometry: Equatable {
  /// Size of the whole figure, points.
  var width: Double
  var height: Double
  /// The part of the height that this panel and its labels have.
  var floor: Double
  var ceiling: Double
  /// The frame.
  var left: Double
  var right: Double
  var bottom: Double
  var top: Double

  /// Height of a line of text.
  static let line = 1.25 * FigureFormat.fontSize
  /// Between things that must not touch.
  static let gap = 0.5 * FigureFormat.fontSize
  /// Width of the bar that explains colours.
  static let barWidth = 7.0

  /// Panel number `index` of `count`, stacked from the top, without margins yet.
  init(_ size: FigureSpecification.Size, panel index: Int = 0, of count: Int = 1) {
    (width, height) = FigureFormat.points(size)
    let share = height / Double(count)
    (floor, ceiling) = (height - Double(index + 1) * share, height - Double(index) * share)
    (left, right, bottom, top) = (0, width, floor, ceiling)
  }

  var frameWidth: Double { right - left }
  var frameHeight: Double { top - bottom }

  /// Places in the figure, as gnuplot writes them.
  func screen(_ x: Double, _ y: Double) -> String { "screen \(Self.short(x / width)), screen \(Self.short(y / height))" }

  /// The frame as gnuplot's margins.
  var margins: [String] {
    [
      "set lmargin at screen \(Self.short(left / width))", "set rmargin at screen \(Self.short(right / width))",
      "set bmargin at screen \(Self.short(bottom / height))", "set tmargin at screen \(Self.short(top / height))",
    ]
  }

  /// What is missing in width and height to a frame in which something can be seen; nil for nothing.
  var shortage: (width: Double, height: Double)? {
    let missing = (width: max(36 - frameWidth, 0), height: max(28 - frameHeight, 0))
    return missing == (0, 0) ? nil : missing
  }

  /// Millimetres that hold a number of points.
  static func millimetres(_ points: Double) -> Int { Int((points * 25.4 / 72 - 1e-6).rounded(.up)) }

  static func short(_ value: Double) -> String { DecimalText.fixed(value, decimals: 5) }
}
