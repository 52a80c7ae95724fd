import Foundation
import SystemFiles

/// Reads whole text files.
package enum TextFile {
  /// The UTF-8 text of a file, which `kind` describes in words. Throws `cannotRead`, and `syntax` for what is no text.
  package static func read(
    _ path: String, kind: String = "model file",
    hint: String = "a data file belongs under conductor.file, a result is shown by 'pairbath show'"
  ) throws(FileError) -> String {
    guard let status = SystemCall.status(path) else {
      throw FileError(.cannotRead, in: path, found: "no such file", allowed: "an existing \(kind)")
    }
    guard SystemCall.isKind(S_IFREG, status) else {
      let isFolder = SystemCall.isKind(S_IFDIR, status)
      throw FileError(
        .cannotRead, in: path, found: SystemCall.kind(status), allowed: "a \(kind)",
        hint: isFolder ? "" : "save what comes out of it as a file first")
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

  /// The UTF-8 text that comes in at standard input. Throws as `read`.
  package static func readStandardInput(kind: String = "model file") throws(FileError) -> String {
    guard let bytes = StandardInput.bytes() else {
      throw FileError(.cannotRead, in: StandardInput.name, found: "nothing that can be read", allowed: "a \(kind)")
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw FileError(
        .syntax, in: StandardInput.name, found: "bytes that are no UTF-8 text", allowed: "a \(kind) in plain text")
    }
    return text
  }

  /// The folder of a path, "." when it names none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
