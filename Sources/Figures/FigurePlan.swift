import TransportResults

/// The panels of a figure: one for each specification, and for each result of maps.
struct FigurePlan {
  private(set) var panels: [FigurePanel] = []
  /// What was chosen without being asked, in words.
  private(set) var notes: [String] = []

  init(_ specifications: [FigureSpecification], of sources: [FigureSource], thinned: Bool) throws(FigureError) {
    guard !sources.isEmpty, !specifications.isEmpty else { throw FigureError(.unsuitable, "there is nothing to draw") }
    let jobs = specifications.flatMap { specification in
      specification.map == nil ? [(specification, sources)] : sources.map { (specification, [$0]) }
    }
    for (index, job) in jobs.enumerated() {
      let (specification, drawn) = job
      let layouts = try Self.layouts(specification, of: drawn)
      for note in layouts.flatMap(\.notes) where !notes.contains(note) { notes.append(note) }
      var panel = try FigurePanel(specification, layouts, of: drawn, index: index, count: jobs.count, thinned: thinned)
      if drawn.count == 1, sources.count > 1 {
        panel.heading.insert(Typography.escaped(drawn[0].name, limit: Typography.longestName), at: 0)
      }
      panels.append(panel)
    }
    // What is the same above all frames is said once.
    for i in panels.indices.dropFirst().reversed() where panels[i].heading == panels[i - 1].heading { panels[i].heading = [] }
    try stack()
  }

  /// The same axes for all results. Throws where they do not fit together, with the name of the result.
  private static func layouts(
    _ specification: FigureSpecification, of sources: [FigureSource]
  ) throws(FigureError) -> [FigureLayout] {
    guard let source = sources.first, sources.count > 1 else { return [try FigureLayout(specification, of: sources[0].result)] }
    func naming(_ source: FigureSource, _ error: FigureError) -> FigureError {
      FigureError(error.code, "\(source.name): \(error.message)", hint: error.hint)
    }
    var layouts: [FigureLayout] = []
    var specification = specification
    for next in sources {
      do throws(FigureError) {
        guard next.result.units == source.result.units else {
          throw FigureError(
            .unsuitable, "its numbers are in other units (\(next.result.units.rawValue)) than those of \(source.name)",
            hint: "draw results of one kind of units together")
        }
        let layout = try FigureLayout(specification, of: next.result)
        if let first = layouts.first { try requireSame(first, layout, source.name) }
        layouts.append(layout)
        if specification.map == nil { specification.xAxis = layout.x }
        specification.familyAxis = specification.familyAxis ?? layout.family
      } catch { throw naming(next, error) }
    }
    return layouts
  }

  private static func requireSame(_ first: FigureLayout, _ other: FigureLayout, _ name: String) throws(FigureError) {
    let (a, b) = (first.view.variable, other.view.variable)
    guard a.unit == b.unit else {
      throw FigureError(.unsuitable, "'\(b.name)' is in '\(b.unit)' here and in '\(a.unit)' in \(name)", hint: "draw them apart")
    }
    guard first.family == other.family else {
      let axis = other.family ?? first.family ?? ""
      throw FigureError(.unsuitable, "the axis '\(axis)' is in one of the results only", hint: "hold it with --at \(axis)=VALUE")
    }
  }

  /// Gives all panels frames of the same height; the upper of two with the same horizontal axis leaves its numbers to the lower one.
  private mutating func stack() throws(FigureError) {
    guard panels.count > 1 else { return }
    for i in panels.indices.dropLast() {
      let (upper, lower) = (panels[i], panels[i + 1])
      panels[i].hidesX =
        upper.xLabel == lower.xLabel && upper.xRange == lower.xRange && upper.colorScale == nil && lower.colorScale == nil
    }
    let height = panels[0].geometry.height
    let frame = (height - panels.reduce(0) { $0 + $1.verticalMargins }) / Double(panels.count)
    var ceiling = height
    for i in panels.indices {
      panels[i].geometry.ceiling = ceiling
      ceiling -= frame + panels[i].verticalMargins
      panels[i].geometry.floor = ceiling
      try panels[i].arrange(panels: panels.count)
    }
  }
}
