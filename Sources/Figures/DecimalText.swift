#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers as text through the C library: fast, the same in every locale, and without Foundation.
package enum DecimalText {
  /// `%.<digits>e`: one digit, a point, `digits` digits and an exponent.
  package static func scientific(_ value: Double, digits: Int) -> String { format("%.\(max(digits, 0))e", value) }

  /// `%.<decimals>f`.
  package static func fixed(_ value: Double, decimals: Int) -> String { format("%.\(max(decimals, 0))f", value) }

  /// `%.<digits>g`: the shorter of both, at most `digits` significant digits, no trailing zeros.
  package static func general(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : (value > 0 ? "inf" : "-inf") }
    return format("%.\(max(digits, 1))g", value)
  }

  private static func format(_ pattern: String, _ value: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 400)
    let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, pattern, $0) }
    return String(decoding: buffer.prefix(max(Int(length), 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
