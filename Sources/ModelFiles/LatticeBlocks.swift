import DenseMatrices
import RealModule

/// Matrices M(R) of a layer that repeats itself along its sides, by lattice vector R.
struct LatticeBlocks: Sendable {
  /// In the order of the model.
  private(set) var blocks: [(r: [Int], matrix: Matrix)] = []

  /// Adds the matrix of a lattice vector.
  mutating func add(_ r: [Int], _ matrix: Matrix) { blocks.append((r, matrix)) }

  var isEmpty: Bool { blocks.isEmpty }
  /// The first matrix, whose shape all have.
  var first: Matrix? { blocks.first?.matrix }

  /// True when a matrix has been given for the lattice vector.
  func contains(_ r: [Int]) -> Bool { blocks.contains { $0.r == r } }

  /// M(k) = sum over R of M(R) e^(2 pi i k R), k in units of reciprocal lattice vectors.
  ///
  /// Where M(k) is Hermitian, a block without a partner at -R stands for both, M(-R) = M(R)^+.
  func sum(at k: [Double], isHermitian: Bool) -> Matrix? {
    var sum: Matrix?
    for (r, matrix) in blocks {
      let turns = zip(r, k).reduce(0) { $0 + (Double($1.0) * $1.1).remainder(dividingBy: 1) }
      var term = Scalar(length: 1, phase: 2 * Double.pi * turns) * matrix
      let opposite = r.map { -$0 }
      if isHermitian, r != opposite, !contains(opposite) { term = term + term.adjoint }
      sum = sum.map { $0 + term } ?? term
    }
    return sum
  }
}
