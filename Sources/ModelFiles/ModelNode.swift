/// One node of a model file with its place, free of the YAML library.
struct ModelNode: Sendable {
  /// Where a node was written.
  enum Position: Sendable, Equatable {
    /// In the model file; both count from 1.
    case file(line: Int, column: Int)
    /// In a `--set` option, given as typed.
    case override(String)
  }

  /// A key with its value.
  struct Entry: Sendable {
    let key: String
    let position: Position
    var value: ModelNode
  }

  enum Content: Sendable {
    /// `plain` is false for quoted and block scalars; `block` is true for the latter.
    case scalar(String, plain: Bool, block: Bool)
    case sequence([ModelNode])
    case mapping([Entry])
  }

  var content: Content
  /// Where errors about the node point to: its own start, or its key when it starts on a later line or is empty.
  let position: Position

  /// The node as the value of a key at `key`.
  func answering(at key: Position) -> ModelNode {
    guard case .file(let keyLine, _) = key, case .file(let line, _) = position, line != keyLine || isNull else { return self }
    return ModelNode(content: content, position: key)
  }

  /// The value of a key of a mapping, or nil.
  subscript(key: String) -> ModelNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The keys of a mapping in order; empty for anything else.
  var keys: [String] {
    guard case .mapping(let entries) = content else { return [] }
    return entries.map(\.key)
  }

  var isMapping: Bool {
    if case .mapping = content { return true }
    return false
  }

  var isScalar: Bool {
    if case .scalar = content { return true }
    return false
  }

  /// True for an empty value, `~` and `null`.
  var isNull: Bool {
    guard case .scalar(let text, true, _) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// True for the words YAML takes for booleans.
  var isBoolean: Bool {
    guard case .scalar(let text, true, _) = content else { return false }
    return ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased())
  }

  /// What the node is, in the words of an error message.
  var summary: String {
    switch content {
    case .scalar(let text, _, _):
      if isNull { return "nothing" }
      if isBoolean { return "the boolean '\(text)'" }
      return "'\(text.count > 60 ? text.prefix(57) + "..." : text)'"
    case .sequence(let items): return items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping(let entries):
      return entries.isEmpty
        ? "an empty mapping" : "a mapping with the keys \(entries.prefix(6).map(\.key).joined(separator: ", "))"
    }
  }

  /// The place of the node a key path leads to, or of the last node on the way that exists.
  func position(of path: [String]) -> Position {
    var node = self
    for key in path {
      switch node.content {
      case .scalar: return node.position
      case .sequence(let items):
        guard let index = Int(key), items.indices.contains(index) else { return node.position }
        node = items[index]
      case .mapping(let entries):
        guard let entry = entries.first(where: { $0.key == key }) else { return node.position }
        node = entry.value
      }
    }
    return node.position
  }
}
