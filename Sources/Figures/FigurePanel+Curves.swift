import TransportResults

extension FigurePanel {
  /// Ranges, labels and legend of curves.
  mutating func plan(_ drawn: CurveSet, thinned: Bool) throws(FigureError) {
    var set = drawn
    let (variable, name) = (layout.view.variable, specification.variable)
    guard set.curves.contains(where: { $0.y.contains(where: \.isFinite) }) else { throw Self.empty(name) }
    if specification.logY && !set.curves.contains(where: { $0.y.contains { $0 > 0 } }) {
      throw FigureError(.unsuitable, "'\(name)' has no positive value for a logarithmic axis", hint: "leave --log-y out")
    }
    guard set.curves.contains(where: { $0.x.contains(where: \.isFinite) }) else { throw Self.infinite(layout.x) }
    if specification.logX && !set.curves.contains(where: { $0.x.contains { $0 > 0 } }) {
      throw FigureError(.unsuitable, "'\(layout.x)' has no positive value for a logarithmic axis", hint: "leave --log-x out")
    }
    if set.style == .steps { set.separateSteps() }
    if set.style == .histogram { for i in set.curves.indices { set.curves[i].becomeSteps() } }
    if thinned { for i in set.curves.indices { set.curves[i].thin() } }
    xRange = AxisRange(exactly: set.curves.flatMap(\.x), log: specification.logX)
    if [.bars, .points].contains(set.style) && !specification.logX {
      xRange = AxisRange(around: set.curves.flatMap(\.x), log: false)
    }
    try xRange.limit(to: specification.xLimits, option: "--x-range")
    yRange = AxisRange(around: shownValues(set), log: specification.logY)
    planSteps(set, variable)
    try yRange.limit(to: specification.yLimits, option: "--y-range")
    set.separateCoincidences(yRange)
    noteWhatIsHidden(set)
    xLabel = Self.xLabel(layout.x, unit: set.xUnit, specification)
    yLabels = Self.labels(variable, unit: set.yUnit, written: specification.yLabel)
    if !set.key.isEmpty {
      legend = Legend(set.keyTitle, set.key, hasPoints: set.style == .points, room: max(0.42 * geometry.width, 85))
    }
    if let bar = set.colorBar {
      colorScale = ColorScale(
        AxisRange(exactly: set.curves.compactMap(\.value), log: set.colorsAreLogarithmic), Palette.sequence, labels: [bar])
    }
    content = .curves(set)
  }

  /// What the vertical axis must reach: what lies within the ends of the horizontal one. Bars start from zero: their lengths are compared.
  private func shownValues(_ set: CurveSet) -> [Double] {
    let foot = set.style == .bars && !specification.logY ? [0.0] : []
    let values = set.curves.flatMap { curve in zip(curve.x, curve.y).lazy.filter { xRange.contains($0.0) }.map(\.1) }
    return (values.contains(where: \.isFinite) ? values : set.curves.flatMap(\.y)) + foot
  }

  /// Codes stand at their words, whole numbers at whole numbers.
  private mutating func planSteps(_ set: CurveSet, _ variable: ResultVariable) {
    guard set.style == .steps, !specification.logY else { return }
    let values = set.curves.flatMap(\.y).filter(\.isFinite)
    (yRange.low, yRange.high) = ((values.min() ?? 0) - 0.4, (values.max() ?? 0) + 0.4)
    if variable.flagMeanings.isEmpty {
      fixedYMarks = TickMarks(yRange, room: geometry.frameHeight, .vertical, wholeNumbers: true)
    } else {
      let shown = TickMarks(words: variable.flagMeanings, room: max(0.3 * geometry.width, 60))
      fixedYMarks = shown.within(yRange)
    }
  }

  private mutating func noteWhatIsHidden(_ set: CurveSet) {
    let values = set.curves.lazy.flatMap(\.y)
    if specification.logY && values.contains(where: { $0.isFinite && $0 <= 0 }) {
      notes.append("values that are zero or negative have no place on the logarithmic axis")
    }
    if specification.logY && specification.yLimits == nil && values.contains(where: { $0 > 0 && $0 < yRange.low }) {
      notes.append(
        "the axis shows \(Int(AxisRange.mostDecades)) decades; smaller values with --y-range LOW:")
    }
    for (dashed, full) in set.coincidences { notes.append("'\(dashed)' lies on '\(full)' and is dashed") }
    if set.curves.contains(where: needsBand) {
      let scale = specification.bandScale
      notes.append(
        "the shaded bands are " + (scale == 1 ? "" : "\(FigureScript.number(scale)) times ") + "the numerical error estimates")
    }
    if set.curves.contains(where: { $0.x.contains(where: \.isInfinite) }) { notes.append(Self.leavesOutInfinity) }
    if set.curves.contains(where: { $0.y.contains { !$0.isFinite } }) {
      notes.append("gaps: no value there (no steady state exists, or not defined)")
    }
  }

