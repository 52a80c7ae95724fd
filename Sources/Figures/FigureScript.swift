import TransportResults

/// A figure as gnuplot commands and blocks of numbers.
///
/// Whatever stands in a result may stand in a figure, and nothing of it may be a command. Foreign text therefore occurs only inside
/// strings in single quotes, in which gnuplot substitutes nothing, and only as `Typography.escaped` and `Typography.quoted` leave it;
/// names of files are our own, and there are neither comments nor data in the script.
struct FigureScript {
  /// Commands before the last one, which is `plot`.
  var commands: [String] = []
  /// What `plot` draws.
  var elements: [PlotElement] = []
  /// The numbers drawn.
  var data = FigureData()
  /// What a reader of the figure should know, in words.
  var notes: [String] = []

  init(_ specification: FigureSpecification, _ layout: FigureLayout, of result: TransportResult) throws(FigureError) {
    frame(specification, result)
    try Self.checkOverlays(specification, axes: [layout.x] + (layout.y.map { [$0] } ?? []))
    if let y = layout.y {
      let map = HeatMap(layout, y: y, of: result)
      guard !map.finiteValues.isEmpty else { throw Self.empty(specification.variable) }
      guard !specification.logColor || map.finiteValues.contains(where: { $0 > 0 }) else {
        throw FigureError(.unsuitable, "'\(specification.variable)' has no positive value for a logarithmic colour scale")
      }
      draw(map, specification, layout, yName: y, of: layout.view.variable)
    } else {
      let set = CurveSet(layout, of: result)
      guard set.curves.contains(where: { $0.y.contains(where: \.isFinite) }) else {
        throw Self.empty(specification.variable)
      }
      if specification.logY && set.curves.contains(where: { $0.y.contains { $0.isFinite && $0 <= 0 } }) {
        notes.append("values that are zero or negative have no place on the logarithmic axis")
      }
      if specification.logY && !set.curves.contains(where: { $0.y.contains { $0 > 0 } }) {
        throw FigureError(.unsuitable, "'\(specification.variable)' has no positive value for a logarithmic axis")
      }
      draw(set, specification, layout, of: layout.view.variable)
    }
  }

  /// The script that reads the numbers from a binary file; the names of both files are ours.
  func text(format: FigureFormat, size: FigureSpecification.Size, output: String, binaryFile: String) -> String {
    text(format, size, output) { data.binarySource($0, file: binaryFile) }
  }

  /// The script that reads the numbers from a text file, for people who want to edit it.
  func text(format: FigureFormat, size: FigureSpecification.Size, output: String, textFile: String) -> String {
    text(format, size, output) { data.textSource($0, file: textFile) }
  }

  private func text(
    _ format: FigureFormat, _ size: FigureSpecification.Size, _ output: String, _ source: (Int) -> String
  ) -> String {
    let head = [
      "unset macros", "set encoding utf8", "set minussign", format.terminal(size), "set output \(Typography.fileName(output))",
    ]
    let plot = elements.map { element in
      (element.block.map { source($0) + " " } ?? "NaN ") + element.drawing
    }
    return (head + commands + ["plot " + plot.joined(separator: ", \\\n     "), "unset output"]).joined(separator: "\n") + "\n"
  }

  private static func empty(_ name: String) -> FigureError {
    FigureError(.unsuitable, "'\(name)' has no finite value in this cut", hint: "look at the variable 'stable', or cut elsewhere")
  }

  private mutating func frame(_ specification: FigureSpecification, _ result: TransportResult) {
    commands += [
      "set border 31 linewidth 0.6", "set xtics in mirror scale 0.6,0.3", "set ytics in mirror scale 0.6,0.3",
      "set mxtics 2", "set mytics 2",
    ]
    if specification.showsTitle && !result.title.isEmpty {
      commands += ["set title \(Typography.quoted(Typography.escaped(result.title))) offset 0,-0.8", "set tmargin 1.6"]
    }
  }

  /// Words, symbol and unit of a variable, as long as there is room for.
  static func axisLabel(_ variable: ResultVariable, unit: UnitLabel, room: Double) -> String {
    let unitText = unit.text.isEmpty ? "" : " (\(unit.text))"
    let title = Typography.title(of: variable)
    let symbol = Typography.symbol(variable.symbol)
    let candidates = [symbol.map { "\(title) \($0)" }, title].compactMap { $0 }
    let fitting = candidates.first { (Typography.width($0 + unitText)) * FigureFormat.fontSize <= room }
    return (fitting ?? symbol ?? title) + unitText
  }

  /// The bar that explains colours. gnuplot reserves too little room for it; a minus sign is wider than it thinks.
  static func colorBox(label: String, offset: Double, width: Double) -> [String] {
    let plot = max(width - 100, 20)
    return [
      "set colorbox vertical user origin graph \(1 + 5 / plot), graph 0 size graph \(7 / plot), graph 1 noborder",
      "set rmargin at screen \(1 - 55 / width)", "set cbtics out scale 0.4 offset -0.5,0",
      "set cblabel \(Typography.quoted(label)) offset \(offset),0",
    ]
  }

  static func number(_ value: Double) -> String { value.isFinite ? DecimalText.general(value, digits: 12) : "NaN" }
}
