/// Finds the word somebody meant.
package enum Spelling {
  /// The candidate nearest to `word` by edit distance, whatever the case, or the only one that begins with it; nil when none
  /// is near.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let d = distance(word.lowercased(), candidate.lowercased())
      if d < best?.distance ?? Int.max { best = (candidate, d) }
    }
    // Words of one or two letters have everything near them: at least one letter must be right.
    if let best, best.distance <= max(min(2, max(word.count, best.word.count) - 1), min(word.count, best.word.count) / 2) {
      return best.word
    }
    let longer = candidates.filter { $0.lowercased().hasPrefix(word.lowercased()) }
    return word.count > 2 && longer.count == 1 ? longer[0] : nil
  }

  /// A sentence naming the nearest candidate, or the empty string.
  package static func advice(for word: String, among candidates: [String]) -> String {
    nearest(to: word, among: candidates).map { "did you mean '\($0)'?" } ?? ""
  }

  /// Number of insertions, deletions and replacements between two words, at most 64 letters of each.
  package static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.prefix(64))
    let b = Array(b.prefix(64))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }

  /// True for a letter or underscore followed by letters, digits and underscores (ASCII).
  package static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  package static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 }
  package static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
