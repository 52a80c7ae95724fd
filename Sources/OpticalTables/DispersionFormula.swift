import Foundation

/// The dispersion formulas 1 to 9 of refractiveindex.info: n as a function of the wavelength L in um, with coefficients C1, C2, ...
///
/// Coefficients that are not given are zero. Cost: a few powers.
package struct DispersionFormula: Sendable, Equatable {
  /// The kinds, by their numbers.
  package enum Kind: Int, Sendable, CaseIterable {
    /// n^2 - 1 = C1 + sum C_i L^2/(L^2 - C_{i+1}^2), i = 2, 4, ...
    case sellmeier = 1
    /// n^2 - 1 = C1 + sum C_i L^2/(L^2 - C_{i+1}).
    case sellmeierOfSquares
    /// n^2 = C1 + sum C_i L^C_{i+1}.
    case polynomial
    /// n^2 = C1 + C2 L^C3/(L^2 - C4^C5) + C6 L^C7/(L^2 - C8^C9) + sum C_i L^C_{i+1}, i = 10, 12, ...
    case general
    /// n = C1 + sum C_i L^C_{i+1}.
    case cauchy
    /// n - 1 = C1 + sum C_i/(C_{i+1} - L^-2).
    case gases
    /// n = C1 + C2/(L^2 - 0.028) + C3/(L^2 - 0.028)^2 + C4 L^2 + C5 L^4 + C6 L^6.
    case herzberger
    /// (n^2 - 1)/(n^2 + 2) = C1 + C2 L^2/(L^2 - C3) + C4 L^2.
    case retro
    /// n^2 = C1 + C2/(L^2 - C3) + C4 (L - C5)/((L - C5)^2 + C6).
    case exotic
  }

  package let kind: Kind
  package let coefficients: [Double]

  package init(_ kind: Kind, _ coefficients: [Double]) { (self.kind, self.coefficients) = (kind, coefficients) }

  /// The largest number of coefficients that a kind has.
  package static func most(of kind: Kind) -> Int {
    switch kind {
    case .herzberger, .exotic: return 6
    case .retro: return 4
    default: return 25
    }
  }

  /// n at a wavelength in um; NaN where the formula has none (n^2 < 0, a pole).
  package func index(at wavelength: Double) -> Double {
    let l = wavelength
    let square = l * l
    let value: Double
    switch kind {
    case .sellmeier: value = (1 + c(1) + sum(from: 2) { $0 * square / (square - $1 * $1) }).squareRoot()
    case .sellmeierOfSquares: value = (1 + c(1) + sum(from: 2) { $0 * square / (square - $1) }).squareRoot()
    case .polynomial: value = (c(1) + sum(from: 2) { $0 * pow(l, $1) }).squareRoot()
    case .general:
      var epsilon = c(1) + sum(from: 10) { $0 * pow(l, $1) }
      for i in [2, 6] where c(i) != 0 { epsilon += c(i) * pow(l, c(i + 1)) / (square - pow(c(i + 2), c(i + 3))) }
      value = epsilon.squareRoot()
    case .cauchy: value = c(1) + sum(from: 2) { $0 * pow(l, $1) }
    case .gases: value = 1 + c(1) + sum(from: 2) { $0 / ($1 - 1 / square) }
    case .herzberger:
      let pole = 1 / (square - 0.028)
      value = c(1) + c(2) * pole + c(3) * pole * pole + c(4) * square + c(5) * square * square + c(6) * square * square * square
    case .retro:
      let share = c(1) + (c(2) == 0 ? 0 : c(2) * square / (square - c(3))) + c(4) * square
      value = ((1 + 2 * share) / (1 - share)).squareRoot()
    case .exotic:
      let shift = l - c(5)
      let first = c(2) == 0 ? 0 : c(2) / (square - c(3))
      let second = c(4) == 0 ? 0 : c(4) * shift / (shift * shift + c(6))
      value = (c(1) + first + second).squareRoot()
    }
    return value.isFinite ? value : .nan
  }

  /// C_i, counted from 1.
  private func c(_ i: Int) -> Double { i <= coefficients.count ? coefficients[i - 1] : 0 }

  /// Pairs (C_i, C_{i+1}) from i on; those with C_i = 0 count nothing.
  private func sum(from first: Int, _ term: (Double, Double) -> Double) -> Double {
    stride(from: first, through: max(first, coefficients.count), by: 2).reduce(0) {
      c($1) == 0 ? $0 : $0 + term(c($1), c($1 + 1))
    }
  }
}
