extension FigurePanel {
  /// Finds room for labels around the frame and the marks that fit along it. Throws where nothing is left for the frame, with the
  /// size that would do.
  mutating func arrange(panels: Int) throws(FigureError) {
    guard var shortage = layOut() else { return }
    var trial = self
    var needed = (width: 0, height: 0)
    for _ in 0..<30 {
      needed.width = FigureGeometry.millimetres(trial.geometry.width + shortage.width)
      needed.height = FigureGeometry.millimetres(trial.geometry.height + shortage.height * Double(panels))
      let new = FigureFormat.points(.init(width: Double(needed.width), height: Double(needed.height)))
      trial.geometry.ceiling += (new.height - trial.geometry.height) / Double(panels)
      (trial.geometry.width, trial.geometry.height) = new
      guard let next = trial.layOut() else { break }
      shortage = next
    }
    func text(_ value: Double) -> String { DecimalText.general(value, digits: 6) }
    let (size, words) = (specification.size, "\(needed.width)x\(needed.height)")
    throw FigureError(
      .unsuitable,
      "--size: found \(text(size.width))x\(text(size.height)) mm, too small for labels and a picture; "
        + "allowed: at least \(words) mm for this figure", hint: "add --size \(words)")
  }

  /// The same; returns what is missing, if anything.
  private mutating func layOut() -> (width: Double, height: Double)? {
    yRange = plannedYRange
    geometry.bottom = geometry.floor + bottomMargin
    geometry.top = geometry.ceiling - topMargin
    updateVertical()
    geometry.right = geometry.width - rightMargin
    if let shortage = geometry.shortage { return shortage }
    if legend != nil { placeLegend() }
    updateVertical()
    if let shortage = geometry.shortage { return shortage }
    updateHorizontal()
    return geometry.shortage
  }

  /// Frames of stacked panels begin and end at the same places.
  mutating func align(left: Double, right: Double) {
    (geometry.left, geometry.right) = (left, right)
    updateHorizontal()
  }

  /// Height of what surrounds the frame.
  var verticalMargins: Double { bottomMargin + topMargin }

  private var bottomMargin: Double {
    hidesX ? FigureGeometry.gap : FigureGeometry.gap + 2 * FigureGeometry.line + (xLabel.isEmpty ? 0 : 4)
  }

  private var topMargin: Double {
    let lines = max(heading.count, letter.isEmpty ? 0 : 1)
    return Double(lines) * FigureGeometry.line + FigureGeometry.gap + (lines > 0 ? 3 : 1)
  }

  private var rightMargin: Double {
    guard let colorScale else { return 1.2 * FigureFormat.fontSize }
    return FigureGeometry.gap + FigureGeometry.barWidth + 2.2 * FigureGeometry.gap + colorScale.marks.width
      + FigureGeometry.line + FigureGeometry.gap
  }

  private mutating func updateVertical() {
    yMarks = fixedYMarks ?? TickMarks(yRange, room: geometry.frameHeight, .vertical)
    colorScale?.mark(room: geometry.frameHeight)
    geometry.left =
      0.4 * FigureFormat.fontSize + FigureGeometry.line + yMarks.width + (layout.y == nil ? 1.35 : 1.6) * FigureFormat.fontSize
  }

  private mutating func updateHorizontal() {
    xMarks = TickMarks(xRange, room: geometry.frameWidth, .horizontal, wholeNumbers: countsX)
    guard let last = xMarks.major.last else { return }
    let overhang =
      geometry.left + xRange.fraction(last.place) * geometry.frameWidth + Typography.width(last.label) * FigureFormat.fontSize / 2
      + 1 - geometry.width
    guard overhang > 0 else { return }
    geometry.right -= overhang
    xMarks = TickMarks(xRange, room: geometry.frameWidth, .horizontal, wholeNumbers: countsX)
  }

  private var countsX: Bool {
    if case .map(let map) = content { return map.countsX }
    return false
  }

  /// Labels, headings and margins of the panel.
  var frameCommands: [String] {
    let em = FigureFormat.fontSize
    var commands = geometry.margins + ["set border 31 linewidth 0.6", "unset key"]
    func label(_ text: String, _ x: Double, _ y: Double, _ words: String) {
      guard !text.isEmpty else { return }
      commands.append("set label \(Typography.quoted(text)) at \(geometry.screen(x, y)) \(words) front")
    }
    if !hidesX {
      let text = Typography.fitting(xLabel, room: geometry.width - 4)
      let half = Typography.width(xLabel) * em / 2
      let center = min(max((geometry.left + geometry.right) / 2, half + 2), max(geometry.width - half - 2, geometry.width / 2))
      label(text, center, geometry.floor + FigureGeometry.gap + 1.5, "center")
    }
    let (text, middle) = vertical(yLabels)
    label(text, 0.4 * em + FigureGeometry.line / 2, middle, "center rotate by 90")
    for (k, line) in heading.reversed().enumerated() {
      let y = geometry.top + FigureGeometry.gap + 3 + Double(k) * FigureGeometry.line
      let room = 2 * min((geometry.left + geometry.right) / 2, geometry.width - (geometry.left + geometry.right) / 2) - 4
      label(
        Typography.fitting(line, room: letter.isEmpty ? room : min(room, geometry.frameWidth - 5 * em)),
        (geometry.left + geometry.right) / 2, y, "center")
    }
    label(letter, geometry.left, geometry.top + FigureGeometry.gap + 3, "left")
    if let colorScale {
      commands += colorScale.commands
      let x = geometry.right + FigureGeometry.gap
      commands.append(
        "set colorbox vertical user origin \(geometry.screen(x, geometry.bottom)) size "
          + "\(geometry.screen(FigureGeometry.barWidth, geometry.frameHeight)) noborder")
      let (text, middle) = vertical(colorScale.labels)
      let right = x + FigureGeometry.barWidth + 2.2 * FigureGeometry.gap + colorScale.marks.width
      label(text, right + FigureGeometry.line / 2, middle, "center rotate by 90")
    }
    return commands
  }

  /// The longest label that fits along the panel, and its middle: that of the frame where there is room.
  private func vertical(_ labels: [String]) -> (text: String, middle: Double) {
    let room = geometry.ceiling - geometry.floor - 4
    let widths = labels.map { Typography.width($0) * FigureFormat.fontSize }
    let best = [1.08 * geometry.frameHeight, room].lazy.compactMap { limit in widths.firstIndex { $0 <= min(limit, room) } }.first
    let text = best.map { labels[$0] } ?? labels.last ?? ""
    let half = min(Typography.width(text) * FigureFormat.fontSize, room) / 2
    let middle = min(max((geometry.bottom + geometry.top) / 2, geometry.floor + 2 + half), geometry.ceiling - 2 - half)
    return (Typography.fitting(text, room: room), middle)
  }
}

extension Typography {
  /// Enhanced text in smaller letters where the usual ones do not fit.
  static func fitting(_ text: String, room: Double) -> String {
    let needed = width(text) * FigureFormat.fontSize
    guard needed > room, needed > 0 else { return text }
    return "{/*\(DecimalText.fixed(max(room / needed, 0.05), decimals: 2)) \(text)}"
  }
}
