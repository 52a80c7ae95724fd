import DenseMatrices

/// What a dynamical matrix owes to motions that nothing holds: they cost no energy, W = 0.
///
/// A matrix from a computation, or one written with few digits, obeys this up to its rounding, and may have imaginary modes for that
/// reason alone. The rule takes the free motions t out of it, K' = (1 - sum t t^T) K (1 - sum t t^T): their W is zero exactly, they stay
/// in the model, and everything else changes by no more than the rounding.
public enum AcousticSumRule: Sendable, Equatable {
  /// So many softest motions are free, those with the least |W^2|: 1 for atoms on a line, 3 for translations, 6 with rotations.
  case softest(Int)
  /// Uniform translations are free: the masses of all coordinates, in any unit, and the directions in which atoms move, with
  /// coordinate number i along direction i mod `directions`.
  case translations(masses: [Double], directions: Int)

  /// Free motions whose W^2 is above this share of the largest are bound by something.
  static let largestShare = 0.01

  /// K with the free motions taken out. Throws `ModelError` where they are not free: their W^2 is no rounding.
  ///
  /// K must be real symmetric. Cost: one eigenproblem for `.softest`, two products with a few columns otherwise.
  package func applied(to matrix: Matrix) throws(ModelError) -> Matrix {
    let symmetric = matrix.hermitianPart
    let motions = try motions(of: symmetric)
    let scale = symmetric.largestMagnitude
    for (number, motion) in motions.enumerated() {
      let force = Self.product(symmetric, motion)
      let share = force.reduce(0) { $0 + $1 * $1 }.squareRoot() / max(scale, .leastNormalMagnitude)
      guard share <= Self.largestShare else {
        throw ModelError(
          .inconsistent, at: Self.path,
          found: "motion \(number), whose restoring force is \(JunctionValidation.short(share)) of the largest spring",
          allowed: "free motions, at most \(Self.largestShare): what rounding leaves",
          hint: "Something holds it: look at the masses or at the number of free motions")
      }
    }
    return Self.projected(symmetric, motions)
  }

  private static let path = ["bosons", "sum_rule"]

  /// Orthonormal vectors of the free motions.
  private func motions(of matrix: Matrix) throws(ModelError) -> [[Double]] {
    switch self {
    case .softest(let count): return try Self.softest(count, of: matrix)
    case .translations(let masses, let directions): return try Self.translations(masses, directions, matrix.rows)
    }
  }

  private static func softest(_ count: Int, of matrix: Matrix) throws(ModelError) -> [[Double]] {
    guard (1..<max(matrix.rows, 2)).contains(count), count < matrix.rows else {
      throw ModelError(
        .outOfRange, at: path, found: "\(count) free motions of \(matrix.rows) coordinates",
        allowed: "1 to \(max(matrix.rows - 1, 1)): 1 for atoms on a line, 3 for translations, 6 with rotations")
    }
    let problem: HermitianEigenproblem
    do { problem = try HermitianEigenproblem(matrix) } catch {
      throw ModelError(.inconsistent, at: path, found: "\(error)", allowed: "a matrix with eigenvalues")
    }
    let order = problem.values.indices.sorted { abs(problem.values[$0]) < abs(problem.values[$1]) }
    return order.prefix(count).map { k in (0..<matrix.rows).map { problem.vectors[$0, k].rawStorage.x } }
  }

  private static func translations(_ masses: [Double], _ directions: Int, _ count: Int) throws(ModelError) -> [[Double]] {
    guard masses.count == count, directions >= 1, count % directions == 0, count > directions else {
      throw ModelError(
        .wrongShape, at: path + ["masses"], found: "\(masses.count) masses and \(directions) directions for \(count) coordinates",
        allowed: "one mass per coordinate, or one per atom with three coordinates each")
    }
    guard let bad = masses.first(where: { !($0 > 0 && $0.isFinite) }) else {
      return (0..<directions).map { direction in
        let motion = masses.indices.map { $0 % directions == direction ? masses[$0].squareRoot() : 0 }
        let length = motion.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return motion.map { $0 / length }
      }
    }
    throw ModelError(.outOfRange, at: path + ["masses"], found: "\(bad)", allowed: "positive masses")
  }

  private static func product(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
    (0..<matrix.rows).map { i in vector.indices.reduce(0) { $0 + matrix[i, $1].rawStorage.x * vector[$1] } }
  }

  /// (1 - sum t t^T) K (1 - sum t t^T), symmetric to the last bit.
  private static func projected(_ matrix: Matrix, _ motions: [[Double]]) -> Matrix {
    var result = matrix
    for motion in motions {
      let force = product(result, motion)
      let energy = zip(motion, force).reduce(0) { $0 + $1.0 * $1.1 }
      for i in 0..<matrix.rows {
        for j in 0..<matrix.rows {
          let change = motion[i] * force[j] + force[i] * motion[j] - energy * motion[i] * motion[j]
          result[i, j] = Scalar(result[i, j].rawStorage.x - change, 0)
        }
      }
    }
    return result.hermitianPart
  }
}
