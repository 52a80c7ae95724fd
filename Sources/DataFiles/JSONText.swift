import SystemFiles

/// Pieces of JSON text.
package enum JSONText {
  /// A quoted string.
  package static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where PrintableText.isHarmful(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A list of strings.
  package static func strings(_ texts: [String]) -> String { "[" + texts.map(string).joined(separator: ", ") + "]" }

  /// A number with all its digits; `null` for NaN and infinity.
  package static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

  /// Numbers by which others are found: where one is infinite, it is the word "inf" or "-inf", because `null` would be no place at all.
  package static func coordinates(_ values: [Double]) -> String {
    "[" + values.map { $0.isInfinite ? string("\($0)") : number($0) }.joined(separator: ", ") + "]"
  }

  /// Row-major numbers as nested lists of the given shape; a plain number for rank 0.
  package static func array(_ values: [Double], _ shape: [Int]) -> String {
    var text = ""
    text.reserveCapacity(values.count * 20)
    var at = 0
    append(values, shape[...], &at, &text)
    return text
  }

  private static func append(_ values: [Double], _ shape: ArraySlice<Int>, _ at: inout Int, _ text: inout String) {
    guard let length = shape.first else {
      text += number(values[at])
      at += 1
      return
    }
    text += "["
    for i in 0..<length {
      if i > 0 { text += ", " }
      append(values, shape.dropFirst(), &at, &text)
    }
    text += "]"
  }
}
