import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension FigurePanel {
  /// Ranges, labels and colours of a map.
  mutating func plan(_ drawn: HeatMap, yName: String) throws(FigureError) {
    var map = drawn
    let name = specification.variable
    guard !map.x.isEmpty, !map.y.isEmpty else { throw Self.infinite(map.x.isEmpty ? layout.x : yName) }
    guard !map.finiteValues.isEmpty else { throw Self.empty(name) }
    guard !specification.logColor || map.finiteValues.contains(where: { $0 > 0 }) else {
      throw FigureError(
        .unsuitable, "'\(name)' has no positive value for a logarithmic colour scale", hint: "leave --log-color out")
    }
    for (points, isLog, axis, option) in [
      (map.x, specification.logX, layout.x, "--log-x"), (map.y, specification.logY, yName, "--log-y"),
    ] where isLog && !points.allSatisfy({ $0 > 0 }) {
      throw FigureError(
        .unsuitable, "\(option): found \(FigureScript.number(points.min() ?? 0)) on '\(axis)'; allowed: positive values in a map",
        hint: "leave \(option) out")
    }
    xRange = AxisRange(exactly: HeatMap.edges(map.x, log: specification.logX), log: specification.logX)
    yRange = AxisRange(exactly: HeatMap.edges(map.y, log: specification.logY), log: specification.logY)
    try xRange.limit(to: specification.xLimits, option: "--x-range")
    try yRange.limit(to: specification.yLimits, option: "--y-range")
    if map.countsY { fixedYMarks = TickMarks(yRange, room: geometry.frameHeight - 40, .vertical, wholeNumbers: true) }
    xLabel =
      map.countsX && specification.xLabel == nil
      ? Self.axisLabel(layout.x, unit: map.xUnit, isCounted: true) : Self.xLabel(layout.x, unit: map.xUnit, specification)
    yLabels = [
      specification.yLabel.map { Typography.written($0) }
        ?? Self.axisLabel(yName, unit: map.yUnit, isCounted: map.countsY)
    ]
    colorScale = try scale(of: map)
    if specification.logColor { hideUnderLogarithm(&map) }
    if map.z.joined().contains(where: { !$0.isFinite }) {
      notes.append("grey: no value there (no steady state exists, or not defined)")
    }
    if map.leavesOutInfinity { notes.append(Self.leavesOutInfinity) }
    if showsZero(map) { notes.append("the black line is where the value is zero") }
    content = .map(map)
  }

  private func showsZero(_ map: HeatMap) -> Bool {
    map.changesSign && !specification.logColor && !layout.view.variable.isCode
  }

  /// Zero and negative values have no place on a logarithmic scale.
  private mutating func hideUnderLogarithm(_ map: inout HeatMap) {
    guard map.finiteValues.contains(where: { $0 <= 0 }) else { return }
    map.z = map.z.map { $0.map { $0 > 0 ? $0 : .nan } }
    notes.append("values that are zero or negative have no place on the logarithmic colour scale")
  }

  private func scale(of map: HeatMap) throws(FigureError) -> ColorScale {
    let variable = layout.view.variable
    let labels = Self.labels(variable, unit: map.zUnit, written: specification.colorLabel)
    let values = map.finiteValues
    if let kinds = kinds(values) { return ColorScale.kinds(kinds, labels: labels, room: max(0.3 * geometry.width, 60)) }
    guard !specification.logColor else {
      let high = values.max() ?? 1
      var range = AxisRange(exactly: values.filter { $0 > 1e-12 * high }, log: true)
      try range.limit(to: specification.colorLimits, option: "--color-range")
      return ColorScale(range, Palette.fullSequence, labels: labels)
    }
    var (low, high) = (values.min() ?? 0, values.max() ?? 1)
    if low == high { (low, high) = (low - max(abs(low) / 2, 1e-300), high + max(abs(low) / 2, 1e-300)) }
    if low == high { (low, high) = (low - 1, high + 1) }
    let isSigned = map.changesSign || (!variable.signConvention.isEmpty && high <= 0 && high > 0.25 * low)
    // From zero where the values nearly begin there: round numbers at the bar.
    if low >= 0, low < 0.02 * high { low = 0 }
    if high <= 0, -high < -0.02 * low || isSigned { high = 0 }
    var range = AxisRange(low: low, high: high)
    try range.limit(to: specification.colorLimits, option: "--color-range")
    return isSigned ? .diverging(range, labels: labels) : ColorScale(range, Palette.fullSequence, labels: labels)
  }

  /// The words of codes; few whole numbers are their own; nil for numbers.
  private func kinds(_ values: [Double]) -> [String]? {
    let variable = layout.view.variable
    guard variable.flagMeanings.isEmpty, variable.isCode, !specification.logColor, let low = values.min(),
      let high = values.max(),
      low >= 0, high < 12
    else { return variable.flagMeanings.isEmpty ? nil : variable.flagMeanings }
    return (0...max(Int(high), 1)).map { "\($0)" }
  }

  /// Colours, their bar and, where values change sign, the line of zeros.
  func draw(_ map: HeatMap, yName: String, into script: inout FigureScript) -> FigureScript.Panel {
    let (logX, logY) = (specification.logX, specification.logY)
    var panel = FigureScript.Panel(commands: frameCommands, hasPowersBelow: xMarks.hasPowers)
    panel.commands += ["set tics front", "set border 31 front"]
    let ticks = "out nomirror scale 0.6,0.3"
    panel.commands += xRange.commandsOfExponents("x", hidesX ? xMarks.withoutWords : xMarks, style: ticks)
    panel.commands += yRange.commandsOfExponents("y", yMarks, style: ticks)
    if map.z.joined().contains(where: { !$0.isFinite }) {
      panel.commands.append(
        "set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#C8C8C8' fillstyle solid noborder")
    }
    panel.elements = [PlotElement(block: script.data.add(columns: 3, pixels(map)), drawing: "using 1:2:3 with image")]
    func place(_ point: (Double, Double)) -> (Double, Double) {
      (logX ? log10(point.0) : point.0, logY ? log10(point.1) : point.1)
    }
    func placed(_ pieces: FigureScript.Pieces) -> FigureScript.Pieces { pieces.map { (place($0.from), place($0.to)) } }
    if showsZero(map) {
      let zeros = placed(map.contour(at: 0, logX: logX, logY: logY))
      if !zeros.isEmpty { panel.elements.append(script.outline(zeros, width: 0.9, color: "black")) }
    }
    let lines = specification.contours.map { placed(map.contour(at: $0 * map.zUnit.factor, logX: logX, logY: logY)) }
    let zero = CurveSet.zero(of: layout.x, specification)
    let points = specification.marks.map { mark in
      place(
        (((mark.coordinates[layout.x] ?? .nan) - zero) * map.xUnit.factor, (mark.coordinates[yName] ?? .nan) * map.yUnit.factor))
    }
    panel.elements += script.overlays(lines, points, specification)
    return panel
  }

  /// x, y and value of every pixel.
  private func pixels(_ map: HeatMap) -> [Double] {
    let (columns, rows) = (HeatMap.pixels(map.x, log: specification.logX), HeatMap.pixels(map.y, log: specification.logY))
    var values: [Double] = []
    values.reserveCapacity(3 * columns.places.count * rows.places.count)
    for (y, j) in zip(rows.places, rows.points) {
      for (x, i) in zip(columns.places, columns.points) {
        let z = map.z[j][i]
        values.append(x)
        values.append(y)
        values.append(z.isFinite ? z : .nan)
      }
    }
    return values
  }
}
