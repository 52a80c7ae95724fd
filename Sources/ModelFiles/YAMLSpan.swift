import Yams

/// Finds where a value stands in YAML text, to replace it without touching anything else.
enum YAMLSpan {
  /// The text with the value at a key path replaced; nil when it is not there or its end is not plain to see.
  static func replacing(_ path: [String], in text: String, by value: String) -> String? {
    guard let root = try? Yams.compose(yaml: text, .basic, .default, .utf8), let found = node(at: path[...], in: root),
      let mark = found.mark
    else { return nil }
    let scalars = Array(text.unicodeScalars)
    guard let start = index(line: mark.line, column: mark.column, in: scalars), let end = end(of: found, from: start, in: scalars)
    else { return nil }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars[..<start])
    result.append(contentsOf: value.unicodeScalars)
    result.append(contentsOf: scalars[end...])
    return String(result)
  }

  private static func node(at path: ArraySlice<String>, in parent: Node) -> Node? {
    guard let key = path.first else { return parent }
    switch parent {
    case .mapping(let mapping):
      let found = mapping.first { if case .scalar(let name) = $0.key { name.string == key } else { false } }
      return found.flatMap { node(at: path.dropFirst(), in: $0.value) }
    case .sequence(let items):
      guard let index = Int(key), items.indices.contains(index) else { return nil }
      return node(at: path.dropFirst(), in: items[index])
    default: return nil
    }
  }

  /// Both count from 1.
  private static func index(line: Int, column: Int, in text: [Unicode.Scalar]) -> Int? {
    var start = 0
    for _ in 1..<max(line, 1) {
      guard let newline = text[start...].firstIndex(of: "\n") else { return nil }
      start = newline + 1
    }
    let index = start + column - 1
    return index < text.count ? index : nil
  }

  private static func end(of node: Node, from start: Int, in text: [Unicode.Scalar]) -> Int? {
    switch node {
    case .scalar(let scalar):
      guard scalar.style == .plain || scalar.style == .any else { return nil }
      let words = Array(scalar.string.unicodeScalars)
      guard !words.isEmpty, start + words.count <= text.count, Array(text[start..<start + words.count]) == words else {
        return nil
      }
      return start + words.count
    case .sequence, .mapping:
      if text[start] == "[" || text[start] == "{" { return endOfBrackets(from: start, in: text) }
      return endOfBlock(from: start, in: text)
    default: return nil
    }
  }

  /// Behind the bracket that closes the one at `start`; quotes and comments do not count.
  private static func endOfBrackets(from start: Int, in text: [Unicode.Scalar]) -> Int? {
    var depth = 0
    var quote: Unicode.Scalar?
    var i = start
    while i < text.count {
      let c = text[i]
      if let open = quote {
        if c == "\\" && open == "\"" { i += 1 } else if c == open { quote = nil }
      } else if c == "\"" || c == "'" {
        quote = c
      } else if c == "#" && i > 0 && " \t\n".unicodeScalars.contains(text[i - 1]) {
        while i < text.count && text[i] != "\n" { i += 1 }
      } else if c == "[" || c == "{" {
        depth += 1
      } else if c == "]" || c == "}" {
        depth -= 1
        if depth == 0 { return i + 1 }
      }
      i += 1
    }
    return nil
  }

  /// Behind the last line that is indented at least as far as the first one and holds more than a comment.
  private static func endOfBlock(from start: Int, in text: [Unicode.Scalar]) -> Int? {
    let lineStart = (text[..<start].lastIndex(of: "\n") ?? -1) + 1
    guard text[lineStart..<start].allSatisfy({ $0 == " " }) else { return nil }
    let indent = start - lineStart
    var end = start
    var at = lineStart
    while at < text.count {
      let next = text[at...].firstIndex(of: "\n") ?? text.count
      let content = text[at..<next].firstIndex { $0 != " " }
      if let content, text[content] != "#" {
        guard content - at >= indent else { break }
        end = next
      }
      at = next + 1
    }
    return end > start ? end : nil
  }
}
