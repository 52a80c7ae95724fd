/// Finds the word somebody meant.
package enum Spelling {
  /// The candidates somebody most likely meant, best first: one that is spelled nearly alike, or else those that mean the same
  /// (`Meaning`), or else one of which about half the letters agree; at most three, none when nothing is near.
  package static func suggestions(for word: String, among candidates: [String]) -> [String] {
    if let typo = closest(to: word, among: candidates), typo.distance <= typos(in: word, typo.word) { return [typo.word] }
    let meant = Meaning.matches(of: word, among: candidates)
    if !meant.isEmpty { return meant }
    return nearest(to: word, among: candidates).map { [$0] } ?? []
  }

  /// The candidate nearest to `word` by edit distance, whatever the case, or the only one that begins with it; nil when none
  /// is near.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    // Words of one or two letters have everything near them: at least one letter must be right.
    if let best = closest(to: word, among: candidates),
      best.distance <= max(min(2, max(word.count, best.word.count) - 1), min(word.count, best.word.count) / 2)
    {
      return best.word
    }
    let longer = candidates.filter { $0.lowercased().hasPrefix(word.lowercased()) }
    return word.count > 2 && longer.count == 1 ? longer[0] : nil
  }

  /// A question naming what was meant, or the empty string.
  package static func advice(for word: String, among candidates: [String]) -> String {
    question(suggestions(for: word, among: candidates))
  }

  /// "did you mean 'a' or 'b'?", the empty string for none.
  package static func question(_ words: [String]) -> String {
    guard let last = words.last else { return "" }
    let quoted = words.map { "'\($0)'" }
    return "did you mean " + (words.count == 1 ? "'\(last)'" : quoted.dropLast().joined(separator: ", ") + " or '\(last)'") + "?"
  }

  /// The candidate with the least edits, whatever the case; the first of equal ones.
  private static func closest(to word: String, among candidates: [String]) -> (word: String, distance: Int)? {
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let d = distance(word.lowercased(), candidate.lowercased())
      if d < best?.distance ?? Int.max { best = (candidate, d) }
    }
    return best
  }

  /// Edits that a typing error makes: one in four letters, two at most, none in words of one letter.
  private static func typos(in word: String, _ candidate: String) -> Int {
    min(2, max(1, min(word.count, candidate.count) / 4), max(word.count, candidate.count) - 1)
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
