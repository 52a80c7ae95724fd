import TransportResults

/// One line of a figure, already in the units of the axes.
struct Curve {
  /// What distinguishes it, enhanced text; empty for a lone curve.
  var label: String
  /// Value of the family dimension, for a colour bar.
  var value: Double?
  var color: String
  var dash: Int
  var x: [Double]
  var y: [Double]
  var error: [Double]?
}

/// A line of the key; it may stand for several curves.
struct KeyEntry: Equatable {
  var label: String
  var color: String
  var dash: Int
}

/// All curves of a figure with what belongs to them.
struct CurveSet {
  var curves: [Curve]
  var xUnit: UnitLabel
  var yUnit: UnitLabel
  /// Entries of the key, at most `longestKey`; empty for none.
  var key: [KeyEntry]
  /// Title of the key, enhanced text; empty for none.
  var keyTitle: String
  /// Label of the colour bar that replaces a key with too many entries; nil for a key.
  var colorBar: String?
  /// True when the colours follow the logarithm of the numbers.
  var colorsAreLogarithmic: Bool
  /// Bars from zero instead of lines: modes along the x axis.
  var isSticks: Bool

  /// Most entries in a key.
  static let longestKey = 12

  init(_ layout: FigureLayout, of result: TransportResult) {
    let all = Self.combinations(layout, of: result)
    let shown = Self.withoutMirrorImages(all, layout)
    let xValues = result.coordinates(of: layout.x) ?? []
    let rows = shown.map { layout.row(along: layout.x, count: xValues.count, at: $0) }
    let ys = rows.map { row in row.map { layout.view.variable.values[$0] } }
    let errors = rows.map { row in row.map { layout.view.variable.errors?[$0] ?? 0 } }
    xUnit = Self.unit(of: layout.x, in: result)
    yUnit = UnitLabel(unit: layout.view.variable.unit, largest: ys.joined().lazy.map(abs).filter(\.isFinite).max() ?? 0)
    isSticks = layout.x == StandardDimension.mode.name
    let (xFactor, yFactor) = (xUnit.factor, yUnit.factor)
    let style = CurveStyle(layout, shown, result)
    (key, keyTitle) = (style.key, style.keyTitle)
    (colorBar, colorsAreLogarithmic) = (style.colorBar, style.isLogarithmic)
    curves = shown.indices.map { i in
      Curve(
        label: style.labels[i], value: style.values?[i], color: style.colors[i], dash: style.dashes[i],
        x: xValues.map { $0 * xFactor }, y: ys[i].map { $0 * yFactor },
        error: layout.view.variable.errors == nil ? nil : errors[i].map { $0 * yFactor })
    }
  }

  /// The unit of a numeric dimension on an axis.
  static func unit(of dimension: String, in result: TransportResult) -> UnitLabel {
    let largest = (result.coordinates(of: dimension) ?? []).map(abs).max() ?? 0
    let written = result.axes.first { $0.name == dimension }?.unit ?? ""
    guard let unit = Typography.axisUnit(dimension, units: result.units) ?? (written.isEmpty ? nil : written) else {
      return UnitLabel(unit: "1", largest: largest, keepsScale: true)
    }
    return UnitLabel(unit: unit, largest: largest)
  }

  private static func combinations(_ layout: FigureLayout, of result: TransportResult) -> [[String: Int]] {
    let family = layout.family.map { [(name: $0, indices: Array(0..<layout.view.length(of: $0)))] } ?? []
    return positions(of: layout.labelled + family)
  }

  /// Two dimensions over the same names; modes, whose diagonal is drawn, are none.
  static let twins = StandardDimension.allCases.filter { $0.base != $0 && !$0.followsFirstIndex }.map { ($0.base.name, $0.name) }

  /// What belongs to pairs of electrodes, baths or reservoirs is drawn once per pair where both directions agree or are
  /// opposite, and not from one to itself.
  private static func withoutMirrorImages(_ all: [[String: Int]], _ layout: FigureLayout) -> [[String: Int]] {
    func isFree(_ name: String) -> Bool { layout.labelled.contains { $0.name == name && $0.indices.count > 1 } }
    guard let (first, second) = twins.first(where: { isFree($0.0) && isFree($0.1) }) else { return all }
    return all.filter { position in
      guard let a = position[first], let b = position[second], a != b else { return false }
      if a < b { return true }
      let mirrored = position.merging([first: b, second: a]) { _, new in new }
      let pairs = (0..<layout.view.length(of: layout.x)).map { x in
        [position, mirrored].map { layout.view.value(layout.complete($0.merging([layout.x: x]) { a, _ in a })) }
      }
      func differ(by sign: Double) -> Bool {
        pairs.contains { abs($0[0] - sign * $0[1]) > 1e-6 * max(abs($0[0]), abs($0[1])) }
      }
      return differ(by: 1) && differ(by: -1)
    }
  }
}

extension Typography {
  /// Symbol and unit of a numeric dimension: an italic V and (mV).
  static func axisSymbol(_ dimension: String, unit: UnitLabel) -> String {
    (StandardDimension(rawValue: dimension).flatMap { symbol($0.symbol) } ?? axisSymbol(dimension))
      + (unit.text.isEmpty ? "" : " (\(unit.text))")
  }
}
