import DataFiles

/// A model's text with some values changed.
package struct ModelRewriting: Sendable, Equatable {
  /// The new text; it reads exactly as the old one with the changes behind `--set`.
  package let text: String
  /// False when the changes could not be made in place, so that the file was written anew and comments are lost.
  package let keepsComments: Bool

  /// Makes changes given as behind `--set`, in order. Throws `FileError` when a change or the text is faulty.
  package init(of text: String, file: String, changes: [String]) throws(FileError) {
    let yaml = YAMLText(name: file, override: nil)
    var root = try yaml.root(of: text)
    var edited: String? = text
    for change in changes {
      let override = try ModelOverride(change)
      let path = override.fullPath(in: root)
      root = try override.applied(to: root)
      edited = edited.flatMap { YAMLSpan.replacing(path, in: $0, by: override.yaml) }
      // A change that adds or removes keys (a sweep variable that is fixed) cannot be made in place.
      if let text = edited, let reread = try? yaml.root(of: text), reread.hasContent(of: root) { continue }
      edited = nil
    }
    self.text = edited ?? YAMLEmitter.text(of: root)
    keepsComments = edited != nil
  }
}

extension ModelRewriting {
  /// The change with a sweep variable that it fixes at a number kept as a list of that number: the same state, and the file
  /// keeps its form. Other changes as they are.
  package static func keepingSweeps(_ change: String, in text: String, file: String) throws(FileError) -> String {
    let override = try ModelOverride(change)
    let root = try YAMLText(name: file, override: nil).root(of: text)
    guard override.path.count == 1, root["sweep"]?[override.path[0]] != nil, override.value.isScalar,
      let quantity = NumberText.quantity(override.value.scalarText),
      quantity.unit.isEmpty || UnitSuffix.named(quantity.unit) != nil
    else { return change }
    return "sweep.\(override.path[0])=[\(override.yaml)]"
  }
}

extension ModelOverride {
  /// The text of the value.
  var yaml: String { text.firstIndex(of: "=").map { String(text[text.index(after: $0)...]).trimmingSpaces } ?? "" }

  /// The path from the root, also for the name of a parameter or sweep variable alone.
  func fullPath(in root: ModelNode) -> [String] {
    guard path.count == 1, !ModelKind.allKeys.contains(path[0]) else { return path }
    return [root["sweep"]?[path[0]] != nil ? "sweep" : "parameters", path[0]]
  }
}

extension ModelNode {
  /// True for the same values under the same keys in the same order, wherever they were written.
  func hasContent(of other: ModelNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let a, let plainA, _), .scalar(let b, let plainB, _)): return a == b && plainA == plainB
    case (.sequence(let a), .sequence(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.hasContent(of: $1) }
    case (.mapping(let a), .mapping(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value.hasContent(of: $1.value) }
    default: return false
    }
  }
}

/// Writes nodes as YAML: sections in blocks, everything below in brackets.
enum YAMLEmitter {
  static func text(of root: ModelNode) -> String {
    guard case .mapping(let sections) = root.content else { return inline(root) + "\n" }
    var lines: [String] = []
    for section in sections {
      guard case .mapping(let entries) = section.value.content, !entries.isEmpty else {
        lines.append("\(scalar(section.key, plain: true)): \(inline(section.value))")
        continue
      }
      lines.append("\(scalar(section.key, plain: true)):")
      for entry in entries { lines.append("  \(scalar(entry.key, plain: true)): \(inline(entry.value))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func inline(_ node: ModelNode) -> String {
    switch node.content {
    case .scalar(let text, let plain, let block): return scalar(text, plain: plain && !block)
    case .sequence(let items): return "[" + items.map(inline).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return "{" + entries.map { "\(scalar($0.key, plain: true)): \(inline($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  /// Plain where that reads back as the same text, else in double quotes.
  private static func scalar(_ text: String, plain: Bool) -> String {
    let isSafe =
      plain
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || " .+-*/^()_".unicodeScalars.contains($0))
      }
      && !text.isEmpty && !text.hasPrefix("*") && !text.hasPrefix("- ") && text != "-" && !text.hasPrefix(" ")
      && !text.hasSuffix(" ")
    // A JSON string is a double-quoted scalar of YAML.
    return isSafe ? text : JSONText.string(text)
  }
}
