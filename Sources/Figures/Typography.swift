import JunctionModel
import SystemFiles
import TransportResults

/// Names as gnuplot's enhanced text: italic symbols, subscripts, Greek.
enum Typography {
  /// A symbol as results write it (`ResultQuantity.symbol`); nil for an empty one. One whose stars or braces have no partner is shown
  /// letter by letter: it may come from any file.
  static func symbol(_ markup: String) -> String? {
    guard !markup.isEmpty else { return nil }
    let parts = PrintableText.line(markup, limit: longestText).split(separator: "*", omittingEmptySubsequences: false)
    let typeset = parts.compactMap { indexed($0) }
    guard parts.count % 2 == 1, typeset.count == parts.count else { return escaped(markup) }
    return zip(typeset, typeset.indices).map { $1 % 2 == 1 ? italic($0) : $0 }.joined()
  }

  /// Words that somebody wrote for a label, with the marks of symbols; a hyphen between blanks is a minus sign.
  static func written(_ markup: String) -> String {
    let parts = markup.split(separator: " - ", omittingEmptySubsequences: false).map { String($0) }
    return parts.count == 1 ? symbol(markup) ?? "" : parts.map { symbol($0) ?? "" }.joined(separator: " − ")
  }

  /// Text with `_{}` and `^{}`, everything else escaped; nil where braces have no partner.
  private static func indexed(_ text: Substring) -> String? {
    var (out, depth, rest) = ("", 0, text)
    while let letter = rest.popFirst() {
      if letter == "_" || letter == "^", rest.first == "{" {
        rest.removeFirst()
        depth += 1
        out += "\(letter){"
      } else if letter == "}" {
        depth -= 1
        out += "}"
        guard depth >= 0 else { return nil }
      } else {
        out += escaped(String(letter))
      }
    }
    return depth == 0 ? out : nil
  }

  /// The variable's short name; without one its long name up to a comma or bracket, capitalised where it begins with a word.
  static func title(of variable: ResultVariable) -> String {
    guard variable.title.isEmpty else { return escaped(variable.title) }
    let words = variable.longName.isEmpty ? variable.name.replacing("_", with: " ") : variable.longName
    let short = words.prefix { !",;:([".contains($0) }
    let clean = escaped(String(short).trimmed)
    // The d of dI/dV and the n of n(E) are symbols.
    let first = clean.prefix { !$0.isWhitespace }
    guard first.count > 2 || first == "a", first.allSatisfy({ $0.isLowercase || $0 == "\u{2010}" }) else { return clean }
    return clean.prefix(1).uppercased() + clean.dropFirst()
  }

  /// A sweep variable's name: T_ph to an italic T with subscript ph, dT to a difference, mu to the Greek letter.
  static func axisSymbol(_ name: String) -> String {
    let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
    guard let head = parts.first else { return escaped(name) }
    let difference = ["delta", "d"].first { head.hasPrefix($0) && isSymbol(String(head.dropFirst($0.count))) }
    let core = difference.map { String(head.dropFirst($0.count)) } ?? head
    guard isSymbol(core) else { return escaped(name.replacing("_", with: " ")) }
    let letters = core.prefix { !$0.isNumber }
    let digits = core.dropFirst(letters.count)
    let base = italic(greek[String(letters)] ?? String(letters))
    let below = [String(digits), parts.count > 1 ? escaped(parts[1].replacing("_", with: ",")) : ""]
    let subscriptText = below.filter { !$0.isEmpty }.joined(separator: ",")
    return (difference == nil ? "" : "Δ") + base + (subscriptText.isEmpty ? "" : "_{\(subscriptText)}")
  }

  /// The unit of a sweep variable or a grid as far as its name tells; nil when it does not.
  static func axisUnit(_ name: String, units: UnitSystem) -> String? {
    if let quantity = StandardDimension(rawValue: name)?.quantity { return units.label(of: quantity) }
    let head = String(name.split(separator: "_").first ?? "")
    switch head.hasPrefix("d") ? String(head.dropFirst()) : head.replacing("delta", with: "") {
    case "T", "temperature": return units.label(of: .temperature)
    case "V", "bias", "U": return units.label(of: .voltage)
    case "mu", "e", "epsilon", "eps": return units.label(of: .energy)
    default: return nil
    }
  }

  /// "L>R" to an arrow, everything else escaped.
  static func label(_ text: String, limit: Int = longestText) -> String {
    escaped(text, limit: limit).replacing(">", with: "→")
  }

  /// Most bytes of one foreign text: gnuplot keeps enhanced text in buffers of 1024 bytes.
  static let longestText = 400
  /// Most bytes of a name in a legend or above a frame.
  static let longestName = 44

  /// Foreign text to be shown as it is: one printable line, with what enhanced text would interpret protected.
  static func escaped(_ text: String, limit: Int = longestText) -> String {
    var out = String.UnicodeScalarView()
    for scalar in PrintableText.line(text, limit: limit).unicodeScalars {
      switch scalar {
      case "{", "}", "^", "_", "@", "&", "~", "\\":
        out.append("\\")
        out.append(scalar)
      case "-": out.append("\u{2010}")
      default: out.append(scalar)
      }
    }
    return String(out)
  }

  /// Enhanced text as a gnuplot string. In single quotes gnuplot substitutes no backslash, backtick or macro.
  ///
  /// The quote itself is written as enhanced text writes it, by its number: gnuplot ends a string too early at a doubled quote that
  /// comes first or next to another, and what follows would be a command.
  static func quoted(_ text: String) -> String {
    let bytes = PrintableText.line(text).utf8.flatMap { $0 == UInt8(ascii: "'") ? Array("\\047".utf8) : [$0] }
    return "'" + String(decoding: bytes, as: UTF8.self) + "'"
  }

  /// The name of a file as a gnuplot string: in double quotes, where every byte but letters, digits and the plainest signs is a number.
  static func fileName(_ path: String) -> String {
    let bytes = path.utf8.flatMap { byte -> [UInt8] in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._-/ ".utf8.contains(byte)
      let octal = String(byte, radix: 8)
      return isPlain || byte >= 0x80 ? [byte] : Array("\\\(String(repeating: "0", count: 3 - octal.count))\(octal)".utf8)
    }
    return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
  }

  /// Width of enhanced text in ems of the font: markup does not count, indices count less.
  static func width(_ text: String) -> Double { TextMetrics.width(enhanced: text) }

  static func italic(_ text: String) -> String { "{/:Italic \(text)}" }

  /// One letter or the name of a Greek one, then decimal digits.
  private static func isSymbol(_ text: String) -> Bool {
    let letters = text.prefix { !$0.isNumber }
    let isLetter = letters.unicodeScalars.count == 1 && letters.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
    let digits = text.dropFirst(letters.count).utf8
    return (isLetter || greek[String(letters)] != nil) && digits.count < 10 && digits.allSatisfy { (48...57).contains($0) }
  }

  private static let greek: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "Gamma": "Γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "eps": "ε",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "Lambda": "Λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ",
    "sigma": "σ", "Sigma": "Σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Omega": "Ω",
  ]
}

extension String {
  /// Without leading and trailing blanks.
  var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
