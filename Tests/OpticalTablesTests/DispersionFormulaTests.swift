import Testing

@testable import OpticalTables

@Suite("Dispersion formulas of refractiveindex.info")
struct DispersionFormulaTests {
  @Test("fused silica by Sellmeier's formula has n = 1.458464 at the sodium line, in either form")
  func fusedSilica() {
    // Malitson, J. Opt. Soc. Am. 55, 1205 (1965): n(0.587561800 um) = 1.458464.
    let (a, b) = ([0.6961663, 0.4079426, 0.8974794], [0.0684043, 0.1162414, 9.896161])
    let roots = DispersionFormula(.sellmeier, [0, a[0], b[0], a[1], b[1], a[2], b[2]])
    let squares = DispersionFormula(.sellmeierOfSquares, [0, a[0], b[0] * b[0], a[1], b[1] * b[1], a[2], b[2] * b[2]])
    // 5e-7: the digits of the paper's number.
    #expect(abs(roots.index(at: 0.5875618) - 1.458464) < 5e-7)
    #expect(abs(squares.index(at: 0.5875618) - roots.index(at: 0.5875618)) < 1e-14)
  }

  /// A formula, coefficients, and n at 2 um written out, L^2 = 4.
  private static let written: [(kind: DispersionFormula.Kind, coefficients: [Double], n: Double)] = {
    let polynomial: Double = 2 + 2 + 0.025
    let general: Double = 2 - 0.4 + 0.25 / 3 + 1
    let cauchy: Double = 1.5 + 0.0025 + 0.0000625
    let gases: Double = 1.001 + 0.05 / 99.75
    let pole: Double = 1 / 3.972
    let herzberger: Double = 3.4 + 0.1 * pole + 0.01 * pole * pole + 0.004 + 0.0016 + 0.00064
    let share: Double = 0.2 + 0.4 / 3 + 0.04
    let retro: Double = (1 + 2 * share) / (1 - share)
    let exotic: Double = 2 + 0.5 / 3 + 0.2
    return [
      (.polynomial, [2, 0.5, 2, 0.1, -2], polynomial.squareRoot()),
      (.general, [2, 0.5, 2, 3, 2, 0.25, 0, 1, 1, 0.5, 1], general.squareRoot()),
      (.cauchy, [1.5, 0.01, -2, 0.001, -4], cauchy),
      (.gases, [0.001, 0.05, 100], gases),
      (.herzberger, [3.4, 0.1, 0.01, 1e-3, 1e-4, 1e-5], herzberger),
      (.retro, [0.2, 0.1, 1, 0.01], retro.squareRoot()),
      (.exotic, [2, 0.5, 1, 0.3, 1, 0.5], exotic.squareRoot()),
    ]
  }()

  @Test("every formula is its textbook form at L = 2 um", arguments: written.indices)
  func forms(number: Int) {
    let (kind, coefficients, n) = Self.written[number]
    // 1e-14: rounding of a handful of operations.
    #expect(abs(DispersionFormula(kind, coefficients).index(at: 2) - n) < 1e-14)
  }

  @Test("coefficients that are not given count nothing, and a negative n^2 is no index")
  func edges() {
    for kind in DispersionFormula.Kind.allCases where ![.general, .retro].contains(kind) {
      #expect(DispersionFormula(kind, [1.5]).index(at: 1).isFinite)
    }
    #expect(DispersionFormula(.polynomial, [-2]).index(at: 1).isNaN)
    #expect(DispersionFormula(.sellmeierOfSquares, [0, 1, 4]).index(at: 2).isNaN)
  }
}
