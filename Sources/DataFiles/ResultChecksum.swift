import Foundation

/// The attribute `checksum` of a result file: digests of everything that has a meaning in it.
///
/// The first line is `fletcher64x2` and the digest of the description (names, dimensions, attributes, and the digests of all variables); one
/// line for each variable follows: digest and name. Attributes that other programs add are not part of it.
package struct ResultChecksum {
  /// Name of the attribute.
  package static let attribute = "checksum"
  private static let method = "fletcher64x2"

  /// Attributes that say what numbers mean: all that `ResultWriter` writes but `coordinates`, which other programs write too, and those
  /// that older files have.
  package static let covered: Set<String> = older.union([
    "Conventions", "title", "source", "pairbath_version", "units", "units_in_words", "level", "tolerance", "model",
    "model_sha256", "inputs_sha256", "shortfalls", "long_name", "description", "symbol", "sign_convention", "error_variable",
    "sweep_name", "sweep_position",
    "result_dimension", "coordinate_of", "flag_values", "flag_meanings",
  ])
  /// Attributes that results had once.
  static let older: Set<String> = ["short_name"]

  package init() {}

  private var lines: [String] = []
  private var digests: [(name: String, digest: String)] = []

  /// Takes in a variable.
  package mutating func add(variable: String, dimensions: [(name: String, length: Int)], _ digest: ValueDigest) {
    let shape = dimensions.map { "\($0.name)=\($0.length)" }.joined(separator: ",")
    let digits = digest.hexadecimal
    lines.append("variable \(variable)(\(shape)): \(digits)")
    digests.append((variable, digits))
  }

  /// Takes in a text attribute of a variable, or of the file when `variable` is nil.
  package mutating func add(attribute: String, of variable: String?, _ text: String) {
    guard Self.covered.contains(attribute) else { return }
    lines.append("attribute \(variable ?? ""):\(attribute): \(text)")
  }

  /// Takes in a numeric attribute of a variable, or of the file when `variable` is nil.
  package mutating func add(attribute: String, of variable: String?, _ numbers: [Double]) {
    let words = numbers.map { ValueDigest.hexadecimal($0.bitPattern) }
    add(attribute: attribute, of: variable, "numbers " + words.joined(separator: " "))
  }

  /// The text of the attribute.
  package var text: String {
    let sorted = Self.sorted(digests, by: \.name)
    return ([Self.method + " " + description] + sorted.map { "\($0.digest) \($0.name)" }).joined(separator: "\n")
  }

  /// The digest of names, shapes, attributes and digests.
  private var description: String { ValueDigest(Self.sorted(lines) { $0 }).hexadecimal }

  /// In the order of their bytes, which is the same everywhere.
  private static func sorted<E>(_ elements: [E], by key: (E) -> String) -> [E] {
    elements.sorted { precedes(key($0), key($1)) }
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    func compared(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
      guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
      let order = memcmp(first, second, min(a.count, b.count))
      return order < 0 || order == 0 && a.count < b.count
    }
    let answer = a.utf8.withContiguousStorageIfAvailable { a in b.utf8.withContiguousStorageIfAvailable { compared(a, $0) } }
    return (answer ?? nil) ?? a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// Compares with the attribute of a file, whose variables and attributes have been taken in. Throws `invalidData` naming a variable.
  package func verify(_ stored: String, in path: String) throws(FileError) {
    let rows = stored.split(separator: "\n", omittingEmptySubsequences: false).map { $0.split(separator: " ", maxSplits: 1) }
    guard let first = rows.first, first.count == 2, rows.allSatisfy({ $0.count == 2 && $0[0].utf8.count <= 32 }) else {
      throw Self.failure(path, [Self.attribute], "a checksum that cannot be read")
    }
    guard first[0] == Self.method else {
      throw FileError(
        .invalidData, in: path, at: [Self.attribute], found: "a checksum '\(first[0])'", allowed: Self.method,
        hint: "it was written by another version of Pairbath; use that one, or a newer one")
    }
    let current = Dictionary(digests.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
    for row in rows.dropFirst() {
      guard let digest = current[String(row[1])] else {
        throw Self.failure(path, [String(row[1])], "no such variable, which was written")
      }
      guard digest == row[0] else { throw Self.failure(path, [String(row[1])], "values that are not those written") }
    }
    guard first[1] == description else {
      throw Self.failure(path, [], "names, dimensions, units, labels or a model that are not those written")
    }
  }

  private static func failure(_ path: String, _ place: [String], _ found: String) -> FileError {
    FileError(
      .invalidData, in: path, at: place, found: found + " (checksum)", allowed: "a result as 'pairbath run' wrote it",
      hint: "compute it again, or copy it again from where it came from; whoever changed it on purpose deletes the attribute "
        + "'\(attribute)': ncatted -a \(attribute),global,d,, FILE")
  }
}
