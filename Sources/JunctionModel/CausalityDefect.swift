import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// Where a tabulated Pi(w) is not causal: Re Pi(w) + H[Im Pi](w) must not depend on w.
struct CausalityDefect {
  /// Number of the frequency in the table.
  let index: Int
  let frequency: Double
  let row: Int
  let column: Int
  /// What Re Pi is off by.
  let size: Double
  /// What the grid leaves open: its resolution, and what Im Pi may be beyond its end.
  let tolerance: Double

  /// Frequencies compared at most.
  private static let mostFrequencies = 300
  /// A violation below this fraction of the largest |Im Pi| is not one.
  private static let negligible = 1e-3

  /// The largest violation, or nil for a causal table. Cost: O(300 points size^2).
  static func largest(in table: TabulatedBosonSelfEnergy) -> CausalityDefect? {
    let transform = TabulatedImaginaryPart(table.frequencies)
    // At the last frequency the unknown rest of the spectrum matters as much as the table.
    let count = table.frequencies.count - 1
    let stride = max(1, (count + mostFrequencies - 1) / mostFrequencies)
    let indices = Array(Swift.stride(from: 0, to: count, by: stride))
    let weights = indices.map { transform.weights(at: table.frequencies[$0]) }
    let floor = table.values.reduce(0) { max($0, negligible * $1.largestImaginary + 1e-9 * $1.largestMagnitude) }
    var worst: CausalityDefect?
    for column in 0..<table.values[0].columns {
      for row in 0...column {
        let element = Element(table, row: row, column: column, transform, at: indices, weights: weights)
        guard let found = element.defect(floor: floor), found.size > worst?.size ?? 0 else { continue }
        worst = found
      }
    }
    return worst
  }

  /// One matrix element at the frequencies compared.
  private struct Element {
    let (row, column): (Int, Int)
    let indices: [Int]
    let frequencies: [Double]
    /// Re Pi + H[Im Pi].
    let residuals: [Double]
    let tolerances: [Double]

    init(
      _ table: TabulatedBosonSelfEnergy, row: Int, column: Int, _ transform: TabulatedImaginaryPart, at indices: [Int],
      weights: [TabulatedHilbertTransform.Weights]
    ) {
      (self.row, self.column, self.indices) = (row, column, indices)
      let imaginary = table.values.map { $0[row, column].imaginary }
      let images = transform.images(of: imaginary, weights)
      let frequencies = indices.map { table.frequencies[$0] }
      self.frequencies = frequencies
      residuals = zip(indices, images).map { table.values[$0][row, column].real + $1.value }
      let (end, rest) = (table.frequencies[table.frequencies.count - 1], abs(imaginary[imaginary.count - 1]))
      let coarsest = images.map(\.error).max() ?? 0
      tolerances = indices.indices.map { i in
        let neighbours = images[max(i - 2, 0)...min(i + 2, images.count - 1)]
        let ratio = frequencies[i] / end
        // H of a rest that grows from its last value like w, less its value at w = 0.
        let beyond = rest / Double.pi * ratio * Double.log((1 + ratio) / (1 - ratio))
        // A kink of Im Pi is felt everywhere, most around it.
        return 5 * (neighbours.map(\.error).max() ?? 0) + 0.5 * coarsest + 3 * beyond
      }
    }

    /// The largest violation: what is left of the residuals without their weighted mean.
    func defect(floor: Double) -> CausalityDefect? {
      let limits = tolerances.map { $0 + floor }
      guard floor > 0 else { return nil }
      var (sum, total) = (0.0, 0.0)
      for (residual, limit) in zip(residuals, limits) {
        sum += residual / (limit * limit)
        total += 1 / (limit * limit)
      }
      let constant = sum / total
      var worst: CausalityDefect?
      for i in residuals.indices {
        let size = abs(residuals[i] - constant)
        guard size > limits[i], size > worst?.size ?? 0 else { continue }
        worst = CausalityDefect(
          index: indices[i], frequency: frequencies[i], row: row, column: column, size: size, tolerance: limits[i])
      }
      return worst
    }
  }
}

extension Matrix {
  /// Largest |Im A_ij|.
  var largestImaginary: Double { elements.reduce(0) { max($0, abs($1.imaginary)) } }
}
