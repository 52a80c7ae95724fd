import Testing

@testable import SystemFiles

@Suite("PrintableText")
struct PrintableTextTests {
  @Test(
    "replaces controls, separators and marks of direction",
    arguments: [
      ("plain text", "plain text"), ("a\nb", "a b"), ("a\r\nb", "a b"), ("a\r\rb", "a  b"), ("a\tb", "a b"),
      ("\u{1B}[31m", "\u{FFFD}[31m"),
      ("\u{0}\u{7F}\u{9B}", "\u{FFFD}\u{FFFD}\u{FFFD}"), ("a\u{2028}b\u{85}c", "a b c"),
      ("\u{202E}x\u{2066}", "\u{FFFD}x\u{FFFD}"),
      ("'\u{301}é\u{1F600}", "'\u{301}é\u{1F600}"), ("\u{FFFE}", "\u{FFFD}"),
    ])
  func line(text: String, expected: String) { #expect(Array(PrintableText.line(text).utf8) == Array(expected.utf8)) }

  @Test("keeps the line feeds of several lines, and nothing else")
  func lines() {
    #expect(PrintableText.lines("a\n\nb\r\nc\u{1B}") == "a\n\nb \nc\u{FFFD}")
  }

  @Test("cuts long lines between scalars")
  func limit() {
    #expect(PrintableText.line("ééé", limit: 5) == "éé…")
    #expect(PrintableText.line("abc", limit: 3) == "abc")
  }
}
