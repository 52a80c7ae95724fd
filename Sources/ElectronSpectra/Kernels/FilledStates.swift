import ComplexModule
import DenseMatrices
import Quadrature

/// What the filled states below an energy e0 contribute to Pi_e(w) when all electrodes are wide bands.
///
/// With every f_a = 1 the sum over electrodes is A = i(G - G^+), and the integral of Theory.md section 4 over e < e0 becomes,
/// with T(z1, z2) = tr[M^m G(z1) M^n G(z2)] and G analytic in the upper half plane,
///     g_s int_0^inf dy/2pi [T(e0 + w + iy, e0 + iy) + T(e0 - w + iy, e0 + iy)^*]
///     - i g_s int_(e0 - w)^e0 de/2pi tr[M^m G(e + w) M^n G^+(e)]:
/// two smooth integrals along verticals and one over an interval of length w. Deep levels, however many and narrow, cost
/// nothing more. Cost per point: 8 n^2 N^2 flops in one zgemm.
package struct FilledStates {
  private let poles: [Scalar]
  private let modes: Int
  private let spinDegeneracy: Double
  /// X M^k, X M^k X and M^k in the pole basis, each mode one column of N^2; the first two transposed.
  private let dual: [Scalar]
  private let dualTransposed: [Scalar]
  private let plain: [Scalar]
  private let doublyDualTransposed: [Scalar]
  private var scaled: [Scalar]
  private var product: [Scalar]
  private static let rule = PanelKernel.rule

  /// nil unless every electrode is a wide band and every level touches one.
  package init?(_ factors: SpectralFactors, duals: [Matrix], spinDegeneracy: Double) {
    guard let expansion = factors.poles, !expansion.hasBoundStates else { return nil }
    poles = expansion.poles
    modes = factors.couplings.count
    self.spinDegeneracy = spinDegeneracy
    func transposed(_ m: Matrix) -> [Scalar] {
      (0..<(m.rows * m.columns)).map { m[$0 / m.rows, $0 % m.rows] }
    }
    dual = duals.flatMap(\.elements)
    dualTransposed = duals.flatMap { transposed($0) }
    plain = factors.couplings.flatMap(\.elements)
    doublyDualTransposed = duals.flatMap { transposed($0 * expansion.dualMetric) }
    scaled = [Scalar](repeating: .zero, count: dual.count)
    product = [Scalar](repeating: .zero, count: modes * modes)
  }

  /// Hermitian part of the contribution at w >= 0, packed, and its error (Frobenius norm).
  package mutating func value(
    below energy: Double, frequency w: Double, tolerance: Double, features: SpectralFeatures
  ) -> (packed: [Double], error: Double) {
    var sum = [Double](repeating: 0, count: modes * modes)
    var error = 0.0
    let verticals = panels(from: energy, frequency: w)
    for (panel, isTail) in verticals {
      integrate(
        panel, isTail: isTail, reach: verticals[verticals.count - 1].0.end, energy: energy, w, into: &sum, error: &error)
    }
    guard w > 0 else { return (sum, error) }
    var shifted = features
    shifted.resonances += features.resonances.map { ($0.position - w, $0.width) }
    var refinement = PanelRefinement(KernelMesh(shifted, shiftedBy: 0, window: (energy - w)...energy).panels())
    // What an interrupted integral returns nobody sees: the builder of the kernel asks next.
    _ = refinement.descend { panel, _ in
      let (values, size, tail) = interval(panel, w)
      if tail > max(tolerance, 1e-13) * size, panel.length > 1e-9 * w, let halves = panel.bisected { return halves }
      for i in sum.indices { sum[i] += values[i] }
      error += tail * panel.length
      return nil
    }
    return (sum, error)
  }

  /// Panels in y, each six times as long as the one before, starting at the distance of the nearest pole; beyond the
  /// largest distance of a pole the last one holds 1/y.
  private func panels(from energy: Double, frequency w: Double) -> [(Panel, isTail: Bool)] {
    var (nearest, farthest) = (Double.infinity, 0.0)
    for z in poles {
      for e in [energy, energy + w, energy - w] {
        let d = (z - Scalar(e, 0)).length
        (nearest, farthest) = (min(nearest, d), max(farthest, d))
      }
    }
    var result: [(Panel, isTail: Bool)] = []
    var (start, end) = (0.0, 0.8 * nearest)
    while start < 2 * farthest {
      result.append((Panel(start, end), false))
      (start, end) = (end, 6 * end)
    }
    result.append((Panel(0, 1 / start), true))
    return result
  }

  private mutating func integrate(
    _ panel: Panel, isTail: Bool, reach: Double, energy: Double, _ w: Double, into sum: inout [Double], error: inout Double
  ) {
    let n = Self.rule.order
    var samples = [Double](repeating: 0, count: sum.count * n)
    for i in 0..<n {
      let (x, jacobian) = panel.position(Self.rule.nodes[i])
      let y = isTail ? 1 / x : x
      let weight = spinDegeneracy / (2 * Double.pi) * jacobian * (isTail ? y * y : 1)
      for sign in w == 0 ? [1.0] : [1.0, -1.0] {
        trace(Scalar(energy + sign * w, y), Scalar(energy, y), left: dual, right: dualTransposed, conjugated: false)
        // The Hermitian part of the conjugate has the opposite imaginary part; at w = 0 both terms are there at once.
        book(weight * (w == 0 ? 2 : 1), imaginary: w == 0 ? 0 : sign, &samples, node: i)
      }
    }
    add(samples, &sum, &error, panel: panel)
  }

  private func add(_ samples: [Double], _ sum: inout [Double], _ error: inout Double, panel: Panel) {
    let n = Self.rule.order
    var tail = 0.0
    samples.withUnsafeBufferPointer { s in
      for c in sum.indices {
        for i in 0..<n { sum[c] += Self.rule.weights[i] * s[c * n + i] }
        let t = abs(Self.rule.coefficient(n - 1, of: s.baseAddress! + c * n))
        let peak = (0..<n).reduce(0) { max($0, abs(s[c * n + $1])) }
        // The 16 weights add up to 2: as much rounding as two of the largest terms.
        let doubt = GaussLegendreRule.sumError(tail: t, size: peak) + 4 * .ulpOfOne * peak
        tail += doubt * doubt
      }
    }
    error += 2 * tail.squareRoot()
  }

  /// -i g_s/2pi tr[M G(e + w) M G^+(e)] over one panel: integral, largest value and tail (Frobenius norms). The value is that of the
  /// whole traces: their Hermitian part vanishes with w, and its rounding does not.
  private mutating func interval(_ panel: Panel, _ w: Double) -> ([Double], size: Double, tail: Double) {
    let n = Self.rule.order
    var samples = [Double](repeating: 0, count: modes * modes * n)
    var size = 0.0
    for i in 0..<n {
      let (e, jacobian) = panel.position(Self.rule.nodes[i])
      trace(Scalar(e + w, 0), Scalar(e, 0), left: plain, right: doublyDualTransposed, conjugated: true)
      for k in product.indices { product[k] = Scalar(0, -1) * product[k] }
      size = max(size, spinDegeneracy / (2 * Double.pi) * jacobian * product.reduce(0) { $0 + $1.lengthSquared }.squareRoot())
      book(spinDegeneracy / (2 * Double.pi) * jacobian, imaginary: 1, &samples, node: i)
    }
    var values = [Double](repeating: 0, count: modes * modes)
    var tail = 0.0
    samples.withUnsafeBufferPointer { s in
      for c in values.indices {
        for i in 0..<n { values[c] += Self.rule.weights[i] * s[c * n + i] }
        let t =
          abs(Self.rule.coefficient(n - 1, of: s.baseAddress! + c * n))
          + abs(Self.rule.coefficient(n - 2, of: s.baseAddress! + c * n))
        tail += t * t
      }
    }
    let half = 0.5 * panel.length
    return (values, size / half, tail.squareRoot() / half)
  }

  /// product_mn = sum_ij left^m_ij d1_j right^n_ji d2_i, `right` given transposed; d2 conjugated for G^+.
  private mutating func trace(_ z1: Scalar, _ z2: Scalar, left: [Scalar], right: [Scalar], conjugated: Bool) {
    let size = poles.count
    let d1 = poles.map { Scalar(1, 0) / (z1 - $0) }
    let d2 = poles.map { conjugated ? (Scalar(1, 0) / (z2 - $0)).conjugate : Scalar(1, 0) / (z2 - $0) }
    let square = size * size
    let modes = modes
    scaled.withUnsafeMutableBufferPointer { out in
      right.withUnsafeBufferPointer { r in
        for n in 0..<modes {
          for j in 0..<size {
            let first = n * square + j * size
            // Conjugated, because the product below conjugates its left factor.
            for i in 0..<size { out[first + i] = (r[first + i] * d1[j] * d2[i]).conjugate }
          }
        }
      }
    }
    scaled.withUnsafeBufferPointer { b in
      left.withUnsafeBufferPointer { a in
        product.withUnsafeMutableBufferPointer { out in
          // out(n, m) = sum conj(scaled^n) left^m = T_mn
          BLAS.multiply(
            b.baseAddress!, rows: square, .adjoint, a.baseAddress!, rows: square, .plain, into: out.baseAddress!, m: modes,
            n: modes, k: square)
        }
      }
    }
  }

  /// Adds weight times the packed Hermitian part of `product` (stored transposed) at a node; `imaginary` is the sign of
  /// its imaginary part.
  private func book(_ weight: Double, imaginary: Double, _ samples: inout [Double], node: Int) {
    let (n, order) = (modes, Self.rule.order)
    for m in 0..<n {
      samples[m * order + node] += weight * product[m * n + m].rawStorage.x
      for k in (m + 1)..<max(n, m + 1) {
        // T_mk lies at (k, m) of the stored transpose: product[m * n + k].
        let (x, y) = (product[m * n + k].rawStorage, product[k * n + m].rawStorage)
        let column = ModePairs.pairColumn(m, k, count: n)
        samples[column * order + node] += 0.5 * weight * (x.x + y.x)
        samples[(column + 1) * order + node] += 0.5 * weight * imaginary * (x.y - y.y)
      }
    }
  }
}
