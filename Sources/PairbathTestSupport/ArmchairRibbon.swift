import DenseMatrices

/// A graphene ribbon with armchair edges, five dimer lines wide: ten orbitals per cell, one hopping t. A metal: two bands cross at zero
/// energy, the next begin at t (sqrt 3 - 1).
public enum ArmchairRibbon {
  /// H00 and H01 of a cell.
  public static func blocks(hopping: Double) -> (h00: Matrix, h01: Matrix) {
    var (h00, h01) = (Matrix(rows: 10, columns: 10), Matrix(rows: 10, columns: 10))
    let t = Scalar(hopping, 0)
    for (i, j) in [(0, 1), (1, 2), (2, 3), (2, 5), (4, 5), (5, 6), (6, 7), (6, 9), (8, 9)] { (h00[i, j], h00[j, i]) = (t, t) }
    for (i, j) in [(0, 3), (4, 3), (4, 7), (8, 7)] { h01[i, j] = t }
    return (h00, h01)
  }
}
