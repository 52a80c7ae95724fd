import DataFiles

/// DFTB+'s human-friendly structured data: `Name = Type { ... }`, `Name [unit] = value`, remarks behind `#`.
///
/// A tree is all that is read; names compare without regard to case.
struct HsdFile {
  /// A block or a value.
  struct Node {
    let name: String
    /// What stands in brackets behind the name: a unit.
    let unit: String
    /// The word behind `=`, in front of a brace: a type; or all words of a value.
    var words: [ForeignText.Word] = []
    var children: [Node] = []
    let line: Int

    /// The first child of a name.
    subscript(name: String) -> Node? { children.first { $0.name.lowercased() == name.lowercased() } }

    func all(_ name: String) -> [Node] { children.filter { $0.name.lowercased() == name.lowercased() } }
  }

  let path: String
  let root: Node
  let text: ForeignText

  /// Blocks deeper than this are refused.
  private static let deepest = 60

  init(_ path: String) throws(FileError) {
    text = try ForeignText(path, kind: "DFTB+ input (HSD)")
    self.path = path
    var tokens = Self.tokens(text)[...]
    root = try Self.block("", "", [], 1, &tokens, path, depth: 0)
  }

  /// Words, and the signs `{ } =` and line ends as words of their own; texts in quotes are one word.
  private static func tokens(_ text: ForeignText) -> [ForeignText.Word] {
    var tokens: [ForeignText.Word] = []
    for (index, line) in text.lines.enumerated() {
      var (word, start, column, quote) = ("", 0, 0, Character?.none)
      func flush() {
        if !word.isEmpty { tokens.append(.init(text: word, line: index + 1, column: start)) }
        word = ""
      }
      for character in line {
        column += 1
        if let open = quote {
          if character == open { quote = nil } else { word.append(character) }
          continue
        }
        if character == "#" { break }
        if "{}=[];\"'".contains(character) || character.isWhitespace {
          flush()
          start = column + 1
          if character == "\"" || character == "'" { quote = character }
          if character == ";" { tokens.append(.init(text: "\n", line: index + 1, column: column)) }
          if "{}=[]".contains(character) { tokens.append(.init(text: String(character), line: index + 1, column: column)) }
        } else {
          if word.isEmpty { start = column }
          word.append(character)
        }
      }
      flush()
      tokens.append(.init(text: "\n", line: index + 1, column: column + 1))
    }
    return tokens
  }

  /// The contents of a block, up to its brace.
  private static func block(
    _ name: String, _ unit: String, _ type: [ForeignText.Word], _ line: Int, _ tokens: inout ArraySlice<ForeignText.Word>,
    _ path: String,
    depth: Int
  ) throws(FileError) -> Node {
    guard depth < deepest else {
      throw FileError(.syntax, in: path, line: line, found: "blocks \(deepest) deep", allowed: "an input of DFTB+")
    }
    var node = Node(name: name, unit: unit, words: type, line: line)
    while let token = tokens.popFirst() {
      if token.text == "\n" { continue }
      if token.text == "}" {
        guard depth > 0 else {
          throw FileError(
            .syntax, in: path, line: token.line, column: token.column, found: "'}' without '{'", allowed: "an input of DFTB+")
        }
        return node
      }
      var unit = ""
      if tokens.first?.text == "[" {
        tokens.removeFirst()
        while let part = tokens.popFirst(), part.text != "]", part.text != "\n" { unit += part.text }
      }
      guard tokens.first?.text == "=" || tokens.first?.text == "{" else {
        // Words of a plain list: GenFormat, atoms.
        node.words.append(token)
        continue
      }
      if tokens.first?.text == "=" { tokens.removeFirst() }
      var words: [ForeignText.Word] = []
      var isBlock = false
      while let next = tokens.first {
        if next.text == "{" {
          tokens.removeFirst()
          isBlock = true
          break
        }
        if next.text == "}" { break }
        tokens.removeFirst()
        if next.text == "\n" { break }
        words.append(next)
      }
      if isBlock {
        node.children.append(try block(token.text, unit, words, token.line, &tokens, path, depth: depth + 1))
      } else {
        node.children.append(Node(name: token.text, unit: unit, words: words, line: token.line))
      }
    }
    guard depth == 0 else {
      throw FileError(
        .syntax, in: path, line: line, found: "the block '\(name)' without its '}'", allowed: "an input of DFTB+",
        hint: "the file may be truncated; copy it again")
    }
    return node
  }
}
