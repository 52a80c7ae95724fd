import Testing

@testable import DataFiles

@Suite("Checksums of values")
struct ValueDigestTests {
  @Test("the digests of two numbers and of words are those of the definition")
  func definition() {
    // 1.0 is the words 0 and 3ff00000, 2.0 is 0 and 40000000: s = 7ff00000, t = 3 * 3ff00000 + 40000000 = ffd00000.
    #expect(ValueDigest([1, 2]).hexadecimal == "000000007ff00000" + "00000000ffd00000")
    // "ab" and zeros is one word.
    #expect(ValueDigest(["ab"]).hexadecimal == "0000000000006261" + "0000000000006261")
    #expect(ValueDigest([Double]()).hexadecimal == String(repeating: "0", count: 32))
  }

  @Test("changed bits, exchanged numbers, and zeros that become ones are seen")
  func changes() {
    let values = (0..<50).map { Double($0 * $0) - 3.5 }
    let digest = ValueDigest(values)
    for bit in 0..<64 {
      var changed = values
      changed[(bit * 7) % 50] = Double(bitPattern: changed[(bit * 7) % 50].bitPattern ^ 1 << UInt64(bit))
      #expect(ValueDigest(changed) != digest, "bit \(bit)")
    }
    var exchanged = values
    exchanged.swapAt(3, 17)
    #expect(ValueDigest(exchanged) != digest)
    #expect(ValueDigest([0, 1]) != ValueDigest([Double(bitPattern: .max), 1]))
    #expect(ValueDigest([0.0]) != ValueDigest([-0.0]))
    #expect(ValueDigest(["a", "b"]) != ValueDigest(["ab"]))
  }
}
