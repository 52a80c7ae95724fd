/// The sizes of numbers that can be computed with, in internal units (eV, or the energy unit): what lies outside has no physical
/// sense, and its powers, up to the eighth, would leave the floating-point numbers.
///
/// Zero is always inside. Elements of matrices and chemical potentials may be as small as they like: beside larger ones they are zero.
package struct MagnitudeLimits: Sendable, Equatable {
  /// The smallest magnitude besides zero.
  package let smallest: Double
  /// The largest magnitude.
  package let largest: Double
  /// What the numbers are, in words.
  package let words: String

  /// Energies: levels, hoppings, broadenings, mode energies, frictions, chemical potentials.
  package static let energy = MagnitudeLimits(smallest: 1e-30, largest: 1e30, words: "energies")
  /// Temperatures as energies; in K they are 1e4 times as large.
  package static let temperature = MagnitudeLimits(smallest: 1e-30, largest: 1e30, words: "temperatures")
  /// Springs, squares of energies.
  package static let spring = MagnitudeLimits(smallest: 1e-60, largest: 1e60, words: "springs")
  /// Mass-weighted couplings, energies to the power 3/2.
  package static let massWeightedCoupling = MagnitudeLimits(smallest: 1e-45, largest: 1e45, words: "mass-weighted couplings")
  /// Plain numbers: degeneracies, overlaps, heights, exponents, permittivities; times and lengths in the user's unit.
  package static let number = MagnitudeLimits(smallest: 1e-30, largest: 1e30, words: "numbers")

  /// True for zero and for numbers between the limits; false for NaN.
  package func allows(_ number: Double) -> Bool { number == 0 || (abs(number) >= smallest && abs(number) <= largest) }

  /// True for numbers up to the largest, however small; false for NaN.
  package func reaches(_ number: Double) -> Bool { abs(number) <= largest }

  /// What is allowed where a number may be as small as it likes, in words.
  package var upTo: String { "\(words) up to \(largest) in magnitude" }

  /// What is allowed where small numbers are scales that others are divided by, in words.
  package var between: String { "\(words) that are 0 or from \(smallest) to \(largest) in magnitude" }
}