  /// True when the error estimate is wider than the line: about half a point on either side.
  func needsBand(_ curve: Curve) -> Bool {
    guard let error = curve.error, specification.bandScale > 0 else { return false }
    return zip(curve.y, error).contains { y, e in
      y.isFinite && e.isFinite && yRange.fraction(y + e * specification.bandScale) - yRange.fraction(y) > 0.005
    }
  }

  /// Axes, legend or colour bar, error bands and lines.
  func draw(_ set: CurveSet, into script: inout FigureScript) -> FigureScript.Panel {
    var panel = FigureScript.Panel(commands: frameCommands, hasPowersBelow: xMarks.hasPowers)
    let ticks = "in mirror scale 0.6,0.3"
    panel.commands +=
      xRange.commands("x", hidesX ? xMarks.withoutWords : xMarks, style: ticks) + yRange.commands("y", yMarks, style: ticks)
    if !yRange.isLog && yRange.low < 0 && yRange.high > 0 && set.style != .steps {
      panel.commands.append("set xzeroaxis linetype 1 linecolor rgb '#A0A0A0' linewidth 0.5")
    }
    panel.commands += (legend?.commands(geometry) ?? []) + markedPlaces(factor: set.xUnit.factor)
    let blocks = set.curves.map { script.data.add(columns: 4, rows(of: $0)) }
    for (block, curve) in zip(blocks, set.curves) where needsBand(curve) {
      let words = "with filledcurves fillstyle transparent solid 0.25 noborder linecolor rgb '\(curve.color)'"
      panel.elements.append(PlotElement(block: block, drawing: "using 1:3:4 \(words)"))
    }
    for (block, curve) in zip(blocks, set.curves) {
      panel.elements.append(PlotElement(block: block, drawing: "using 1:2 \(words(for: curve, set))"))
    }
    if set.colorBar != nil, let first = blocks.first {
      // Draws nothing but makes gnuplot show the colour bar.
      panel.elements.append(PlotElement(block: first, drawing: "using 1:(NaN):(NaN) with points palette"))
    }
    return panel
  }

  private func words(for curve: Curve, _ set: CurveSet) -> String {
    let color = "linecolor rgb '\(curve.color)'"
    switch set.style {
    case .bars: return "with impulses linewidth 1.6 \(color)"
    case .points: return "with points pointtype 7 pointsize 0.4 \(color)"
    case .steps, .lines, .histogram:
      let line = "linewidth \(set.colorBar == nil ? 1.6 : 0.9) dashtype \(DashStyle.gnuplot(curve.dash)) \(color)"
      return set.style == .lines && curve.x.count <= 12
        ? "with linespoints pointtype 7 pointsize 0.35 \(line)" : "with lines \(line)"
    }
  }

  /// x, y and the ends of the band of every point; NaN where there is no number.
  private func rows(of curve: Curve) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(4 * curve.x.count)
    for i in curve.x.indices {
      let y = curve.y[i].isFinite ? curve.y[i] : .nan
      let error = (curve.error?[i]).map { $0.isFinite ? $0 * specification.bandScale : 0 } ?? 0
      let low = yRange.isLog ? max(y - error, yRange.low) : y - error
      values += y.isNaN ? [.nan, .nan, .nan, .nan] : [curve.x[i], y, low, y + error]
    }
    return values
  }
}

extension TickMarks {
  /// The marks of a part of the axis.
  func within(_ range: AxisRange) -> TickMarks {
    var copy = self
    (copy.major, copy.minor) = (major.filter { range.contains($0.place) }, minor.filter(range.contains))
    return copy
  }

  /// True where a label has an exponent.
  var hasPowers: Bool { major.contains { $0.label.contains("^") } }

  /// The marks alone.
  var withoutWords: TickMarks {
    var copy = self
    copy.major = major.map { Major(place: $0.place, label: "") }
    return copy
  }
}
