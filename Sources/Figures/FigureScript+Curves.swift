import TransportResults

extension FigureScript {
  /// Axes, key or colour bar, error bands and lines.
  mutating func draw(
    _ set: CurveSet, _ specification: FigureSpecification, _ layout: FigureLayout, of variable: ResultVariable
  ) {
    let xs = set.curves.flatMap { zip($0.x, $0.y).filter { $0.1.isFinite }.map(\.0) }
    let allX = set.curves.first?.x ?? []
    var xRange = AxisRange(exactly: specification.logX ? allX : (allX.isEmpty ? xs : allX), log: specification.logX)
    if set.isSticks && !specification.logX { xRange = AxisRange(around: xs, log: false) }
    // Bars start from zero: their lengths are compared.
    let foot = set.isSticks && set.curves.count == 1 && !specification.logY ? [0.0] : []
    var yRange = AxisRange(around: set.curves.flatMap(\.y) + foot, log: specification.logY)
    if !set.key.isEmpty { commands.append(key(for: set, xRange, &yRange, specification)) } else { commands.append("unset key") }
    commands += xRange.commands("x") + yRange.commands("y")
    if yRange.low < 0 && yRange.high > 0 { commands.append("set xzeroaxis linetype 1 linecolor rgb '#A0A0A0' linewidth 0.5") }
    let (width, height) = FigureFormat.points(specification.size)
    let yLabel = Self.axisLabel(variable, unit: set.yUnit, room: height - 40)
    let xLabel = Typography.axisSymbol(layout.x, unit: set.xUnit)
    // gnuplot reserves too little room for minus signs and powers of ten.
    let shift = yRange.low < 0 || yRange.isLog ? -0.2 : 0.8
    commands += [
      "set xlabel \(Typography.quoted(xLabel)) offset 0,0.3", "set ylabel \(Typography.quoted(yLabel)) offset \(shift),0",
    ]
    if let bar = set.colorBar { colorBar(bar, set, width: width) }
    markPlaces(specification, x: layout.x, factor: set.xUnit.factor)
    if set.curves.contains(where: { needsBand($0, yRange) }) {
      notes.append("the shaded bands are the numerical error estimates")
    }
    if set.curves.contains(where: { $0.y.contains { !$0.isFinite } }) {
      notes.append("gaps: no value there (no steady state exists, or not defined)")
    }
    elements = plotElements(set, yRange, blocks: set.curves.map { addBlock($0) })
  }

  private func key(
    for set: CurveSet, _ xRange: AxisRange, _ yRange: inout AxisRange, _ specification: FigureSpecification
  ) -> String {
    let (width, height) = FigureFormat.points(specification.size)
    let em = FigureFormat.fontSize
    let entries = set.key.map { Typography.width($0.label) }
    let rows = Double(entries.count) + (set.keyTitle.isEmpty ? 0 : 1.1)
    let keyWidth = (max(entries.max() ?? 0, Typography.width(set.keyTitle) - 2) * em + 30) / (width - 48)
    let keyHeight = (rows * em * 1.25 + 8) / (height - 38)
    let points = set.curves.map { curve in
      zip(curve.x, curve.y).filter { $0.1.isFinite }.map { (x: xRange.fraction($0.0), y: yRange.fraction($0.1)) }
    }
    let place = KeyPlacement(points: points, width: keyWidth, height: keyHeight)
    yRange.extend(by: place.headroom)
    let title = set.keyTitle.isEmpty ? "" : " title \(Typography.quoted(set.keyTitle))"
    return
      "set key \(place.command) samplen 1.6 spacing 1.05 height 0.2 width \(place.command.contains("right") ? 1.2 : 0)\(title)"
  }

  private mutating func colorBar(_ label: String, _ set: CurveSet, width: Double) {
    let values = set.curves.compactMap(\.value)
    let low = values.min() ?? 0
    commands.append(Palette.gnuplot(Palette.sequence))
    commands += AxisRange(exactly: values, log: set.colorsAreLogarithmic).commands("cb")
    commands += Self.colorBox(label: label, offset: set.colorsAreLogarithmic ? 1.5 : low < 0 ? 0.5 : 0, width: width)
  }

  private func plotElements(_ set: CurveSet, _ yRange: AxisRange, blocks: [Int]) -> [PlotElement] {
    var bands: [PlotElement] = []
    var lines: [PlotElement] = []
    for (block, curve) in zip(blocks, set.curves) {
      if needsBand(curve, yRange) {
        bands.append(
          PlotElement(
            block: block,
            drawing: "using 1:($2-$3):($2+$3) with filledcurves fillstyle transparent solid 0.25 noborder "
              + "linecolor rgb '\(curve.color)' notitle"))
      }
      lines.append(PlotElement(block: block, drawing: "using 1:2 \(style(of: curve, set)) notitle"))
    }
    if set.colorBar != nil, let first = blocks.first {
      // Draws nothing but makes gnuplot show the colour bar.
      lines.append(PlotElement(block: first, drawing: "using 1:(NaN):(NaN) with points palette notitle"))
    }
    return bands + lines
      + set.key.map { entry in
        PlotElement(
          block: nil,
          drawing: "with lines linewidth 1.6 dashtype \(DashStyle.gnuplot(entry.dash)) linecolor rgb '\(entry.color)' "
            + "title \(Typography.quoted(entry.label))")
      }
  }

  private func style(of curve: Curve, _ set: CurveSet) -> String {
    let color = "linecolor rgb '\(curve.color)'"
    if set.isSticks {
      return set.curves.count == 1 ? "with impulses linewidth 1.6 \(color)" : "with points pointtype 7 pointsize 0.4 \(color)"
    }
    let width = set.colorBar == nil ? 1.6 : 0.9
    let line = "linewidth \(width) dashtype \(DashStyle.gnuplot(curve.dash)) \(color)"
    return curve.x.count <= 12 ? "with linespoints pointtype 7 pointsize 0.35 \(line)" : "with lines \(line)"
  }

  /// True when the error estimate is wider than the line: about half a point on either side.
  private func needsBand(_ curve: Curve, _ range: AxisRange) -> Bool {
    guard let error = curve.error else { return false }
    return zip(curve.y, error).contains { y, e in
      y.isFinite && e.isFinite && range.fraction(y + e) - range.fraction(y) > 0.005
    }
  }

  /// x, y and error of every point; NaN where there is no number.
  private mutating func addBlock(_ curve: Curve) -> Int {
    var values: [Double] = []
    values.reserveCapacity(3 * curve.x.count)
    for i in curve.x.indices {
      let y = curve.y[i].isFinite ? curve.y[i] : .nan
      values += [y.isNaN ? .nan : curve.x[i], y, y.isNaN ? .nan : curve.error?[i] ?? 0]
    }
    return data.add(columns: 3, values)
  }
}
