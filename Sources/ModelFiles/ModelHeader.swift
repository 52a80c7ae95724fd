import DataFiles
import JunctionModel
import SystemFiles
import TransportResults

/// What every model file has, whatever it describes: title, units, text, and places for messages.
package struct ModelHeader: Sendable {
  /// The file's name as given.
  package let file: String
  /// The title, empty when the file has none.
  package let title: String
  /// Units of the numbers in the file and in results.
  package let units: UnitSystem
  /// The file's text, followed by one comment line for each override, so that a result records them.
  package let text: String
  /// SHA-256 of `text`, 64 hexadecimal digits.
  package let hash: String
  let root: ModelNode
  /// The data files that were read.
  private(set) var dataFiles: [ModelDataFile] = []

  init(_ reader: ModelReader, root: ModelNode, file: String, text: String) throws(FileError) {
    self.file = file
    self.root = root
    self.text = text
    hash = SHA256.hexadecimal(of: text)
    units = reader.units
    title = try reader.title()
  }

  /// Data files that are named by paths relative to the model, as the model names them.
  package var relativeDataFiles: [String] {
    dataFiles.filter { $0.arrays == nil && !$0.name.hasPrefix("/") }.map(\.name)
  }

  /// Names of the parameters, in the order of the file.
  package var parameterNames: [String] { root["parameters"]?.keys ?? [] }

  /// Parameters that are plain numbers, in the order of the file.
  package var parameterValues: [(name: String, value: Double)] {
    guard case .mapping(let entries)? = root["parameters"]?.content else { return [] }
    return entries.compactMap { entry in Double(entry.value.scalarText).map { (entry.key, $0) } }
  }

  /// Parameters that are no numbers, for example expressions, as they are written.
  package var parameterTexts: [(name: String, text: String)] {
    guard case .mapping(let entries)? = root["parameters"]?.content else { return [] }
    return entries.compactMap { entry in
      NumberText.quantity(entry.value.scalarText) == nil ? (entry.key, entry.value.scalarText) : nil
    }
  }

  /// The same with the data files that were read.
  func reading(_ files: [ModelDataFile]) -> ModelHeader {
    var copy = self
    copy.dataFiles = files
    return copy
  }

  /// Line and column of a key path, or of the nearest part of it that exists; nil when a `--set` option put it there.
  package func location(of keyPath: [String]) -> (line: Int, column: Int)? {
    guard case .file(let line, let column) = root.position(of: keyPath) else { return nil }
    return (line, column)
  }

  /// The option that replaced the value at a key path, for example `--set state.temperature=3`; nil where the file has it.
  package func option(at keyPath: [String]) -> String? {
    guard case .override(let option) = root.position(of: keyPath) else { return nil }
    return option
  }

  /// A fault of what the model describes as an error of this file, with line and column.
  package func located(_ error: ModelError) -> FileError { root.located(error, file: file) }

  /// A fault of the computation as an error of this file; meant for `SolverError.Code.unsuitableModel` and `.tooLarge`.
  package func located(_ error: SolverError) -> FileError {
    root.error(
      .invalidModel, at: error.keyPath, file: file, found: error.message, allowed: "",
      hint: error.advice.text(naming: \.modelName))
  }
}
