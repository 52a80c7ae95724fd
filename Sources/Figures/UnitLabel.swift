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

  private init(_ factor: Double, _ text: String) { (self.factor, self.text) = (factor, text) }

  /// Chooses an SI prefix, or a power of ten where there is none, so that numbers up to `largest` read well. Conductances are in
  /// quanta 2e^2/h.
  init(unit: String, largest: Double) {
    guard unit != UnitConversion.conductance else {
      let quantum = UnitLabel(unit: UnitConversion.quantum, largest: largest / UnitConversion.conductanceQuantum)
      self.init(quantum.factor / UnitConversion.conductanceQuantum, quantum.text)
      return
    }
    let exponent = largest > 0 && largest.isFinite ? Self.engineeringExponent(largest) : 0
    let pretty = Self.typeset(unit)
    if exponent == 0 {
      self.init(1, pretty)
    } else if let prefix = Self.prefix(of: unit, exponent: exponent, largest: largest) {
      self.init(Self.power(-prefix.exponent), prefix.symbol + pretty)
    } else if largest >= 1e4 || largest < 1e-2 {
      let power = TickMarks.power(exponent)
      self.init(Self.power(-exponent), pretty.isEmpty ? power : power + " " + pretty)
    } else {
      self.init(1, pretty)
    }
  }

  /// The unit somebody asked for; nil to choose one.
  init(unit: String, largest: Double, wanted: String?, option: String) throws(FigureError) {
    guard let wanted else {
      self.init(unit: unit, largest: largest)
      return
    }
    guard let conversion = UnitConversion(from: unit, to: wanted) else {
      throw FigureError(
        .unsuitable,
        "\(option): found '\(wanted)' for numbers in \(unit == "1" || unit.isEmpty ? "no unit" : "'\(unit)'"); "
          + "allowed: \(UnitConversion.allowed(from: unit))",
        hint: "leave it out, or write the words of the axis with \(option.replacing("-unit", with: "-label"))")
    }
    self.init(conversion.factor, Self.typeset(conversion.unit))
  }

  /// The multiple of 3 that leaves `value` between 1 and 1000.
  static func engineeringExponent(_ value: Double) -> Int {
    Int((log10(min(value, 1e307) * (1 + 1e-12)) / 3).rounded(.down)) * 3
  }

  static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  private static func prefix(of unit: String, exponent: Int, largest: Double) -> (exponent: Int, symbol: String)? {
    let first = unit.split(separator: " ").first ?? ""
    switch first {
    case "A", "W": return UnitConversion.prefixes.first { $0.exponent == min(max(exponent, -18), 9) }
    case "nm":
      return (0, "")
    case "eV", "K", "V":
      // 0.5 eV and 300 K read better than 500 meV and 0.3 kK.
      if largest >= 0.1 { return largest < 1e4 ? (0, "") : nil }
      return UnitConversion.prefixes.first { $0.exponent == max(exponent, -18) }
    default: return nil
    }
  }

  /// UDUNITS spelling to enhanced text: "eV2" to eV^2, "W K-1" to W K^-1, "hbar" to an italic h with a bar.
  static func typeset(_ unit: String) -> String {
    guard unit != "1" else { return "" }
    guard unit != UnitConversion.quantum else { return "{/:Italic G}_0" }
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

  /// Escaped, except that a caret before a digit or an n is ours to typeset.
  private static func withPowers(_ word: String) -> String {
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "n"].reduce(Typography.escaped(word)) {
      $0.replacing("\\^\($1)", with: "^\($1)")
    }
  }
}
