import DataFiles

/// One `--set PATH=VALUE`: changes a node of the model before it is read.
///
/// A path without dots names a parameter or a sweep variable; for the latter a number fixes it (the axis disappears)
/// and a list or mapping replaces its values.
struct ModelOverride {
  /// The option as typed, without `--set`.
  let text: String
  let path: [String]
  let value: ModelNode

  /// Parses `PATH=VALUE`; the value is YAML.
  init(_ text: String) throws(FileError) {
    self.text = text
    let option = "--set " + text
    guard let equals = text.firstIndex(of: "=") else {
      throw FileError(.syntax, in: option, found: "no '='", allowed: "PATH=VALUE, for example --set V=0.3")
    }
    let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false).map {
      String($0).trimmingSpaces
    }
    guard !keys.contains("") else {
      throw FileError(.syntax, in: option, found: "the path '\(text[..<equals])'", allowed: "keys joined by single dots")
    }
    path = keys
    let yaml = String(text[text.index(after: equals)...])
    guard !yaml.trimmingSpaces.isEmpty else {
      throw FileError(.syntax, in: option, at: keys, found: "nothing after '='", allowed: "a value")
    }
    value = try YAMLText(name: option, override: option).root(of: yaml)
  }

  private init(_ text: String, _ path: [String], _ value: ModelNode) { (self.text, self.path, self.value) = (text, path, value) }

  /// The root with this change.
  func applied(to root: ModelNode) throws(FileError) -> ModelNode {
    if path.count == 1 && !ModelKind.allKeys.contains(path[0]) { return try applied(name: path[0], to: root) }
    try requireKnownName(in: root)
    return try replaced(root, ArraySlice(path))
  }

  private func applied(name: String, to root: ModelNode) throws(FileError) -> ModelNode {
    let swept = root["sweep"]?[name] != nil
    let isParameter = root["parameters"]?[name] != nil || (name == "fermi_energy" && root["conductor"]?["file"] != nil)
    guard swept || isParameter else { throw unknown(name, in: root) }
    guard swept else {
      try requireSingleValue(of: name)
      return try replaced(root, ["parameters", name])
    }
    if root["sweep"]?[name]?["files"] != nil, let files = value.asList {
      let one = ModelNode.Entry(key: "files", position: value.position, value: files)
      let axis = ModelNode(content: .mapping([one]), position: value.position)
      return try ModelOverride(text, path, axis).replaced(root, ["sweep", name])
    }
    guard value.isScalar else { return try replaced(root, ["sweep", name]) }
    return try replaced(without(axis: name, root), ["parameters", name])
  }

  private func unknown(_ name: String, in root: ModelNode) -> FileError {
    let names = (root["parameters"]?.keys ?? []) + (root["sweep"]?.keys ?? []) + ModelKind.allKeys
    return error(
      .unknownKey, at: path, found: "the unknown name '\(name)'",
      allowed: "parameters, sweep variables or key paths: \(names.joined(separator: ", "))",
      hint: KnownKeys.advice(for: name, in: root, besides: names))
  }

  /// A parameter has one value; several make it a variable of the sweep, which is another key.
  private func requireSingleValue(of name: String) throws(FileError) {
    guard !value.isScalar else { return }
    let values = text[text.index(after: text.firstIndex(of: "=") ?? text.startIndex)...]
    throw error(
      .wrongType, at: path, found: "\(value.summary) for the parameter '\(name)'",
      allowed: "one value, a number or arithmetic in the parameters",
      hint: "--set 'sweep.\(name)=\(String(values).trimmingSpaces)' sweeps it")
  }

  /// The root without a sweep axis, and without the section when it was the last one.
  private func without(axis name: String, _ root: ModelNode) -> ModelNode {
    guard case .mapping(var entries) = root.content, let at = entries.firstIndex(where: { $0.key == "sweep" }),
      case .mapping(let axes) = entries[at].value.content
    else { return root }
    let rest = axes.filter { $0.key != name }
    entries[at].value.content = .mapping(rest)
    if rest.isEmpty { entries.remove(at: at) }
    var copy = root
    copy.content = .mapping(entries)
    return copy
  }

  /// A new name below a section of names must bring its whole definition, or it is a typing error.
  private func requireKnownName(in root: ModelNode) throws(FileError) {
    if path.count == 2, path[0] == "parameters", root["parameters"]?[path[1]] != nil { try requireSingleValue(of: path[1]) }
    guard path.count >= 2, ["electrodes", "baths", "sweep", "parameters"].contains(path[0]) else { return }
    let names = root[path[0]]?.keys ?? []
    guard !names.contains(path[1]) else { return }
    let isDefinition = path.count == 2 && !value.isScalar && path[0] != "parameters"
    guard isDefinition || path == ["parameters", "fermi_energy"] else {
      throw error(
        .unknownKey, at: path, found: "the unknown name '\(path[1])'",
        allowed: names.isEmpty ? "existing names, of which there are none" : names.joined(separator: ", "),
        hint: Spelling.advice(for: path[1], among: names))
    }
  }

  /// `node` with the value at `keys` replaced; missing mappings on the way are made, and unknown keys are found later.
  private func replaced(_ node: ModelNode, _ keys: ArraySlice<String>) throws(FileError) -> ModelNode {
    guard let key = keys.first else { return value }
    var copy = node
    switch node.content {
    case .mapping(var entries):
      if let at = entries.firstIndex(where: { $0.key == key }) {
        entries[at].value = try replaced(entries[at].value, keys.dropFirst())
      } else {
        let empty = ModelNode(content: .mapping([]), position: value.position)
        entries.append(ModelNode.Entry(key: key, position: value.position, value: try replaced(empty, keys.dropFirst())))
      }
      copy.content = .mapping(entries)
    case .sequence(var items):
      guard let index = Int(key), items.indices.contains(index) else {
        throw error(
          .unknownKey, at: path, found: "'\(key)'", allowed: "an index of the list, 0 to \(items.count - 1)")
      }
      items[index] = try replaced(items[index], keys.dropFirst())
      copy.content = .sequence(items)
    case .scalar:
      guard node.isNull else {
        throw error(.unknownKey, at: path, found: "'\(key)' below \(node.summary)", allowed: "no key, it is a single value")
      }
      copy.content = .mapping([])
      return try replaced(copy, keys)
    }
    return copy
  }

  private func error(
    _ code: FileError.Code, at keyPath: [String], found: String, allowed: String, hint: String = ""
  ) -> FileError {
    FileError(code, in: "--set " + text, at: keyPath, found: found, allowed: allowed, hint: hint)
  }
}

extension ModelNode {
  /// A list as it is, a scalar as a list of one; nil for a mapping.
  fileprivate var asList: ModelNode? {
    switch content {
    case .sequence: self
    case .scalar: ModelNode(content: .sequence([self]), position: position)
    case .mapping: nil
    }
  }
}

extension String {
  /// The text without spaces at both ends.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
