import TransportResults

/// One picture of a figure: what it shows, its axes and its labels, before anything is drawn.
struct FigurePanel {
  /// What is inside the frame.
  enum Content {
    case curves(CurveSet)
    case map(HeatMap)
  }

  let specification: FigureSpecification
  let layout: FigureLayout
  var content: Content
  var geometry: FigureGeometry
  var xRange: AxisRange
  var yRange: AxisRange
  /// The vertical axis before there is room for a legend.
  var plannedYRange: AxisRange
  /// Numbers or words at the vertical axis that do not follow from its range.
  var fixedYMarks: TickMarks?
  var xMarks: TickMarks
  var yMarks: TickMarks
  var xLabel: String
  /// Candidates, the longest first.
  var yLabels: [String]
  /// Lines above the frame, enhanced text.
  var heading: [String]
  /// "(a)" in figures of several panels; empty otherwise.
  var letter = ""
  /// True where the panel below shows the same horizontal axis.
  var hidesX = false
  var colorScale: ColorScale?
  var legend: Legend?
  /// What a reader of the figure should know, in words.
  var notes: [String] = []

  /// Plans a panel; the layouts belong to the sources.
  init(
    _ specification: FigureSpecification, _ layouts: [FigureLayout], of sources: [FigureSource], index: Int, count: Int,
    thinned: Bool
  ) throws(FigureError) {
    (self.specification, layout) = (specification, layouts[0])
    try Self.check(specification, axes: [layout.x] + (layout.y.map { [$0] } ?? []))
    geometry = FigureGeometry(specification.size, panel: index, of: count)
    if count > 1 { letter = "(\(Unicode.Scalar(UInt8(97 + index % 26))))" }
    heading = []
    (xRange, yRange) = (AxisRange(low: 0, high: 1), AxisRange(low: 0, high: 1))
    plannedYRange = yRange
    (xMarks, yMarks, xLabel, yLabels) = (TickMarks(words: []), TickMarks(words: []), "", [])
    if let y = layout.y {
      let map = try HeatMap(layout, y: y, of: sources[0].result, specification)
      content = .map(map)
      try plan(map, yName: y)
    } else {
      let set = try CurveSet(layouts, of: sources, specification)
      content = .curves(set)
      try plan(set, thinned: thinned)
    }
    heading = Self.heading(specification, layouts[0], sources[0].result, content)
    plannedYRange = yRange
    try arrange(panels: count)
  }

  /// Where no number is to be seen.
  static func empty(_ name: String) -> FigureError {
    FigureError(.unsuitable, "'\(name)' has no finite value in this cut", hint: "look at the variable 'status', or cut elsewhere")
  }

  /// Where every number of an axis is infinite.
  static func infinite(_ axis: String) -> FigureError {
    FigureError(
      .unsuitable, "'\(axis)' has infinite values only, which have no place on an axis",
      hint: "draw along another axis (--x), or print the numbers with pairbath show")
  }

  /// What is said of a figure without the points at infinity.
  static let leavesOutInfinity = "what belongs to an infinite value of an axis has no place there and is left out"

  private static func heading(
    _ specification: FigureSpecification, _ layout: FigureLayout, _ result: TransportResult, _ content: Content
  ) -> [String] {
    let title = specification.showsTitle && !result.title.isEmpty ? [Typography.escaped(result.title)] : []
    var lone: [String: Int] = [:]
    if case .curves(let set) = content { lone = set.lonePosition ?? [:] }
    let cut = specification.heading.map { Typography.written($0) } ?? CurveWords.cut(layout, result, lone: lone)
    return title + (cut.isEmpty ? [] : [cut])
  }

  /// Words, symbol and unit of a variable, the longest first.
  static func labels(_ variable: ResultVariable, unit: UnitLabel, written: String?) -> [String] {
    if let written { return [Typography.written(written)] }
    let unitText = unit.text.isEmpty ? "" : " (\(unit.text))"
    let title = Typography.title(of: variable)
    let symbol = Typography.symbol(variable.symbol)
    return [symbol.map { "\(title) \($0)" }, title, symbol].compactMap { $0.map { $0 + unitText } }
  }

  /// Symbol and unit of the horizontal axis.
  static func xLabel(_ name: String, unit: UnitLabel, _ specification: FigureSpecification) -> String {
    if let written = specification.xLabel { return Typography.written(written) }
    let isShifted = specification.fermiEnergy != nil && name == StandardDimension.energy.name
    let unitText = unit.text.isEmpty ? "" : " (\(unit.text))"
    return isShifted ? "{/:Italic E} − {/:Italic E}_F" + unitText : axisLabel(name, unit: unit)
  }

  /// Modes are counted along an axis of a map, where all are equally wide.
  static func axisLabel(_ name: String, unit: UnitLabel, isCounted: Bool = false) -> String {
    guard isCounted else { return Typography.axisSymbol(name, unit: unit) }
    let noun = StandardDimension(rawValue: name)?.base.name ?? name
    return Typography.escaped(noun.prefix(1).uppercased() + noun.dropFirst())
  }

  private static func check(_ specification: FigureSpecification, axes: [String]) throws(FigureError) {
    try checkOverlays(specification, axes: axes)
    if specification.fermiEnergy != nil && axes[0] != StandardDimension.energy.name {
      throw FigureError(
        .unsuitable, "--fermi: found the horizontal axis '\(axes[0])'; allowed: energies of electrons",
        hint: "leave --fermi out, or draw a spectrum over 'energy'")
    }
    guard axes.count == 1 else { return }
    let options = [
      ("--color-range", specification.colorLimits != nil), ("--color-unit", specification.colorUnit != nil),
      ("--color-label", specification.colorLabel != nil),
    ]
    if let option = options.first(where: \.1)?.0 {
      throw FigureError(
        .unsuitable, "\(option): curves have no colour scale",
        hint: "draw a map, --map X Y, or use --y-range, --y-unit, --y-label")
    }
  }
}
