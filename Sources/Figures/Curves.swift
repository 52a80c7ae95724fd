import TransportResults

/// A result with the name it has in a legend.
struct FigureSource {
  let name: String
  let result: TransportResult
}

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
  /// How curves are drawn.
  enum Style { case lines, steps, histogram, bars, points }

  var curves: [Curve]
  var xUnit: UnitLabel
  var yUnit: UnitLabel
  /// Entries of the key; empty for none.
  var key: [KeyEntry]
  /// Title of the key, enhanced text; empty for none.
  var keyTitle: String
  /// Label of the colour bar that replaces a key with too many entries; nil for a key.
  var colorBar: String?
  /// True when the colours follow the logarithm of the numbers.
  var colorsAreLogarithmic: Bool
  var style = Style.lines
  /// Where the only curve of each result lies among the labels; nil for several.
  private(set) var lonePosition: [String: Int]?
  /// Pairs of labels whose curves lie on each other: the first is drawn dashed over the second.
  var coincidences: [(String, String)] = []

  /// Most entries in a key.
  static let longestKey = 12
  /// Most entries in a key of words, for which no colour bar can stand in.
  static let longestList = 16

  /// One variable of one or several results; the layouts belong to the sources and have the same axes.
  init(_ layouts: [FigureLayout], of sources: [FigureSource], _ specification: FigureSpecification) throws(FigureError) {
    let identities = zip(layouts, sources).enumerated().flatMap { number, pair in
      CurveIdentity.all(pair.0, of: pair.1.result, source: number, reference: sources[0].result)
    }
    lonePosition = identities.count == sources.count ? identities.first?.position : nil
    let (first, variable) = (layouts[0], layouts[0].view.variable)
    let xs = sources.map { $0.result.coordinates(of: first.x) ?? [] }
    let rows = identities.map { curve in
      layouts[curve.source].row(along: first.x, count: xs[curve.source].count, at: curve.position)
    }
    func largest(_ numbers: some Sequence<Double>) -> Double { numbers.lazy.map { abs($0) }.filter(\.isFinite).max() ?? 0 }
    let zero = Self.zero(of: first.x, specification)
    xUnit = try Self.unit(of: first.x, in: sources[0].result, wanted: specification.xUnit, option: "--x-unit")
    let highest = zip(rows, identities).map { row, curve in
      largest(row.lazy.map { layouts[curve.source].view.variable.values[$0] })
    }
    yUnit = try UnitLabel(unit: variable.unit, largest: largest(highest), wanted: specification.yUnit, option: "--y-unit")
    let (xFactor, yFactor) = (xUnit.factor, yUnit.factor)
    let style = CurveStyle(
      identities, names: sources.map { Typography.escaped($0.name, limit: Typography.longestName) }, layouts[0], sources[0].result
    )
    (key, keyTitle) = (style.key, style.keyTitle)
    (colorBar, colorsAreLogarithmic) = (style.colorBar, style.isLogarithmic)
    curves = identities.indices.map { i in
      let (curve, data) = (identities[i], layouts[identities[i].source].view.variable)
      return Curve(
        label: style.labels[i], value: style.values?[i], color: style.colors[i], dash: style.dashes[i],
        x: xs[curve.source].map { ($0 - zero) * xFactor }, y: rows[i].map { data.values[$0] * yFactor },
        error: data.errors.map { errors in rows[i].map { errors[$0] * yFactor } })
    }
    self.style = Self.style(of: variable, x: first.x, count: curves.count)
    if !specification.legendLabels.isEmpty { try rename(specification.legendLabels) }
  }

  /// Whole numbers keep their value from one state to the next: a slope between them would say otherwise.
  private static func style(of variable: ResultVariable, x: String, count: Int) -> Style {
    if x == StandardDimension.mode.name { return count == 1 ? .bars : .points }
    if x == StandardDimension.quanta.name { return .histogram }
    return variable.isCode ? .steps : .lines
  }

  private mutating func rename(_ words: [String]) throws(FigureError) {
    guard words.count == key.count else {
      throw FigureError(
        .unsuitable, "--legend-label: found \(words.count); allowed: \(key.count), one for each entry of the legend",
        hint: key.isEmpty
          ? "this figure has no legend" : "their order is that of the legend: \(key.map(\.label).joined(separator: "; "))")
    }
    for i in key.indices { key[i].label = Typography.written(words[i]) }
  }

  /// The unit of a numeric dimension on an axis.
  static func unit(of dimension: String, in result: TransportResult) -> UnitLabel {
    UnitLabel(unit: unitName(of: dimension, in: result), largest: largest(of: dimension, in: result))
  }

  /// The unit somebody asked for, or one that suits the numbers.
  static func unit(
    of dimension: String, in result: TransportResult, wanted: String?, option: String
  ) throws(FigureError) -> UnitLabel {
    try UnitLabel(
      unit: unitName(of: dimension, in: result), largest: largest(of: dimension, in: result), wanted: wanted, option: option)
  }

  private static func largest(of dimension: String, in result: TransportResult) -> Double {
    (result.coordinates(of: dimension) ?? []).map(abs).filter(\.isFinite).max() ?? 0
  }

  private static func unitName(of dimension: String, in result: TransportResult) -> String {
    let written = result.axes.first { $0.name == dimension }?.unit ?? ""
    return written.isEmpty ? Typography.axisUnit(dimension, units: result.units) ?? "1" : written
  }

  /// From where the numbers of a dimension are counted: the Fermi energy that was given, for energies of electrons.
  static func zero(of dimension: String, _ specification: FigureSpecification) -> Double {
    dimension == StandardDimension.energy.name ? specification.fermiEnergy ?? 0 : 0
  }

  /// Two dimensions over the same names; modes, whose diagonal is drawn, are none.
  static let twins = StandardDimension.allCases.filter { $0.base != $0 && !$0.followsFirstIndex }.map { ($0.base.name, $0.name) }
}

extension ResultVariable {
  /// True for codes of kinds, flags and other whole numbers that were counted and not computed.
  var isCode: Bool {
    guard flagMeanings.isEmpty else { return true }
    return errors == nil && unit == "1" && values.contains(where: \.isFinite)
      && values.allSatisfy { !$0.isFinite || $0 == $0.rounded() }
  }
}

extension Typography {
  /// Symbol and unit of a numeric dimension: an italic V and (mV).
  static func axisSymbol(_ dimension: String, unit: UnitLabel) -> String {
    (StandardDimension(rawValue: dimension).flatMap { symbol($0.symbol) } ?? axisSymbol(dimension))
      + (unit.text.isEmpty ? "" : " (\(unit.text))")
  }
}
