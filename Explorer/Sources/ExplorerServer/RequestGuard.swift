/// Who may ask: pages that this server gave out, on this machine.
///
/// The token in the address keeps out other users and other pages; `Host` those who let a name of theirs point here (DNS rebinding);
/// `Origin` and `Sec-Fetch-Site` other pages of the same browser.
struct RequestGuard: Sendable {
  let token: String
  let port: UInt16

  /// A token of 128 bits that nobody can guess.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    return String((0..<32).map { _ in digits[Int.random(in: 0..<16, using: &generator)] })
  }

  private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

  /// What follows the token in the path; nil for whoever may not ask.
  func place(path: String, host: String?, origin: String?, site: String?) -> String? {
    guard let host, hosts.contains(host.lowercased()) else { return nil }
    if let origin, !hosts.contains(where: { origin.lowercased() == "http://" + $0 }) { return nil }
    if let site, !["same-origin", "none"].contains(site.lowercased()) { return nil }
    let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, isToken(parts[1]) else { return nil }
    return String(parts[2])
  }

  /// Compares all bytes, so that time tells nothing.
  private func isToken(_ word: Substring) -> Bool {
    guard word.utf8.count == token.utf8.count else { return false }
    return zip(word.utf8, token.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
