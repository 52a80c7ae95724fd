/// Finds names that mean what somebody typed: by the words they are made of, by synonyms, and by what a thing is called elsewhere.
enum Meaning {
  /// The most names offered.
  private static let most = 3

  /// The candidates that mean the same as `word`, the nearest ones only; at most three, none when none does.
  static func matches(of word: String, among candidates: [String]) -> [String] {
    let called = Vocabulary.aliases[plain(word)] ?? []
    let aliases = called.flatMap { alias in candidates.filter { plain($0) == plain(alias) } }
    if !aliases.isEmpty { return Array(aliases.prefix(most)) }
    let wanted = parts(of: word).filter { !Vocabulary.fillers.contains($0) }
    guard !wanted.isEmpty else { return [] }
    let costs = candidates.map { cost(of: wanted, in: parts(of: $0)) }
    guard let least = costs.compactMap({ $0 }).min() else { return [] }
    return Array(zip(candidates, costs).filter { $0.1 == least }.map(\.0).prefix(most))
  }

  /// How far a name is from the words wanted: 2 for every word of it that nobody asked for, 1 for an abbreviation or a slip, 3 for a
  /// synonym; nil when a word wanted is not in it.
  private static func cost(of wanted: [String], in name: [String]) -> Int? {
    var rest = name
    var sum = 0
    for word in wanted {
      let found = rest.indices.compactMap { i in distance(word, rest[i]).map { (at: i, cost: $0) } }
      guard let best = found.min(by: { $0.cost < $1.cost }) else { return nil }
      rest.remove(at: best.at)
      sum += best.cost
    }
    return sum + 2 * rest.count
  }

  private static func distance(_ word: String, _ part: String) -> Int? {
    if word == part { return 0 }
    let shorter = min(word.count, part.count)
    if shorter >= 3, word.hasPrefix(part) || part.hasPrefix(word) { return 1 }
    if shorter >= 5, Spelling.distance(word, part) == 1 { return 1 }
    return Vocabulary.synonyms.contains { $0.contains(word) && $0.contains(part) } ? 3 : nil
  }

  /// The words of a name in lower case and in the singular: "electrodeHeat_currents" to electrode, heat, current.
  private static func parts(of name: String) -> [String] {
    var parts: [String] = []
    var part = ""
    var wasLower = false
    for character in name {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (character.isUppercase && wasLower) {
        if !part.isEmpty { parts.append(singular(part)) }
        part = ""
      }
      if isWord { part += character.lowercased() }
      wasLower = character.isLowercase
    }
    return part.isEmpty ? parts : parts + [singular(part)]
  }

  private static func singular(_ word: String) -> String {
    guard word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss") else { return word }
    return word.hasSuffix("ies") ? word.dropLast(3) + "y" : String(word.dropLast())
  }

  /// Letters and digits in lower case.
  private static func plain(_ word: String) -> String { String(word.filter { $0.isLetter || $0.isNumber }).lowercased() }
}
