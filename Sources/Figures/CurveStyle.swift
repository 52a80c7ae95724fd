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

  init(_ layout: FigureLayout, _ shown: [[String: Int]], _ result: TransportResult) {
    if let family = layout.family {
      byValue(of: family, layout, shown, result)
    } else if layout.labelled.contains(where: { $0.name == StandardDimension.mode.name && $0.indices.count > 1 }) {
      byValue(of: StandardDimension.mode.name, layout, shown, result)
    } else {
      byLabel(layout, shown, result)
    }
  }

  private mutating func byLabel(_ layout: FigureLayout, _ shown: [[String: Int]], _ result: TransportResult) {
    labels = Self.words(shown, layout, result)
    colors = Palette.distinct(shown.count)
    dashes = shown.map { _ in 0 }
    guard labels.contains(where: { !$0.isEmpty }) else { return }
    key = zip(labels, colors).map { KeyEntry(label: $0, color: $1, dash: 0) }
    let more = key.count - CurveSet.longestKey
    guard more > 0 else { return }
    key = Array(key.prefix(CurveSet.longestKey - 1)) + [KeyEntry(label: "and \(more + 1) more", color: "#FFFFFF", dash: 0)]
  }

  /// Colour by a number, dash by whatever labels remain.
  private mutating func byValue(
    of dimension: String, _ layout: FigureLayout, _ shown: [[String: Int]], _ result: TransportResult
  ) {
    let unit = CurveSet.unit(of: dimension, in: result)
    let coordinates = (result.coordinates(of: dimension) ?? []).map { $0 * unit.factor }
    let title = Typography.axisSymbol(dimension, unit: unit)
    let indices = shown.map { $0[dimension] ?? 0 }
    let used = Array(Set(indices)).sorted()
    let others = Self.words(shown.map { $0.filter { $0.key != dimension } }, layout, result)
    let distinct = others.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let shownValues = indices.map { coordinates[$0] }
    values = shownValues
    dashes = others.map { distinct.firstIndex(of: $0) ?? 0 }
    labels = zip(shownValues, others).map { $1.isEmpty ? Self.number($0) : "\(Self.number($0)), \($1)" }
    if used.count + (distinct.count > 1 ? distinct.count : 0) > CurveSet.longestKey {
      colorBar = title
      isLogarithmic = Self.growsByFactors(coordinates)
      let range = AxisRange(exactly: shownValues, log: isLogarithmic)
      colors = shownValues.map { Palette.color(at: range.fraction($0), of: Palette.sequence) }
    } else {
      keyTitle = title
      let palette = Palette.ordered(used.count)
      colors = indices.map { palette[used.firstIndex(of: $0) ?? 0] }
      key = zip(used, palette).map { KeyEntry(label: Self.number(coordinates[$0]), color: $1, dash: 0) }
    }
    guard distinct.count > 1 else { return }
    key += distinct.enumerated().map { KeyEntry(label: $1, color: "#000000", dash: $0) }
  }

  /// True for positive numbers that span more than a decade with equal ratios.
  private static func growsByFactors(_ values: [Double]) -> Bool {
    guard values.count > 2, let first = values.first, let last = values.last, values.allSatisfy({ $0 > 0 }), last > 10 * first
    else { return false }
    return zip(values, values.dropFirst()).allSatisfy { a, b in
      abs(AxisRange(exactly: [first, last], log: true).fraction(b / a * first) * Double(values.count - 1) - 1) < 0.01
    }
  }

  private static func number(_ value: Double) -> String {
    DecimalText.general(value, digits: 4).replacing("-", with: "−")
  }

  private static let electrodes = [StandardDimension.electrode, .electrode2].map(\.name)
  private static let reservoirs = [StandardDimension.reservoir, .reservoir2].map(\.name)

  /// True for dimensions whose labels are whole numbers, which say nothing by themselves.
  private static func isNumbered(_ name: String) -> Bool {
    StandardDimension(rawValue: name).map { $0.isCounted && $0.base == $0 } ?? false
  }

  /// What distinguishes each curve: labels of the dimensions that differ, or of all if only one curve was selected.
  private static func words(_ shown: [[String: Int]], _ layout: FigureLayout, _ result: TransportResult) -> [String] {
    let names = layout.view.variable.dimensions.filter { name in
      let indices = Set(shown.compactMap { $0[name] })
      return indices.count > 1 || (shown.count == 1 && indices.count == 1 && layout.view.length(of: name) > 1)
    }
    return shown.map { position in
      let electrodes = Self.electrodes.filter { position[$0] != nil && layout.view.length(of: $0) > 1 }
        .compactMap { position[$0].map { result.electrodeNames[$0] } }
      let reservoirs = Self.reservoirs.compactMap { name in
        names.contains(name) ? position[name].map { result.reservoirNames[$0] } : nil
      }
      let rest = names.filter { !Self.electrodes.contains($0) && !Self.reservoirs.contains($0) }.compactMap { name in
        position[name].map { (Self.isNumbered(name) ? name + " " : "") + result.labels(of: name)[$0] }
      }
      return Typography.label(
        ([electrodes.joined(separator: ">"), reservoirs.joined(separator: " to ")] + rest).filter { !$0.isEmpty }
          .joined(separator: ", "))
    }
  }
}
