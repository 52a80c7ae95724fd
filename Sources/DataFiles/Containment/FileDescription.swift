import CContainedReader
import CNetCDF

/// What a NetCDF file says about its contents: names, types, dimensions and attributes.
package struct FileDescription {
  /// The value of an attribute.
  package enum Value {
    case text([UInt8])
    case numbers([Double])
    /// A type nobody here reads.
    case other
    /// The library's code for an attribute it could not read.
    case unreadable(Int32)
  }

  /// Attributes by name; of two that are called the same, the first.
  package typealias Attributes = [String: Value]

  /// A variable without its numbers.
  package struct Variable {
    package let name: String
    /// The type in NetCDF's numbering.
    package let type: Int32
    /// Dimensions, slowest first.
    package let dimensions: [(name: String, length: Int)]
    /// Length of a chunk along the first dimension; 0 when stored in one piece.
    package let chunk: Int
    package let attributes: Attributes

    /// Bytes an element takes in the file before compression.
    var storedBytes: Int {
      switch type {
      case NC_BYTE, NC_UBYTE, NC_CHAR: return 1
      case NC_SHORT, NC_USHORT: return 2
      case NC_INT, NC_UINT, NC_FLOAT: return 4
      case NC_STRING: return 16
      default: return 8
      }
    }

    /// Number of elements; nil when it cannot be counted.
    package var count: Int? {
      var count = 1
      for dimension in dimensions {
        let (product, overflow) = count.multipliedReportingOverflow(by: dimension.length)
        if overflow { return nil }
        count = product
      }
      return count
    }
  }

  package let attributes: Attributes
  /// In the order of the file, then those of its groups, with names such as "SPARSE/H".
  package let variables: [Variable]
  /// Number of a variable by name.
  package let numbers: [String: Int]

  /// The description of an empty file.
  package init() { (attributes, variables, numbers) = ([:], [], [:]) }

  /// Takes apart what the reader wrote (`describe.c`); nil when it is not of that form.
  package init?(_ bytes: [UInt8]) {
    var cursor = DescriptionCursor(bytes)
    guard let attributes = cursor.attributes(), let count = cursor.count(of: 24) else { return nil }
    var variables: [Variable] = []
    var numbers: [String: Int] = [:]
    for number in 0..<count {
      guard let variable = cursor.variable() else { return nil }
      variables.append(variable)
      guard numbers.updateValue(number, forKey: variable.name) == nil else { return nil }
    }
    guard cursor.isAtEnd else { return nil }
    self.attributes = attributes
    self.variables = variables
    self.numbers = numbers
  }
}

/// Takes numbers and texts from the front of some bytes; nil as soon as something is missing.
private struct DescriptionCursor {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= bytes.count - place else { return nil }
    defer { place += count }
    return bytes[place..<place + count]
  }

  private mutating func number<N: FixedWidthInteger>(_: N.Type) -> N? {
    guard let slice = take(MemoryLayout<N>.size) else { return nil }
    return slice.withUnsafeBytes { $0.loadUnaligned(as: N.self) }
  }

  /// A number of things each of which takes at least `least` bytes: never more than can follow.
  mutating func count(of least: Int) -> Int? {
    guard let count = number(UInt32.self), Int(count) <= (bytes.count - place) / least else { return nil }
    return Int(count)
  }

  private mutating func length() -> Int? { number(UInt64.self).flatMap { Int(exactly: $0) } }

  private mutating func text() -> String? {
    guard let count = number(UInt32.self), let slice = take(Int(count)) else { return nil }
    return String(decoding: slice, as: UTF8.self)
  }

  mutating func variable() -> FileDescription.Variable? {
    guard let name = text(), let type = number(Int32.self), let rank = count(of: 12) else { return nil }
    var dimensions: [(name: String, length: Int)] = []
    for _ in 0..<rank {
      guard let name = text(), let length = length() else { return nil }
      dimensions.append((name, length))
    }
    guard let chunk = length(), let attributes = attributes() else { return nil }
    return FileDescription.Variable(name: name, type: type, dimensions: dimensions, chunk: chunk, attributes: attributes)
  }

  mutating func attributes() -> FileDescription.Attributes? {
    guard let count = count(of: 24) else { return nil }
    var attributes: FileDescription.Attributes = [:]
    for _ in 0..<count {
      guard let name = text(), let value = attribute() else { return nil }
      if attributes[name] == nil { attributes[name] = value }
    }
    return attributes
  }

  /// Type, code of reading, kind, size and bytes of an attribute.
  private mutating func attribute() -> FileDescription.Value? {
    guard number(Int32.self) != nil, let code = number(Int32.self), let kind = number(UInt32.self), let size = length(),
      let value = take(size)
    else { return nil }
    guard code == 0 else { return .unreadable(code) }
    switch Int(kind) {
    case PAIRBATH_ATTRIBUTE_TEXT: return .text(Array(value))
    case PAIRBATH_ATTRIBUTE_NUMBERS:
      guard size % MemoryLayout<Double>.size == 0 else { return nil }
      let count = size / MemoryLayout<Double>.size
      return .numbers(
        value.withUnsafeBytes { raw in (0..<count).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) } })
    default: return .other
    }
  }
}
