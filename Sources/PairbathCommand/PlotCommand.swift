import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Draws results.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw results as SVG, PDF or PNG, ready for a paper.",
    usage: "pairbath plot RESULT.nc ... [VARIABLE ...] [OPTION ...]",
    discussion: """
      One figure per variable; --panels draws several variables below each other. Curves run along the longest sweep axis \
      (spectra along the frequency), one per label or per value of a second axis; several results are curves of one figure. \
      What is held with --at or --select stands above the figure. Needs gnuplot.

        pairbath plot dot.nc energy_current --x V --family dT -o J.pdf
        pairbath plot cold.nc warm.nc energy_current --x V --at dT=0
        pairbath plot dot.nc charge_current energy_current --panels
        pairbath plot dot.nc energy_current --map V dT -o map.png
        pairbath plot dot.nc energy_current --map V T --mark V=-2.2,T=0.5
        pairbath plot dot.nc charge_current --select L --log-y --y-range 1e-6:
        pairbath plot au.nc transmission --fermi -4.5 --x-range=-0.5:0.5
      """)

  @Argument(
    help: ArgumentHelp(
      "Result files (NetCDF), then variables to draw (default: the first one computed).", valueName: "RESULT.nc, VARIABLE"),
    completion: .file(extensions: ["nc"]))
  var arguments: [String]

  @OptionGroup(title: "What is drawn") var content: PlotContentOptions
  @OptionGroup(title: "How it looks") var look: PlotLookOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Figure file; the ending chooses .svg, .pdf or .png; - is standard output.", valueName: "FIG.svg"),
    completion: .file(extensions: ["svg", "pdf", "png"]))
  var output: String?
  @Option(help: ArgumentHelp("Format: svg, pdf or png, where no ending tells (default: svg).", valueName: "FORMAT"))
  var format: String?
  @Flag(help: "Write the gnuplot script and its data instead of drawing.") var script = false
  @Flag(help: "Replace an existing output of another kind (never the result drawn).") var force = false

  func validate() throws {
    if let format, FigureFormat(rawValue: format) == nil {
      throw ValidationError("--format: found '\(format)'; allowed: svg, pdf, png.")
    }
    if isStream && script {
      throw ValidationError("--script: writes two files and cannot write to standard output; name a file with --output.")
    }
    guard let output, !isStream else { return }
    let named = FigureFormat(path: output)?.rawValue
    if named == nil && format == nil {
      throw ValidationError(
        "--output: found '\(output)'; allowed: a name ending in .svg, .pdf or .png, another name with --format, or - for standard output."
      )
    }
    if let named, let format, format != named {
      throw ValidationError("--format: found '\(format)' for '\(output)'; allowed: the format of the name's ending.")
    }
  }

  /// True when the figure goes where standard output goes: a name without an ending tells no format.
  private var isStream: Bool { output.map { (try? OutputTarget($0))?.isStandardOutput == true } ?? false }

  /// The format where no ending tells; nil for the one of the output's ending.
  private var chosenFormat: FigureFormat? { format.flatMap(FigureFormat.init(rawValue:)) ?? (isStream ? .svg : nil) }

  func run() throws {
    let (paths, names) = PlotNames.split(arguments)
    var results: [(name: String, result: TransportResult)] = []
    for (name, path) in zip(PlotNames.legend(of: paths), paths) { results.append((name, try readResult(path))) }
    guard let first = FigureSpecification.defaultVariable(of: results[0].result.variables.map(\.name)) else {
      throw CommandFailure("\(paths[0]): holds no variable to draw", exitCode: 65)
    }
    let variables = names.isEmpty ? [first] : names
    for (_, result) in results { try PlotNames.check(variables, in: result) }
    let groups = look.panels ? [variables] : variables.map { [$0] }
    if isStream && groups.count > 1 {
      throw CommandFailure.usage(
        "--output: standard output takes one figure, these are \(groups.count); next: name one variable, or add --panels")
    }
    let figures = groups.map { (names: $0, file: file(for: $0, paths, isOnly: groups.count == 1)) }
    for (_, file) in figures { try check(file, paths) }
    for (names, file) in figures { try draw(names, of: results, to: file) }
  }

  private func file(for names: [String], _ paths: [String], isOnly: Bool) -> String {
    let word = names.map(PlotNames.word).joined(separator: "-")
    if let output { return isOnly ? output : OutputFile.inserting(word, into: output) }
    return paths.map(OutputFile.stem).joined(separator: "-") + "-\(word).\(format ?? "svg")"
  }

  private func check(_ file: String, _ paths: [String]) throws(CommandFailure) {
    let outputs = OutputGuard(inputs: InputFiles(paths), force: force)
    guard script else { return try outputs.check(file, for: .figure(chosenFormat ?? FigureFormat(path: file) ?? .svg)) }
    for name in FigureRenderer.scriptFiles(for: file) { try outputs.check(name, for: .script) }
  }

  private func draw(
    _ names: [String], of results: [(name: String, result: TransportResult)], to file: String
  ) throws(CommandFailure) {
    let renderer = FigureRenderer()
    var panels: [FigureSpecification] = []
    let isMap = !content.map.isEmpty
    for name in names {
      var panel = try content.specification(name)
      try look.apply(to: &panel, panels: names.count * (isMap ? results.count : 1))
      panels.append(panel)
    }
    do {
      let report =
        script
        ? try renderer.writeScript(panels, of: results, for: file)
        : try renderer.render(panels, of: results, to: file, as: chosenFormat, isCancelled: { Interruption.isRequested })
      for note in report.notes { Terminal.printError("pairbath: note: \(names.joined(separator: ", ")): \(note)\n") }
      // A figure on standard output stays alone there.
      if !isStream { Terminal.print(report.files.joined(separator: "\n") + "\n") }
    } catch { throw CommandFailure(error) }
  }
}
