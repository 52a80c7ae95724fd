/// The words of the command line as the system handed them over.
package enum CommandWords {
  /// Refuses words that are no UTF-8 text: Swift would replace their bytes, and the file they name would not be found.
  package static func requireText() throws(CommandFailure) {
    for (number, word) in CommandLine.bytes.enumerated() {
      if let complaint = complaint(number, word) { throw complaint }
    }
  }

  /// What to say about a word; nil if it is text.
  static func complaint(_ number: Int, _ word: [UInt8]) -> CommandFailure? {
    guard String(validating: word, as: UTF8.self) == nil else { return nil }
    return .usage(
      "word \(number) of the command, '\(String(decoding: word, as: UTF8.self))', is not UTF-8; allowed: names in UTF-8; "
        + "next: rename the file, or make a link to it with a plain name")
  }
}

extension CommandLine {
  /// Every word as bytes, the command itself first.
  fileprivate static var bytes: [[UInt8]] {
    (0..<Int(argc)).map { i in
      guard let word = unsafeArgv[i] else { return [] }
      var length = 0
      while word[length] != 0 { length += 1 }
      return (0..<length).map { UInt8(bitPattern: word[$0]) }
    }
  }
}
