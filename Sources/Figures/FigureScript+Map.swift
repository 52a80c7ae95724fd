import TransportResults

extension FigureScript {
  /// Colours, their bar and, where values change sign, the line of zeros.
  mutating func draw(
    _ drawn: HeatMap, _ specification: FigureSpecification, _ layout: FigureLayout, yName: String, of variable: ResultVariable
  ) {
    var map = drawn
    let logX = specification.logX
    let logY = specification.logY
    let xEdges = HeatMap.edges(map.x, log: logX)
    let yEdges = HeatMap.edges(map.y, log: logY)
    commands += AxisRange(exactly: xEdges, log: logX).commands("x") + AxisRange(exactly: yEdges, log: logY).commands("y")
    commands += [
      "unset key", "set tics front", "set xtics out nomirror", "set ytics out nomirror", "set border 31 front",
      "set xlabel \(Typography.quoted(Typography.axisSymbol(layout.x, unit: map.xUnit))) offset 0,0.3",
      "set ylabel \(Typography.quoted(Typography.axisSymbol(yName, unit: map.yUnit))) offset 0.8,0",
    ]
    colors(map, variable, specification)
    if specification.logColor { hideUnderLogarithm(&map) }
    if map.z.joined().contains(where: { !$0.isFinite }) {
      notes.append("grey: no value there (no steady state exists, or not defined)")
      commands.append(
        "set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#C8C8C8' fillstyle solid noborder")
    }
    if map.changesSign && !specification.logColor { notes.append("the black line is where the value is zero") }
    let contour = map.changesSign && !specification.logColor ? map.zeroContour(logX: logX, logY: logY) : []
    let lines = specification.contours.map { map.contour(at: $0 * map.zUnit.factor, logX: logX, logY: logY) }
    let points = specification.marks.map {
      (($0.coordinates[layout.x] ?? .nan) * map.xUnit.factor, ($0.coordinates[yName] ?? .nan) * map.yUnit.factor)
    }
    let isImage = !logX && !logY && HeatMap.isUniform(map.x) && HeatMap.isUniform(map.y)
    elements = [
      PlotElement(
        block: addCells(map, withGaps: !isImage, xEdges, yEdges),
        drawing: isImage
          ? "using 1:2:3 with image" : "using 1:2:4:5:6:7:3 with boxxyerror fillstyle solid noborder linecolor palette")
    ]
    if !contour.isEmpty { elements.append(outline(contour, width: 0.9, color: "black")) }
    elements += overlays(lines, points, specification)
  }

  /// Zero and negative values have no place on a logarithmic scale.
  private mutating func hideUnderLogarithm(_ map: inout HeatMap) {
    guard map.finiteValues.contains(where: { $0 <= 0 }) else { return }
    map.z = map.z.map { $0.map { $0 > 0 ? $0 : .nan } }
    notes.append("values that are zero or negative have no place on the logarithmic colour scale")
  }

  private mutating func colors(_ map: HeatMap, _ variable: ResultVariable, _ specification: FigureSpecification) {
    let low = map.finiteValues.min() ?? 0
    let high = map.finiteValues.max() ?? 1
    let (width, height) = FigureFormat.points(specification.size)
    let label = Self.axisLabel(variable, unit: map.zUnit, room: height - 40)
    if specification.logColor {
      commands.append(Palette.gnuplot(Palette.fullSequence))
      commands += AxisRange(exactly: map.finiteValues.filter { $0 > 1e-12 * high }, log: true).commands("cb")
    } else if map.changesSign {
      let span = max(-low, high)
      commands += [Palette.gnuplot(Palette.diverging), "set cbrange [\(-span):\(span)]"]
    } else {
      commands += [
        Palette.gnuplot(Palette.fullSequence),
        // From zero where the values nearly begin there: round numbers at the bar.
        low < high
          ? "set cbrange [\(low >= 0 && low < 0.02 * high ? 0 : low):\(high)]" : "set cbrange [\(low - 1):\(low + 1)]",
      ]
    }
    commands += Self.colorBox(label: label, offset: specification.logColor ? 1.5 : low < 0 ? 0.5 : 0, width: width)
  }

  /// x, y, value and the cell of every point: left, right, bottom, top.
  private mutating func addCells(_ map: HeatMap, withGaps: Bool, _ xEdges: [Double], _ yEdges: [Double]) -> Int {
    var values: [Double] = []
    values.reserveCapacity(7 * map.x.count * map.y.count)
    for (j, y) in map.y.enumerated() {
      for (i, x) in map.x.enumerated() where map.z[j][i].isFinite || !withGaps {
        // Cells reach a little under their right and upper neighbours, drawn later: no hairlines between them.
        let (right, top) = (xEdges[i + 1] + 0.1 * (xEdges[i + 1] - xEdges[i]), yEdges[j + 1] + 0.1 * (yEdges[j + 1] - yEdges[j]))
        values += [x, y, map.z[j][i].isFinite ? map.z[j][i] : .nan, xEdges[i], right, yEdges[j], top]
      }
    }
    return data.add(columns: 7, values)
  }
}
