/// A checksum of bytes: Fletcher's two sums over 32-bit words, modulo 2^64.
///
/// With words w_1 ... w_n, in the order of little-endian bytes: s = sum w_i and t = sum (n + 1 - i) w_i. Every changed bit changes s; words
/// that are exchanged or changed against each other change t. It finds accidents, not forgeries, at the speed of memory.
package struct ValueDigest: Equatable, Sendable {
  private var sum: UInt64 = 0
  private var weighted: UInt64 = 0

  /// The digest of no words.
  package init() {}

  /// The digest of numbers as the bytes of 64-bit floating point numbers.
  package init(_ values: [Double]) {
    values.withUnsafeBytes { addWords($0) }
  }

  /// The digest of whole words.
  package init(words raw: UnsafeRawBufferPointer) { addWords(raw) }

  /// The digest of bytes, the end filled with zeros to a whole word.
  package init(bytes: [UInt8]) {
    let whole = bytes.count & ~3
    // Arrays begin at multiples of 16 bytes.
    bytes.withUnsafeBytes { addWords(UnsafeRawBufferPointer(rebasing: $0[..<whole])) }
    guard whole < bytes.count else { return }
    var word: UInt32 = 0
    for (i, byte) in bytes[whole...].enumerated() { word |= UInt32(byte) << UInt32(8 * i) }
    withUnsafePointer(to: UInt32(littleEndian: word)) { add(UnsafeBufferPointer(start: $0, count: 1)) }
  }

  /// Adds whole words.
  private mutating func addWords(_ raw: UnsafeRawBufferPointer) {
    let blocks = raw.count / 32
    raw.withMemoryRebound(to: UInt64.self) { add(blocks: blocks, of: $0) }
    add(UnsafeRawBufferPointer(rebasing: raw[(32 * blocks)...]).bindMemory(to: UInt32.self))
  }

  /// The two sums.
  package var sums: (UInt64, UInt64) { (sum, weighted) }

  /// Eight words at a time, as four pairs: with A the sums of the words of each place so far and B the sum of A before each block,
  /// s = sum A and t = sum over places l = 0 ... 7 of 8 B_l + (8 - l) A_l, beside 8 times the number of blocks times the sum before.
  private mutating func add(blocks: Int, of pairs: UnsafeBufferPointer<UInt64>) {
    var (low, high, lowSums, highSums) = (SIMD4<UInt64>.zero, SIMD4<UInt64>.zero, SIMD4<UInt64>.zero, SIMD4<UInt64>.zero)
    for block in 0..<blocks {
      lowSums &+= low
      highSums &+= high
      for lane in 0..<4 {
        let pair = UInt64(littleEndian: pairs[4 * block + lane])
        low[lane] &+= pair & 0xFFFF_FFFF
        high[lane] &+= pair >> 32
      }
    }
    weighted &+= 8 &* UInt64(blocks) &* sum
    for lane in 0..<4 {
      let place = UInt64(2 * lane)
      weighted &+= 8 &* (lowSums[lane] &+ highSums[lane]) &+ (8 - place) &* low[lane] &+ (7 - place) &* high[lane]
    }
    sum &+= low.wrappedSum() &+ high.wrappedSum()
  }

  /// The digest of strings as UTF-8, each ended by a zero byte, the end filled with zeros to a whole word.
  package init(_ strings: [String]) {
    var bytes: [UInt8] = []
    for string in strings {
      bytes.append(contentsOf: string.utf8)
      bytes.append(0)
    }
    bytes.append(contentsOf: [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4))
    let words = bytes.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: 4).map { raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self) }
    }
    words.withUnsafeBufferPointer { add($0) }
  }

  private mutating func add(_ words: UnsafeBufferPointer<UInt32>) {
    var (s, t) = (sum, weighted)
    for word in words {
      s &+= UInt64(UInt32(littleEndian: word))
      t &+= s
    }
    (sum, weighted) = (s, t)
  }

  /// 32 hexadecimal digits: s, then t.
  package var hexadecimal: String { Self.hexadecimal(sum) + Self.hexadecimal(weighted) }

  /// 16 hexadecimal digits.
  package static func hexadecimal(_ number: UInt64) -> String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for place in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * place)) & 15
        buffer[place] = digit < 10 ? 48 + digit : 87 + digit
      }
      return 16
    }
  }
}
