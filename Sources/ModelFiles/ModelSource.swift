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

  /// Parses the text and applies `overrides`, `PATH=VALUE` as behind `--set`.
  init(text: String, named file: String, folder: String, overrides: [String], tolerance: Double?) throws(FileError) {
    var root = try YAMLText(name: file, override: nil).root(of: text)
    _ = try ModelReader(root, file: file, folder: folder)  // a mapping with known keys, before overrides change it
    for override in overrides { root = try ModelOverride(override).applied(to: root) }
    reader = try ModelReader(root, file: file, folder: folder)
    kind = ModelKind(of: root)
    self.tolerance = tolerance
    header = try ModelHeader(reader, root: root, file: file, text: Self.effectiveText(text, overrides, tolerance))
  }

  /// Parses a file, or with "-" what comes in at standard input.
  init(file path: String, overrides: [String], tolerance: Double?) throws(FileError) {
    let (text, folder) = try ModelDocument.source(of: path)
    try self.init(
      text: text, named: StandardInput.name(of: path), folder: folder, overrides: overrides, tolerance: tolerance)
    guard path != StandardInput.path else { return }
    reader.data.note(path)
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
