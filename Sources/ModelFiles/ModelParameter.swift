import DataFiles

/// A number of a model file that a search may change: a parameter, a sweep variable, or any number by its key path.
package struct ModelParameter: Sendable, Equatable {
  /// As the user calls it, for example `V`, `e1` or `electrodes.L.broadening`.
  package let name: String
  /// Where it stands in the file.
  package let keyPath: [String]
  /// The unit the file writes behind it, empty for none; values are in this unit.
  package let unit: String
  /// True for a sweep variable, which is then held at one value.
  package let isSwept: Bool

  /// The number of a name in a model text (after `--set`). Throws `FileError` that names the nearest name.
  package static func named(
    _ name: String, in text: String, file: String, overrides: [String] = [], option: String = "--over"
  ) throws(FileError) -> ModelParameter {
    var root = try YAMLText(name: file, override: nil).root(of: text)
    for override in overrides { root = try ModelOverride(override).applied(to: root) }
    let keys = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard keys.count == 1 else { return try at(keys, name, root, option) }
    if let values = root["sweep"]?[name] {
      return ModelParameter(name: name, keyPath: ["sweep", name], unit: unit(ofSweep: values), isSwept: true)
    }
    if let value = root["parameters"]?[name] {
      return ModelParameter(name: name, keyPath: ["parameters", name], unit: unit(of: value), isSwept: false)
    }
    let names = (root["parameters"]?.keys ?? []) + (root["sweep"]?.keys ?? [])
    throw FileError(
      .unknownKey, in: option, found: "the unknown name '\(name)'",
      allowed: "parameters and sweep variables (\(names.isEmpty ? "there are none" : names.joined(separator: ", "))), "
        + "or the key path of a number, for example electrodes.\(root["electrodes"]?.keys.first ?? "L").broadening",
      hint: KnownKeys.advice(for: name, in: root, besides: names))
  }

  /// The change that gives the number a value, as behind `--set`.
  package func override(_ value: Double) -> String {
    let text = unit.isEmpty ? "\(value)" : "\(value) \(unit)"
    return keyPath.joined(separator: ".") + "=" + (isSwept ? "[\(text)]" : text)
  }

  /// Every parameter of a model that is one number, with its value; those that are expressions are none.
  package static func parameters(of header: ModelHeader) -> [(parameter: ModelParameter, value: Double)] {
    guard case .mapping(let entries)? = header.root["parameters"]?.content else { return [] }
    return entries.compactMap { entry in
      guard entry.value.isScalar, let (value, _) = NumberText.quantity(entry.value.scalarText), value.isFinite else { return nil }
      return (
        ModelParameter(name: entry.key, keyPath: ["parameters", entry.key], unit: unit(of: entry.value), isSwept: false), value
      )
    }
  }

  private static func at(
    _ keys: [String], _ name: String, _ root: ModelNode, _ option: String
  ) throws(FileError) -> ModelParameter {
    var node = root
    for (depth, key) in keys.enumerated() {
      let (next, known) = child(key, of: node)
      guard let next else {
        let place = depth == 0 ? "" : " below " + keys[..<depth].joined(separator: ".")
        throw FileError(
          .unknownKey, in: option, found: "'\(key)' in '\(name)', which the model does not have\(place)",
          allowed: known.isEmpty ? "no key there, it is \(node.summary)" : known.joined(separator: ", "),
          hint: Spelling.advice(for: key, among: known))
      }
      node = next
    }
    if keys.count == 2 && keys[0] == "sweep" {
      return ModelParameter(name: name, keyPath: keys, unit: unit(ofSweep: node), isSwept: true)
    }
    guard node.isScalar, NumberText.quantity(node.scalarText) != nil else {
      throw FileError(
        .wrongType, in: option, found: "'\(name)', which is \(node.summary)", allowed: "the key path of a number",
        hint: node.isScalar ? "" : "add the key or index of one number, for example \(name).\(node.keys.first ?? "0")")
    }
    return ModelParameter(name: name, keyPath: keys, unit: unit(of: node), isSwept: false)
  }

  private static func child(_ key: String, of node: ModelNode) -> (node: ModelNode?, known: [String]) {
    switch node.content {
    case .mapping(let entries): return (node[key], entries.map(\.key))
    case .sequence(let items):
      let index = Int(key)
      return (index.flatMap { items.indices.contains($0) ? items[$0] : nil }, items.indices.map(String.init))
    case .scalar: return (nil, [])
    }
  }

  /// The unit behind a number; empty for plain numbers and arithmetic.
  private static func unit(of node: ModelNode) -> String {
    guard let (_, unit) = NumberText.quantity(node.scalarText), UnitSuffix.named(unit) != nil else { return "" }
    return unit
  }

  private static func unit(ofSweep node: ModelNode) -> String {
    if case .sequence(let items) = node.content { return items.first.map { unit(of: $0) } ?? "" }
    return node["from"].map { unit(of: $0) } ?? ""
  }
}
