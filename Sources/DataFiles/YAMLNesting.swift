/// How deeply YAML text nests, found without parsing it: the library descends by recursion, so that runaway nesting would exhaust the
/// stack, and it needs the square of the depth in time.
package enum YAMLNesting {
  /// More levels than this are refused.
  package static let limit = 1000

  /// True when brackets, dashes before one entry, and lines indented ever deeper are all at most `limit` deep.
  /// Cost: one pass over the bytes.
  package static func isBounded(_ text: String) -> Bool {
    var scan = Scan()
    return text.utf8.allSatisfy { scan.accepts($0) }
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

    /// False when the text nests too deeply up to here.
    mutating func accepts(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x5b, 0x7b: brackets += 1
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
      }
      return max(brackets, dashes, indents.count) <= YAMLNesting.limit
    }

    private mutating func open(_ indent: Int) {
      while let last = indents.last, last >= indent { indents.removeLast() }
      indents.append(indent)
    }
  }
}
