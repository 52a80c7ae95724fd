import TransportResults

/// A figure as gnuplot commands and blocks of numbers.
///
/// Whatever stands in a result may stand in a figure, and nothing of it may be a command. Foreign text therefore occurs only inside
/// strings in single quotes, in which gnuplot substitutes nothing, and only as `Typography.escaped` and `Typography.quoted` leave it;
/// names of files are our own, and there are neither comments nor data in the script.
struct FigureScript {
  /// Commands of one picture before its `plot`, and what that draws.
  struct Panel {
    var commands: [String] = []
    var elements: [PlotElement] = []
    /// True where numbers under the axis have exponents, which reach up.
    var hasPowersBelow = false
  }

  private(set) var panels: [Panel] = []
  /// The numbers drawn.
  var data = FigureData()
  /// What a reader of the figure should know, in words.
  var notes: [String] = []
  private let resolution: Double

  /// A figure of one variable of one result.
  init(
    _ specification: FigureSpecification, _ layout: FigureLayout, of result: TransportResult, thinned: Bool = true
  ) throws(FigureError) {
    let panel = try FigurePanel(
      specification, [layout], of: [FigureSource(name: "", result: result)], index: 0, count: 1, thinned: thinned)
    self.init([panel])
  }

  /// Pictures below each other; the first says how large the figure is.
  init(_ planned: [FigurePanel]) {
    resolution = planned.first?.specification.resolution ?? 300
    let left = planned.map(\.geometry.left).max() ?? 0
    let right = planned.map(\.geometry.right).min() ?? 0
    for var panel in planned {
      panel.align(left: left, right: right)
      switch panel.content {
      case .curves(let set): panels.append(panel.draw(set, into: &self))
      case .map(let map): panels.append(panel.draw(map, yName: panel.layout.y ?? "", into: &self))
      }
      notes += panel.notes
    }
  }

  /// The commands of all panels.
  var commands: [String] { panels.flatMap(\.commands) }

  /// What all panels draw.
  var elements: [PlotElement] { panels.flatMap(\.elements) }

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
    var lines = [
      "unset macros", "set encoding utf8", format.terminal(size, resolution: resolution),
      "set output \(Typography.fileName(output))",
    ]
    if panels.count > 1 { lines.append("set multiplot") }
    for (number, panel) in panels.enumerated() {
      if number > 0 { lines += Self.fresh }
      let plot = panel.elements.map { element in
        (element.block.map { source($0) + " " } ?? "NaN ") + element.drawing + " notitle"
      }
      // Letters stand lower under the axis in SVG than elsewhere.
      lines += panel.commands + (format == .svg ? ["set xtics offset 0,\(panel.hasPowersBelow ? 0.15 : 0.35)"] : [])
      lines += ["plot " + plot.joined(separator: ", \\\n     ")]
    }
    if panels.count > 1 { lines.append("unset multiplot") }
    return (lines + ["unset output"]).joined(separator: "\n") + "\n"
  }

  /// What one panel leaves to the next.
  private static let fresh = [
    "unset label", "unset arrow", "unset object", "unset xzeroaxis", "unset logscale", "unset colorbox", "set tics back",
  ]

  static func number(_ value: Double) -> String { value.isFinite ? DecimalText.general(value, digits: 12) : "NaN" }
}
