import DataFiles
import SystemFiles

/// The text of a model, parsed and with known keys, from which models with different changes are made without parsing it again.
package struct ParsedModel: Sendable {
  private(set) var root: ModelNode
  package let text: String
  /// What messages call it.
  package let file: String
  /// Where data files are looked for.
  package let folder: String
  /// The file that was read; nil for a text.
  let path: String?

  /// Parses a text; `file` is its name in messages. Throws `FileError` with the place of the first fault.
  package init(_ text: String, named file: String, folder: String) throws(FileError) {
    try self.init(text, named: file, folder: folder, path: nil)
  }

  /// Parses a file, or with "-" what comes in at standard input.
  package init(file path: String) throws(FileError) {
    let (text, folder) = try ModelDocument.source(of: path)
    try self.init(
      text, named: StandardInput.name(of: path), folder: folder, path: path == StandardInput.path ? nil : path)
  }

  private init(_ text: String, named file: String, folder: String, path: String?) throws(FileError) {
    root = try YAMLText(name: file, override: nil).root(of: text)
    (self.text, self.file, self.folder, self.path) = (text, file, folder, path)
    // A mapping with known keys, before overrides change it.
    _ = try ModelReader(root, file: file, folder: folder)
  }

  /// The same without some keys of a section, whatever they say.
  package func leavingOut(_ keys: [String], of section: String) -> ParsedModel {
    guard case .mapping(var entries) = root.content, let place = entries.firstIndex(where: { $0.key == section }),
      case .mapping(let inner) = entries[place].value.content
    else { return self }
    var copy = self
    entries[place].value.content = .mapping(inner.filter { !keys.contains($0.key) })
    copy.root.content = .mapping(entries)
    return copy
  }

  /// The model with changes. `arrays` is what `file: memory` stands for; nil where there are none. Throws `FileError`.
  package func model(
    arrays: [NamedArray] = [], overrides: [String], tolerance: Double? = nil
  ) throws(FileError) -> ModelFile {
    try ModelFile(
      ModelSource(
        self, arrays: arrays.isEmpty ? nil : ArraysInMemory(arrays), overrides: overrides, tolerance: tolerance))
  }
}
