/// Where a panel lies in a figure: its frame and what surrounds it, in points from the lower left corner of the figure.
///
/// All places are computed here, from the widths of letters, and none is left to gnuplot, whose terminals disagree about them.
struct FigureGeometry: Equatable {
  /// Size of the whole figure, points.
  let width: Double
  let height: Double
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

  /// Throws where letters leave no room for a picture.
  func requireRoom(_ size: FigureSpecification.Size, panels: Int) throws(FigureError) {
    let least = (width: 36.0, height: 28.0)
    guard frameWidth < least.width || frameHeight < least.height else { return }
    func whole(_ points: Double) -> Int { Int((points * 25.4 / 72).rounded(.up)) }
    let needed = (
      whole(width + max(least.width - frameWidth, 0)), whole(height + max(least.height - frameHeight, 0) * Double(panels))
    )
    func text(_ value: Double) -> String { DecimalText.general(value, digits: 6) }
    throw FigureError(
      .unsuitable,
      "--size: found \(text(size.width))x\(text(size.height)) mm, too small for labels and a picture; "
        + "allowed: at least \(needed.0)x\(needed.1) mm for this figure",
      hint: "add --size \(needed.0)x\(needed.1)")
  }

  static func short(_ value: Double) -> String { DecimalText.fixed(value, decimals: 5) }
}
