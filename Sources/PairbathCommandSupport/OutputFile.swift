import SystemFiles

/// Names of files a command writes.
package enum OutputFile {
  /// The last part of a path without its extension: "a/b/model.yaml" to "model"; "result" for standard input.
  package static func stem(of path: String) -> String {
    guard path != StandardInput.path else { return "result" }
    let name = String(path.split(separator: "/").last ?? "result")
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// "fig.svg" and "J" to "fig-J.svg".
  package static func inserting(_ word: String, into path: String) -> String {
    let tail = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = tail.lastIndex(of: "."), dot != tail.startIndex else { return path + "-" + word }
    return path[..<dot] + "-" + word + path[dot...]
  }

  /// Refuses, before long work starts, a path that cannot be written (74).
  package static func check(_ path: String) throws(CommandFailure) {
    do { _ = try OutputTarget(path) } catch { throw CommandFailure(error) }
  }

  /// True if both paths are one existing file.
  package static func isSame(_ a: String, _ b: String) -> Bool {
    guard let first = FileIdentity(a), let second = FileIdentity(b) else { return a == b }
    return first == second
  }
}
