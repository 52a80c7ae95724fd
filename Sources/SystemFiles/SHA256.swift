#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The hash function SHA-256 of FIPS 180-4, for the fingerprints of a model's text and of its data files.
package struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var schedule = [UInt32](repeating: 0, count: 64)
  /// Bytes that do not fill a block yet.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  package init() {}

  /// The digest of the UTF-8 bytes of `text`, 64 hexadecimal digits.
  package static func hexadecimal(of text: String) -> String {
    var hash = SHA256()
    hash.add(Array(text.utf8))
    return hash.hexadecimal
  }

  /// The digest of a file's bytes, read in pieces; nil when it cannot be read.
  package static func hexadecimal(ofFile path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = read(descriptor, &buffer, buffer.count)
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { return nil }
      guard got > 0 else { return hash.hexadecimal }
      hash.add(got == buffer.count ? buffer : Array(buffer[..<got]))
    }
  }

  /// Takes in more bytes.
  package mutating func add(_ bytes: [UInt8]) {
    count += UInt64(bytes.count)
    guard rest.isEmpty else {
      let all = rest + bytes
      rest = []
      return take(all)
    }
    take(bytes)
  }

  /// The digest of what was taken in, 64 hexadecimal digits.
  package var hexadecimal: String {
    var copy = self
    var tail = rest
    tail.append(0x80)
    tail.append(contentsOf: [UInt8](repeating: 0, count: (120 - tail.count % 64) % 64))
    let bits = count * 8
    for shift in stride(from: 56, through: 0, by: -8) { tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    copy.take(tail)
    let digits = Array("0123456789abcdef")
    return String(
      copy.state.flatMap { word in stride(from: 28, through: 0, by: -4).map { digits[Int(word >> UInt32($0)) & 15] } })
  }

  private mutating func take(_ bytes: [UInt8]) {
    let whole = bytes.count / 64 * 64
    bytes.withUnsafeBufferPointer { all in
      for start in stride(from: 0, to: whole, by: 64) {
        Self.compress(UnsafeBufferPointer(rebasing: all[start..<start + 64]), &state, &schedule)
      }
    }
    rest = Array(bytes[whole...])
  }

  private static func compress(_ block: UnsafeBufferPointer<UInt8>, _ state: inout [UInt32], _ schedule: inout [UInt32]) {
    schedule.withUnsafeMutableBufferPointer { w in
      for i in 0..<16 {
        let at = 4 * i
        w[i] = UInt32(block[at]) << 24 | UInt32(block[at + 1]) << 16 | UInt32(block[at + 2]) << 8 | UInt32(block[at + 3])
      }
      for i in 16..<64 {
        let s0 = Self.rotated(w[i - 15], 7) ^ Self.rotated(w[i - 15], 18) ^ (w[i - 15] >> 3)
        let s1 = Self.rotated(w[i - 2], 17) ^ Self.rotated(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for i in 0..<64 {
        let s1 = Self.rotated(e, 6) ^ Self.rotated(e, 11) ^ Self.rotated(e, 25)
        let choice = (e & f) ^ (~e & g)
        let t1 = h &+ s1 &+ choice &+ Self.roundConstants[i] &+ w[i]
        let s0 = Self.rotated(a, 2) ^ Self.rotated(a, 13) ^ Self.rotated(a, 22)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        (h, g, f, e) = (g, f, e, d &+ t1)
        (d, c, b, a) = (c, b, a, t1 &+ s0 &+ majority)
      }
      for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ word }
    }
  }

  private static func rotated(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
