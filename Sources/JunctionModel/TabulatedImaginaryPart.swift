import ComplexModule
import DenseMatrices
import Quadrature

/// The Hilbert transform of Im Pi from a table at w >= 0: odd in w, 0 at w = 0, and falling to 0 linearly over one more
/// interval beyond the last frequency.
struct TabulatedImaginaryPart {
  private let transform: TabulatedHilbertTransform
  private let startsAtZero: Bool

  /// A table's frequencies, ascending, the first one >= 0, at least two.
  init(_ frequencies: [Double]) {
    let last = frequencies.count - 1
    startsAtZero = frequencies[0] == 0
    let end = 2 * frequencies[last] - frequencies[last - 1]
    transform = TabulatedHilbertTransform(points: (startsAtZero ? [] : [0]) + frequencies + [end], symmetry: .odd)
  }

  /// The linear forms for one frequency.
  func weights(at frequency: Double) -> TabulatedHilbertTransform.Weights { transform.weights(at: frequency) }

  /// H[Im Pi] of one matrix element at several frequencies.
  func images(of values: [Double], _ weights: [TabulatedHilbertTransform.Weights]) -> [HilbertTransform.Value] {
    var padded = (startsAtZero ? [] : [0]) + values + [0]
    padded[0] = 0
    let curvatures = transform.curvatures(of: padded)
    return weights.map { transform($0, padded, curvatures) }
  }
}

extension TabulatedBosonSelfEnergy {
  /// Im Pi must have fallen to this fraction of its largest value for its transform to be the whole real part.
  private static let largestRest = 0.05

  /// A table from its imaginary part alone: Re Pi = -H[Im Pi], which vanishes at infinity.
  ///
  /// Then K holds the springs that join the coordinates to the bath, as for a chain. Im Pi is a natural cubic spline, 0 at
  /// w = 0 and beyond the last frequency. Throws `ModelError` at `path` for a bad grid and for a table that ends before
  /// Im Pi has fallen to 5 % of its largest value. Cost: O(points^2 size^2).
  public static func causal(
    frequencies: [Double], imaginary: [Matrix], at path: [String]
  ) throws(ModelError) -> TabulatedBosonSelfEnergy {
    try JunctionValidation.checkGrid(frequencies, matrices: imaginary, coordinates: nil, at: path)
    let (largest, rest) = (imaginary.reduce(0) { max($0, $1.largestMagnitude) }, imaginary[imaginary.count - 1].largestMagnitude)
    guard rest <= largestRest * largest else {
      throw ModelError(
        .inconsistent, at: path + ["self_energy"],
        found:
          "no real part, and an imaginary part that ends at \(JunctionValidation.short(rest / largest * 100)) % of its largest "
          + "value", allowed: "at most 5 %, for the real part to follow from it",
        hint: "Extend the table to higher frequencies, or give the real part")
    }
    let transform = TabulatedImaginaryPart(frequencies)
    let weights = frequencies.map { transform.weights(at: $0) }
    var values = imaginary
    for column in 0..<imaginary[0].columns {
      for row in 0..<imaginary[0].rows {
        let element = imaginary.map { $0[row, column].real }
        for (i, image) in transform.images(of: element, weights).enumerated() {
          values[i][row, column] = Scalar(-image.value, element[i])
        }
      }
    }
    return TabulatedBosonSelfEnergy(frequencies: frequencies, values: values)
  }
}
