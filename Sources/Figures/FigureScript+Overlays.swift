extension FigureScript {
  /// Pieces of a contour line.
  typealias Pieces = [(from: (Double, Double), to: (Double, Double))]

  /// Contour lines and marked points, at their places on the axes drawn.
  mutating func overlays(
    _ lines: [Pieces], _ points: [(Double, Double)], _ specification: FigureSpecification
  ) -> [PlotElement] {
    var elements: [PlotElement] = []
    for (level, pieces) in zip(specification.contours, lines) {
      guard !pieces.isEmpty else {
        notes.append("the value \(Self.number(level)) does not occur: no contour line")
        continue
      }
      notes.append("the thin line is where the value is \(Self.number(level))")
      elements.append(outline(pieces, width: 0.6, color: "#404040"))
    }
    guard !points.isEmpty else { return elements }
    let block = data.add(columns: 2, points.flatMap { [$0.0, $0.1] })
    // A white rim keeps the mark visible on any colour.
    for (size, color) in [(0.95, "white"), (0.65, "black")] {
      elements.append(
        PlotElement(block: block, drawing: "using 1:2 with points pointtype 7 pointsize \(size) linecolor rgb '\(color)'"))
    }
    return elements
  }

  /// Pieces of a line; rows of NaN keep them apart.
  mutating func outline(_ pieces: Pieces, width: Double, color: String) -> PlotElement {
    let values = pieces.flatMap { [$0.from.0, $0.from.1, $0.to.0, $0.to.1, .nan, .nan] }
    return PlotElement(
      block: data.add(columns: 2, values), drawing: "using 1:2 with lines linewidth \(width) linecolor rgb '\(color)'")
  }
}

extension FigurePanel {
  /// Vertical lines at the marked places of curves.
  func markedPlaces(factor: Double) -> [String] {
    specification.marks.compactMap { mark in
      guard let x = mark.coordinates[layout.x] else { return nil }
      let place = FigureScript.number((x - CurveSet.zero(of: layout.x, specification)) * factor)
      return
        "set arrow from \(place), graph 0 to \(place), graph 1 nohead back linewidth 0.7 dashtype (4,3) linecolor rgb '#606060'"
    }
  }

  /// Refuses marks that do not name the axes drawn, and contours of curves.
  static func checkOverlays(_ specification: FigureSpecification, axes: [String]) throws(FigureError) {
    for mark in specification.marks {
      if let name = mark.coordinates.keys.sorted().first(where: { !axes.contains($0) }) {
        let complaint = NearestName.complaint("axis of this figure", name, among: axes)
        throw FigureError(.unknownName, "--mark: \(complaint.message)", hint: complaint.hint)
      }
      if let missing = axes.first(where: { mark.coordinates[$0] == nil }) {
        throw FigureError(
          .unsuitable, "--mark: no value of \(missing)",
          hint: "for example --mark \(axes.map { "\($0)=0" }.joined(separator: ","))")
      }
    }
    if axes.count == 1 && !specification.contours.isEmpty {
      throw FigureError(.unsuitable, "--contour: curves have no contour lines", hint: "draw a map, --map X Y")
    }
  }
}
