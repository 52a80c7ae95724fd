import Testing

@testable import PairbathCommandSupport

@Suite("CommandWords")
struct CommandWordsTests {
  @Test("refuses words that are no UTF-8, with their number")
  func complaint() {
    #expect(CommandWords.complaint(1, Array("größe.nc".utf8)) == nil)
    let failure = CommandWords.complaint(2, [0x61, 0xFF])
    #expect(failure?.exitCode == 64 && failure?.message.hasPrefix("word 2 of the command, 'a\u{FFFD}', is not UTF-8") == true)
  }
}
