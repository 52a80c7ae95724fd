import CContainedReader

/// This process's view of the memory a reader writes into.
package struct ReaderWindow {
  /// The first byte; nil for an empty window.
  package private(set) var base: UnsafeMutableRawPointer?
  /// Size of the window.
  package private(set) var bytes = 0

  /// Maps more of the reader's memory; false when there is no room, and then the window is empty.
  package mutating func enlarge(to bytes: Int, _ reader: pairbath_reader) -> Bool {
    var reader = reader
    base = pairbath_reader_map(&reader, base, UInt64(self.bytes), UInt64(bytes))
    self.bytes = base == nil ? 0 : bytes
    return base != nil
  }

  /// The first bytes; copied before anybody looks at them, because the other process could still change them.
  package func copy(_ count: Int) -> [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: min(count, bytes))) }

  /// Copies numbers that begin at byte `offset` of the window to element `place` of an uninitialised array.
  package func copy(_ count: Int, from offset: Int, to buffer: UnsafeMutableBufferPointer<Double>, at place: Int) {
    guard let base, let target = buffer.baseAddress, offset + count * 8 <= bytes, place + count <= buffer.count else {
      preconditionFailure("a block outside the window or the array")
    }
    (target + place).initialize(from: base.advanced(by: offset).assumingMemoryBound(to: Double.self), count: count)
  }
}
