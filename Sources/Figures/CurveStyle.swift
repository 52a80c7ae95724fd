import TransportResults

/// Colours, dashes and words of the curves, and the key that explains them.
struct CurveStyle {
  var labels: [String] = []
  var colors: [String] = []
  var dashes: [Int] = []
  /// Numbers behind the colours, for a colour bar.
  var values: [Double]?
  var key: [KeyEntry] = []
  var keyTitle = ""
  var colorBar: String?
  /// True when the numbers behind the colours grow by factors: the colours then follow their logarithm.
  var isLogarithmic = false

  /// - Parameter names: of the results, enhanced text.
  init(_ curves: [CurveIdentity], names: [String], _ layout: FigureLayout, _ result: TransportResult) {
    if let dimension = layout.colouring, curves.allSatisfy({ $0.value != nil }) {
      byValue(Typography.axisSymbol(dimension, unit: CurveSet.unit(of: dimension, in: result)), curves, names)
    } else {
      byLabel(curves, names)
    }
  }

  /// Colour by label, dash by result; colour by result where there is one curve of each.
  private mutating func byLabel(_ curves: [CurveIdentity], _ names: [String]) {
    let words = Self.distinct(curves.map(\.words))
    let bySource = names.count > 1 && words.count == 1
    let groups = bySource ? names : words
    let palette = Palette.distinct(groups.count)
    let indices = curves.map { bySource ? $0.source : words.firstIndex(of: $0.words) ?? 0 }
    colors = indices.map { palette[$0] }
    // Dashes tell what is left to tell: curves of one colour, then results.
    let rounds = (groups.count - 1) / Palette.categories.count + 1
    let rows = indices.map { $0 / Palette.categories.count }
    dashes = zip(curves, rows).map { bySource ? $1 : $0.source * rounds + $1 }
    labels = curves.map { Self.joined($0.words, names.count > 1 ? names[$0.source] : "") }
    guard groups.contains(where: { !$0.isEmpty }), groups.count > 1 else { return }
    key = Self.shortened(
      groups.indices.map { KeyEntry(label: groups[$0], color: palette[$0], dash: $0 / Palette.categories.count) })
    if names.count > 1 && !bySource {
      key += names.enumerated().map { KeyEntry(label: $1, color: "#000000", dash: $0 * rounds) }
    }
  }

  /// Colour by a number, dash by whatever labels and results remain.
  private mutating func byValue(_ title: String, _ curves: [CurveIdentity], _ names: [String]) {
    let shown = curves.map { $0.value ?? 0 }
    let used = Array(Set(shown)).sorted()
    let others = curves.map { Self.joined($0.words, names.count > 1 ? names[$0.source] : "") }
    let distinct = Self.distinct(others)
    let texts = Self.numbers(used)
    func text(_ value: Double) -> String { used.firstIndex(of: value).map { texts[$0] } ?? "" }
    values = shown
    dashes = others.map { distinct.firstIndex(of: $0) ?? 0 }
    labels = zip(shown, others).map { Self.joined(text($0), $1) }
    if used.count + (distinct.count > 1 ? distinct.count : 0) > CurveSet.longestKey {
      colorBar = title
      isLogarithmic = Self.growsByFactors(used)
      let range = AxisRange(exactly: shown, log: isLogarithmic)
      colors = shown.map { Palette.color(at: range.fraction($0), of: Palette.sequence) }
    } else {
      let palette = Palette.ordered(used.count)
      colors = shown.map { value in palette[used.firstIndex(of: value) ?? 0] }
      if used.count > 1 {
        keyTitle = title
        key = zip(texts, palette).map { KeyEntry(label: $0, color: $1, dash: 0) }
      }
    }
    guard distinct.count > 1 else { return }
    key += distinct.enumerated().map { KeyEntry(label: $1, color: "#000000", dash: $0) }
  }

  private static func joined(_ words: String...) -> String { words.filter { !$0.isEmpty }.joined(separator: ", ") }

  private static func distinct(_ words: [String]) -> [String] {
    var seen = Set<String>()
    return words.filter { seen.insert($0).inserted }
  }

  private static func shortened(_ key: [KeyEntry]) -> [KeyEntry] {
    let more = key.count - CurveSet.longestList
    guard more > 0 else { return key }
    return Array(key.prefix(CurveSet.longestList - 1)) + [KeyEntry(label: "and \(more + 1) more", color: "#FFFFFF", dash: 0)]
  }

  /// Numbers with as many digits as tell them apart.
  static func numbers(_ values: [Double]) -> [String] {
    for digits in 4..<17 {
      let texts = values.map { TickMarks.number($0, digits: digits) }
      if Set(texts).count == values.count { return texts }
    }
    return values.map { TickMarks.number($0, digits: 17) }
  }

  /// True for positive numbers that span more than a decade with equal ratios.
  private static func growsByFactors(_ values: [Double]) -> Bool {
    guard values.count > 2, let first = values.first, let last = values.last, values.allSatisfy({ $0 > 0 }), last > 10 * first
    else { return false }
    return zip(values, values.dropFirst()).allSatisfy { a, b in
      abs(AxisRange(exactly: [first, last], log: true).fraction(b / a * first) * Double(values.count - 1) - 1) < 0.01
    }
  }
}
