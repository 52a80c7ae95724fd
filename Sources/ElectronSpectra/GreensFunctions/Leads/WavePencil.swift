import ComplexModule
import DenseMatrices

/// The linear eigenproblem M y = l L y of the waves psi_n = l^n u of a lead,
///
///     [D + l T + T^+/l] u = 0,   D = e S00 - H00,   T = e S01 - H01 = U s V^+ of rank r,
///
/// of order 2 r: waves with l = 0 and infinity but for those that T itself knows are gone.
///
/// Between two cells a state is a = U^+ psi_n, b = V^+ psi_(n+1). A cell joins the states on its two sides by
/// D psi + V s a + U s b' = 0 with a' = U^+ psi, b = V^+ psi: an orthonormal basis Q of all (psi, a, b') that fulfil this (a QR
/// factorisation, no inverse of D: at levels of a cell nothing happens) gives L y = (a, b) and M y = (a', b').
/// Reductions to order 2 r by an inverse: Umerski, PRB 55, 5266 (1997); Rungger and Sanvito, PRB 78, 035407 (2008).
struct WavePencil: Sendable {
  /// psi of every unknown, shape (cell, 2 r).
  let waves: Matrix
  /// a of every unknown, shape (r, 2 r): U^+ of the cell before.
  let before: Matrix
  /// s b of every unknown, shape (r, 2 r): U^+ T psi; energies.
  let ahead: Matrix
  /// M, shape (2 r, 2 r): the state after a cell.
  let first: Matrix
  /// L, shape (2 r, 2 r): the state before a cell.
  let second: Matrix
  /// States of a cell at this very energy that no hopping joins to anything (flat bands), shape (cell, number), orthonormal.
  let dark: Matrix

  /// Sets the eigenproblem up. Cost: 24 N^2 (N + r) flops for cells of N orbitals.
  init(onsite: Matrix, hopping t: HoppingFactors) throws(LinearAlgebraError) {
    let (n, r) = (onsite.rows, t.rank)
    let (basis, dark) = try Self.allowed(onsite, t)
    self.dark = dark
    waves = basis.rows(0..<n)
    before = basis.rows(n..<(n + r))
    let next = Matrix.product(t.right, .adjoint, waves, .plain)
    ahead = next.scaledRows(t.values)
    first = Matrix.product(t.left, .adjoint, waves, .plain).stacked(on: basis.rows((n + r)..<(n + 2 * r)))
    second = before.stacked(on: next)
  }

  /// An orthonormal basis of the triples (psi, a, b') that fulfil D psi + V s a + U s b' = 0, without dark states.
  private static func allowed(
    _ onsite: Matrix, _ t: HoppingFactors
  ) throws(LinearAlgebraError) -> (basis: Matrix, dark: Matrix) {
    let n = onsite.rows
    let hops = t.right.adjoint.scaledRows(t.values).stacked(on: t.left.adjoint.scaledRows(t.values))
    let qr = try PivotedQR(onsite.adjoint.stacked(on: hops))
    let limit = 10 * Double(n) * .ulpOfOne * max(onsite.norm, t.scale)
    let rank = qr.diagonal.count { $0 > limit }
    let basis = qr.complement(from: rank)
    guard rank < n else { return (basis, Matrix(rows: n, columns: 0)) }
    let dark = try PivotedQR(nullVectors(of: qr, rank: rank)).orthonormal
    let overlaps = Matrix.product(basis.rows(0..<n), .adjoint, dark, .plain)
    return (basis * (try PivotedQR(overlaps).complement(from: dark.columns)), dark)
  }

  /// Combinations of the columns that vanish: R11 x1 + R12 x2 = 0.
  private static func nullVectors(of qr: PivotedQR, rank: Int) throws(LinearAlgebraError) -> Matrix {
    let r = qr.upper
    let size = r.columns
    let solved = try LUFactorization(r.rows(0..<rank).columns(0..<rank)).solve(r.rows(0..<rank).columns(rank..<size))
    var result = Matrix(rows: size, columns: size - rank)
    for j in 0..<result.columns {
      for i in 0..<rank { result[qr.order[i], j] = -solved[i, j] }
      result[qr.order[rank + j], j] = .one
    }
    return result
  }
}
