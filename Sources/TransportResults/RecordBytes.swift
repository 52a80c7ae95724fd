/// Numbers and words as bytes, one after another: what a piece of work hands to another process.
///
/// Integers and floating point numbers stand as their eight bytes in the order of the machine; arrays and words after their count.
package struct RecordWriter: Sendable {
  /// What has been written.
  package private(set) var bytes: [UInt8] = []

  /// Nothing written yet.
  package init() {}

  /// Makes room for a number of bytes more.
  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  /// Adds an integer.
  package mutating func put(_ number: Int) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }

  /// Adds a number, bit by bit.
  package mutating func put(_ number: Double) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }

  /// Adds numbers after their count.
  package mutating func put(_ numbers: [Double]) {
    put(numbers.count)
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Adds numbers whose count the reader knows.
  package mutating func put(bare numbers: UnsafeBufferPointer<Double>) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
  }

  /// Adds bytes after their count.
  package mutating func put(_ raw: [UInt8]) {
    put(raw.count)
    bytes.append(contentsOf: raw)
  }

  /// Adds words.
  package mutating func put(_ words: String) { put(Array(words.utf8)) }
}

/// Reads what a `RecordWriter` wrote; nil, for ever after, where the bytes are something else.
package struct RecordReader: Sendable {
  private let bytes: [UInt8]
  private var place = 0

  /// Reads from the beginning.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// True when nothing is left.
  package var isAtEnd: Bool { place == bytes.count }

  /// The next integer.
  package mutating func integer() -> Int? {
    advance(8) { $0.loadUnaligned(as: Int.self) }
  }

  /// The next integer as a count of things of a number of bytes each, of which there cannot be more than are left.
  package mutating func count(of size: Int) -> Int? {
    guard let count = integer(), count >= 0, count <= (bytes.count - place) / max(size, 1) else { return nil }
    return count
  }

  /// The next number.
  package mutating func number() -> Double? {
    advance(8) { $0.loadUnaligned(as: Double.self) }
  }

  /// The next numbers.
  package mutating func numbers() -> [Double]? {
    guard let count = count(of: 8) else { return nil }
    return advance(8 * count) { raw in
      [Double](unsafeUninitializedCapacity: count) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
        filled = count
      }
    }
  }

  /// The next numbers into memory that has room for them.
  package mutating func read(into target: UnsafeMutableBufferPointer<Double>) -> Bool {
    advance(8 * target.count) { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) } != nil
  }

  /// The next bytes.
  package mutating func raw() -> [UInt8]? {
    guard let count = count(of: 1) else { return nil }
    return advance(count) { [UInt8]($0) }
  }

  /// The next words.
  package mutating func words() -> String? { raw().flatMap { String(validating: $0, as: UTF8.self) } }

  private mutating func advance<Value>(_ count: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
    guard place >= 0, count <= bytes.count - place else {
      place = -1
      return nil
    }
    defer { place += count }
    return bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[place..<(place + count)])) }
  }
}
