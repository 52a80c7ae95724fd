import ComplexModule
import DataFiles
import DenseMatrices
import SystemFiles
import TransportResults

/// Values as bytes, whatever their type: the names and values of all their parts, one inside the other, so that no part can be forgotten.
///
/// Numbers count bit by bit. Meant for values without references and without unordered collections. Cost: that of reading long arrays of
/// numbers, some microseconds for everything else.
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
    case let number as Double: tagged { $0.put(number) }
    case let number as Int: tagged(1) { $0.put(number) }
    case let flag as Bool: tagged(2) { $0.put(flag ? 1 : 0) }
    case let words as String: tagged(3) { $0.put(words) }
    case let numbers as [Double]: add(elements: numbers)
    case let numbers as [Scalar]: add(elements: numbers)
    case let numbers as [Int]: add(elements: numbers)
    default: addParts(of: value)
    }
  }

  /// Adds a value behind a number for its type.
  private mutating func tagged(_ tag: Int = 0, _ put: (inout RecordWriter) -> Void) {
    writer.put(tag)
    put(&writer)
  }

  /// Long arrays count by their checksum, at the speed of memory.
  private mutating func add<Element>(elements: [Element]) {
    writer.put(String(reflecting: Element.self))
    writer.put(elements.count)
    let (sum, weighted) = elements.withUnsafeBytes { ValueDigest(words: $0).sums }
    writer.put(Int(bitPattern: UInt(sum)))
    writer.put(Int(bitPattern: UInt(weighted)))
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
