import JunctionModel

/// eps(w) on a grid: monotone cubic interpolation of the real and the imaginary part (Fritsch and Butland, SIAM J. Sci. Stat.
/// Comput. 5, 300 (1984)), which makes no new maxima, so that Im eps >= 0 holds between points where it holds at them.
package struct PermittivityTable: Sendable, Equatable {
  /// Photon energies, eV, ascending, the first one > 0, at least two.
  package let energies: [Double]
  /// Re eps at the energies.
  package let real: [Double]
  /// Im eps at the energies, >= 0.
  package let imaginary: [Double]
  private let realSlopes: [Double]
  private let imaginarySlopes: [Double]

  /// Im eps < 0 of this share of |eps| is zero that was rounded.
  private static let rounding = 1e-12

  /// A table; throws `ModelError` at `path` for grids that do not ascend, unequal lengths, numbers that are not finite, and
  /// Im eps < 0 beyond rounding, with the row.
  package init(energies: [Double], real: [Double], imaginary: [Double], at path: [String] = ["table"]) throws(ModelError) {
    guard energies.count >= 2, real.count == energies.count, imaginary.count == energies.count else {
      throw ModelError(
        .wrongShape, at: path, found: "\(energies.count) energies, \(real.count) real and \(imaginary.count) imaginary parts",
        allowed: "three columns of one length, at least 2")
    }
    for i in energies.indices {
      let row = path + ["row \(i)"]
      guard energies[i].isFinite && real[i].isFinite && imaginary[i].isFinite else {
        throw ModelError(
          .notFinite, at: row, found: "\(energies[i]) \(real[i]) \(imaginary[i])", allowed: "finite numbers")
      }
      guard energies[i] > (i == 0 ? 0 : energies[i - 1]) else {
        throw ModelError(
          .outOfRange, at: row, found: "the energy \(energies[i]) eV after \(i == 0 ? 0 : energies[i - 1]) eV",
          allowed: "positive, ascending energies")
      }
      guard imaginary[i] >= -Self.rounding * max(abs(real[i]), abs(imaginary[i])) else {
        throw ModelError(
          .outOfRange, at: row, found: "Im eps = \(imaginary[i]) at \(energies[i]) eV",
          allowed: "zero or positive: loss, with the time dependence exp(-iwt)",
          hint: "Change the sign of the column if the data use exp(+iwt)")
      }
    }
    self.energies = energies
    self.real = real
    self.imaginary = imaginary.map { max(0, $0) }
    realSlopes = Self.slopes(energies, real)
    imaginarySlopes = Self.slopes(energies, self.imaginary)
  }

  /// First and last energy, eV.
  package var range: ClosedRange<Double> { energies[0]...energies[energies.count - 1] }

  /// eps(w) inside `range`, NaN outside. Cost: a bisection of the grid.
  func value(at w: Double) -> Phasor {
    guard range.contains(w) else { return Phasor(.nan, .nan) }
    var (low, high) = (0, energies.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if energies[middle] <= w { low = middle } else { high = middle }
    }
    let h = energies[high] - energies[low]
    let t = (w - energies[low]) / h
    let (s, u) = (1 - t, t)
    // Hermite basis in a form that stays exact at both ends.
    let (a, b) = (s * s * (1 + 2 * u), u * u * (1 + 2 * s))
    let (c, d) = (h * u * s * s, -h * u * u * s)
    return Phasor(
      a * real[low] + b * real[high] + c * realSlopes[low] + d * realSlopes[high],
      max(0, a * imaginary[low] + b * imaginary[high] + c * imaginarySlopes[low] + d * imaginarySlopes[high]))
  }

  /// Slopes at the points: weighted harmonic mean of the neighbouring secants, 0 at extrema.
  private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
    let last = x.count - 1
    var secants: [Double] = []
    for i in 0..<last { secants.append((y[i + 1] - y[i]) / (x[i + 1] - x[i])) }
    var slopes = [Double](repeating: 0, count: x.count)
    slopes[0] = secants[0]
    slopes[last] = secants[last - 1]
    for i in 1..<max(1, last) {
      let left = secants[i - 1]
      let right = secants[i]
      guard left * right > 0 else { continue }
      let before = x[i] - x[i - 1]
      let after = x[i + 1] - x[i]
      let p = 2 * after + before
      let q = after + 2 * before
      slopes[i] = (p + q) / (p / left + q / right)
    }
    return slopes
  }
}
