import DataFiles

/// A mapping with a fixed set of keys.
struct ModelSection: Sendable {
  let value: ModelValue
  let allowedKeys: [String]

  /// Refuses anything but a mapping, and any key not in `keys`.
  init(_ value: ModelValue, keys: [String]) throws(FileError) {
    self.value = value
    allowedKeys = keys
    let allowed = keys.joined(separator: ", ")
    for entry in try value.entries(allowed: "a mapping with the keys " + allowed) where !keys.contains(entry.key) {
      throw value.fail(
        .unknownKey, found: "the unknown key '\(entry.key)'", allowed: allowed,
        hint: Self.advice(for: entry.key, in: value, keys), at: entry.position, key: entry.key)
    }
  }

  /// At the root of a model, a key of a section is told from a misspelled one.
  private static func advice(for key: String, in value: ModelValue, _ keys: [String]) -> String {
    guard value.path.isEmpty else { return Spelling.advice(for: key, among: keys) }
    return KnownKeys.advice(for: key, in: value.node, besides: keys)
  }

  /// The value of a key, nil when the key is absent. A key without value is an error.
  func optional(_ key: String) throws(FileError) -> ModelValue? {
    guard let node = value.node[key] else { return nil }
    guard !node.isNull else {
      throw value.fail(
        .wrongType, found: "nothing", allowed: "a value for '\(key)'", hint: "leave the key out for the default",
        at: position(of: key), key: key)
    }
    return value.child(node, key)
  }

  /// The value of a key that must be there.
  func required(_ key: String, hint: String = "") throws(FileError) -> ModelValue {
    guard let found = try optional(key) else { throw missing(key, hint: hint) }
    return found
  }

  /// The error of a key that is not there.
  func missing(_ key: String, hint: String = "") -> FileError {
    let keys = value.node.keys
    return value.fail(
      .missingKey, found: keys.isEmpty ? "no keys" : "the keys \(keys.joined(separator: ", "))",
      allowed: "the key '\(key)', which is missing", hint: hint)
  }

  /// The one key of `keys` that is there; none or two are errors.
  func exactlyOne(of keys: [String]) throws(FileError) -> (key: String, value: ModelValue) {
    let present = value.node.keys.filter { keys.contains($0) }
    let allowed = "exactly one of " + keys.joined(separator: ", ")
    guard let key = present.first else {
      throw value.fail(.missingKey, found: value.node.keys.isEmpty ? "no keys" : "none of them", allowed: allowed)
    }
    guard present.count == 1 else {
      throw value.fail(
        .invalidModel, found: "\(present.joined(separator: " and ")) together", allowed: allowed, at: position(of: present[1]),
        key: present[1])
    }
    return (key, try required(key))
  }

  /// Refuses keys that have no meaning beside the others.
  func refuse(_ keys: [String], because reason: String) throws(FileError) {
    for key in keys where value.node[key] != nil {
      throw value.fail(
        .unknownKey, found: "the key '\(key)'", allowed: "no such key here, \(reason)", at: position(of: key), key: key)
    }
  }

  /// Where a key was written.
  func position(of key: String) -> ModelNode.Position {
    guard case .mapping(let entries) = value.node.content, let entry = entries.first(where: { $0.key == key }) else {
      return value.node.position
    }
    return entry.position
  }
}
