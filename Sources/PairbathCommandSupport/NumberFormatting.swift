import Figures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers as people want to read them: no digit more than the error estimate justifies.
package enum NumberFormatting {
  /// Most significant digits shown; errors below them are not worth their space.
  static let mostDigits = 10

  /// A value with its absolute error estimate in units of the last digits: 1.2346(7)e-05; 10 digits where that is exact.
  package static func text(_ value: Double, error: Double?) -> String {
    guard value.isFinite else { return DecimalText.general(value, digits: 3) }
    // Powers of ten below that are no normal numbers.
    guard let error, !(error.magnitude <= 1e-300) else { return DecimalText.general(value, digits: mostDigits) }
    guard error.isFinite else { return DecimalText.general(value, digits: 3) + "(?)" }
    let last = lastPlace(of: abs(error))
    let top = value == 0 ? last : max(exponent(of: value), last)
    // Beyond the most digits the error is below what is shown and needs no brackets.
    let isFine = top - last >= mostDigits
    let place = isFine ? top - mostDigits + 1 : last
    let bracket = isFine ? "" : "(\(Int((abs(error) / power(last) - 1e-9).rounded(.up))))"
    if place <= 0 && top >= -4 && top < 6 { return plain(value, decimals: -place) + bracket }
    return scientific(value, bracket, top: top, last: place)
  }

  /// A plain number with few digits, for labels and shares.
  package static func short(_ value: Double, digits: Int = 6) -> String { DecimalText.general(value, digits: digits) }

  /// Seconds as 0.42 s, 12 s, 3 min 20 s or 2 h 5 min.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "unknown" }
    if seconds < 0.01 { return "under 0.01 s" }
    if seconds < 10 { return DecimalText.general(seconds, digits: 2) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 172_800 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return "\(whole / 86400) days \(whole % 86400 / 3600) h"
  }

  /// Bytes in binary multiples.
  package static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1024 { return DecimalText.general(value, digits: value < 1000 ? 3 : 4) + " " + unit }
      value /= 1024
    }
    return DecimalText.general(value, digits: 4) + " TiB"
  }

  /// "1 state", "2 states".
  package static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func scientific(_ value: Double, _ bracket: String, top: Int, last: Int) -> String {
    // The mantissa is printed for the exponent chosen, so that value and error share the last place.
    let mantissa = plain(value / power(top), decimals: top - last)
    let sign = top < 0 ? "-" : "+"
    let digits = abs(top) < 10 ? "0\(abs(top))" : "\(abs(top))"
    return mantissa + bracket + "e\(sign)\(digits)"
  }

  /// Without an exponent; a zero has no sign.
  static func plain(_ value: Double, decimals: Int) -> String {
    let text = DecimalText.fixed(value, decimals: decimals)
    return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) }) ? String(text.dropFirst()) : text
  }

  /// Place of the last digit to show: that of the error's first digit, one further if that is a 1.
  private static func lastPlace(of error: Double) -> Int {
    let place = exponent(of: error)
    return error / power(place) < 2 ? place - 1 : place
  }

  private static func exponent(of value: Double) -> Int { Int(log10(abs(value)).rounded(.down)) }

  private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }
}
