import Foundation
import TestKinds
import Testing

@testable import SpecialFunctions

/// psi^(k)(s)/k!, k = 0 ... 3, from mpmath 1.3 at 30 digits.
private let references: [(x: Double, y: Double, values: [(Double, Double)])] = [
  (
    0.5, 0.0,
    [(-1.963510026021423479, 0.0), (4.934802200544679309, 0.0), (-8.414398322117159998, 0.0), (16.23484850566707287, 0.0)]
  ),
  (
    0.7, -3.2,
    [
      (1.161007947067386369, -1.507854256703343235), (0.0199558984898285087, 0.3138570647293290504),
      (0.049475974535219557, -0.006377645474892655071), (-0.002056255473922260959, -0.01044894434887711117),
    ]
  ),
  (
    1.3, 0.4,
    [
      (-0.0800917888512821286, 0.4301057780961795902), (0.9665145306948350978, -0.4143920114638538517),
      (-0.3752161540331795981, 0.3655507824360189983), (0.1462685976521953781, -0.2986386825876926206),
    ]
  ),
  (
    8.6, 2.0,
    [
      (2.121983047589758564, 0.2417943172345037786), (0.1162555630148226475, -0.02863688972027217429),
      (-0.006342784004798639673, 0.003322229349131128867), (0.000427675957511498866, -0.0003773187419695072273),
    ]
  ),
  (
    0.51, 40.0,
    [
      (3.688853440852906793, 1.570546313776423531), (6.250976527956485208e-6, -0.02500130080531651855),
      (0.0003125487873149682237, 1.562988353060305875e-7), (-3.908285250034148926e-9, 5.209959873766300194e-6),
    ]
  ),
  (
    3.0, -1000.0,
    [
      (6.907758362306478752, -1.568296331794879619), (2.499985000084999545e-6, 0.000999993833369299802),
      (4.999907500899159736e-7, -2.49997000025499818e-9), (-2.49995000059499454e-12, -3.333210001798314851e-10),
    ]
  ),
  (
    250.0, 17.0,
    [
      (5.521775479396375947, 0.06803103286089992996), (0.003989489379696057877, -0.0002718282112755745917),
      (-7.921057206019278402e-6, 1.084452898679418815e-6), (2.087073892777561229e-8, -4.319701139504284326e-9),
    ]
  ),
  (
    0.5001, -0.02,
    [
      (-1.9596579478768669, -0.09853282470385043598), (4.913704509764213794, 0.3353560344558917387),
      (-8.332765237187212693, -0.9682156854480255757), (15.96735974022766944, 2.548648937611910499),
    ]
  ),
]

@Suite("Polygamma")
struct PolygammaTests {
  @Test("agrees with 19-digit references for the function and three derivatives", .tags(.golden))
  func references_() {
    var buffer = [SIMD4<Double>](repeating: .zero, count: 8)
    for reference in references {
      // Other lanes carry small arguments, so that the recurrence is taken and must not hurt the large ones.
      for filler in [reference.x, 0.6] {
        let x = SIMD4<Double>(reference.x, filler, reference.x, filler)
        Polygamma.evaluate(real: x, imaginary: SIMD4(repeating: reference.y), highest: 3, into: &buffer)
        for k in 0...3 {
          let (re, im) = reference.values[k]
          let size = max(k == 0 ? 1 : 0, (re * re + im * im).squareRoot())
          // Order 0: a few rounding units of the logarithm; higher orders: truncation of the asymptotic series at |s| = 8.5.
          let tolerance = [4e-15, 1e-14, 1e-13, 1e-12][k] * size
          #expect(abs(buffer[2 * k][0] - re) < tolerance, "order \(k) at \(reference.x) + \(reference.y) i")
          #expect(abs(buffer[2 * k + 1][2] - im) < tolerance, "order \(k) at \(reference.x) + \(reference.y) i")
        }
      }
    }
  }

  @Test("vector logarithm and argument agree with the C library")
  func logarithms() {
    var worst = 0.0
    for i in 0..<4000 {
      let x = pow(10, -6 + 12 * Double(i) / 4000) * (1 + 0.3 * sin(Double(i)))
      let y = pow(10, 6 * cos(0.7 * Double(i))) * (i % 2 == 0 ? 1 : -1)
      let (modulus, angle) = logarithm(SIMD4(repeating: x), SIMD4(repeating: y))
      worst = max(worst, abs(modulus[1] - log(hypot(x, y))) / max(1, abs(log(hypot(x, y)))))
      worst = max(worst, abs(angle[3] - atan2(y, x)))
    }
    // Two to three units in the last place.
    #expect(worst < 9e-16)
  }
}
