import ComplexModule
import DenseMatrices

/// Leads whose cells absorb: the energy has the imaginary part eta in them.
extension SurfaceGreensFunction {
  /// True for eta > 0; what is below the rounding of energies is the retarded limit.
  var absorbs: Bool { lead.eta > 1e-12 * scale }

  /// Sigma(e) = V g(e + i eta) V' with V = (e + i eta_c) S_c - H_c and V' the same of their adjoints. For eta_c = 0 Gamma = V i(g - g^+) V^+ is
  /// positive; of any other its positive part is taken.
  ///
  /// g by decimation, which loses as many digits as the scale exceeds eta, and then by Newton's method on g = [D - T g T']^-1: a step X of
  /// it solves X = R + (g T) X (T' g), R what the equation misses, and the last step measures what rounding leaves. Cost: some
  /// 16 log2(scale/eta) products of cell matrices.
  func absorbing(at energy: Double) throws(LinearAlgebraError) -> LeadSelfEnergy {
    let cells = Cells(self, at: Scalar(energy, lead.eta))
    var best = try refined(cells) { () throws(LinearAlgebraError) in try continued(to: Scalar(energy, lead.eta)) }
    if !(best.error <= Self.lost * best.green.norm) {
      // Decimation fails where a level of a cell lies at the energy: it knows the square of eta only.
      let other = try refined(cells) { () throws(LinearAlgebraError) in try cells.fromWaves() }
      if !(other.error >= best.error) { best = other }
    }
    guard best.error.isFinite else { throw LinearAlgebraError(.notConverged, routine: "absorbing lead", index: 0) }
    let v = joining(Scalar(energy, lead.couplingEta))
    let sigma = v * best.green * joining(Scalar(energy, -lead.couplingEta)).adjoint
    let error = best.error * v.norm * v.norm + 8 * Double(v.columns) * .ulpOfOne * sigma.norm
    return LeadSelfEnergy(sigma: sigma, error: error, openChannels: min(v.rows, v.columns), modes: nil, waves: nil)
  }

  /// g from a start; of infinite error where that cannot be had.
  private func refined(
    _ cells: Cells, from start: () throws(LinearAlgebraError) -> Matrix
  ) throws(LinearAlgebraError) -> (green: Matrix, error: Double) {
    do throws(LinearAlgebraError) { return try cells.refined(start()) } catch {
      guard error.code == .singular || error.code == .notConverged else { throw error }
      return (Matrix(rows: lead.cellSize, columns: lead.cellSize), .infinity)
    }
  }

  /// Relative errors above this make another start worth its cost.
  private static let lost = 1e-9

  /// The equation of g at one energy.
  private struct Cells {
    let onsite: Matrix
    let forward: Matrix
    let backward: Matrix
    /// What the energy and H are rounded by.
    let rounding: Double

    init(_ surface: SurfaceGreensFunction, at z: Scalar) {
      let lead = surface.lead
      onsite = SurfaceGreensFunction.block(lead.h00, lead.s00, z, identity: true)
      (forward, backward) = surface.hoppings(z)
      rounding = 2 * .ulpOfOne * (z.length + surface.scale)
    }

    /// g = [D + T F]^-1 from the waves l^n u that decay into the lead, F u = l u: the deflating subspace |l| < 1 of T' + l D + l^2 T, linearised.
    /// Cost: a generalised Schur form of order 2 N.
    func fromWaves() throws(LinearAlgebraError) -> Matrix {
      let n = onsite.rows
      let (zero, one) = (Matrix(rows: n, columns: n), Matrix.identity(n))
      let first = zero.joined(with: one).stacked(on: ((-1.0) * backward).joined(with: (-1.0) * onsite))
      let schur = try GeneralizedSchur(first, one.joined(with: zero).stacked(on: zero.joined(with: forward)))
      let isInside = zip(schur.alpha, schur.beta).map { $0.length < $1.length }
      guard isInside.count(where: { $0 }) == n else {
        throw LinearAlgebraError(.notConverged, routine: "waves of an absorbing lead", index: isInside.count { $0 })
      }
      let basis = try schur.subspace(isInside).basis
      let step = try LUFactorization(basis.rows(0..<n).adjoint).solve(basis.rows(n..<(2 * n)).adjoint).adjoint
      return try LUFactorization(onsite + forward * step).inverse
    }

    /// g by Newton's method from a start, and a bound of its error: the last step, and dg/de times the rounding of the energy. Infinite where
    /// nothing converges.
    func refined(_ start: Matrix) throws(LinearAlgebraError) -> (green: Matrix, error: Double) {
      var (green, last) = (start, Double.infinity)
      for _ in 0..<60 {
        let next = try LUFactorization(onsite - forward * green * backward).inverse
        let (a, b) = (next * forward, backward * next)
        let step = Self.sum(of: next - green, between: a, and: b)
        let size = step.norm
        guard size < last else { break }
        let isSettled = size > 0.7 * last
        (green, last) = (green + step, size)
        if isSettled || size <= 1e-14 * green.norm { break }
      }
      let slope = Self.sum(of: green * green, between: green * forward, and: backward * green).norm
      return (green, 4 * last + rounding * slope)
    }

    /// The sum over k of A^k R B^k, by doubling the number of its terms.
    private static func sum(of r: Matrix, between a: Matrix, and b: Matrix) -> Matrix {
      var (sum, a, b) = (r, a, b)
      for _ in 0..<80 {
        let terms = a * sum * b
        sum = sum + terms
        guard terms.norm > .ulpOfOne * sum.norm else { break }
        (a, b) = (a * a, b * b)
      }
      return sum
    }
  }

  /// z S_c - H_c.
  private func joining(_ z: Scalar) -> Matrix { coupling(z) ?? Self.block(lead.h01, lead.s01, z, identity: false) }
}
