import DataFiles
import SystemFiles

/// A model file with its overrides applied, its keys known, its content not read yet.
struct ModelSource: Sendable {
  let header: ModelHeader
  let kind: ModelKind
  let reader: ModelReader
  /// Replaces `compute.tolerance`.
  let tolerance: Double?
  /// What has been read of a sweep's systems.
  let shelf = SystemShelf()

  /// Applies `overrides`, `PATH=VALUE` as behind `--set`, to a text that was parsed.
  init(
    _ parsed: ParsedModel, arrays: ArraysInMemory?, overrides: [String], tolerance: Double?
  ) throws(FileError) {
    var root = parsed.root
    for override in overrides { root = try ModelOverride(override).applied(to: root) }
    reader = try ModelReader(root, file: parsed.file, folder: parsed.folder, arrays: arrays)
    kind = ModelKind(of: root)
    self.tolerance = tolerance
    header = try ModelHeader(
      reader, root: root, file: parsed.file, text: Self.effectiveText(parsed.text, overrides, tolerance))
    if let path = parsed.path { reader.data.note(path) }
  }

  /// Parses the text and applies `overrides`.
  init(
    text: String, named file: String, folder: String, arrays: ArraysInMemory? = nil, overrides: [String], tolerance: Double?
  ) throws(FileError) {
    try self.init(
      ParsedModel(text, named: file, folder: folder), arrays: arrays, overrides: overrides, tolerance: tolerance)
  }

  /// Parses a file, or with "-" what comes in at standard input.
  init(file path: String, overrides: [String], tolerance: Double?) throws(FileError) {
    try self.init(ParsedModel(file: path), arrays: nil, overrides: overrides, tolerance: tolerance)
  }

  private init(_ source: ModelSource, _ reader: ModelReader) {
    (header, kind, self.reader, tolerance) = (source.header, source.kind, reader, source.tolerance)
  }

  /// The same model with sweep variables held at positions on their axes: one of the systems of a sweep.
  func holding(_ positions: [String: Int]) throws(FileError) -> ModelSource {
    ModelSource(self, try reader.holding(positions))
  }

  private static func effectiveText(_ text: String, _ overrides: [String], _ tolerance: Double?) -> String {
    var lines = overrides.map { "# --set " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    if let tolerance { lines.append("# --tolerance \(tolerance)") }
    guard !lines.isEmpty else { return text }
    return text + (text.hasSuffix("\n") || text.isEmpty ? "" : "\n") + lines.joined(separator: "\n") + "\n"
  }
}
