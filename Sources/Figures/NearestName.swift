/// Finds what somebody meant by a name that does not exist.
package enum NearestName {
  /// The candidate with the fewest edits, if it is near enough to be a slip; nil otherwise.
  package static func of(_ name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased())
    let scored = candidates.map { (candidate: $0, edits: edits(wanted, Array($0.lowercased()))) }
    guard let best = scored.min(by: { $0.edits < $1.edits }) else { return nil }
    if best.edits <= (wanted.count > 1 ? max(1, wanted.count / 3) : 0) { return best.candidate }
    return candidates.first { $0.lowercased().contains(name.lowercased()) && name.count >= 3 }
  }

  /// "found X; allowed: a, b, c" with the nearest name first in the hint.
  package static func complaint(_ what: String, _ name: String, among candidates: [String]) -> (message: String, hint: String) {
    let allowed = candidates.isEmpty ? "none" : candidates.joined(separator: ", ")
    let hint = of(name, among: candidates).map { "did you mean '\($0)'?" } ?? ""
    return ("no \(what) '\(name)'; allowed: \(allowed)", hint)
  }

  /// Levenshtein distance.
  private static func edits(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty else { return b.count }
    var previous = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var current = [i + 1]
      for (j, y) in b.enumerated() {
        current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (x == y ? 0 : 1)))
      }
      previous = current
    }
    return previous[b.count]
  }
}
