import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
  private let timeout: Double

  /// A renderer with the given gnuplot (a name looked up in PATH, or a path) that stops it after `timeout` seconds.
  public init(gnuplot: String = "gnuplot", timeout: Double = 120) {
    self.gnuplot = gnuplot
    self.timeout = timeout
  }

  /// Draws into `path`, whose extension chooses the format. The file appears complete or not at all.
  public func render(
    _ specification: FigureSpecification, of result: TransportResult, to path: String,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws(FigureError) -> Report {
    let format = try Self.format(of: path)
    let layout = try FigureLayout(specification, of: result)
    let script = try FigureScript(specification, layout, of: result)
    let stem = Self.hiddenStem(of: path)
    let (scriptFile, messageFile, picture) = (stem + ".gp", stem + ".log", stem + "." + format.rawValue)
    defer { for file in [scriptFile, messageFile, picture] { unlink(file) } }
    try write(script.text(format: format, size: specification.size, output: picture), to: scriptFile, for: path)
    try GnuplotProcess(executable: gnuplot, timeout: timeout)
      .run(scriptFile: scriptFile, messageFile: messageFile, isCancelled: isCancelled)
    if format == .svg { try finishSVG(picture, size: specification.size, for: path) }
    guard rename(picture, path) == 0 else {
      throw FigureError(.cannotWrite, "cannot write \(path): \(String(cString: strerror(errno)))")
    }
    return Report(files: [path], notes: layout.notes + script.notes)
  }

  /// Writes the gnuplot script and its numbers beside the figure `path` (same name, .gp and .dat), without drawing.
  public func writeScript(
    _ specification: FigureSpecification, of result: TransportResult, for path: String
  ) throws(FigureError) -> Report {
    let format = try Self.format(of: path)
    let layout = try FigureLayout(specification, of: result)
    let script = try FigureScript(specification, layout, of: result)
    let stem = String(path.dropLast(format.rawValue.count + 1))
    let name = Self.split(stem).name
    let text = script.text(
      format: format, size: specification.size, output: "\(name).\(format.rawValue)", dataFile: "\(name).dat")
    try write("# Run in this folder: gnuplot \(name).gp\n" + text, to: stem + ".gp", for: stem + ".gp")
    try write(script.data, to: stem + ".dat", for: stem + ".dat")
    return Report(files: [stem + ".gp", stem + ".dat"], notes: layout.notes + script.notes)
  }

  private static func format(of path: String) throws(FigureError) -> FigureFormat {
    guard let format = FigureFormat(path: path) else {
      throw FigureError(.unsuitable, "cannot tell the format of '\(path)'; allowed: a name ending in .svg, .pdf or .png")
    }
    return format
  }

  private func write(_ text: String, to file: String, for path: String) throws(FigureError) {
    guard let problem = TextFile.write(text, to: file) else { return }
    throw FigureError(.cannotWrite, "cannot write \(path): \(problem)", hint: "choose another folder with --output")
  }

  /// SVG files get their size in millimetres and fonts of the same width for machines without Liberation Sans.
  private func finishSVG(_ file: String, size: FigureSpecification.Size, for path: String) throws(FigureError) {
    guard let text = TextFile.read(file) else { throw FigureError(.gnuplotFailed, "gnuplot wrote no figure") }
    let (width, height) = FigureFormat.points(size)
    let sized =
      text
      .replacing(
        " width=\"\(Int(width.rounded()))\" height=\"\(Int(height.rounded()))\"",
        with: " width=\"\(size.width)mm\" height=\"\(size.height)mm\"", maxReplacements: 1
      )
      .replacing("font-family=\"Liberation Sans\"", with: "font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\"")
    try write(sized, to: file, for: path)
  }

  /// A hidden name in the same folder, so that the final rename cannot fail half-way.
  private static func hiddenStem(of path: String) -> String {
    let (folder, name) = split(path)
    return "\(folder).\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
