import Foundation

/// Reads whole text files.
package enum TextFile {
  /// The UTF-8 text of a file, which `kind` describes in words. Throws `cannotRead`, and `syntax` for what is no text.
  package static func read(
    _ path: String, kind: String = "model file",
    hint: String = "a data file belongs under conductor.file, a result is shown by 'pairbath show'"
  ) throws(FileError) -> String {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw FileError(.cannotRead, in: path, found: "no such file", allowed: "an existing \(kind)")
    }
    guard !isDirectory.boolValue else {
      throw FileError(.cannotRead, in: path, found: "a folder", allowed: "a \(kind)")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw FileError(.cannotRead, in: path, found: "a file without read permission", allowed: "a readable \(kind)")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw FileError(
        .syntax, in: path, found: "bytes that are no UTF-8 text", allowed: "a \(kind) in plain text",
        hint: hint)
    }
    return text
  }

  /// The folder of a path, "." when it names none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
