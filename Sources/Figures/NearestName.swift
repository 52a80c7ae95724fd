import DataFiles

/// What to say about a name that does not exist.
enum NearestName {
  /// "no X 'name'; allowed: a, b, c", and a question for what was meant, by spelling or by meaning.
  static func complaint(_ what: String, _ name: String, among candidates: [String]) -> (message: String, hint: String) {
    let allowed = candidates.isEmpty ? "none" : candidates.joined(separator: ", ")
    return ("no \(what) '\(name)'; allowed: \(allowed)", Spelling.advice(for: name, among: candidates))
  }
}
