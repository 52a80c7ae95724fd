import DenseMatrices

/// Singular value decomposition T = U s V^+ of the hopping between cells, T = e S01 - H01, without what it does not join.
struct HoppingFactors: Sendable {
  /// T itself, shape (cell, cell).
  let matrix: Matrix
  /// s > 0, descending; energies.
  let values: [Double]
  /// U, shape (cell, rank): what a cell shows to the next one.
  let left: Matrix
  /// V, shape (cell, rank): what a cell shows to the one before.
  let right: Matrix
  /// What no wave from the next cell reaches, T x = 0, shape (cell, cell - rank).
  let null: Matrix

  /// Decomposes a hopping; singular values below the rounding of the largest one count as zero. Cost: about 100 N^3 flops.
  init(_ matrix: Matrix) throws(LinearAlgebraError) {
    let svd = try SingularValues(matrix)
    let largest = svd.values.first ?? 0
    let rank = svd.values.count { $0 > Double(matrix.rows) * .ulpOfOne * largest }
    let right = svd.rightAdjoint.adjoint
    self.matrix = matrix
    values = Array(svd.values[..<rank])
    left = svd.left.columns(0..<rank)
    self.right = right.columns(0..<rank)
    null = right.columns(rank..<matrix.rows)
  }

  /// Number of singular values.
  var rank: Int { values.count }
  /// The largest singular value, 0 without any.
  var scale: Double { values.first ?? 0 }
}
