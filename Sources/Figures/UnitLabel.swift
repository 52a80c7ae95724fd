import SystemFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A unit as shown on an axis, with the factor that brings the numbers to it.
struct UnitLabel: Equatable {
  /// Multiply the result's numbers by this.
  let factor: Double
  /// In gnuplot's enhanced text; empty for pure numbers.
  let text: String

  /// Chooses an SI prefix, or a power of ten where there is none, so that numbers up to `largest` read well.
  init(unit: String, largest: Double, keepsScale: Bool = false) {
    let exponent = largest > 0 && largest.isFinite ? Self.engineeringExponent(largest) : 0
    let pretty = Self.typeset(unit)
    if exponent == 0 || keepsScale {
      (factor, text) = (1, pretty)
    } else if let prefix = Self.prefix(of: unit, exponent: exponent, largest: largest) {
      (factor, text) = (Self.power(-prefix.exponent), prefix.symbol + pretty)
    } else if largest >= 1e4 || largest < 1e-2 {
      let power = "10^{\(exponent)}".replacing("-", with: "−")
      (factor, text) = (Self.power(-exponent), pretty.isEmpty ? power : power + " " + pretty)
    } else {
      (factor, text) = (1, pretty)
    }
  }

  /// The multiple of 3 that leaves `value` between 1 and 1000.
  static func engineeringExponent(_ value: Double) -> Int {
    Int((log10(min(value, 1e307) * (1 + 1e-12)) / 3).rounded(.down)) * 3
  }

  static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  private static let prefixes: [(exponent: Int, symbol: String)] = [
    (-18, "a"), (-15, "f"), (-12, "p"), (-9, "n"), (-6, "μ"), (-3, "m"), (0, ""), (3, "k"), (6, "M"), (9, "G"),
  ]

  private static func prefix(of unit: String, exponent: Int, largest: Double) -> (exponent: Int, symbol: String)? {
    let first = unit.split(separator: " ").first ?? ""
    switch first {
    case "A", "W": return prefixes.first { $0.exponent == min(max(exponent, -18), 9) }
    case "nm":
      return (0, "")
    case "eV", "K", "V":
      // 0.5 eV and 300 K read better than 500 meV and 0.3 kK.
      if largest >= 0.1 { return largest < 1e4 ? (0, "") : nil }
      return prefixes.first { $0.exponent == max(exponent, -18) }
    default: return nil
    }
  }

  /// UDUNITS spelling to enhanced text: "eV2" to eV^2, "W K-1" to W K^-1, "hbar" to an italic h with a bar.
  static func typeset(_ unit: String) -> String {
    guard unit != "1" else { return "" }
    let words = PrintableText.line(unit, limit: Typography.longestText).split(separator: " ")
    return words.map { typesetWord(String($0)) }.joined(separator: " ")
      .replacing("hbar", with: "{/:Italic ħ}").replacing("k\\_B", with: "{/:Italic k}_B")
  }

  private static func typesetWord(_ word: String) -> String {
    guard let cut = word.firstIndex(where: { $0.isNumber || $0 == "-" }), cut != word.startIndex, let power = Int(word[cut...]),
      !word.contains("^")
    else { return withPowers(word) }
    return Typography.escaped(String(word[..<cut])) + "^{\(power)}".replacing("-", with: "−")
  }

  /// Escaped, except that a caret before a digit is ours to typeset.
  private static func withPowers(_ word: String) -> String {
    (0...9).reduce(Typography.escaped(word)) { $0.replacing("\\^\($1)", with: "^\($1)") }
  }
}
