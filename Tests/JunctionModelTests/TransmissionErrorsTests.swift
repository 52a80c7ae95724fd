import JunctionModel
import TestKinds
import Testing

@Suite("Errors of transmissions")
struct TransmissionErrorsTests {
  /// One number, written in two ways: half a unit in the last digit on either side of it.
  private static let (one, other) = (0.3, 0.1 + 0.2)

  private static let shapes: [(name: String, shape: TransmissionFunction.Shape)] = [
    ("top of a narrow line", .lorentzian(energy: 0.3, width: 1e-12, height: 0.8)),
    ("flank of a narrow line", .lorentzian(energy: 0.3 + 1e-11, width: 1e-12, height: 0.8)),
    ("far from a cutoff", .power(energy: 1, exponent: 2, height: 1, cutoff: 0.0005)),
    ("steep power", .power(energy: 0.2, exponent: 40, height: 1e-9, cutoff: nil)),
    ("steep table", .table(energies: [0, 0.3 - 1e-12, 0.3 + 1e-12, 1], values: [0.1, 0.1, 0.9, 0.9])),
    ("difference", .expression(text: "", breakpoints: []) { 1e30 * ($0 - 0.3) * ($0 - 0.3) }),
    ("cancellation", .expression(text: "", breakpoints: []) { 1 + 1e13 * ($0 - 0.3) }),
  ]

  @Test(
    "covers the difference between two ways of writing the energy, which a share of the value does not", .tags(.law),
    arguments: 0..<7)
  func writtenTwice(index: Int) {
    let (name, shape) = Self.shapes[index]
    let function = TransmissionFunction(shape, from: 0, to: 1)
    let (a, b) = (function.valueWithError(Self.one), function.valueWithError(Self.other))
    let difference = abs(a.value - b.value)
    #expect(difference <= a.error + b.error, "\(name): \(a), \(b)")
    #expect(difference > 2e-15 * max(a.value, b.value), "\(name)")
    #expect(a.value == function.value(Self.one))
  }

  @Test("is rounding for benign forms, zero outside the support")
  func benign() {
    for shape in [
      TransmissionFunction.Shape.constant(height: 0.7), .lorentzian(energy: 0.5, width: 1, height: 0.7),
      .table(energies: [0, 1], values: [0.7, 0.8]), .expression(text: "", breakpoints: []) { 0.7 + 0.1 * $0 },
    ] {
      let function = TransmissionFunction(shape, from: 0, to: 1)
      let (value, error) = function.valueWithError(0.4)
      #expect(error > 0 && error < 2e-15 * value)
      #expect(function.valueWithError(2) == (0, 0) && function.valueWithError(-1) == (0, 0))
    }
  }
}
