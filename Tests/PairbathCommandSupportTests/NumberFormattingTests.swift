import Testing

@testable import PairbathCommandSupport

@Suite("NumberFormatting")
struct NumberFormattingTests {
  @Test(
    "shows the digits the error justifies",
    arguments: [
      (1.23456789, 0.0004, "1.2346(4)"), (1.23456789, 0.00013, "1.23457(13)"), (-1.23456789e-7, 5e-12, "-1.23457(5)e-07"),
      (12345.678, 3, "12346(3)"), (12345.678, 40, "1.235(4)e+04"), (1.5e-6, 2e-22, "1.500000000e-06"), (-1e-12, 3e-9, "0(3)e-09"),
      (-0.0, 0.002, "0.000(2)"), (3.0, 0.0, "3"),
      (0.0, 0.0, "0"), (0.0, 3e-9, "0(3)e-09"), (1e-12, 3e-9, "0(3)e-09"), (0.00012, 0.00003, "0.00012(3)"),
      (9.9999, 0.02, "10.00(2)"), (1e300, 1e290, "1.000000000e+300"),
    ])
  func digits(value: Double, error: Double, expected: String) {
    #expect(NumberFormatting.text(value, error: error) == expected)
  }

  @Test("says NaN, infinity and unknown errors plainly")
  func special() {
    #expect(NumberFormatting.text(.nan, error: .nan) == "NaN")
    #expect(NumberFormatting.text(.infinity, error: nil) == "inf")
    #expect(NumberFormatting.text(1.23456, error: .nan) == "1.23(?)")
    #expect(NumberFormatting.text(0.1, error: nil) == "0.1")
  }

  @Test("the error shown is never smaller than the estimate")
  func honest() throws {
    for k in 1...200 {
      let error = 1e-5 * Double(k)
      let text = NumberFormatting.text(0.3, error: error)
      let parts = text.split(whereSeparator: { "()".contains($0) })
      try #require(parts.count == 2)
      let decimals = parts[0].split(separator: ".").last?.count ?? 0
      let unit = (0..<decimals).reduce(1.0) { value, _ in value / 10 }
      #expect((Double(parts[1]) ?? 0) * unit >= error * (1 - 1e-6), "\(text) for \(error)")
    }
  }

  @Test("writes durations, sizes and counts for people")
  func words() {
    #expect(NumberFormatting.duration(0.001) == "under 0.01 s")
    #expect(NumberFormatting.duration(0.42) == "0.42 s")
    #expect(NumberFormatting.duration(75) == "1 min 15 s")
    #expect(NumberFormatting.duration(7500) == "2 h 5 min")
    #expect(NumberFormatting.duration(.infinity) == "unknown")
    #expect(NumberFormatting.bytes(1536) == "1.5 KiB")
    #expect(NumberFormatting.bytes(0) == "0 B")
    #expect(NumberFormatting.count(1, "state") == "1 state" && NumberFormatting.count(2, "state") == "2 states")
  }
}
