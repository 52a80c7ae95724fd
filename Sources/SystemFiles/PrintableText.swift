/// Foreign text made harmless for a terminal, a figure or a script.
///
/// Works on Unicode scalars, never on characters: "\r\n" is one character and equal to neither, a quote with a combining mark is
/// another character than a quote. Invalid UTF-8 has been replaced when a `String` was made of it.
package enum PrintableText {
  /// One line: line ends and tabs become blanks, every other control, mark of direction or non-character becomes U+FFFD.
  package static func line(_ text: String) -> String {
    guard mayBeHarmful(text, exempt: nil), text.unicodeScalars.contains(where: isHarmful) else { return text }
    var clean = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if !isHarmful(scalar) {
        clean.append(scalar)
      } else if !isBlank(scalar) {
        clean.append("\u{FFFD}")
      } else if !(scalar == "\n" && previous == "\r") {
        clean.append(" ")
      }
      previous = scalar
    }
    return String(clean)
  }

  /// Several lines: the same, but line feeds and tabs stay.
  package static func lines(_ text: String) -> String {
    guard mayBeHarmful(text, exempt: 9...10), text.unicodeScalars.contains(where: { isHarmful($0) && $0 != "\n" && $0 != "\t" })
    else { return text }
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { row in
      row.split(separator: "\t", omittingEmptySubsequences: false).map { line(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
  }

  /// A line of at most `count` bytes of UTF-8, cut between scalars and marked by an ellipsis.
  package static func line(_ text: String, limit count: Int) -> String {
    guard text.utf8.count > count else { return line(text) }
    var cut = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += UTF8.width(scalar)
      guard bytes <= count else { break }
      cut.append(scalar)
    }
    return line(String(cut)) + "…"
  }

  /// True for controls (C0, DEL, C1), line and paragraph separators, marks that turn the direction of writing, and what XML forbids.
  package static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: return true
    default: return false
    }
  }

  /// A quick look at the bytes: controls, and the bytes with which the other harmful scalars begin.
  private static func mayBeHarmful(_ text: String, exempt: ClosedRange<UInt8>?) -> Bool {
    text.utf8.contains { byte in
      if byte < 0x20 { return exempt?.contains(byte) != true }
      return byte >= 0x7F && (byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF)
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x85, 0x2028, 0x2029: return true
    default: return false
    }
  }
}
