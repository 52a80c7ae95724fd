import SystemFiles
import TransportResults

/// Draws results with gnuplot into SVG, PDF or PNG files.
public struct FigureRenderer: Sendable {
  /// What became of a request.
  public struct Report: Sendable, Equatable {
    /// The files written.
    public let files: [String]
    /// Choices made without being asked, for example the value an axis was held at.
    public let notes: [String]
  }

  private let gnuplot: String
  private let timeout: Double?

  /// A renderer with the given gnuplot (a name looked up in PATH, or a path) that stops it after `timeout` seconds, if any.
  public init(gnuplot: String = "gnuplot", timeout: Double? = nil) {
    self.gnuplot = gnuplot
    self.timeout = timeout
  }

  /// Draws into `path`, whose extension chooses the format where `format` does not; "-" is standard output. The file appears complete or not at all. Throws `FigureError` when
  /// gnuplot is missing or fails, the file cannot be written, or the specification does not fit the result. Cost: one gnuplot.
  public func render(
    _ specification: FigureSpecification, of result: TransportResult, to path: String, as format: FigureFormat? = nil,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws(FigureError) -> Report {
    try render([specification], of: [("", result)], to: path, as: format, isCancelled: isCancelled)
  }

  /// Draws several results, with the names they have in the legend, as curves in one frame, or several variables in frames below each
  /// other; maps of several results in a frame each. The first specification says how large the figure is. Throws as for one.
  public func render(
    _ panels: [FigureSpecification], of results: [(name: String, result: TransportResult)], to path: String,
    as chosen: FigureFormat? = nil, isCancelled: @Sendable () -> Bool = { false }
  ) throws(FigureError) -> Report {
    let format = if let chosen { chosen } else { try Self.format(of: path) }
    let (script, notes) = try Self.script(panels, results, thinned: true)
    let target = try Self.target(path)
    let bytes = try draw(script, format, panels[0], isCancelled)
    do { try target.write(bytes) } catch { throw FigureError(error) }
    return Report(files: [path], notes: notes)
  }

  /// Writes the gnuplot script and its numbers beside the figure `path` (same name, .gp and .dat), without drawing. Throws
  /// `FigureError` when a file cannot be written or the specification does not fit the result.
  public func writeScript(
    _ specification: FigureSpecification, of result: TransportResult, for path: String
  ) throws(FigureError) -> Report {
    try writeScript([specification], of: [("", result)], for: path)
  }

  /// The same for several results or variables in one figure.
  public func writeScript(
    _ panels: [FigureSpecification], of results: [(name: String, result: TransportResult)], for path: String
  ) throws(FigureError) -> Report {
    let format = try Self.format(of: path)
    let (script, notes) = try Self.script(panels, results, thinned: false)
    let stem = String(path.dropLast(format.rawValue.count + 1))
    let files = (try Self.target(stem + ".gp"), try Self.target(stem + ".dat"))
    // "./" keeps gnuplot from taking a name that begins with "|" or "<" for a command.
    let name = "./" + Self.name(of: stem)
    let text = script.text(
      format: format, size: panels[0].size, output: "\(name).\(format.rawValue)", textFile: name + ".dat")
    do {
      try files.1.write(script.data.text)
      try files.0.write(
        Self.scriptMark + "; its numbers are in the file of the same name that ends in .dat\n" + text)
    } catch { throw FigureError(error) }
    return Report(files: [files.0.path, files.1.path], notes: notes)
  }

  private static func script(
    _ panels: [FigureSpecification], _ results: [(name: String, result: TransportResult)], thinned: Bool
  ) throws(FigureError) -> (script: FigureScript, notes: [String]) {
    let plan = try FigurePlan(panels, of: results.map { FigureSource(name: $0.name, result: $0.result) }, thinned: thinned)
    let script = FigureScript(plan.panels)
    return (script, plan.notes + script.notes)
  }

  /// With what a script for a user begins.
  package static let scriptMark = "# Run it with gnuplot in its folder"

  /// The files that `writeScript` writes for a figure.
  package static func scriptFiles(for path: String) -> [String] {
    guard let format = FigureFormat(path: path) else { return [] }
    let stem = String(path.dropLast(format.rawValue.count + 1))
    return [stem + ".gp", stem + ".dat"]
  }

  /// Lets gnuplot draw in a folder of its own; a figure that does not end as it should is an error.
  private func draw(
    _ script: FigureScript, _ format: FigureFormat, _ specification: FigureSpecification, _ isCancelled: () -> Bool
  ) throws(FigureError) -> [UInt8] {
    let folder: ScratchFolder
    do { folder = try ScratchFolder() } catch { throw FigureError(error) }
    let (scriptFile, dataFile, messages, picture) = ("figure.gp", "figure.bin", "messages", "figure.\(format.rawValue)")
    defer { folder.remove([scriptFile, dataFile, messages, picture]) }
    let size = specification.size
    let text = script.text(format: format, size: size, output: folder.file(picture), binaryFile: folder.file(dataFile))
    for (name, bytes) in [(scriptFile, Array(text.utf8)), (dataFile, script.data.binary)] {
      if let code = FileBytes.write(bytes, toNew: folder.file(name)) {
        throw FigureError(OutputError(folder.file(name), code: code))
      }
    }
    try GnuplotProcess(executable: gnuplot, timeout: timeout)
      .run(script: scriptFile, messages: messages, in: folder, isCancelled: isCancelled)
    let drawn = PictureFile(format: format)
    guard let bytes = FileBytes.read(folder.file(picture)) else {
      throw FigureError(.gnuplotFailed, "gnuplot wrote no figure", hint: "write the script with --script and try it by hand")
    }
    guard drawn.isComplete(bytes) else {
      throw FigureError(
        .cannotWrite, "gnuplot's figure is cut off after \(bytes.count) bytes; nothing was written",
        hint: "make room in the folder for temporary files, or set TMPDIR to another")
    }
    return drawn.finished(bytes, size: size, resolution: specification.resolution)
  }

  private static func format(of path: String) throws(FigureError) -> FigureFormat {
    guard let format = FigureFormat(path: path) else {
      throw FigureError(.unsuitable, "cannot tell the format of '\(path)'; allowed: a name ending in .svg, .pdf or .png")
    }
    return format
  }

  private static func target(_ path: String) throws(FigureError) -> OutputTarget {
    do { return try OutputTarget(path) } catch { throw FigureError(error) }
  }

  /// The last part of a path.
  private static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
