import DataFiles

/// A model file with its overrides applied, its keys known, its content not read yet.
struct ModelSource {
  let header: ModelHeader
  let kind: ModelKind
  let reader: ModelReader
  /// Replaces `compute.tolerance`.
  let tolerance: Double?

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

  /// Parses a file.
  init(file path: String, overrides: [String], tolerance: Double?) throws(FileError) {
    try self.init(
      text: try TextFile.read(path), named: path, folder: TextFile.folder(of: path), overrides: overrides,
      tolerance: tolerance)
    reader.data.note(path)
  }

  private static func effectiveText(_ text: String, _ overrides: [String], _ tolerance: Double?) -> String {
    var lines = overrides.map { "# --set " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    if let tolerance { lines.append("# --tolerance \(tolerance)") }
    guard !lines.isEmpty else { return text }
    return text + (text.hasSuffix("\n") || text.isEmpty ? "" : "\n") + lines.joined(separator: "\n") + "\n"
  }
}
