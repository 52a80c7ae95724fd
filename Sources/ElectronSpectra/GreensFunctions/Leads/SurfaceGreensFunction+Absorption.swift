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
  /// 12 log2(scale/eta) products of cell matrices.
  func absorbing(at energy: Double) throws(LinearAlgebraError) -> LeadSelfEnergy {
    let z = Scalar(energy, lead.eta)
    let (forward, backward) = hoppings(z)
    let onsite = Self.block(lead.h00, lead.s00, z, identity: true)
    var green = try continued(to: z)
    var last = Double.infinity
    for _ in 0..<4 {
      let next = try LUFactorization(onsite - forward * green * backward).inverse
      let step = Self.sum(of: next - green, between: next * forward, and: backward * next)
      let size = step.norm
      guard size < last else { break }
      let isSettled = size > 0.1 * last
      (green, last) = (green + step, size)
      if isSettled || size <= .ulpOfOne * green.norm { break }
    }
    let v = joining(Scalar(energy, lead.couplingEta))
    let sigma = v * green * joining(Scalar(energy, -lead.couplingEta)).adjoint
    let error = 4 * last * v.norm * v.norm + 8 * Double(v.columns) * .ulpOfOne * sigma.norm
    return LeadSelfEnergy(sigma: sigma, error: error, openChannels: min(v.rows, v.columns), modes: nil, waves: nil)
  }

  /// z S_c - H_c.
  private func joining(_ z: Scalar) -> Matrix { coupling(z) ?? Self.block(lead.h01, lead.s01, z, identity: false) }

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
