/// The words that explain colours and dashes: drawn line by line, so that it is the same in every format.
struct Legend {
  var title: String
  var entries: [KeyEntry]
  /// Points in place of lines.
  var hasPoints = false
  /// Upper left corner in fractions of the frame, or beside it.
  var place = Place.inside(x: 0, y: 1)

  enum Place: Equatable {
    case inside(x: Double, y: Double)
    case outside
  }

  /// Words wider than `room` points are written in smaller letters.
  init(_ title: String, _ entries: [KeyEntry], hasPoints: Bool = false, room: Double) {
    self.title = Typography.fitting(title, room: room)
    self.entries = entries.map { entry in
      KeyEntry(label: Typography.fitting(entry.label, room: room - Self.sample), color: entry.color, dash: entry.dash)
    }
    self.hasPoints = hasPoints
  }

  static let sample = 20.0
  static let inset = 5.0
  private static let row = 1.28 * FigureFormat.fontSize

  var width: Double {
    let words = (entries.map { Typography.width($0.label) * FigureFormat.fontSize }.max() ?? 0) + Self.sample + 4
    return max(words, Typography.width(title) * FigureFormat.fontSize) + 2 * Self.inset
  }

  var height: Double { Self.row * Double(entries.count + (title.isEmpty ? 0 : 1)) + 2 * Self.inset - 3 }

  /// Labels and samples in the figure.
  func commands(_ geometry: FigureGeometry) -> [String] {
    var corner = (x: geometry.right + FigureGeometry.gap, y: geometry.top + Self.inset)
    if case .inside(let x, let y) = place {
      corner = (geometry.left + x * geometry.frameWidth, geometry.bottom + y * geometry.frameHeight)
    }
    var commands: [String] = []
    var y = corner.y - Self.inset - Self.row / 2 + 1.5
    let x = corner.x + Self.inset
    if !title.isEmpty {
      commands.append("set label \(Typography.quoted(title)) at \(geometry.screen(x, y)) left front")
      y -= Self.row
    }
    for entry in entries {
      commands += sample(entry, x, y, geometry)
      let place = geometry.screen(x + Self.sample + 4, y)
      commands.append("set label \(Typography.quoted(entry.label)) at \(place) left front")
      y -= Self.row
    }
    return commands
  }

  private func sample(_ entry: KeyEntry, _ x: Double, _ y: Double, _ geometry: FigureGeometry) -> [String] {
    if hasPoints {
      let place = geometry.screen(x + Self.sample / 2, y)
      return ["set label ' ' at \(place) point pointtype 7 pointsize 0.4 linecolor rgb '\(entry.color)' front"]
    }
    return [
      "set arrow from \(geometry.screen(x, y)) to \(geometry.screen(x + Self.sample, y)) nohead front linewidth 1.6 "
        + "dashtype \(DashStyle.gnuplot(entry.dash)) linecolor rgb '\(entry.color)'"
    ]
  }
}

extension FigurePanel {
  /// Puts the legend where it was asked for or hides no curve; makes room above the curves, or beside the frame, where there is none.
  mutating func placeLegend() {
    guard case .curves(let set) = content, var legend else { return }
    let (width, height) = (legend.width / geometry.frameWidth, legend.height / geometry.frameHeight)
    switch specification.legend {
    case .none:
      self.legend = nil
      return
    case .topLeft: legend.place = .inside(x: 0, y: 1)
    case .topRight: legend.place = .inside(x: 1 - width, y: 1)
    case .bottomLeft: legend.place = .inside(x: 0, y: height)
    case .bottomRight: legend.place = .inside(x: 1 - width, y: height)
    case .outside: legend.place = .outside
    case .automatic:
      let points = set.curves.map { curve in
        zip(curve.x, curve.y).filter { $0.1.isFinite }.map { (x: xRange.fraction($0.0), y: yRange.fraction($0.1)) }
      }
      let found = KeyPlacement(
        points: points, width: width, height: height, mayRaise: specification.yLimits?.high == nil)
      yRange.extend(by: found.headroom)
      legend.place = found.place
    }
    if legend.place == .outside { geometry.right -= legend.width }
    self.legend = legend
  }
}
