/// How deeply YAML text nests, found without parsing it: the library descends by recursion, so that runaway nesting would exhaust the
/// stack, and it needs the square of the depth in time. Aliases nest too, and multiply what they stand for.
package enum YAMLNesting {
  /// More levels than this are refused.
  package static let limit = 1000
  /// More levels than this, with all that aliases put into each other, are refused.
  package static let aliasLimit = 2000
  /// In a text with more aliases than this, keys have to be words: the library compares keys as a whole, and so many aliases
  /// may stand for more values than can ever be looked at.
  package static let aliasesInKeys = 30

  /// True when `fault` finds nothing.
  package static func isBounded(_ text: String) -> Bool { fault(in: text) == nil }

  /// What nests too deeply, in words: brackets, dashes before one entry, or lines indented ever deeper than `limit`, aliases that nest
  /// without bound or stand in keys in number. Nil for all other texts. Cost: one pass over the bytes.
  package static func fault(in text: String) -> String? {
    var scan = Scan()
    var aliases = AliasScan()
    var text = text
    return text.withUTF8 { bytes in
      for byte in bytes {
        guard scan.accepts(byte) else { return "more than \(limit) nested levels" }
        aliases.take(byte)
      }
      return aliases.isBounded(depth: scan.deepest) ? nil : "too many aliases (*name) within each other or in keys"
    }
  }

  /// What is known in front of a byte.
  private struct Scan {
    private var brackets = 0
    /// Dashes and question marks at the start of this line.
    private var dashes = 0
    private var indent = 0
    private var inLead = true
    /// Indentations of the lines that may still be open, ascending.
    private var indents: [Int] = []
    /// The most levels so far, of all kinds together.
    private(set) var deepest = 0

    /// False when the text nests too deeply up to here.
    mutating func accepts(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x5b, 0x7b:
        brackets += 1
        deepest = max(deepest, brackets + dashes + indents.count)
      case 0x5d, 0x7d: brackets = max(0, brackets - 1)
      case 0x0a:
        (inLead, dashes, indent) = (true, 0, 0)
        return true
      default: break
      }
      guard inLead else { return brackets <= YAMLNesting.limit }
      switch byte {
      case 0x20: indent += 1
      case 0x2d, 0x3f:
        if brackets == 0 { open(indent) }
        dashes += 1
        indent += 1
      case 0x0d: break
      default:
        inLead = false
        // Comments open nothing; inside of brackets indentation means nothing.
        if byte != 0x23 && brackets == 0 { open(indent) }
        deepest = max(deepest, brackets + dashes + indents.count)
      }
      return max(brackets, dashes, indents.count) <= YAMLNesting.limit
    }

    private mutating func open(_ indent: Int) {
      while let last = indents.last, last >= indent { indents.removeLast() }
      indents.append(indent)
    }
  }
}
