#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder of one's own for temporary files, which nobody else may enter.
package struct ScratchFolder: Sendable {
  /// Its path: absolute, and without control characters.
  package let path: String

  /// A new folder, mode 700, in TMPDIR or else in /tmp.
  package init() throws(OutputError) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let pattern = (base.isEmpty ? "/tmp" : base) + "/pairbath-XXXXXX"
    var name = Array(pattern.utf8CString)
    guard mkdtemp(&name) != nil else {
      throw OutputError(
        pattern, found: SystemCall.words(errno), allowed: "a folder for temporary files",
        hint: "set TMPDIR to a folder that can be written")
    }
    guard let real = realpath(name, nil) else { throw OutputError(pattern, code: errno) }
    defer { free(real) }
    guard let text = String(validatingCString: real), !text.unicodeScalars.contains(where: PrintableText.isHarmful) else {
      rmdir(name)
      throw OutputError(
        pattern, found: "control characters or bytes that are not UTF-8 in its name", allowed: "a folder for temporary files",
        hint: "set TMPDIR to another folder")
    }
    path = text
  }

  /// The path of a file in it.
  package func file(_ name: String) -> String { path + "/" + name }

  /// Removes the files named, then the folder.
  package func remove(_ names: [String]) {
    for name in names { unlink(file(name)) }
    rmdir(path)
  }
}
