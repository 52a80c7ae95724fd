import ComplexModule
import DenseMatrices
import SystemFiles
import TransportResults

/// Values as bytes, whatever their type: the names and values of all their parts, one inside the other, so that no part can be forgotten.
///
/// Numbers count bit by bit. Meant for values without references and without unordered collections. Cost: a copy of long arrays of numbers,
/// some microseconds for everything else.
struct StructuralDigest {
  private var writer = RecordWriter()

  /// Nothing yet.
  init() {}

  /// SHA-256 of what has been added.
  var hexadecimal: String {
    var hash = SHA256()
    hash.add(writer.bytes)
    return hash.hexadecimal
  }

  /// Adds a value.
  mutating func add(_ value: Any) {
    switch value {
    case let number as Double: writer.put(number)
    case let number as Int: writer.put(number)
    case let flag as Bool: writer.put(flag ? 1 : 0)
    case let words as String: writer.put(words)
    case let numbers as [Double]: writer.put(numbers)
    case let numbers as [Scalar]: writer.put(numbers.withUnsafeBytes { [UInt8]($0) })
    case let numbers as [Int]: writer.put(numbers.withUnsafeBytes { [UInt8]($0) })
    default: addParts(of: value)
    }
  }

  private mutating func addParts(of value: Any) {
    let mirror = Mirror(reflecting: value)
    // Cases of enumerations without values have no parts.
    writer.put(mirror.children.isEmpty ? String(reflecting: value) : String(reflecting: type(of: value)))
    writer.put(mirror.children.count)
    for child in mirror.children {
      writer.put(child.label ?? "")
      add(child.value)
    }
  }
}
