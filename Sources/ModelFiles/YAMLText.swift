import DataFiles
import Foundation
import Yams

/// Turns YAML text into nodes; the only file besides `YAMLSpan` that imports the YAML library.
struct YAMLText {
  /// The file's name, or the `--set` option, for error messages.
  let name: String
  /// Where every node is said to be when the text is a `--set` option; nil for a file.
  let override: String?
  /// More nodes than this are refused: aliases can multiply a small file without bound.
  static let nodeLimit = 2_000_000

  /// The root of a text with exactly one document.
  func root(of text: String) throws(FileError) -> ModelNode {
    if let fault = YAMLNesting.fault(in: text) {
      throw FileError(.syntax, in: name, found: fault, allowed: "matrices and lists of matrices")
    }
    let composed: Node?
    do {
      let marked = text.unicodeScalars.first == "\u{feff}"  // a byte order mark, which some editors write
      composed = try Yams.compose(yaml: marked ? String(text.unicodeScalars.dropFirst()) : text, .basic, .default, .utf8)
    } catch let error as YamlError {
      throw fileError(error, text: text)
    } catch {
      throw FileError(.syntax, in: name, found: "\(error)", allowed: "YAML")
    }
    guard let composed else { throw emptyError }
    var budget = Self.nodeLimit
    return try converted(composed, budget: &budget, depth: 0)
  }

  /// The error of a file without content.
  var emptyError: FileError {
    FileError(
      .syntax, in: name, line: override == nil ? 1 : nil, column: override == nil ? 1 : nil, found: "an empty file",
      allowed: "a mapping with the keys conductor, electrodes, state, ...",
      hint: "start from a file of Examples/")
  }

  private func converted(_ node: Node, budget: inout Int, depth: Int) throws(FileError) -> ModelNode {
    budget -= 1
    guard budget > 0 && depth < 200 else {
      throw FileError(
        .syntax, in: name, found: depth < 200 ? "more than \(Self.nodeLimit) values" : "more than 200 nested levels",
        allowed: "a smaller file", hint: "put large matrices into a NetCDF file")
    }
    let place = position(node.mark)
    switch node {
    case .scalar(let scalar):
      let block = scalar.style == .literal || scalar.style == .folded
      let plain = scalar.style == .plain || scalar.style == .any
      return ModelNode(content: .scalar(scalar.string, plain: plain, block: block), position: place)
    case .sequence(let sequence):
      var items: [ModelNode] = []
      items.reserveCapacity(sequence.count)
      for item in sequence { items.append(try converted(item, budget: &budget, depth: depth + 1)) }
      return ModelNode(content: .sequence(items), position: place)
    case .mapping(let mapping):
      return ModelNode(content: .mapping(try entries(of: mapping, budget: &budget, depth: depth)), position: place)
    case .alias:
      throw FileError(.syntax, in: name, found: "an alias without anchor", allowed: "YAML")
    }
  }

  private func entries(of mapping: Node.Mapping, budget: inout Int, depth: Int) throws(FileError) -> [ModelNode.Entry] {
    var entries: [ModelNode.Entry] = []
    var seen = Set<String>()
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else {
        throw error(.syntax, point(key.mark), found: "a key that is a list or mapping", allowed: "a word before the colon")
      }
      guard seen.insert(scalar.string).inserted else {
        throw error(.duplicateKey, point(key.mark), found: "the key '\(scalar.string)' twice", allowed: "each key once")
      }
      let place = position(scalar.mark)
      let content = try converted(value, budget: &budget, depth: depth + 1)
      entries.append(ModelNode.Entry(key: scalar.string, position: place, value: content.answering(at: place)))
    }
    return entries
  }

  private func position(_ mark: Mark?) -> ModelNode.Position {
    if let override { return .override(override) }
    return .file(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  private func point(_ mark: Mark?) -> (line: Int, column: Int)? { mark.map { ($0.line, $0.column) } }

  private func error(
    _ code: FileError.Code, _ place: (line: Int, column: Int)?, found: String, allowed: String, hint: String = ""
  ) -> FileError {
    let inFile = override == nil
    return FileError(
      code, in: name, line: inFile ? place?.line : nil, column: inFile ? place?.column : nil, found: found, allowed: allowed,
      hint: hint)
  }

  private func fileError(_ yaml: YamlError, text: String) -> FileError {
    switch yaml {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { " (\($0.text), which starts at \($0.mark.line):\($0.mark.column))" } ?? ""
      return error(
        .syntax, point(mark), found: "text that is no YAML: " + problem + during, allowed: "one YAML document",
        hint: syntaxAdvice(text, mark))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.sorted().first ?? ""
      let place = secondPlace(ofKey: key, in: text, from: context.mark)
      return error(.duplicateKey, place, found: "the key '\(key)' twice", allowed: "each key once")
    case .reader(let problem, let offset, _, _):
      return error(.syntax, nil, found: problem + (offset.map { " at character \($0)" } ?? ""), allowed: "UTF-8 text")
    default: return error(.syntax, nil, found: "\(yaml)", allowed: "one YAML document")
    }
  }

  private func syntaxAdvice(_ text: String, _ mark: Mark) -> String {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.indices.contains(mark.line - 1) else { return "" }
    return lines[mark.line - 1].contains("\t") ? "indent with spaces, YAML refuses tabs" : ""
  }

  /// The library names the first of two equal keys, on the same line or in the same column; the place of the second one is what a user looks for.
  private func secondPlace(ofKey key: String, in text: String, from first: Mark) -> (line: Int, column: Int) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.indices.contains(first.line - 1) {
      let line = lines[first.line - 1]
      let rest = line.dropFirst(first.column - 1 + key.count)
      if let next = rest.firstRange(of: key + ":") {
        return (first.line, line.distance(from: line.startIndex, to: next.lowerBound) + 1)
      }
    }
    var number = first.line
    for line in lines.dropFirst(first.line) {
      number += 1
      let indent = line.prefix { $0 == " " }.count
      if indent == first.column - 1 && line.dropFirst(indent).hasPrefix(key + ":") {
        return (number, first.column)
      }
    }
    return (first.line, first.column)
  }
}
