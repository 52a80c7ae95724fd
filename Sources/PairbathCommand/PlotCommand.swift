import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Draws a result.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw a result as SVG, PDF or PNG, ready for a paper.",
    discussion: """
      One figure per variable. Curves run along the longest sweep axis (spectra along the frequency), one per label or per \
      value of a second axis. Needs gnuplot.

        pairbath plot dot.nc energy_current --x V --family dT -o J.pdf
        pairbath plot dot.nc energy_current --map V dT -o map.png
        pairbath plot dot.nc energy_current --map V T --mark V=-2.2,T=0.5
        pairbath plot dot.nc charge_current --at dT=0 --select L --log-y
      """)

  @Argument(help: ArgumentHelp("Result file (NetCDF).", valueName: "RESULT.nc"), completion: .file(extensions: ["nc"]))
  var path: String

  @Argument(help: ArgumentHelp("Variables to draw (default: the first one computed).", valueName: "VARIABLE"))
  var names: [String] = []

  @Option(name: .customLong("x"), help: ArgumentHelp("Axis to the right.", valueName: "AXIS")) var xAxis: String?
  @Option(help: ArgumentHelp("Axis with one coloured curve per value.", valueName: "AXIS")) var family: String?
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Colour map over two axes: --map X Y, after the variables.", valueName: "AXIS"))
  var map: [String] = []
  @Option(help: ArgumentHelp("Hold an axis at the nearest value; may be repeated.", valueName: "NAME=VALUE")) var at: [String] =
    []
  @Option(help: ArgumentHelp("Draw this label only, for example L>R or mode=3; may be repeated.", valueName: "LABEL"))
  var select: [String] = []
  @Option(
    help: ArgumentHelp(
      "Mark a point of a map, or a place on the x axis of curves; may be repeated.", valueName: "V=-2,T=0.3"))
  var mark: [String] = []
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Contour line of a map at this value, besides zero; may be repeated.", valueName: "x"))
  var contour: [Double] = []
  @Flag(help: "Logarithmic x axis.") var logX = false
  @Flag(help: "Logarithmic y axis.") var logY = false
  @Flag(help: "Logarithmic colour scale of a map.") var logColor = false
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Figure file; the ending chooses .svg, .pdf or .png.", valueName: "FIG.svg"),
    completion: .file(extensions: ["svg", "pdf", "png"]))
  var output: String?
  @Option(help: ArgumentHelp("Width and height in millimetres (default: 86x64, one column).", valueName: "WxH")) var size: String?
  @Flag(help: "Write the model's title above the figure.") var title = false
  @Flag(help: "Write the gnuplot script and its data instead of drawing.") var script = false
  @Flag(help: "Replace an existing output of another kind (never the result drawn).") var force = false

  func validate() throws {
    if !map.isEmpty && map.count != 2 {
      throw ValidationError("--map: found \(map.count) names; allowed: two axes, --map X Y, after the variables.")
    }
    if logColor && map.isEmpty { throw ValidationError("--log-color belongs to a map: --map X Y --log-color.") }
    if !map.isEmpty && (xAxis != nil || family != nil) { throw ValidationError("--map replaces --x and --family.") }
    if let size, Self.parse(size) == nil {
      throw ValidationError("--size: found '\(size)'; allowed: WxH in millimetres from 20 to 1000, for example 86x64.")
    }
    if let output, FigureFormat(path: output) == nil {
      throw ValidationError("--output: found '\(output)'; allowed: a name ending in .svg, .pdf or .png.")
    }
  }

  func run() throws {
    let result = try readResult(path)
    let available = result.variables.map(\.name)
    guard let first = FigureSpecification.defaultVariable(of: available) else {
      throw CommandFailure("\(path): holds no variable to draw", exitCode: 65)
    }
    let wanted = (names.isEmpty ? [first] : names).map { (name: $0, file: file(for: $0)) }
    for (_, file) in wanted { try check(file) }
    for (name, file) in wanted { try draw(specification(name), of: result, to: file) }
  }

  private func file(for name: String) -> String {
    if let output { return names.count <= 1 ? output : OutputFile.inserting(Self.word(name), into: output) }
    return OutputFile.stem(of: path) + "-\(Self.word(name)).svg"
  }

  /// A name from a result as a part of a file's name: it leads into no other folder and hides no control characters.
  private static func word(_ name: String) -> String { PrintableText.line(name).replacing("/", with: "_") }

  private func check(_ file: String) throws(CommandFailure) {
    let outputs = OutputGuard(inputs: InputFiles([path]), force: force)
    guard script else { return try outputs.check(file, for: .figure(FigureFormat(path: file) ?? .svg)) }
    for name in FigureRenderer.scriptFiles(for: file) { try outputs.check(name, for: .script) }
  }

  private func draw(_ specification: FigureSpecification, of result: TransportResult, to file: String) throws(CommandFailure) {
    let renderer = FigureRenderer()
    do {
      let report =
        script
        ? try renderer.writeScript(specification, of: result, for: file)
        : try renderer.render(specification, of: result, to: file, isCancelled: { Interruption.isRequested })
      for note in report.notes { Terminal.printError("pairbath: note: \(specification.variable): \(note)\n") }
      Terminal.print(report.files.joined(separator: "\n") + "\n")
    } catch { throw CommandFailure(error) }
  }

  private func specification(_ name: String) throws(CommandFailure) -> FigureSpecification {
    var slices: [FigureSpecification.Slice] = []
    for request in at {
      let (axis, value) = try StateSelection.parse(request)
      slices.append(FigureSpecification.Slice(axis, value))
    }
    var specification = FigureSpecification(
      name, xAxis: xAxis, familyAxis: family, map: map.count == 2 ? .init(x: map[0], y: map[1]) : nil, slices: slices,
      selection: select, logX: logX, logY: logY, size: size.flatMap(Self.parse) ?? .column, showsTitle: title)
    for text in mark { specification.marks.append(try Self.parse(mark: text)) }
    specification.contours = contour
    specification.logColor = logColor
    return specification
  }

  private static func parse(mark text: String) throws(CommandFailure) -> FigureSpecification.Mark {
    var coordinates: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map { String($0) }
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite, coordinates[sides[0]] == nil else {
        throw .usage("--mark: found '\(text)'; allowed: AXIS=NUMBER joined by commas, for example --mark V=-2,T=0.3")
      }
      coordinates[sides[0]] = value
    }
    return FigureSpecification.Mark(coordinates)
  }

  private static func parse(_ size: String) -> FigureSpecification.Size? {
    let parts = size.lowercased().split(separator: "x").map { Double($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
    guard (20...1000).contains(width), (20...1000).contains(height) else { return nil }
    return .init(width: width, height: height)
  }
}
