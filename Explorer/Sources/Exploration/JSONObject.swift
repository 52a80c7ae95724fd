import DataFiles
import Foundation

/// A JSON object out of keys and values that are JSON already.
struct JSONObject {
  let text: String

  init(_ fields: [(String, String)]) {
    text = "{" + fields.map { JSONText.string($0) + ": " + $1 }.joined(separator: ", ") + "}"
  }

  /// A list of values that are JSON already.
  static func list(_ values: [String]) -> String { "[" + values.joined(separator: ", ") + "]" }
}

/// Numbers for a page: base64 of their little-endian bytes, so that every bit arrives, NaN and infinity too, in a third of the space.
enum PackedNumbers {
  static func json(_ numbers: [Double]) -> String {
    let data = numbers.withUnsafeBytes { Data($0) }
    return "\"" + data.base64EncodedString() + "\""
  }

  static func json(_ numbers: [Double]?) -> String { numbers.map { json($0) } ?? "null" }
}
