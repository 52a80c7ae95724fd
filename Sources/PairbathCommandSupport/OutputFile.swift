#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Names of files a command writes.
package enum OutputFile {
  /// The last part of a path without its extension: "a/b/model.yaml" to "model".
  package static func stem(of path: String) -> String {
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
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw CommandFailure("\(path): is a folder; next: name a file with --output", exitCode: 74)
    }
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFailure(
        "\(path): the folder '\(folder)' does not exist; next: mkdir -p \(RunSummary.quoted(folder))", exitCode: 74)
    }
    guard access(folder, W_OK) == 0 else {
      throw CommandFailure(
        "\(path): cannot write into the folder '\(folder)': \(String(cString: strerror(errno))); next: name another with --output",
        exitCode: 74)
    }
  }

  /// True if both paths are one existing file.
  package static func isSame(_ a: String, _ b: String) -> Bool {
    var first = stat()
    var second = stat()
    guard stat(a, &first) == 0, stat(b, &second) == 0 else { return a == b }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
