import ComplexModule
import DenseMatrices
import JunctionModel

/// A tabulated self-energy between its grid points: not-a-knot cubic spline of every element.
package struct SelfEnergyTable: Sendable {
  package let energies: [Double]
  /// Orbitals with a non-zero row or column.
  package let orbitals: [Int]
  /// Intervals in which the electrode has a band: Gamma at one end at least is not negligible.
  private let hasBand: [Bool]
  private let values: [[Scalar]]
  private let curvatures: [[Scalar]]

  package init(_ table: TabulatedSelfEnergy) {
    energies = table.energies
    let size = table.values[0].rows
    orbitals = (0..<size).filter { i in
      table.values.contains { m in (0..<size).contains { j in m[i, j] != .zero || m[j, i] != .zero } }
    }
    let kept = orbitals
    let samples = table.values.map { m in kept.flatMap { j in kept.map { i in m[i, j] } } }
    values = samples
    let broadenings = table.values.map { ($0 - $0.adjoint).largestMagnitude }
    let negligible = 1e-9 * (broadenings.max() ?? 0)
    hasBand = (1..<table.energies.count).map { broadenings[$0 - 1] > negligible || broadenings[$0] > negligible }
    curvatures = Self.secondDerivatives(energies: table.energies, values: samples)
  }

  package var range: ClosedRange<Double> { energies[0]...energies[energies.count - 1] }

  /// Energies where a band begins or ends, to within one interval.
  package var edges: [Double] {
    (1..<hasBand.count).filter { hasBand[$0] != hasBand[$0 - 1] }.map { energies[$0] }
  }

  /// False where the table says that the electrode has no states: what the spline rings there is not broadening.
  package func isInBand(_ energy: Double) -> Bool { hasBand[interval(of: energy)] }

  private func interval(of energy: Double) -> Int {
    var (low, high) = (0, energies.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if energies[middle] <= energy { low = middle } else { high = middle }
    }
    return low
  }

  /// Sigma(e) on `orbitals`; `energy` must lie in `range`.
  package func callAsFunction(at energy: Double) -> Matrix {
    let low = interval(of: energy)
    let high = low + 1
    let h = energies[high] - energies[low]
    let b = (energy - energies[low]) / h
    let a = 1 - b
    let (ca, cb) = ((a * a * a - a) * h * h / 6, (b * b * b - b) * h * h / 6)
    var elements: [Scalar] = []
    elements.reserveCapacity(values[low].count)
    for k in values[low].indices {
      let linear = Scalar(a, 0) * values[low][k] + Scalar(b, 0) * values[high][k]
      elements.append(linear + Scalar(ca, 0) * curvatures[low][k] + Scalar(cb, 0) * curvatures[high][k])
    }
    return Matrix(rows: orbitals.count, columns: orbitals.count, elements: elements)
  }

  /// Second derivatives at the knots with the third derivative continuous across the second and last but one knot.
  private static func secondDerivatives(energies x: [Double], values y: [[Scalar]]) -> [[Scalar]] {
    let n = x.count
    let width = y[0].count
    let h = (0..<(n - 1)).map { x[$0 + 1] - x[$0] }
    // Unknowns m_1 ... m_{n-2}; the end values follow from not-a-knot.
    var lower = [Double](repeating: 0, count: n)
    var diagonal = lower
    var upper = lower
    var right = [[Scalar]](repeating: [Scalar](repeating: .zero, count: width), count: n)
    for i in 1..<(n - 1) {
      lower[i] = h[i - 1]
      diagonal[i] = 2 * (h[i - 1] + h[i])
      upper[i] = h[i]
      for k in 0..<width {
        let slopeRight = (y[i + 1][k] - y[i][k]) * Scalar(1 / h[i], 0)
        let slopeLeft = (y[i][k] - y[i - 1][k]) * Scalar(1 / h[i - 1], 0)
        right[i][k] = Scalar(6, 0) * (slopeRight - slopeLeft)
      }
    }
    let (r0, r1) = (h[0] / h[1], h[n - 2] / h[n - 3])
    diagonal[1] += lower[1] * (1 + r0)
    upper[1] -= lower[1] * r0
    diagonal[n - 2] += upper[n - 2] * (1 + r1)
    lower[n - 2] -= upper[n - 2] * r1
    for i in 2..<(n - 1) {
      let factor = lower[i] / diagonal[i - 1]
      diagonal[i] -= factor * upper[i - 1]
      for k in 0..<width { right[i][k] = right[i][k] - Scalar(factor, 0) * right[i - 1][k] }
    }
    var m = right
    for i in stride(from: n - 2, through: 1, by: -1) {
      for k in 0..<width {
        let next = i == n - 2 ? Scalar.zero : Scalar(upper[i], 0) * m[i + 1][k]
        m[i][k] = (right[i][k] - next) * Scalar(1 / diagonal[i], 0)
      }
    }
    for k in 0..<width {
      m[0][k] = Scalar(1 + r0, 0) * m[1][k] - Scalar(r0, 0) * m[2][k]
      m[n - 1][k] = Scalar(1 + r1, 0) * m[n - 2][k] - Scalar(r1, 0) * m[n - 3][k]
    }
    return m
  }
}
