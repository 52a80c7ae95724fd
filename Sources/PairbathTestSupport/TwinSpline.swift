import ComplexModule
import DenseMatrices

/// A plain cubic spline with not-a-knot ends, from its defining equations for the second derivatives.
///
/// On [x_i, x_i+1] with h = x_i+1 - x_i: s = a y_i + b y_i+1 + ((a^3 - a) c_i + (b^3 - b) c_i+1) h^2/6, a = (x_i+1 - x)/h,
/// b = 1 - a. Continuity of the slope inside, of the third derivative at the second and the last but one knot.
struct TwinSpline: Sendable {
  private let knots: [Double]
  /// Values at the knots, all of one shape.
  private let values: [Matrix]
  /// Second derivatives at the knots.
  private let curvatures: [Matrix]

  /// The spline through at least four values on ascending knots. Throws `LinearAlgebraError` for equal knots.
  init(knots x: [Double], values: [Matrix]) throws {
    let n = x.count
    let size = values[0].elements.count
    var system = Matrix(rows: n, columns: n)
    var right = Matrix(rows: n, columns: size)
    for i in 1..<(n - 1) {
      let (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i])
      system[i, i - 1] = Scalar(before / 6, 0)
      system[i, i] = Scalar((before + after) / 3, 0)
      system[i, i + 1] = Scalar(after / 6, 0)
      for k in 0..<size {
        let slopes = (
          (values[i + 1].elements[k] - values[i].elements[k]) / Scalar(after, 0),
          (values[i].elements[k] - values[i - 1].elements[k]) / Scalar(before, 0)
        )
        right[i, k] = slopes.0 - slopes.1
      }
    }
    for (row, i) in [(0, 1), (n - 1, n - 2)] {
      // (c_i - c_i-1)/h_i-1 = (c_i+1 - c_i)/h_i.
      let (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i])
      system[row, i - 1] = Scalar(-1 / before, 0)
      system[row, i] = Scalar(1 / before + 1 / after, 0)
      system[row, i + 1] = Scalar(-1 / after, 0)
    }
    let solution = try LUFactorization(system).solve(right)
    knots = x
    self.values = values
    curvatures = (0..<n).map { i in
      Matrix(rows: values[0].rows, columns: values[0].columns, elements: (0..<size).map { solution[i, $0] })
    }
  }

  /// The value at a position; that of the nearest end outside the knots.
  func callAsFunction(_ position: Double) -> Matrix {
    let x = min(max(position, knots.first!), knots.last!)
    let i = max(0, min(knots.count - 2, (knots.firstIndex { $0 > x } ?? knots.count) - 1))
    let h = knots[i + 1] - knots[i]
    let (a, b) = ((knots[i + 1] - x) / h, (x - knots[i]) / h)
    let bend = (a * a * a - a) * curvatures[i] + (b * b * b - b) * curvatures[i + 1]
    return a * values[i] + b * values[i + 1] + (h * h / 6) * bend
  }
}
