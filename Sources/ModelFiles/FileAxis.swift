import DataFiles
import Foundation

extension ModelValue {
  /// The most files of an axis.
  private static let mostFiles = 1_000_000

  /// `{files: "md/*.nc", weights: [...]}`: an axis of data files, in the order of their names, or as they are listed.
  func fileAxis(_ name: String, at position: ModelNode.Position, in folder: String) throws(FileError) -> SweepAxisPlan {
    let section = try ModelSection(self, keys: ["files", "weights"])
    let files = try section.required("files").filesNamed(in: folder)
    var plan = SweepAxisPlan(
      name: name, value: self, position: position, dimension: .free, spacing: .list(files.indices.map { Double($0) }))
    plan.files = files
    guard let value = try section.optional("weights") else { return plan }
    plan.weights = try value.weights(of: files.count)
    return plan
  }

  /// A pattern such as `md/*.nc`, or a list of paths.
  private func filesNamed(in folder: String) throws(FileError) -> [String] {
    guard node.isScalar else {
      var files: [String] = []
      var known: Set<String> = []
      for item in try list(allowed: "a pattern such as \"md/*.nc\", or a list of paths") {
        let file = try item.text(allowed: "the path of a file")
        guard known.insert(file).inserted else {
          throw item.fail(.duplicateKey, found: "'\(file)' twice", allowed: "each file once", hint: "use weights")
        }
        files.append(file)
      }
      guard !files.isEmpty else { throw fail(.outOfRange, found: "an empty list", allowed: "at least one file") }
      return files
    }
    let pattern = try text(allowed: "a pattern such as \"md/*.nc\"")
    let files = Self.matches(pattern, in: folder)
    guard !files.isEmpty else {
      throw fail(
        .cannotRead, found: "no file that matches '\(pattern)'", allowed: "a pattern such as \"md/*.nc\", * for any name",
        hint: "paths are relative to the model file's folder\(folder.isEmpty || folder == "." ? "" : ", \(folder)")")
    }
    guard files.count <= Self.mostFiles else {
      throw fail(.tooManyStates, found: "\(files.count) files", allowed: "at most \(Self.mostFiles)")
    }
    return files
  }

  /// Files that match a pattern, in the order of the bytes of their names, relative to the folder where the pattern is.
  private static func matches(_ pattern: String, in folder: String) -> [String] {
    let isRelative = !pattern.hasPrefix("/") && !folder.isEmpty
    let special: Set<Character> = ["*", "?", "[", "]", "\\"]
    let prefix = isRelative ? folder + "/" : ""
    let escaped = prefix.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(escaped + pattern, 0, nil, &found) == 0 else { return [] }
    let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    return paths.map { String($0.dropFirst(prefix.count)) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
