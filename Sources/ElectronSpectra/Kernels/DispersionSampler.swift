import ComplexModule
import DenseMatrices

/// Hermitian part of Y^a_mn(e, w) = g_s {tr[M^m G(e + w) M^n A_a(e)] + tr[M^m A_a(e) M^n G^+(e - w)]}, one column set per
/// electrode: the electrons' self-energy of the bosons is Pi_e(w) = sum_a int de/2pi f_a(e) Y^a(e, w), Theory.md section 4.
///
/// With v^m_j = M^m w_j for the factors A_a = sum_j w_j w_j^+ both terms are S_mn(e') = sum_j v^m_j^+ G(e') v^n_j, at
/// e + w and, conjugated, at e - w. Rotating-wave modes: M^n+ on the right, so that v^m = M^m+ w_j at e + w. Cost per energy: 8 s^2 c n for the v, then 16 s c n^2 (wide bands), or two LU factorisations.
package struct DispersionSampler {
  package let factors: SpectralFactors
  package let frequency: Double
  package let spinDegeneracy: Double
  package let modes: Int
  package let electrodes: Int
  private let couplings: [Scalar]
  private let duals: [Scalar]
  /// M^k+ and its dual, rotating-wave modes only.
  private let adjoints: (couplings: [Scalar], duals: [Scalar])?
  private var electrons: [Scalar]
  private var scattered: [Scalar]
  private var dual: [Scalar]
  private var propagated: [Scalar]
  private var product: [Scalar]

  /// Real columns per electrode, as in `ModePairs.all`.
  package var columns: Int { modes * modes }

  package init(_ factors: SpectralFactors, duals: [Matrix], frequency: Double, spinDegeneracy: Double) {
    self.factors = factors
    self.frequency = frequency
    self.spinDegeneracy = spinDegeneracy
    modes = factors.couplings.count
    electrodes = factors.offsets.count - 1
    couplings = factors.couplings.flatMap(\.elements)
    self.duals = duals.flatMap(\.elements)
    adjoints =
      factors.isRotatingWave
      ? (factors.couplings.flatMap(\.adjoint.elements), factors.dualAdjoints().flatMap(\.elements)) : nil
    let block = factors.size * factors.columns
    electrons = [Scalar](repeating: .zero, count: block)
    scattered = [Scalar](repeating: .zero, count: block * max(modes, 1))
    dual = scattered
    propagated = scattered
    product = [Scalar](repeating: .zero, count: modes * modes)
  }

  /// Writes the Hermitian part of Y, [electrode * columns + column].
  package mutating func sample(at energy: Double, values: UnsafeMutablePointer<Double>) throws(LinearAlgebraError) {
    var failure: LinearAlgebraError?
    electrons.withUnsafeMutableBufferPointer { out in
      guard let base = out.baseAddress else { return }
      do throws(LinearAlgebraError) { try factors.fill(at: energy, into: base) } catch { failure = error }
    }
    if let failure { throw failure }
    for i in 0..<(electrodes * columns) { values[i] = 0 }
    if let adjoints {
      scatter(adjoints.couplings, adjoints.duals)
      try add(at: energy + frequency, sign: 1, values: values)
      scatter(couplings, duals)
    } else {
      scatter(couplings, duals)
      try add(at: energy + frequency, sign: 1, values: values)
    }
    try add(at: energy - frequency, sign: -1, values: values)
  }

  private mutating func scatter(_ couplings: [Scalar], _ duals: [Scalar]) {
    let (s, c) = (factors.size, factors.columns)
    for k in 0..<modes {
      couplings.withUnsafeBufferPointer { m in
        duals.withUnsafeBufferPointer { d in
          electrons.withUnsafeBufferPointer { w in
            scattered.withUnsafeMutableBufferPointer { v in
              dual.withUnsafeMutableBufferPointer { u in
                Self.product(m.baseAddress! + k * s * s, w.baseAddress!, into: v.baseAddress! + k * s * c, s, c)
                Self.product(d.baseAddress! + k * s * s, w.baseAddress!, into: u.baseAddress! + k * s * c, s, c)
              }
            }
          }
        }
      }
    }
  }

  private static func product(
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, into c: UnsafeMutablePointer<Scalar>, _ size: Int, _ columns: Int
  ) {
    if size * columns <= 64 {
      SmallProducts.multiply(a, b, into: c, rows: size, inner: size, columns: columns)
    } else {
      BLAS.multiply(a, rows: size, .plain, b, rows: size, .plain, into: c, m: size, n: columns, k: size)
    }
  }

  /// Adds the Hermitian part of S(e'), or with sign -1 that of its complex conjugate.
  private mutating func add(
    at energy: Double, sign: Double, values: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    let (s, c) = (factors.size, factors.columns)
    var failure: LinearAlgebraError?
    dual.withUnsafeBufferPointer { x in
      propagated.withUnsafeMutableBufferPointer { out in
        do throws(LinearAlgebraError) {
          try factors.applyGreensFunction(at: energy, to: x.baseAddress!, columns: c * modes, into: out.baseAddress!)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    for a in 0..<electrodes {
      let first = factors.offsets[a]
      let rows = s * (factors.offsets[a + 1] - first)
      guard rows > 0 else { continue }
      contract(from: first * s, rows: rows, stride: s * c)
      book(sign, values: values + a * columns)
    }
  }

  /// S_mn = sum over `rows` of conj(v^m) (G v^n): columns of the modes lie `stride` apart.
  private mutating func contract(from first: Int, rows: Int, stride: Int) {
    let n = modes
    scattered.withUnsafeBufferPointer { v in
      propagated.withUnsafeBufferPointer { u in
        product.withUnsafeMutableBufferPointer { out in
          guard let v = v.baseAddress, let u = u.baseAddress, let out = out.baseAddress else { return }
          guard n * n * rows <= 512 else {
            BLAS.multiply(
              v + first, rows: stride, .adjoint, u + first, rows: stride, .plain, into: out, m: n, n: n, k: rows)
            return
          }
          for j in 0..<n {
            for i in 0..<n {
              var (re, im) = (0.0, 0.0)
              for k in first..<(first + rows) {
                let (x, y) = (v[i * stride + k].rawStorage, u[j * stride + k].rawStorage)
                re += x.x * y.x + x.y * y.y
                im += x.x * y.y - x.y * y.x
              }
              out[j * n + i] = Scalar(re, im)
            }
          }
        }
      }
    }
  }

  private func book(_ sign: Double, values: UnsafeMutablePointer<Double>) {
    let n = modes
    for m in 0..<n {
      values[m] += spinDegeneracy * product[m * n + m].rawStorage.x
      for k in (m + 1)..<max(n, m + 1) {
        let (x, y) = (product[k * n + m].rawStorage, product[m * n + k].rawStorage)
        let column = ModePairs.pairColumn(m, k, count: n)
        values[column] += 0.5 * spinDegeneracy * (x.x + y.x)
        values[column + 1] += sign * 0.5 * spinDegeneracy * (x.y - y.y)
      }
    }
  }
}
