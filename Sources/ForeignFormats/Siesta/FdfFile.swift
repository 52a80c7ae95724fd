import DataFiles

/// An input file of SIESTA and TBtrans in the Flexible Data Format.
///
/// Keys do not tell case, '-', '_' and '.' apart. The first of two equal keys holds. '#', ';' and '!' begin comments, `%include FILE` and
/// `KEY < FILE` read other files, `%block NAME < FILE` a block of another file. Paths are relative to the file that names them.
struct FdfFile: Sendable {
  /// The path as given.
  let path: String
  private var values: [String: FdfLine] = [:]
  private var blocks: [String: [FdfLine]] = [:]
  private var places: [String: FdfLine] = [:]

  private static let deepest = 20
  /// More files than this are no input but a loop: each of two lines that include their own file doubles them with every level.
  private static let mostFiles = 1000

  /// Reads a file with all it includes. Throws `cannotRead`, `syntax` with the line at fault.
  init(_ path: String) throws(FileError) {
    var files = 0
    try self.init(path, depth: 0, &files)
  }

  private init(_ path: String, depth: Int, _ files: inout Int) throws(FileError) {
    self.path = path
    files += 1
    let text = try ForeignText(path, kind: "fdf input file")
    var open: (name: String, line: FdfLine, lines: [FdfLine])?
    for (index, raw) in text.lines.enumerated() {
      let line = FdfLine(raw, path: path, number: index + 1)
      guard let first = line.words.first else { continue }
      if let block = open {
        guard Self.key(first.text) == "%endblock" else {
          open?.lines.append(line)
          continue
        }
        guard line.words.count < 2 || Self.key(line.words[1].text) == Self.key(block.name) else {
          throw line.error(
            1, found: "%endblock \(line.words[1].text) in the block \(block.name)", allowed: "%endblock \(block.name)")
        }
        keep(block: block.name, block.lines, at: block.line)
        open = nil
      } else {
        open = try read(line, depth: depth, &files)
      }
    }
    if let open {
      throw open.line.error(0, found: "the block \(open.name) without an end", allowed: "%endblock \(open.name)")
    }
  }

  /// Takes one line outside a block; the block it opens.
  private mutating func read(
    _ line: FdfLine, depth: Int, _ files: inout Int
  ) throws(FileError) -> (name: String, line: FdfLine, lines: [FdfLine])? {
    let words = line.words
    switch Self.key(words[0].text) {
    case "%include":
      guard words.count > 1 else { throw line.error(0, found: "%include alone", allowed: "%include FILE") }
      take(try other(line, 1, depth: depth, &files))
    case "%block":
      guard words.count > 1 else { throw line.error(0, found: "%block alone", allowed: "%block NAME") }
      let name = words[1].text
      guard words.count > 3, words[2].text == "<" else { return (name, line, []) }
      let file = try other(line, 3, depth: depth, &files)
      guard let lines = file.block(name) else {
        throw line.error(3, found: "no block \(name) in \(file.path)", allowed: "a file with %block \(name)")
      }
      keep(block: name, lines, at: line)
    case "%endblock":
      throw line.error(0, found: "%endblock without a block", allowed: "%block NAME before it")
    default:
      if let arrow = words.firstIndex(where: { $0.text == "<" }), arrow > 0 {
        guard arrow + 1 < words.count else { throw line.error(arrow, found: "'<' at the end", allowed: "KEY < FILE") }
        let file = try other(line, arrow + 1, depth: depth, &files)
        for word in words[..<arrow] {
          let key = Self.key(word.text)
          if let value = file.values[key], values[key] == nil { values[key] = value }
          if let lines = file.blocks[key] { keep(block: word.text, lines, at: line) }
        }
      } else if values[Self.key(words[0].text)] == nil {
        values[Self.key(words[0].text)] = line
      }
    }
    return nil
  }

  private func other(_ line: FdfLine, _ word: Int, depth: Int, _ files: inout Int) throws(FileError) -> FdfFile {
    guard depth < Self.deepest else {
      throw line.error(word, found: "files that include each other \(Self.deepest) deep", allowed: "fewer")
    }
    guard files < Self.mostFiles else {
      throw line.error(
        word, found: "more than \(Self.mostFiles) files that are included", allowed: "fewer", hint: "do they include each other?")
    }
    do throws(FileError) { return try FdfFile(line.path(word), depth: depth + 1, &files) } catch {
      throw error.adding(hint: "\(line.path):\(line.number) names it")
    }
  }

  private mutating func take(_ other: FdfFile) {
    values.merge(other.values) { mine, _ in mine }
    blocks.merge(other.blocks) { mine, _ in mine }
    places.merge(other.places) { mine, _ in mine }
  }

  private mutating func keep(block name: String, _ lines: [FdfLine], at line: FdfLine) {
    let key = Self.key(name)
    guard blocks[key] == nil else { return }
    (blocks[key], places[key]) = (lines, line)
  }

  /// A key as fdf compares it.
  static func key(_ text: String) -> String { String(text.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "." }) }

  /// The line of the first of some keys that is there.
  subscript(keys: String...) -> FdfLine? {
    for key in keys { if let line = values[Self.key(key)] { return line } }
    return nil
  }

  /// The lines of the first of some blocks that is there, without empty ones.
  func block(_ names: String...) -> [FdfLine]? {
    for name in names { if let lines = blocks[Self.key(name)] { return lines } }
    return nil
  }

  /// Where a block begins.
  func place(ofBlock name: String) -> FdfLine? { places[Self.key(name)] }

  /// True for a block or a key whose name begins so, behind fdf's comparison.
  func names(beginningWith prefix: String) -> [String] {
    let prefix = Self.key(prefix)
    return (Array(values.keys) + Array(blocks.keys)).filter { $0.hasPrefix(prefix) }.sorted()
  }
}
