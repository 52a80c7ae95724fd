/// Colours that colour-blind readers can tell apart.
enum Palette {
  /// Okabe and Ito's colours, the yellow left out because thin lines of it vanish on white paper.
  static let categories = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000"]

  /// viridis, perceptually uniform, without its palest end.
  static let sequence = [
    "#440154", "#482475", "#414487", "#355F8D", "#2A788E", "#21908C", "#22A884", "#42BE71", "#7AD151", "#BDDF26",
  ]

  /// The whole of viridis, for areas.
  static let fullSequence = sequence + ["#FDE725"]

  /// Blue through white to red (ColorBrewer RdBu), centred at zero.
  static let diverging = [
    "#053061", "#2166AC", "#4393C3", "#92C5DE", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#F4A582", "#D6604D", "#B2182B", "#67001F",
  ]

  /// `count` colours, the same ones again beyond those that readers can tell apart: dashes must then help.
  static func distinct(_ count: Int) -> [String] { (0..<count).map { categories[$0 % categories.count] } }

  /// `count` colours whose lightness grows with the index.
  static func ordered(_ count: Int) -> [String] {
    (0..<count).map { color(at: count == 1 ? 0 : Double($0) / Double(count - 1) * 0.93, of: sequence) }
  }

  /// The colour at a fraction of a palette, linear between its stops.
  static func color(at fraction: Double, of stops: [String]) -> String {
    let position = (fraction.isFinite ? min(max(fraction, 0), 1) : 0) * Double(stops.count - 1)
    let lower = min(Int(position), stops.count - 2)
    let weight = position - Double(lower)
    let (a, b) = (channels(stops[lower]), channels(stops[lower + 1]))
    return "#" + zip(a, b).map { hex(Int((Double($0) * (1 - weight) + Double($1) * weight).rounded())) }.joined()
  }

  /// gnuplot's `set palette` for some stops.
  static func gnuplot(_ stops: [String]) -> String {
    "set palette defined (" + stops.enumerated().map { "\($0) '\($1)'" }.joined(separator: ", ") + ")"
  }

  private static func channels(_ color: String) -> [Int] {
    let digits = Array(color.dropFirst())
    return stride(from: 0, to: 6, by: 2).map { Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
  }

  private static func hex(_ value: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return text.count == 1 ? "0" + text : text
  }
}

/// Line patterns for a second distinction beside the colour.
enum DashStyle {
  static let count = 5
  /// gnuplot's `dashtype` of a pattern.
  static func gnuplot(_ index: Int) -> String { ["solid", "(8,6)", "(2,4)", "(10,5,2,5)", "(18,6)"][index % count] }
}
