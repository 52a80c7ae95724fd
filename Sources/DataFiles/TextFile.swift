import Foundation
import SystemFiles

/// Reads whole text files.
package enum TextFile {
  /// The largest model, bytes: many times what the values a model may have take as text.
  package static let largestModel = 64 << 20

  /// The UTF-8 text of a file, which `kind` describes in words, of at most `most` bytes. Throws `cannotRead`, and `syntax` for what is no
  /// text, or too much of it.
  package static func read(
    _ path: String, kind: String = "model file",
    hint: String = "a data file belongs under conductor.file, a result is shown by 'pairbath show'", most: Int = .max
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
    try requireRoom(Int(status.st_size), most, path, kind)
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
  package static func readStandardInput(kind: String = "model file", most: Int = largestModel) throws(FileError) -> String {
    guard let bytes = StandardInput.bytes(most: most) else {
      throw FileError(.cannotRead, in: StandardInput.name, found: "nothing that can be read", allowed: "a \(kind)")
    }
    guard bytes.count <= most else { throw tooLong("more than \(most) bytes", most, StandardInput.name, kind) }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw FileError(
        .syntax, in: StandardInput.name, found: "bytes that are no UTF-8 text", allowed: "a \(kind) in plain text")
    }
    return text
  }

  /// Throws for a file that is longer than what it is meant to be, or that would not fit into memory: its bytes, its text and what is made
  /// of them.
  private static func requireRoom(_ bytes: Int, _ most: Int, _ path: String, _ kind: String) throws(FileError) {
    guard bytes <= most else { throw tooLong("\(bytes) bytes", most, path, kind) }
    guard bytes > 1 << 22 else { return }
    let available = ReadingBudget.available
    guard bytes <= available / 4 else {
      throw FileError(
        .syntax, in: path, found: "\(bytes >> 20) MiB of text",
        allowed: "a \(kind) that fits into memory, a quarter of \(available >> 20) MiB",
        hint: "end other programs, or raise the limit 'ulimit -v'")
    }
  }

  private static func tooLong(_ found: String, _ most: Int, _ path: String, _ kind: String) -> FileError {
    FileError(
      .syntax, in: path, found: found, allowed: "a \(kind) of at most \(most >> 20) MiB",
      hint: "put large matrices into a NetCDF file")
  }

  /// The folder of a path, "." when it names none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
