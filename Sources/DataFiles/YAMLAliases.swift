extension YAMLNesting {
  /// Counts what may be anchors (`&a`) and aliases (`*a`) of a text, byte by byte, quoted or not: rather too many than too few.
  struct AliasScan {
    private var anchors = 0
    private var aliases = 0
    /// True when something in the text may be a key that is no word.
    private var hasLongKeys = false
    private var previous: UInt8 = 0x0a
    /// The mark at the start of a word, until its next byte tells what it is.
    private var mark: UInt8?
    private var inAlias = false
    /// True behind what is no word and may turn out to be a key: an alias, a list or a mapping.
    private var mayBeKey = false

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) {
      defer { previous = byte }
      let ends = Self.endsWord(byte)
      if let begun = mark {
        note(begun, before: ends)
        mark = nil
      }
      // The colon behind a key, behind blanks or not.
      if byte == 0x3a, mayBeKey { hasLongKeys = true }
      if inAlias, ends || byte == 0x3a { inAlias = false }
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
      if !inAlias, !isBlank { mayBeKey = byte == 0x5d || byte == 0x7d }
      if Self.endsWord(previous) || previous == 0x3a, byte == 0x26 || byte == 0x2a || byte == 0x3f { mark = byte }
    }

    /// `&` and `*` mean something in front of a name, `?` in front of a blank.
    private mutating func note(_ mark: UInt8, before blank: Bool) {
      switch (mark, blank) {
      case (0x26, false): anchors += 1
      case (0x2a, false):
        aliases += 1
        (inAlias, mayBeKey) = (true, true)
      case (0x3f, true): hasLongKeys = true
      default: break
      }
    }

    /// False when aliases may put more into each other than can be read. A text without anchors has no aliases.
    func isBounded(depth: Int) -> Bool {
      guard anchors > 0, aliases > 0 else { return true }
      guard !hasLongKeys || aliases <= YAMLNesting.aliasesInKeys else { return false }
      return min(anchors, aliases) <= YAMLNesting.aliasLimit / max(depth, 1)
    }

    /// Blanks, commas and brackets.
    private static func endsWord(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d: return true
      default: return false
      }
    }
  }
}
