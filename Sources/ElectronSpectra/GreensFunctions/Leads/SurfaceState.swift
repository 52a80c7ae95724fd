import ComplexModule
import DenseMatrices
import RealModule

/// A vibration bound to the surface of a periodic lead, in a gap of its bands: Pi has the real pole R/(w^2 - w_s^2) there, and
/// Gamma a delta function on which nothing flows (D vanishes where Pi is infinite).
package struct SurfaceState: Sendable {
  /// w_s > 0.
  package let frequency: Double
  /// R between the bath's coordinates, Hermitian and positive, energy^4.
  package let residue: Matrix
  /// Taylor coefficients of Pi - R/(x - w_s^2), x = w^2, around the pole, and the |x - w_s^2| up to which they hold.
  private let taylor: [Matrix]
  private let reach: Double

  /// R/(z^2 - w_s^2). At the pole itself its value a rounding unit away.
  package func pole(at z: Scalar) -> Matrix {
    var distance = (z - Scalar(frequency, 0)) * (z + Scalar(frequency, 0))
    let smallest = 1e-15 * frequency * frequency
    if distance.length < smallest { distance = Scalar(smallest, 0) }
    return (Scalar.one / distance) * residue
  }

  /// Pi without this pole at a frequency so near that the difference would lose digits; nil farther away.
  package func regular(at w: Double) -> Matrix? {
    let distance = (w - frequency) * (w + frequency)
    guard abs(distance) < reach else { return nil }
    var sum = taylor[taylor.count - 1]
    for coefficient in taylor.dropLast().reversed() { sum = coefficient + distance * sum }
    return sum
  }

  /// Finds the pole between two squares of frequencies, in a gap, between which Tr Pi rises: in a gap it falls but across a pole.
  ///
  /// Halving brackets the pole until a circle around it is free of everything else; Laurent coefficients from the circle, by the
  /// trapezoidal rule, which converges geometrically, give pole, residue and what is left without a cancellation. `pi` is Pi at
  /// complex squares in the upper half plane. Nil when nothing is found.
  package static func find(
    between first: Double, and last: Double, edges: [Double], known: [SurfaceState], _ pi: (Scalar) throws -> Matrix
  ) throws -> SurfaceState? {
    let singular = (edges + known.map(\.frequency)).map { $0 * $0 }
    func trace(_ x: Double) throws -> Double {
      let z = Scalar.sqrt(Scalar(x, 0))
      return try known.reduce(pi(Scalar(x, 0)).trace) { $0 - $1.pole(at: z).trace }.rawStorage.x
    }
    var (low, high, limit) = (first, last, Double.infinity)
    var lowTrace = try trace(low)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      guard middle > low && middle < high else { return nil }
      let distance = singular.reduce(limit) { min($0, abs($1 - middle)) }
      if high - low < 0.4 * distance {
        let circle = try Circle(middle, radius: 0.4 * distance, pi)
        if let shift = circle.pole {
          // Once more around the pole itself.
          let final = try Circle(middle + shift, radius: 0.4 * (distance - abs(shift)), pi)
          if let rest = final.pole, middle + shift + rest > 0 { return SurfaceState(final, square: middle + shift + rest) }
        }
        limit = 0.5 * distance
      }
      let value = try trace(middle)
      if value > lowTrace { high = middle } else { (low, lowTrace) = (middle, value) }
    }
    return nil
  }

  private init(_ circle: Circle, square: Double) {
    frequency = square.squareRoot()
    residue = circle.coefficient(-1).hermitianPart
    // Singularities are 2.5 radii away at least: 7.5 times the reach.
    reach = circle.radius / 3
    taylor = (0..<20).map { circle.coefficient($0).hermitianPart }
  }
}

/// Pi at points of a circle around a point of the real axis; the lower half is the adjoint of the upper one.
private struct Circle {
  let radius: Double
  private static let count = 64
  private let values: [Matrix]
  private let phases: [Scalar]
  private let size: Double

  init(_ center: Double, radius: Double, _ pi: (Scalar) throws -> Matrix) rethrows {
    self.radius = radius
    let half = (0..<(Self.count / 2)).map { Scalar(length: 1, phase: 2 * Double.pi * (Double($0) + 0.5) / Double(Self.count)) }
    let upper = try half.map { try pi(Scalar(center, 0) + $0.multiplied(by: radius)) }
    phases = half + half.map(\.conjugate)
    values = upper + upper.map(\.adjoint)
    size = upper.reduce(0) { max($0, $1.norm) }
  }

  /// Laurent coefficient of (x - center)^k.
  func coefficient(_ k: Int) -> Matrix {
    var sum = Matrix(rows: values[0].rows, columns: values[0].columns)
    for (value, phase) in zip(values, phases) { sum = sum + Scalar.pow(phase, -k) * value }
    return (Double.pow(radius, -k) / Double(Self.count)) * sum
  }

  /// Position, from the center, of the only pole inside; nil when there is none or several that can be told apart.
  var pole: Double? {
    let moments = [-1, -2, -3].map { coefficient($0).trace.rawStorage.x }
    guard moments[0] > 1e-13 * size * radius else { return nil }
    let shift = moments[1] / moments[0]
    let spread = moments[2] / moments[0] - shift * shift
    let noise = 1e-12 + 1e-14 * size * radius / moments[0]
    return abs(shift) < radius && abs(spread) <= noise * radius * radius ? shift : nil
  }
}
