/// The words of the command line as the system handed them over.
package enum CommandWords {
  /// The words behind the command's name. `word` is the system's word at an index, nil where it does not tell or there are no more.
  /// Throws a complaint about words that are no UTF-8 text: Swift would replace their bytes, and the file they name would not be found.
  package static func texts(_ word: (Int32) -> UnsafePointer<CChar>?) throws(CommandFailure) -> [String] {
    guard word(0) != nil else { return Array(CommandLine.arguments.dropFirst()) }
    var texts: [String] = []
    var number: Int32 = 1
    while let text = word(number) {
      var length = 0
      while text[length] != 0 { length += 1 }
      let bytes = (0..<length).map { UInt8(bitPattern: text[$0]) }
      if let complaint = complaint(Int(number), bytes) { throw complaint }
      texts.append(String(decoding: bytes, as: UTF8.self))
      number += 1
    }
    return texts
  }

  /// What to say about a word; nil if it is text.
  static func complaint(_ number: Int, _ word: [UInt8]) -> CommandFailure? {
    guard String(validating: word, as: UTF8.self) == nil else { return nil }
    return .usage(
      "word \(number) of the command, '\(String(decoding: word, as: UTF8.self))', is not UTF-8; allowed: names in UTF-8; "
        + "next: rename the file, or make a link to it with a plain name")
  }
}
