import DataFiles
import JunctionModel

extension ModelNode {
  /// An error of the file whose root this is, at a key path or the nearest part of it that exists.
  func error(
    _ code: FileError.Code, at path: [String], file: String, found: String, allowed: String, hint: String
  ) -> FileError {
    switch position(of: path) {
    case .file(let line, let column):
      return FileError(code, in: file, line: line, column: column, at: path, found: found, allowed: allowed, hint: hint)
    case .override(let option):
      return FileError(code, in: option, at: path, found: found, allowed: allowed, hint: hint)
    }
  }

  /// A fault of the junction as an error of the file whose root this is.
  func located(_ error: ModelError, file: String) -> FileError {
    self.error(.invalidModel, at: error.path, file: file, found: error.found, allowed: error.allowed, hint: error.hint)
  }
}
