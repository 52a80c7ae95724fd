/// What the colours of a figure mean, and the bar that explains it.
struct ColorScale {
  var range: AxisRange
  var stops: [String]
  /// Label candidates, the longest first.
  var labels: [String]
  private(set) var marks: TickMarks
  /// True where each of the whole numbers from 0 has a colour and a word of its own.
  private let isOfKinds: Bool

  /// A scale from the first to the last colour.
  init(_ range: AxisRange, _ stops: [String], labels: [String]) {
    (self.range, self.stops, self.labels, isOfKinds) = (range, stops, labels, false)
    marks = TickMarks(range, room: 100, .vertical)
  }

  private init(_ range: AxisRange, _ stops: [String], labels: [String], marks: TickMarks) {
    (self.range, self.stops, self.labels, self.marks, isOfKinds) = (range, stops, labels, marks, true)
  }

  /// Blue below zero and red above, equally deep at equal distances from it, no further than the values go.
  static func diverging(_ range: AxisRange, labels: [String]) -> ColorScale {
    let span = max(abs(range.low), abs(range.high))
    let stops = (0...64).map { k in
      let value = range.low + (range.high - range.low) * Double(k) / 64
      return Palette.color(at: (value / span + 1) / 2, of: Palette.diverging)
    }
    return ColorScale(range, stops, labels: labels)
  }

  /// A colour of its own for each of some words.
  static func kinds(_ words: [String], labels: [String], room: Double) -> ColorScale {
    let colors = Palette.ordered(max(words.count, 1))
    return ColorScale(
      AxisRange(low: -0.5, high: Double(max(words.count, 1)) - 0.5), colors.flatMap { [$0, $0] }, labels: labels,
      marks: TickMarks(words: words, room: room))
  }

  /// Chooses the marks for a bar of a height.
  mutating func mark(room: Double) {
    if !isOfKinds { marks = TickMarks(range, room: room, .vertical) }
  }

  var commands: [String] {
    let palette =
      !isOfKinds
      ? Palette.gnuplot(stops)
      : "set palette defined ("
        + stops.enumerated().map { "\(($0.offset + 1) / 2) '\($0.element)'" }.joined(separator: ", ") + ")"
    return [palette] + range.commands("cb", marks, style: "out nomirror scale 0.4,0.2 offset -0.6,0")
  }
}
